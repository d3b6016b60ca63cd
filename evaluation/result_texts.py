"""Declare why a level counts and why a figure is missing, in the words of each place that tells it. Pure.

Pages pass `django.utils.translation`, the report passes the translations of its own language.
"""

from dataclasses import dataclass
from typing import Protocol

from evaluation.engine.scoring import LevelBasis, Measured, MissingReason
from standards.framework import Indicator


class Translations(Protocol):
    """The translations into one language."""

    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str: ...

    def pgettext(self, context: str, message: str, /) -> str: ...


@dataclass(frozen=True, slots=True)
class BasisTexts:
    """The texts on the basis of a level, or on why there is none."""

    name: str
    """One or a few words, for a table."""
    reason: str
    """A sentence: why this judgement counts and no other, or why none does."""
    english: str
    """Untranslated, for results that are computed from files. `%(examined)s` is the name of who is examined."""
    in_report: str = ""
    """A sentence of the report with `{level}` and `{worst}`, or empty where the report's marks say it."""


def basis_texts(basis: LevelBasis, translations: Translations) -> BasisTexts:
    gettext, pgettext = translations.gettext, translations.pgettext
    match basis:
        case LevelBasis.ASSESSOR:
            return BasisTexts(
                name=pgettext("whose word", "assessor"),
                reason=gettext("An assessor looked: what was seen counts before anything that was counted or said."),
                english="what the assessors found",
            )
        case LevelBasis.FIGURES:
            return BasisTexts(
                name=pgettext("whose word", "figures"),
                reason=gettext(
                    "Nobody looked on the visit, and it is counted: the confirmed figures say it, nobody types it."
                ),
                english="the statistics",
            )
        case LevelBasis.HOTLINE:
            return BasisTexts(
                name=pgettext("whose word", "hotline"),
                reason=gettext("Nobody looked on the visit, and it is not counted: the hotline’s own word counts."),
                english="the own word of the %(examined)s",
            )
        case LevelBasis.CAPPED:
            return BasisTexts(
                name=pgettext("whose word", "lowered to the figures"),
                reason=gettext("What was said or seen is better than what the figures show. No more than that counts."),
                english="somebody’s word, lowered to what the statistics show",
                in_report=gettext("Lowered to level {level}, which the figures show."),
            )
        case LevelBasis.NOT_APPLICABLE:
            return BasisTexts(
                name=pgettext("whose word", "not applicable"),
                reason=gettext("It does not apply to this hotline, and the Guide lets it leave the score."),
                english="not applicable: it leaves the score",
                in_report=gettext("Leaves the score."),
            )
        case LevelBasis.MISSING:
            return BasisTexts(
                name=pgettext("whose word", "missing"),
                reason=gettext("Nothing that counts was found. It stays in the score as the worst level."),
                english="missing: nothing that counts was found, so it counts as not reached",
                in_report=gettext("Missing: counts as level {worst}."),
            )
        case LevelBasis.UNSUPPORTED:
            return BasisTexts(
                name=pgettext("whose word", "hotline, without proof"),
                reason=gettext(
                    "The hotline’s word came without what the Guide asks for with it. It stays in the score as the worst "
                    "level."
                ),
                english="the word of the %(examined)s without the words or evidence that it must come with: "
                "counts as not reached",
                in_report=gettext("Said without the proof that the Guide asks for: counts as level {worst}."),
            )
        case LevelBasis.NOT_SEEN:
            return BasisTexts(
                name=pgettext("whose word", "could not be looked at"),
                reason=gettext(
                    "The Guide requires the assessors to see it, and they could not. It is missing, and stays in the "
                    "score as the worst level."
                ),
                english="the assessors could not look at it: it counts as not reached",
                in_report=gettext("The assessors could not look at it: counts as level {worst}."),
            )
        case LevelBasis.NOT_SCORED:
            return BasisTexts(
                name=pgettext("whose word", "not scored"),
                reason=gettext("The Guide shows this number and does not score it."),
                english="shown only: it is not scored",
            )
        case LevelBasis.NOT_ASKED:
            return BasisTexts(
                name=pgettext("whose word", "not asked yet"),
                reason=gettext("The Guide asks for it from a later day on. It is not in this score."),
                english="not asked yet",
            )
        case LevelBasis.NOT_ASKED_HERE:
            return BasisTexts(
                name=pgettext("whose word", "not asked of this hotline"),
                reason=gettext("The Guide does not ask this hotline for it. It is not in this score."),
                english="not asked of this %(examined)s",
            )


@dataclass(frozen=True, slots=True)
class MissingFigureTexts:
    """The texts on why a figure is missing. All are empty if it is not."""

    sentence: str = ""
    """A sentence of a page about one round."""
    in_report: str = ""
    """A sentence of the report."""
    in_cell: str = ""
    """A few words in a table of periods, where no figure is of part of a period."""


def missing_figure_texts(indicator: Indicator, measured: Measured, translations: Translations) -> MissingFigureTexts:
    gettext, ngettext = translations.gettext, translations.ngettext
    match measured.missing_reason:
        case None:
            return MissingFigureTexts()
        case MissingReason.ITEM_MISSING:
            absent = [item for item, value in measured.terms.items() if value is None]
            items = ", ".join(absent)
            return MissingFigureTexts(
                gettext("An item that this figure needs was not recorded in the round’s period."),
                gettext("Not recorded: {items}.").format(items=items),
                ngettext("%(items)s is not recorded", "%(items)s are not recorded", len(absent)) % {"items": items},
            )
        case MissingReason.NOTHING_TO_DIVIDE_BY:
            return MissingFigureTexts(
                gettext("There was nothing to count in the round’s period."),
                gettext("Nothing to count in this period: no figure."),
                gettext("nothing to divide by"),
            )
        case MissingReason.BASE_TOO_SMALL:
            base = indicator.minimum_base
            assert base is not None  # it is too small
            return MissingFigureTexts(
                gettext("There are fewer cases than the Guide asks for."),
                gettext("Fewer than {count} cases in {item}: no figure.").format(count=base.at_least, item=base.item),
                gettext("too few to tell"),
            )
        case MissingReason.TOO_FEW_MONTHS:
            assert measured.part is not None  # it has too few months
            months, least = len(measured.part.months), indicator.minimum_months
            return MissingFigureTexts(
                ngettext(
                    "It was recorded for %(count)d month of the round’s period; the Guide asks for at least %(least)d.",
                    "It was recorded for %(count)d months of the round’s period; the Guide asks for at least %(least)d.",
                    months,
                )
                % {"count": months, "least": least},
                ngettext(
                    "Recorded for {count} month, at least {least} are asked for: no figure.",
                    "Recorded for {count} months, at least {least} are asked for: no figure.",
                    months,
                ).format(count=months, least=least),
            )
        case MissingReason.MONTHS_DIFFER:
            return MissingFigureTexts(
                gettext("Its items were recorded for different months, so that they cannot be compared."),
                gettext("Its items were recorded for different months: no figure."),
            )
