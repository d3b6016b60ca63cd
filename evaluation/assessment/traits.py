"""The traits of a hotline, by which some indicators are asked of it: as the edition names them, said for an evaluation."""

from collections.abc import Collection, Iterable

from evaluation.models import Evaluation, Hotline, User
from evaluation.workflow import Act, register_act
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


def _set_traits(evaluation: Evaluation, *, by: User | None, traits: Collection[str]) -> None:
    """Say which of the edition's traits the hotline has. What is not asked any more keeps its answer."""
    evaluation.traits = in_order(traits, evaluation.framework)


def _name_traits(evaluation: Evaluation, _note: str, *, traits: Collection[str]) -> str:
    texts = evaluation.round.edition.texts(evaluation.round.edition.source_language)
    return ", ".join(str(texts[f"trait/{code}"]) for code in in_order(traits, evaluation.framework)) or "–"


register_act(Evaluation.kind, "set_traits", act=Act(note=_name_traits, prepare=_set_traits))
