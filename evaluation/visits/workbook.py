"""What one assessor records on a visit as a workbook: written, filled in, read back as observations of that assessor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from evaluation.assessment.unresolved_texts import Kind, as_input
from evaluation.assessment.workbook.choices import Choice, choices_of, write_choice
from evaluation.assessment.workbook.layout import OBSERVATIONS, AskedDomain, Column, asked_domains
from evaluation.assessment.workbook.subject import About, Content, Subject
from evaluation.guards.conditions import needs_a_finding
from evaluation.models import Answer, Evaluation, Observation, User, Visit
from evaluation.models.judgements import Judgement
from evaluation.result_sentences import format_value
from evaluation.visits.desk_review import DeskNotes, find_notes
from evaluation.visits.recording import is_recording, seat_of
from standards.framework import Indicator, Measure


class OwnRecording(Subject):
    """What one assessor of a visit records; nobody else's workbook is read, and nobody else's rows are in it."""

    layout = OBSERVATIONS
    kind = Kind.OBSERVATION

    def __init__(self, visit: Visit, by: User) -> None:
        super().__init__(visit.evaluation)
        self.visit, self.by = visit, by
        self.answers = {answer.code: answer for answer in visit.evaluation.answers.all()}

    @property
    def uid(self) -> str:
        return f"{self.evaluation.uid} {self.by.uid}"

    @property
    def owner(self) -> Model:
        return seat_of(self.visit, self.by) or self.by

    def domains(self) -> list[AskedDomain]:
        return asked_domains(self.evaluation.framework, self.evaluation.asked)

    def find_stored(self) -> Mapping[str, Judgement]:
        own = {seen.code: seen for seen in self.visit.observations.filter(by=self.by).select_related("by")}
        return {code: own.get(code) or Observation(visit=self.visit, code=code) for code in self.evaluation.asked}

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


@dataclass(frozen=True, slots=True)
class RecordingContent(Content):
    """What the workbook of a visit shows beside what is recorded: the hotline's answer, and the notes of the desk review."""

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
            _("Never the name of a person, and nothing of a case."),
            _("It is yours alone: upload it yourself, and show it to nobody before all of the team have finished."),
            _("Save it as an Excel workbook (.xlsx) and upload it on the site. You see what would change first."),
        ]
        headings = {
            Column.SAID: _("The hotline says"),
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
            Column.SAID: "\n".join(self._answer(indicator)),
            Column.NOTES: "\n".join(self._notes(indicator.code)),
        }

    def _answer(self, indicator: Indicator) -> Sequence[str]:
        answer = self.answers.get(indicator.code)
        if answer is None or not answer.is_given:
            return []
        if answer.value is not None:
            said = format_value(indicator, Fraction(answer.value))
        else:
            choices = choices_of(indicator, self.subject.evaluation.framework, self.texts)
            said = write_choice(as_input(answer), choices)
        return [text for text in (said, answer.words.strip()) if text]

    def _notes(self, code: str) -> Sequence[str]:
        """Return the marks of the team, then the questions that were sent with their answers."""
        notes = self.notes[code] if code in self.notes else DeskNotes()
        marks = [f"{mark.by.name}: {mark.get_kind_display()} {mark.words}".strip() for mark in notes.marks]
        asked = [line for one in notes.questions if one.is_sent for line in (one.words, one.answer) if line]
        return [*marks, *asked]
