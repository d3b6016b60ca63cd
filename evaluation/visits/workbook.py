"""The observations of one assessor as a workbook: written, filled in offline and read back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from evaluation.answers.unresolved_texts import Kind, as_input
from evaluation.answers.workbook.choices import Choice, choices_of, write_choice
from evaluation.answers.workbook.layout import OBSERVATIONS, AskedDomain, Column, asked_domains
from evaluation.answers.workbook.problems import WorkbookProblem
from evaluation.answers.workbook.sheets import Rows
from evaluation.answers.workbook.subject import About, Content, Subject
from evaluation.models import Answer, Evaluation, Observation, SheetRow, User, Visit
from evaluation.models.answers.judgements import Judgement, needs_a_finding
from evaluation.result_sentences import format_value
from evaluation.visits.desk_review import DeskNotes, find_notes
from evaluation.visits.recording import is_recording, seat_of
from evaluation.visits.sheets.rows import InvalidRow, open_sheets, row_as_input, save_sheet_row
from evaluation.visits.sheets.templates import SheetTemplate
from evaluation.visits.sheets.workbook import (
    ComparedSheetRow,
    FilledSheetRow,
    fingerprint,
    read_sheet_rows,
    write_sheets,
)
from standards.framework import Indicator, Measure


class OwnRecording(Subject):
    """The observations and sheet rows of one assessor on a visit. Workbooks of other assessors are refused."""

    layout = OBSERVATIONS
    kind = Kind.OBSERVATION

    def __init__(self, visit: Visit, by: User, templates: Mapping[str, SheetTemplate]) -> None:
        """Set up the recording of `by`. `templates` are the criteria of the sheets, by kind."""
        super().__init__(visit.evaluation)
        self.visit, self.by, self.templates = visit, by, templates
        self.answers = {answer.code: answer for answer in visit.evaluation.answers.all()}

    @property
    def uid(self) -> str:
        return f"{self.evaluation.uid} {self.by.uid}"

    @property
    def owner(self) -> Model:
        return seat_of(self.visit, self.by) or self.by

    def domains(self) -> list[AskedDomain]:
        return asked_domains(self.evaluation.framework, self.evaluation.examined)

    def find_stored(self) -> Mapping[str, Judgement]:
        own = {seen.code: seen for seen in self.visit.observations.filter(by=self.by).select_related("by")}
        return {code: own.get(code) or Observation(visit=self.visit, code=code) for code in self.evaluation.examined}

    def is_open(self) -> bool:
        return is_recording(self.visit, self.by) and self.evaluation.state != Evaluation.State.EXCUSED

    def lock(self) -> bool:
        self.visit = Visit.objects.select_for_update(of=("self",)).get(pk=self.visit.pk)
        return self.is_open()

    def is_code_open(self, code: str) -> bool:
        return True

    def takes_number(self, indicator: Indicator) -> bool:
        return indicator.measure is Measure.NUMERIC

    def choices_of(self, indicator: Indicator, texts: Any) -> list[Choice]:
        is_needed = needs_a_finding(indicator, self.answers.get(indicator.code))
        return choices_of(indicator, self.evaluation.framework, texts, with_unseen=is_needed)

    def read_content(self, language: str) -> Content:
        texts = self.evaluation.round.edition.texts(language)
        return RecordingContent(self, texts, self.answers, find_notes(self.evaluation))

    # --- The sheets ---

    def find_rows(self) -> list[SheetRow]:
        """Return the assessor's sheet rows that are not removed. One query."""
        rows = SheetRow.objects.filter(sheet__in=open_sheets(self.visit), by=self.by, is_removed=False)
        return list(rows.select_related("sheet"))

    def write_further(self, book: Any, formats: Mapping[str, Any], made_at: datetime) -> None:
        write_sheets(book, formats, self.templates, self.find_rows(), f"{self.uid} {made_at.isoformat()}")

    def read_further(self, sheets: Mapping[str, Rows]) -> tuple[tuple[FilledSheetRow, ...], list[WorkbookProblem]]:
        return read_sheet_rows(sheets, self.templates, self.visit)

    def compare_further(self, further: Sequence[FilledSheetRow]) -> list[ComparedSheetRow]:
        """Return the edited rows that differ from the stored ones, with conflicts. One query.

        A workbook of an earlier visit may contain rows that are signed off since.
        """
        rows = SheetRow.objects.filter(sheet__visit=self.visit, by=self.by).select_related("sheet")
        stored = {(row.sheet.kind, row.uid): row for row in rows.order_by("sheet__number")}
        return [
            ComparedSheetRow(one, present)
            for one in further
            for present in (stored.get((one.kind, one.uid)),)
            if one.is_edited and (present is None or present.is_removed or not _equals(present, one))
        ]

    def save_further(self, further: Sequence[FilledSheetRow]) -> int:
        saved = 0
        for compared in self.compare_further(further):
            filled = compared.filled
            if compared.is_conflict:
                continue
            template = self.templates[filled.kind]
            with suppress(InvalidRow):  # too many, or the criteria were changed concurrently
                result = save_sheet_row(
                    self.visit, template, filled.uid, filled.row, version=filled.version, by=self.by
                )
                saved += isinstance(result, SheetRow)
        return saved


