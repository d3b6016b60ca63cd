"""The base of models with a state: a protected state field and a safe refresh."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMFieldMixin, FSMModelMixin
from django_fsm import transition as transition_of_fsm

from evaluation.models.reasons import Condition, Reason

Move = TypeVar("Move", bound=Callable[..., None])


if TYPE_CHECKING:
    _FSMField = models.CharField[str, str]  # mypy 2.4 treats what django-fsm-2 exports as Any
else:
    _FSMField = FSMField


class StateField(_FSMField):
    """A state field that cannot be assigned directly. For migrations it is a CharField.

    Each field of django-fsm-2 connects to the signal of every model class, and a migration creates every model class
    again for each operation: these signals took half the time of creating a database.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "protected": True})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        del kwargs["protected"]
        return name, "django.db.models.CharField", args, kwargs


if TYPE_CHECKING:

    class _Concurrent(models.Model):
        """The part of `ConcurrentTransitionMixin` that is used.

        mypy 2.4 treats the classes that django-fsm-2 exports as Any, and with them every model with a state.
        """

        class Meta:
            abstract = True

        def _update_initial_state(self) -> None: ...

    def transition(
        field: StateField,
        source: str | Sequence[str],
        target: str | None,
        *,
        conditions: Sequence[Condition[Any]] = (),
        permission: Callable[[Any, Any], bool],
        custom: Mapping[str, object] = {},
    ) -> Callable[[Move], Move]:
        """Wrap django-fsm-2's decorator with the types of conditions and of the decorated method."""

else:
    transition = transition_of_fsm

    class _Concurrent(ConcurrentTransitionMixin, FSMModelMixin):
        """Both mixins: a state that was changed concurrently in the database is not overwritten."""


class Stateful(_Concurrent, models.Model):
    """A model whose state only `workflow.perform` changes.

    `kind` and `uid` identify it in the step log, even after deletion.
    """

    kind: str
    State: ClassVar[type[models.TextChoices]]
    """The states of the machine; `state` is its field."""
    state: StateField
    conditions_met: Sequence[Condition[Any]] = ()
    """The conditions that `workflow.perform` has found met, while it makes the move."""
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        # django-fsm-2 4.2.4 unprotects the field, which all threads share, while it refreshes. Here the value is
        # removed from the instance instead, so that the field stays protected.
        states = {
            field.attname: self.__dict__.pop(field.attname)
            for field in self._meta.concrete_fields
            if isinstance(field, FSMFieldMixin) and field.protected and field.attname in self.__dict__
        }
        try:
            models.Model.refresh_from_db(self, *args, **kwargs)
        finally:
            for name, value in states.items():
                self.__dict__.setdefault(name, value)
        self._update_initial_state()


def wrong_state(thing: Stateful, *states: str) -> Reason:
    """Return the reason that the object is in none of `states`."""
    known = type(thing).State
    return Reason("wrong_state", states=tuple(known(state) for state in states), state=known(thing.state))
