"""What every thing with a state shares: a protected state field and a safe refresh."""

import uuid

from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMFieldMixin, FSMModelMixin


class Stateful(ConcurrentTransitionMixin, FSMModelMixin, models.Model):
    """Only `workflow.move` changes its state. `kind` and `uid` name it in the step log, whatever becomes of its row."""

    kind: str
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def refresh_from_db(self, *args, **kwargs):
        # django-fsm-2 4.2.4 unlocks the field, which all threads share, while it refreshes; here the value steps
        # aside instead, so that the lock is never off.
        kept = {
            field.attname: self.__dict__.pop(field.attname)
            for field in self._meta.concrete_fields
            if isinstance(field, FSMFieldMixin) and field.protected and field.attname in self.__dict__
        }
        try:
            super(FSMModelMixin, self).refresh_from_db(*args, **kwargs)
        finally:
            for name, value in kept.items():
                self.__dict__.setdefault(name, value)
        self._update_initial_state()
