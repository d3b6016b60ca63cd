"""Writes the workbook of a self-assessment: a protected sheet for each domain, in which only the answers can be changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluation.assessment.entered_numbers import write_number
from evaluation.assessment.judgements import AnswerInput
from evaluation.assessment.pinned_figures import counts_for
from evaluation.assessment.unresolved_texts import as_input
from evaluation.assessment.workbook.choices import choices_of, write_choice
from evaluation.assessment.workbook.layout import (
    CHOICES_SHEET,
    COLUMNS,
    FORMAT,
    HEAD_ROWS,
    KEPT_DIGITS,
    LONGEST_CELL,
    STATE_SHEET,
    AskedDomain,
    Column,
    Key,
    StateColumn,
    asked_domains,
    fingerprint,
    sheet_name,
)
from evaluation.assessment.workbook.texts import clean_words
from evaluation.crm.series.months import Counts
from evaluation.models import Answer, Evaluation
from evaluation.result_sentences import describe_missing_reason, format_value
from evaluation.scoring import measure
from standards.framework import Indicator, Measure
from standards.framework.figures import MOST_PERCENT
from standards.framework.units import PERCENT
from standards.presentation.asking_sentences import describe_askings
from standards.presentation.reading_language import active_language
from standards.presentation.units import unit_words

_WIDTHS = {
    Column.CODE: 9,
    Column.QUESTION: 44,
    Column.OBLIGATION: 14,
    Column.LEVELS: 52,
    Column.ANSWER: 34,
    Column.WORDS: 60,
    Column.ADDRESSES: 38,
    Column.FILES: 26,
    Column.FIGURE: 26,
    Column.GUIDANCE: 60,
    Column.EVIDENCE: 40,
}
_TITLE_ROW, _HEAD_ROW = 1, HEAD_ROWS - 1
_A4 = 9
"""The paper, by the number that workbooks have for it."""
_GREY, _INK, _PAPER, _BAND = "#F3F1EC", "#1F2A37", "#FFFDF5", "#E4E9F0"


def write_workbook(evaluation: Evaluation, language: str, *, at: datetime | None = None) -> bytes:
    """Return the workbook in a language of the site. A constant number of queries."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only for who asks for a workbook

    made_at = at or timezone.now()
    written = BytesIO()
    with override(active_language(language)), Workbook(written, {"in_memory": True}) as book:
        writer = _Writer(book, _Content.read(evaluation, language))
        writer.write_about(made_at)
        for domain in asked_domains(evaluation):
            writer.write_domain(domain)
        writer.write_choices()
        writer.write_state(made_at)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Content:
    """What the workbook is made of."""

    evaluation: Evaluation
    language: str
    texts: Any
    answers: Mapping[str, Answer]
    addresses: Mapping[str, list[str]]
    files: Mapping[str, list[str]]
    counts: Counts

    @classmethod
    def read(cls, evaluation: Evaluation, language: str) -> "_Content":
        addresses: dict[str, list[str]] = {}
        files: dict[str, list[str]] = {}
        for link in evaluation.evidence.select_related("document"):
            if link.document is None:
                addresses.setdefault(link.code, []).append(link.address)
            else:
                files.setdefault(link.code, []).append(link.document.name)
        return cls(
            evaluation,
            language,
            evaluation.round.edition.texts(language),
            {answer.code: answer for answer in evaluation.answers.all()},
            addresses,
            files,
            counts_for(evaluation),
        )

    def question(self, indicator: Indicator) -> str:
        """Return the question of an indicator, and below it when it is asked, and whether its answer is from last time or stays."""
        lines = [str(self.texts[f"indicator/{indicator.code}/wording"])]
        if indicator.asked_if:
            lines.append(str(describe_askings(indicator, self.evaluation.framework, self.texts)))
        if self.answers[indicator.code].is_carried:
            lines.append(_("From last time. It does not count yet."))
        if not self.evaluation.is_answer_open(indicator.code):
            lines.append(_("not sent back: stays as submitted"))
        return "\n".join(lines)

    def figure(self, indicator: Indicator) -> str:
        """Return the figure of an indicator with its level; why there is none; empty if it has no formula."""
        if indicator.formula is None:
            return ""
        measured = measure(indicator, self.counts.figures, self.counts.partial)
        if measured.value is None:
            return f"{_('no data')}. {describe_missing_reason(indicator, measured)}"
        shown = format_value(indicator, measured.value)
        if not indicator.is_scored or indicator.measure is not Measure.NUMERIC:
            return shown
        level = indicator.level_of(measured.value, self.evaluation.framework.scale)
        return f"{shown}: {level} – {self.texts[f'level/{level}']}"