def _equals(stored: SheetRow, filled: FilledSheetRow) -> bool:
    return fingerprint(row_as_input(stored)) == fingerprint(filled.row)


@dataclass(frozen=True, slots=True)
class RecordingContent(Content):
    """The read-only content of the workbook of a visit: the hotline's answers and the notes of the desk review."""

    subject: OwnRecording
    texts: Any
    answers: Mapping[str, Answer]
    notes: Mapping[str, DeskNotes]

    def describe(self) -> About:
        names = {"hotline": self.subject.evaluation.hotline.name, "name": self.subject.by.name}
        instructions = [
            _("Fill in the light cells of the coloured columns. All others are locked."),
            _("Choose a level from the list of its cell, or write the number that is asked for."),
            _("For “not applicable” and “could not be looked at”, write the reason in the words."),
            _("Write each test contact, each set of files and each interview in an empty row of its own sheet."),
            _("Never the name of a person, and nothing of a case."),
            _("It is yours alone: upload it yourself, and show it to nobody before all of the team have finished."),
            _("Save it as an Excel workbook (.xlsx) and upload it on the site. You see what would change first."),
        ]
        headings = {
            Column.HOTLINE_ANSWER: _("The hotline says"),
            Column.NOTES: _("From the desk review"),
            Column.ANSWER: _("Your finding"),
            Column.WORDS: _("What you saw and heard"),
            Column.STRENGTH: _("Strength"),
            Column.CONCERN: _("Concern"),
            Column.GOOD_PRACTICE: _("Good practice"),
        }
        return About(_("Study visit, %(hotline)s: what %(name)s records") % names, instructions, headings)

    def question(self, indicator: Indicator) -> str:
        return str(self.texts[f"indicator/{indicator.code}/wording"])

    def read_only(self, indicator: Indicator) -> Mapping[Column, str]:
        return {
            Column.HOTLINE_ANSWER: "\n".join(self._answer(indicator)),
            Column.NOTES: "\n".join(self._notes(indicator.code)),
        }

    def _answer(self, indicator: Indicator) -> Sequence[str]:
        answer = self.answers.get(indicator.code)
        if answer is None or not answer.is_given:
            return []
        if answer.value is not None:
            judged = format_value(indicator, Fraction(answer.value))
        else:
            choices = choices_of(indicator, self.subject.evaluation.framework, self.texts)
            judged = write_choice(as_input(answer), choices)
        return [text for text in (judged, answer.words.strip()) if text]

    def _notes(self, code: str) -> Sequence[str]:
        """Return the marks of the team, then the sent questions, each with its answer."""
        notes = self.notes[code] if code in self.notes else DeskNotes()
        marks = [f"{mark.by.name}: {mark.get_kind_display()} {mark.words}".strip() for mark in notes.marks]
        asked = [line for one in notes.questions if one.is_sent for line in (one.words, one.answer) if line]
        return [*marks, *asked]
