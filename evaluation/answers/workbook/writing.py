"""Write a workbook: a protected sheet per domain, in which only the cells to fill in can be changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluation.answers.entered_numbers import write_number
from evaluation.answers.judgements import AnswerInput
from evaluation.answers.unresolved_texts import as_input
from evaluation.answers.workbook.choices import Choice, write_choice
from evaluation.answers.workbook.layout import (
    HEAD_ROWS,
    KEPT_DIGITS,
    LONGEST_CELL,
    STATE_SHEET,
    AskedDomain,
    Column,
    Key,
    StateColumn,
    fingerprint,
    sheet_name,
)
from evaluation.answers.workbook.sheets import CHOICES_SHEET
from evaluation.answers.workbook.subject import Content, Subject
from evaluation.answers.workbook.texts import clean_words
from evaluation.models.answers.judgements import Judgement
from standards.framework import Indicator
from standards.framework.figures import MOST_PERCENT
from standards.framework.units import PERCENT
from standards.presentation.reading_language import active_language
from standards.presentation.units import unit_words

_WIDTHS = {
    Column.CODE: 9,
    Column.QUESTION: 44,
    Column.OBLIGATION: 14,
    Column.LEVELS: 52,
    Column.HOTLINE_ANSWER: 40,
    Column.NOTES: 40,
    Column.ANSWER: 34,
    Column.WORDS: 60,
    Column.STRENGTH: 40,
    Column.CONCERN: 40,
    Column.GOOD_PRACTICE: 14,
    Column.ADDRESSES: 38,
    Column.FILES: 26,
    Column.FIGURE: 26,
    Column.GUIDANCE: 60,
    Column.EVIDENCE: 40,
}
_TITLE_ROW, _HEAD_ROW = 1, HEAD_ROWS - 1
_A4 = 9
"""The paper size, as its code in workbooks."""
_GREY, _INK, _PAPER, _BAND = "#F3F1EC", "#1F2A37", "#FFFDF5", "#E4E9F0"


_TEXTS = {Column.WORDS: "words", Column.STRENGTH: "strength", Column.CONCERN: "concern"}
"""The text columns to fill in, with the names of their fields."""


def write_workbook(subject: Subject, language: str, *, at: datetime | None = None) -> bytes:
    """Return the bytes of the workbook in a language of the site. A constant number of queries."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - loaded only when a workbook is written

    made_at = at or timezone.now()
    written = BytesIO()
    with override(active_language(language)), Workbook(written, {"in_memory": True}) as book:
        content = subject.read_content(language)
        writer = _Writer(book, subject, language, content, subject.find_stored())
        writer.write_about(made_at)
        for domain in subject.domains():
            writer.write_domain(domain)
        subject.write_further(book, writer.formats, made_at)
        writer.write_choices()
        writer.write_state(made_at)
    return written.getvalue()


