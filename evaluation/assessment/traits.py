"""The traits of a hotline, by which some indicators are asked of it: as the edition names them, said for an evaluation."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from evaluation.models import Evaluation, Hotline, User
from evaluation.workflow import Act, perform, register_act
from standards.framework import Framework
from standards.models import Edition


def last_traits(hotlines: Iterable[Hotline], framework: Framework) -> dict[int, list[str]]:
    """Return the traits that hotlines were last said to have, by key, where each that the edition names was said."""
    return {
        key: in_order([code for code, has_it in said.items() if has_it], framework)
        for key, said in find_said_traits(hotlines, framework).items()
        if set(said) == set(framework.traits)
    }


def find_said_traits(hotlines: Iterable[Hotline], framework: Framework) -> dict[int, dict[str, bool]]:
    """Return, by key and trait of the edition, what was said in the newest evaluation whose edition names the trait.

    Two queries, none if the edition names no trait.
    """
    if not framework.traits:
        return {}
    stated = Evaluation.objects.filter(hotline__in=[hotline.pk for hotline in hotlines], traits__isnull=False)
    rows = list(stated.order_by("opened_at", "pk").values_list("hotline", "round__edition", "traits"))
    editions = Edition.objects.in_bulk({edition for _, edition, _ in rows})
    found: dict[int, dict[str, bool]] = {}
    for key, edition, traits in rows:
        named = in_order(editions[edition].framework.traits, framework)
        found.setdefault(key, {}).update({code: code in (traits or ()) for code in named})
    return found


def in_order(traits: Collection[str], framework: Framework) -> list[str]:
    """Return those of the traits that the edition names, in its order."""
    return [code for code in framework.traits if code in traits]


@dataclass(frozen=True, slots=True)
class AskedChange:
    """The indicators that are asked of a hotline newly and no longer, by code in the order of the edition."""

    newly: tuple[str, ...] = ()
    no_longer: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.newly or self.no_longer)


@transaction.atomic
def change_traits(
    evaluation: Evaluation, chosen: Collection[str], *, by: User, notify: Callable[[AskedChange], object]
) -> None:
    """Say which traits a hotline has, unless just that was said; `notify` is called if it changes what is asked of it.

    Raises Refusal. Whoever says it at the same time waits: what is asked is compared with what was said before.
    """
    locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if locked.traits is not None and sorted(chosen) == sorted(locked.traits):
        return
    before = locked.asked
    perform(evaluation, "set_traits", by=by, traits=chosen)
    after = Evaluation.objects.get(pk=evaluation.pk).asked
    change = AskedChange(
        tuple(code for code in after if code not in before), tuple(code for code in before if code not in after)
    )
    if change:
        notify(change)


_SEPARATOR, _NONE = ";", "–"


def _set_traits(evaluation: Evaluation, *, by: User | None, traits: Collection[str]) -> None:
    """Say which of the edition's traits the hotline has. What is not asked any more keeps its answer."""
    evaluation.traits = in_order(traits, evaluation.framework)


def _note_traits(evaluation: Evaluation, _note: str, *, traits: Collection[str]) -> str:
    """Return the codes of the traits, which pages show by their names in the reader's language."""
    return _SEPARATOR.join(in_order(traits, evaluation.framework)) or _NONE


def read_noted_traits(note: str, framework: Framework) -> list[str] | None:
    """Return the traits that a step notes by code; None for a note of their names, as older steps have it."""
    codes = [] if note == _NONE else note.split(_SEPARATOR)
    return codes if set(codes) <= set(framework.traits) else None


register_act(Evaluation.kind, "set_traits", act=Act(note=_note_traits, prepare=_set_traits))
