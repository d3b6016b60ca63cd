"""The traits of a hotline, by which some indicators are asked of it: as the edition names them, said for an evaluation."""

from collections.abc import Collection, Iterable

from evaluation.models import Evaluation, Hotline, User
from evaluation.workflow import Act, register_act
from standards.framework import Framework


def last_traits(hotlines: Iterable[Hotline], framework: Framework) -> dict[int, list[str]]:
    """Return the traits that hotlines had when they were last stated, by key, as far as the edition names them.

    One query, none if the edition names no trait.
    """
    if not framework.traits:
        return {}
    stated = Evaluation.objects.filter(hotline__in=[hotline.pk for hotline in hotlines], traits__isnull=False)
    earlier = stated.order_by("opened_at", "pk")
    return {key: in_order(traits or (), framework) for key, traits in earlier.values_list("hotline", "traits")}


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