@dataclass(slots=True)
class _Writer:
    """Writes the sheets with the formats of their cells."""

    book: Any
    subject: Subject
    language: str
    content: Content
    stored: Mapping[str, Judgement]
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
        """Write the sheet about the workbook: its title, round, edition, time and instructions."""
        evaluation, about = self.subject.evaluation, self.content.describe()
        page = self.book.add_worksheet(sheet_name(_("About this workbook")))
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 90)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.write_string(0, 0, about.title, self._of("title"))
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
        for place, sentence in enumerate(about.instructions, start=row + 1):
            page.write_string(place, 1, sentence, self._of("about"))
        protect(page)

    # --- The sheet of a domain ---

    def write_domain(self, asked: AskedDomain) -> None:
        domain, texts = asked.domain, self.content.texts
        heading = f"{domain.code} {texts[f'domain/{domain.code}/title']}"
        page = self.book.add_worksheet(sheet_name(heading))
        columns, entries = self.subject.layout.columns, self.subject.layout.entries
        headings = {**_headings(), **self.content.describe().headings}
        for place, column in enumerate(columns):
            page.set_column(place, place, _WIDTHS[column])
            page.write_string(0, place, column)
            kind = "entry_head" if column in entries else "head"
            page.write_string(_HEAD_ROW, place, headings[column], self._of(kind))
        page.set_row(0, None, None, {"hidden": True})
        page.write_string(_TITLE_ROW, 0, heading, self._of("title"))
        row = HEAD_ROWS
        for standard, indicators in asked.standards:
            for place in range(len(columns)):
                page.write_blank(row, place, None, self._of("band"))
            band = f"{standard.code} {texts[f'standard/{standard.code}/title']}"
            page.write_string(row, self._place(Column.QUESTION), band, self._of("band"))
            row += 1
            for indicator in indicators:
                self._write_indicator(page, row, indicator)
                row += 1
        page.freeze_panes(HEAD_ROWS, self._place(Column.QUESTION) + 1)
        page.ignore_errors({"number_stored_as_text": f"A1:{_letter(len(columns) - 1)}{row + 1}"})
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(_HEAD_ROW)
        protect(page)

    def _write_indicator(self, page: Any, row: int, indicator: Indicator) -> None:
        """Write the row of an indicator, and collect its entries of the hidden sheets."""
        content, code = self.content, indicator.code
        submitted, addresses = as_input(self.stored[code]), "\n".join(content.addresses(code))
        choices = self.subject.choices_of(indicator, content.texts)
        written = {column: getattr(submitted, name) for column, name in _TEXTS.items()}
        has_room = max(len(addresses), *map(len, written.values())) <= LONGEST_CELL
        is_open = has_room and self.subject.is_code_open(code)
        texts = {
            Column.CODE: code,
            Column.QUESTION: content.question(indicator),
            Column.OBLIGATION: content.texts[f"obligation/{indicator.obligation}"],
            Column.LEVELS: "\n".join(choice.text for choice in choices if choice.level is not None),
            **content.read_only(indicator),
            Column.GUIDANCE: content.texts[f"indicator/{code}/guidance"],
            Column.EVIDENCE: content.texts[f"indicator/{code}/evidence"],
        }
        if not has_room:
            texts[Column.WORDS] = _("This answer is too long for a workbook. Change it on the site.")
        for column, text in texts.items():
            kind = "code" if column is Column.CODE else "text"
            page.write_string(row, self._place(column), str(text)[:LONGEST_CELL], self._of(kind))
        if self.subject.takes_number(indicator):
            self._write_number(page, row, indicator, submitted, choices, is_open=is_open)
        else:
            self._write_choice(page, row, code, submitted, choices, is_open=is_open)
        texts_of_entries = {column: clean_words(text) for column, text in written.items()}
        texts_of_entries |= {
            Column.ADDRESSES: addresses,
            Column.GOOD_PRACTICE: _("Yes") if submitted.good_practice else "",
        }
        for column in self.subject.layout.entries[1:]:
            self._write_entry(page, row, column, texts_of_entries[column], has_room=has_room, is_open=is_open)
        version = str(self.stored[code].version) if is_open else ""
        self.state.append((code, version, fingerprint(submitted), addresses if is_open else ""))

    def _write_entry(self, page: Any, row: int, column: Column, text: str, *, has_room: bool, is_open: bool) -> None:
        """Write a stored text into its cell. If the texts are too long for cells, only the words column is written."""
        place = self._place(column)
        if has_room:
            page.write_string(row, place, text, self._of("entry" if is_open else "text"))
        elif column is not Column.WORDS:
            page.write_blank(row, place, None, self._of("text"))
        if column is Column.GOOD_PRACTICE and is_open:
            page.data_validation(*(row, place, row, place), {"validate": "list", "source": [_("Yes"), _("No")]})

    def _write_choice(
        self, page: Any, row: int, code: str, answer: AnswerInput, choices: list[Choice], *, is_open: bool
    ) -> None:
        """Write the choice of an indicator into a cell with a list of all choices; a locked cell if there are none."""
        place = self._place(Column.ANSWER)
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
        self, page: Any, row: int, indicator: Indicator, answer: AnswerInput, choices: list[Choice], *, is_open: bool
    ) -> None:
        """Write the number of an indicator. The cell offers the choices without a number, such as “not applicable”."""
        place, form = self._place(Column.ANSWER), self._of("number" if is_open else "text")
        if instead := write_choice(answer, choices):
            page.write_string(row, place, instead, form)
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
        if choices:
            page.data_validation(
                *(row, place, row, place),
                {"validate": "list", "source": [one.text for one in choices], "show_error": False, **note},
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
        protect(page)

    def write_state(self, made_at: datetime) -> None:
        page = self.book.add_worksheet(STATE_SHEET)
        entries = {
            Key.FORMAT: self.subject.layout.format,
            Key.EVALUATION: self.subject.uid,
            Key.EDITION: self.subject.evaluation.round.edition.sha256,
            Key.LANGUAGE: self.language,
            Key.MADE_AT: made_at.isoformat(),
        }
        table = [*entries.items(), tuple(StateColumn), *self.state]
        for row, cells in enumerate(table):
            for place, text in enumerate(cells):
                page.write_string(row, place, text)
        page.very_hidden()
        protect(page)

    def _of(self, name: str) -> Any:
        return self.formats[name]

    def _place(self, column: Column) -> int:
        return self.subject.layout.columns.index(column)


def _headings() -> dict[Column, str]:
    return {
        Column.CODE: _("Code"),
        Column.QUESTION: _("Indicator"),
        Column.OBLIGATION: _("Obligation"),
        Column.LEVELS: _("What the levels mean"),
        Column.GUIDANCE: _("Guidance"),
        Column.EVIDENCE: _("Evidence the Guide asks for"),
    }


def _letter(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 - loaded only when a workbook is written

    return str(xl_col_to_name(place))


def protect(page: Any) -> None:
    """Protect the sheet without a password. The widths of columns and heights of rows can still be changed."""
    page.protect("", {"format_columns": True, "format_rows": True})
