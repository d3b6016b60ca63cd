"""The traits of a hotline, on which some indicators depend: named by the edition, stated for each evaluation."""

from collections.abc import Collection, Iterable

from django.db import transaction

from evaluation.models import Evaluation, Hotline, User
from evaluation.workflow import Act, perform, register_act
from standards.framework import Framework
from standards.models import Edition


def last_traits(hotlines: Iterable[Hotline], framework: Framework) -> dict[int, list[str]]:
    """Return the last stated traits of hotlines, by key, without hotlines for which a trait was never stated."""
    return {
        key: in_order([code for code, has_it in stated.items() if has_it], framework)
        for key, stated in find_stated_traits(hotlines, framework).items()
        if set(stated) == set(framework.traits)
    }


def find_stated_traits(hotlines: Iterable[Hotline], framework: Framework) -> dict[int, dict[str, bool]]:
    """Return, by hotline key and trait code, what was stated in the newest evaluation whose edition names the trait.

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
    """Return the traits that the edition names, in its order; others are left out."""
    return [code for code in framework.traits if code in traits]


@transaction.atomic
def change_traits(evaluation: Evaluation, chosen: Collection[str], *, by: User) -> None:
    """Set the traits of a hotline. Does nothing if they are stored already. Raises Refusal."""
    locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if locked.traits is None or sorted(chosen) != sorted(locked.traits):
        perform(evaluation, "set_traits", by=by, traits=chosen)


_SEPARATOR, _NONE = ";", "–"


def _set_traits(evaluation: Evaluation, *, by: User | None, traits: Collection[str]) -> None:
    """Set which of the edition's traits the hotline has. Answers to indicators that are no longer asked are kept."""
    evaluation.traits = in_order(traits, evaluation.framework)


def _note_traits(evaluation: Evaluation, _note: str, *, traits: Collection[str]) -> str:
    """Return the codes of the traits. Pages show them by their names in the reader's language."""
    return _SEPARATOR.join(in_order(traits, evaluation.framework)) or _NONE


def read_noted_traits(note: str, framework: Framework) -> list[str] | None:
    """Return the codes of the traits in the note of a step; None for older steps, whose notes have the names."""
    codes = [] if note == _NONE else note.split(_SEPARATOR)
    return codes if set(codes) <= set(framework.traits) else None


register_act(Evaluation.kind, "set_traits", act=Act(note=_note_traits, prepare=_set_traits))