@dataclass(slots=True)
class _Writer:
    """Writes the sheets with the formats of their cells."""

    book: Any
    content: _Content
    choices: list[tuple[str, list[str]]] = field(default_factory=list)
    state: list[tuple[str, str, str, str]] = field(default_factory=list)
    formats: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C9CED6"}
        entry = {**cell, "locked": False, "bg_color": _PAPER}
        self.formats = {
            name: self.book.add_format(properties)
            for name, properties in {
                "text": {**cell, "bg_color": _GREY, "num_format": "@"},
                "code": {**cell, "bg_color": _GREY, "num_format": "@", "bold": True},
                "head": {**cell, "bold": True, "bg_color": _INK, "font_color": "#FFFFFF"},
                "entry_head": {**cell, "bold": True, "bg_color": "#7A4B00", "font_color": "#FFFFFF"},
                "band": {"bold": True, "bg_color": _BAND, "valign": "top"},
                "title": {"bold": True, "font_size": 16, "valign": "top"},
                "entry": {**entry, "num_format": "@"},
                "number": entry,
                "about": {"text_wrap": True, "valign": "top"},
                "name": {"bold": True, "valign": "top"},
            }.items()
        }

    # --- The sheet about the workbook ---

    def write_about(self, made_at: datetime) -> None:
        """Write what the workbook is of, and how it is filled in."""
        evaluation, page = self.content.evaluation, self.book.add_worksheet(sheet_name(_("About this workbook")))
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 90)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.write_string(
            0, 0, _("Self-assessment of %(hotline)s") % {"hotline": evaluation.hotline.name}, self._of("title")
        )
        made = f"{date_format(timezone.localtime(made_at), 'SHORT_DATETIME_FORMAT')} {timezone.localtime(made_at).tzname()}"
        row = 2
        for name, value in (
            (_("Round"), evaluation.round.name),
            (_("Edition of the Guide"), evaluation.round.edition.code),
            (_("Made"), made),
        ):
            page.write_string(row, 0, name, self._of("name"))
            page.write_string(row, 1, value, self._of("about"))
            row += 1
        page.write_string(row + 1, 0, _("How to fill it in"), self._of("name"))
        for place, sentence in enumerate(self._instructions(), start=row + 1):
            page.write_string(place, 1, sentence, self._of("about"))
        _protect(page)

    def _instructions(self) -> list[str]:
        found = [
            _("Fill in the light cells of the three coloured columns. All others are locked."),
            _("Choose an answer from the list of its cell, or write the number that is asked for."),
            _("For “not applicable”, where the list has it, write the reason in the words."),
            _("Write each address on the web in a line of its own: Alt and Enter begin a line in a cell."),
            _("Files are added on the site. Figures come from your case system. Both are shown here to be read."),
            _("Save it as an Excel workbook (.xlsx) and upload it on the site. You see what would change first."),
        ]
        if any(answer.is_carried for answer in self.content.answers.values()):
            found.insert(
                -1,
                _(
                    "Below a question stands if its answer is from last time. Change it here, or say on the site that it "
                    "is still true: a row that stays as it is confirms nothing."
                ),
            )
        return found

    # --- The sheet of a domain ---

    def write_domain(self, asked: AskedDomain) -> None:
        domain, texts = asked.domain, self.content.texts
        heading = f"{domain.code} {texts[f'domain/{domain.code}/title']}"
        page = self.book.add_worksheet(sheet_name(heading))
        for place, column in enumerate(COLUMNS):
            page.set_column(place, place, _WIDTHS[column])
            page.write_string(0, place, column)
            kind = "entry_head" if column in (Column.ANSWER, Column.WORDS, Column.ADDRESSES) else "head"
            page.write_string(_HEAD_ROW, place, _headings()[column], self._of(kind))
        page.set_row(0, None, None, {"hidden": True})
        page.write_string(_TITLE_ROW, 0, heading, self._of("title"))
        row = HEAD_ROWS
        for standard, indicators in asked.standards:
            for place in range(len(COLUMNS)):
                page.write_blank(row, place, None, self._of("band"))
            band = f"{standard.code} {texts[f'standard/{standard.code}/title']}"
            page.write_string(row, COLUMNS.index(Column.QUESTION), band, self._of("band"))
            row += 1
            for indicator in indicators:
                self._write_indicator(page, row, indicator)
                row += 1
        page.freeze_panes(HEAD_ROWS, COLUMNS.index(Column.QUESTION) + 1)
        page.ignore_errors({"number_stored_as_text": f"A1:{_letter(len(COLUMNS) - 1)}{row + 1}"})
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(_HEAD_ROW)
        _protect(page)

    def _write_indicator(self, page: Any, row: int, indicator: Indicator) -> None:
        """Write the row of an indicator, and what the hidden sheets hold for it."""
        content, code = self.content, indicator.code
        answer, addresses = content.answers[code], "\n".join(content.addresses.get(code, ()))
        choices = choices_of(indicator, content.evaluation.framework, content.texts)
        has_room = max(len(answer.words), len(addresses)) <= LONGEST_CELL
        is_open = has_room and content.evaluation.is_answer_open(code)
        entry = self._of("entry" if is_open else "text")
        texts = {
            Column.CODE: code,
            Column.QUESTION: content.question(indicator),
            Column.OBLIGATION: content.texts[f"obligation/{indicator.obligation}"],
            Column.LEVELS: "\n".join(choice.text for choice in choices if choice.level is not None),
            Column.FILES: "\n".join(content.files.get(code, ())),
            Column.FIGURE: content.figure(indicator),
            Column.GUIDANCE: content.texts[f"indicator/{code}/guidance"],
            Column.EVIDENCE: content.texts[f"indicator/{code}/evidence"],
        }
        if not has_room:
            texts[Column.WORDS] = _("This answer is too long for a workbook. Change it on the site.")
        for column, text in texts.items():
            kind = "code" if column is Column.CODE else "text"
            page.write_string(row, COLUMNS.index(column), str(text)[:LONGEST_CELL], self._of(kind))
        submitted = as_input(answer)
        place = COLUMNS.index(Column.ANSWER)
        if indicator.measure is Measure.NUMERIC and not indicator.from_figures:
            self._write_number(page, row, place, indicator, submitted, is_open=is_open)
        else:
            self._write_choice(page, row, place, code, submitted, choices, is_open=is_open)
        if has_room:
            page.write_string(row, COLUMNS.index(Column.WORDS), clean_words(answer.words), entry)
            page.write_string(row, COLUMNS.index(Column.ADDRESSES), addresses, entry)
        else:
            page.write_blank(row, COLUMNS.index(Column.ADDRESSES), None, self._of("text"))
        version = str(answer.version) if is_open else ""
        self.state.append((code, version, fingerprint(submitted), addresses if is_open else ""))

    def _write_choice(
        self, page: Any, row: int, place: int, code: str, answer: AnswerInput, choices: list[Any], *, is_open: bool
    ) -> None:
        """Write the choice of an indicator, in a cell that offers the others; a closed cell if there are none."""
        kind = "entry" if is_open and choices else "text"
        page.write_string(row, place, write_choice(answer, choices), self._of(kind))
        if kind == "text":
            return
        lines = [choice.text for choice in choices]
        self.choices.append((code, lines))
        number = len(self.choices)
        page.data_validation(
            *(row, place, row, place),
            {
                "validate": "list",
                "source": f"='{CHOICES_SHEET}'!$B${number}:${_letter(len(lines))}${number}",
                "error_title": code,
                "error_message": _("Choose one of the answers of the list.")[:255],
            },
        )

    def _write_number(
        self, page: Any, row: int, place: int, indicator: Indicator, answer: AnswerInput, *, is_open: bool
    ) -> None:
        """Write the number of an indicator; “not applicable” is offered where it is allowed."""
        form = self._of("number" if is_open else "text")
        if answer.not_applicable:
            page.write_string(row, place, _("Not applicable"), form)
        elif answer.value is None:
            page.write_blank(row, place, None, form)
        elif len(answer.value.normalize().as_tuple().digits) <= KEPT_DIGITS:
            page.write_number(row, place, float(answer.value), form)
        else:
            page.write_string(row, place, write_number(answer.value), form)
        if not is_open:
            return
        unit = unit_words(indicator.unit)
        note = {"input_title": indicator.code, "input_message": (_("A number. %(unit)s") % {"unit": unit})[:255]}
        if indicator.not_applicable:
            page.data_validation(
                *(row, place, row, place),
                {"validate": "list", "source": [_("Not applicable")], "show_error": False, **note},
            )
        else:
            most = {"criteria": "between", "minimum": 0, "maximum": MOST_PERCENT}
            bounds = most if indicator.unit == PERCENT else {"criteria": ">=", "value": 0}
            page.data_validation(*(row, place, row, place), {"validate": "decimal", **bounds, **note})

    # --- The hidden sheets ---

    def write_choices(self) -> None:
        page = self.book.add_worksheet(CHOICES_SHEET)
        for row, (code, lines) in enumerate(self.choices):
            for place, text in enumerate((code, *lines)):
                page.write_string(row, place, text)
        page.very_hidden()
        _protect(page)

    def write_state(self, made_at: datetime) -> None:
        evaluation, page = self.content.evaluation, self.book.add_worksheet(STATE_SHEET)
        entries = {
            Key.FORMAT: FORMAT,
            Key.EVALUATION: str(evaluation.uid),
            Key.EDITION: evaluation.round.edition.sha256,
            Key.LANGUAGE: self.content.language,
            Key.MADE_AT: made_at.isoformat(),
        }
        table = [*entries.items(), tuple(StateColumn), *self.state]
        for row, cells in enumerate(table):
            for place, text in enumerate(cells):
                page.write_string(row, place, text)
        page.very_hidden()
        _protect(page)

    def _of(self, name: str) -> Any:
        return self.formats[name]


def _headings() -> dict[Column, str]:
    return {
        Column.CODE: _("Code"),
        Column.QUESTION: _("Indicator"),
        Column.OBLIGATION: _("Obligation"),
        Column.LEVELS: _("What the levels mean"),
        Column.ANSWER: _("Your answer"),
        Column.WORDS: _("In your words"),
        Column.ADDRESSES: _("Evidence on the web"),
        Column.FILES: _("Files attached"),
        Column.FIGURE: _("From your figures"),
        Column.GUIDANCE: _("Guidance"),
        Column.EVIDENCE: _("Evidence the Guide asks for"),
    }


def _letter(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 - only for who asks for a workbook

    return str(xl_col_to_name(place))


def _protect(page: Any) -> None:
    """Protect the sheet without a password: columns and rows can be made wider."""
    page.protect("", {"format_columns": True, "format_rows": True})
