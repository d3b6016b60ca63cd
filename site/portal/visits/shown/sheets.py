"""The sheets of a visit as pages and paper show them: criteria in the reader's language, results as sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evaluation.models import LateRow, SheetRow
from evaluation.visits.sheets.results import Count, CriterionResult, LinkedResult, SheetResult, link_results
from evaluation.visits.sheets.rows import DOES_NOT_APPLY, MARKS, MET, NOT_MET, ReadSheet
from evaluation.visits.sheets.templates import Criterion, Kind, SheetTemplate
from portal.presentation.numbers import percent, threshold
from portal.presentation.passages import language_name
from standards.framework import Framework
from standards.presentation.marking import marked
from standards.presentation.reading_language import content_language, interface_language
from standards.presentation.sentences import Passage, Sentence, fill

_MOODS = {MET: "good", NOT_MET: "stop", DOES_NOT_APPLY: ""}


def name_criterion(criterion: Criterion, template: SheetTemplate) -> Passage:
    """Return the text of a criterion in the reader's language, or else in a language that has one."""
    return Passage(*template.text_of(criterion, content_language(), interface_language()))


# --- Results ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownCount:
    """A count of a criterion, and its mood: `good`, `stop` or `info`."""

    text: Passage
    found: str
    mood: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownResult:
    """The result of a sheet: sentences about the whole, then the result of each criterion."""

    sentences: tuple[str, ...]
    criteria: tuple[ShownCount, ...]


def describe_count(count: Count) -> str:
    """Return a count as text: `9 of 10 (90 %)`."""
    if count.share is None:
        return _("nothing to count")
    return _("%(met)s of %(of)s (%(share)s)") % {"met": count.met, "of": count.of, "share": percent(count.share)}


def _mood(is_reached: bool | None) -> str:
    return "info" if is_reached is None else "good" if is_reached else "stop"


def show_result(result: SheetResult) -> ShownResult:
    return ShownResult(
        tuple(_describe_whole(result)),
        tuple(_show_criterion(one, result.template) for one in result.criteria),
    )


def _show_criterion(one: CriterionResult, template: SheetTemplate) -> ShownCount:
    note = ""
    if one.not_applicable:
        note = _("does not apply to %(count)s") % {"count": one.not_applicable}
    text = name_criterion(one.criterion, template)
    return ShownCount(text, describe_count(one.count), _mood(one.count.is_reached), note)


def _describe_whole(result: SheetResult) -> Iterable[str]:
    """Yield the sentences about a sheet: how many of the requested rows it has, and how many criteria are reached."""
    asked, rows = result.template.asked, result.rows
    if asked and result.missing:
        sentence = ngettext(
            "%(rows)s of %(asked)s are recorded: %(count)s is missing.",
            "%(rows)s of %(asked)s are recorded: %(count)s are missing.",
            result.missing,
        )
        yield sentence % {"rows": rows, "asked": asked, "count": result.missing}
    elif asked:
        yield _("%(rows)s are recorded, %(asked)s are asked for.") % {"rows": rows, "asked": asked}
    if result.every and result.every.of:
        yield _("Met every criterion that applies: %(count)s.") % {"count": describe_count(result.every)}
    if (reached := result.reached) and reached.of:
        yield _("%(met)s of %(of)s criteria reach the %(threshold)s that is asked for.") % {
            "met": reached.met,
            "of": reached.of,
            "threshold": threshold(result.template.threshold or 0),
        }
    if result.is_passed is not None:
        yield _("As a whole: passed.") if result.is_passed else _("As a whole: not passed.")


def describe_linked(linked: LinkedResult) -> SafeString:
    """Return a result as the line next to an indicator, with the number of recorded rows if too few are."""
    result, template = linked.result, linked.result.template
    line = _describe_criterion(linked.criterion, template) if linked.criterion else _describe_sheet(result)
    if not result.missing:
        return marked(line)
    recorded = _("Only %(rows)s of %(asked)s are recorded.")
    return marked(Sentence.joined([line, recorded % {"rows": result.rows, "asked": template.asked}], ". "))


def _describe_criterion(one: CriterionResult, template: SheetTemplate) -> Sentence:
    words = {
        "sheet": Kind(template.kind).label,
        "criterion": name_criterion(one.criterion, template),
        "count": describe_count(one.count),
    }
    if template.threshold is None:
        return fill(_("%(sheet)s, “%(criterion)s”: %(count)s"), **words)
    sentence = _("%(sheet)s, “%(criterion)s”: %(count)s, %(threshold)s asked")
    return fill(sentence, threshold=threshold(template.threshold), **words)


def _describe_sheet(result: SheetResult) -> Sentence:
    words: dict[str, Any] = {"sheet": Kind(result.template.kind).label}
    if result.every is None:
        return fill(_("%(sheet)s: %(rows)s recorded"), rows=result.rows, **words)
    words["count"] = describe_count(result.every)
    if (reached := result.reached) is None or not reached.of:
        return fill(_("%(sheet)s, every criterion: %(count)s"), **words)
    sentence = _("%(sheet)s, every criterion: %(count)s; %(met)s of %(of)s criteria reach %(threshold)s")
    return fill(sentence, met=reached.met, of=reached.of, threshold=threshold(result.template.threshold or 0), **words)


def describe_links(framework: Framework, results: Iterable[SheetResult]) -> Mapping[str, Sequence[SafeString]]:
    """Return the lines next to each indicator, by code. Sheets without rows are left out."""
    links = link_results(framework, (result for result in results if result.rows))
    return {code: [describe_linked(one) for one in found] for code, found in links.items()}


# --- Rows ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row: its number in the list, a line on what it is about, how many criteria it meets, and each mark."""

    row: SheetRow
    number: int
    title: str
    summary: str
    marks: tuple[ShownCount, ...]


def show_rows(sheet: ReadSheet, rows: Iterable[SheetRow]) -> list[ShownRow]:
    return [
        ShownRow(
            row,
            number,
            name_row(row, sheet.template.kind),
            _summarise(row, sheet.template),
            tuple(_show_marks(row, sheet.template)),
        )
        for number, row in enumerate(rows, 1)
    ]


def name_row(row: SheetRow | LateRow, kind: str) -> str:
    """Return in a line what a row is about: a channel, a language and when; some files; a role and a topic."""
    day = date_format(row.day, "SHORT_DATE_FORMAT") if row.day else ""
    if kind == Kind.FILES:
        sentence = ngettext("%(count)s file", "%(count)s files", row.looked_at or 0)
        parts = [sentence % {"count": row.looked_at}, row.topic]
    elif kind == Kind.INTERVIEWS:
        parts = [row.role, row.topic, day]
    else:
        clock = time_format(row.starts) if row.starts else ""
        parts = [row.get_channel_display(), language_name(row.language), f"{day} {clock}".strip()]
    return ", ".join(part for part in parts if part)


def _summarise(row: SheetRow, template: SheetTemplate) -> str:
    if template.kind in (Kind.FILES, Kind.INTERVIEWS):
        return ""
    applied = [mark for mark in row.marks.values() if mark != DOES_NOT_APPLY]
    return pgettext("criteria", "%(met)s of %(of)s met") % {"met": applied.count(MET), "of": len(applied)}


def _show_marks(row: SheetRow, template: SheetTemplate) -> Iterable[ShownCount]:
    for criterion in template.criteria:
        mark, text = row.marks[criterion.key], name_criterion(criterion, template)
        if template.kind == Kind.FILES:
            yield ShownCount(text, describe_count(Count(mark, row.looked_at or 0)), "info")
        else:
            yield ShownCount(text, str(MARKS[mark]), _MOODS[mark])
