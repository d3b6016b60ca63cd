"""The changes of a workbook, cell by cell, and its conflicts with newer answers next to each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evaluation.answers.entered_numbers import write_number
from evaluation.answers.judgements import AnswerInput
from evaluation.answers.unresolved_texts import as_input
from evaluation.answers.workbook.choices import choice_of
from evaluation.answers.workbook.comparing import ComparedRow, Comparison, Difference
from evaluation.answers.workbook.confirming import ConflictChoice, Resolution
from evaluation.answers.workbook.layout import Column
from evaluation.answers.workbook.subject import Subject
from evaluation.answers.workbook.texts import clean_words
from evaluation.models.answers.judgements import Judgement
from portal.presentation.indicators.missing import describe_missing
from standards.editions.comparison import Kind, compare_words
from standards.presentation.marking import marked
from standards.presentation.units import format_unit
from standards.public_guide.changes import ShownChange

_TEXTS = {
    Column.WORDS: ("words", gettext_lazy("In your words")),
    Column.STRENGTH: ("strength", gettext_lazy("Strength")),
    Column.CONCERN: ("concern", gettext_lazy("Concern")),
}
"""The text columns, each with its field and its label."""


class ConflictForm(forms.Form):
    """A choice for each conflict, with no default. `choices` maps the values of `Resolution` to labels."""

    def __init__(self, comparison: Comparison, choices: Mapping[str, Any], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.conflicts = comparison.conflicts
        self.is_outdated = False
        """Whether an answer has changed since the user saw the conflict."""
        for compared in self.conflicts:
            self.fields[f"choice-{compared.code}"] = forms.ChoiceField(
                label=_("What becomes of %(code)s") % {"code": compared.code},
                choices=list(choices.items()),
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose what becomes of it.")},
            )

    def clean(self) -> None:
        """Reject each choice that was made on an earlier version of the stored answer, and clear it."""
        for compared in self.conflicts:
            if self.data.get(f"seen-{compared.code}") == str(compared.stored.version):
                continue
            self.is_outdated = True
            name = f"choice-{compared.code}"
            self.data = {key: value for key, value in self.data.items() if key != name}
            self.errors.pop(name, None)
            self.add_error(name, _("Something else was saved here since you looked. Compare the two and choose again."))

    @property
    def choices(self) -> dict[str, ConflictChoice]:
        """The choices of a valid form."""
        return {
            compared.code: ConflictChoice(
                Resolution(self.cleaned_data[f"choice-{compared.code}"]), compared.stored.version
            )
            for compared in self.conflicts
        }


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One of the two answers of a conflict, formatted."""

    answer: str
    words: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the workbook with a change or a conflict."""

    compared: ComparedRow
    wording: Any
    changes: tuple[ShownChange, ...]
    missing: str
    """What the answer of the workbook would still need."""
    mine: ShownSide
    theirs: ShownSide
    field: forms.BoundField | None

    @property
    def code(self) -> str:
        return self.compared.code

    @property
    def sheet(self) -> str:
        return self.compared.row.sheet

    @property
    def stored(self) -> Judgement:
        return self.compared.stored


def show_rows(subject: Subject, comparison: Comparison, form: ConflictForm, answer: Any) -> list[ShownRow]:
    """Return the rows with a change or a conflict, in the order of the edition.

    `answer` is the label of the first column to fill in.
    """
    shown = _Shown(subject, form, answer)
    return [shown.row(compared) for compared in comparison.rows if compared.is_changed or compared.is_conflict]


class _Shown:
    """Formats rows in the active language. The evidence of all rows is read in one query."""

    def __init__(self, subject: Subject, form: ConflictForm, answer: Any) -> None:
        evaluation = subject.evaluation
        self.subject, self.form, self.answer = subject, form, answer
        self.framework, self.texts = evaluation.framework, evaluation.round.edition.texts(get_language())
        self.with_documents = set(evaluation.evidence.exclude(document=None).values_list("code", flat=True))

    def row(self, compared: ComparedRow) -> ShownRow:
        code = compared.code
        mine, theirs = compared.row.answer, as_input(compared.stored)
        return ShownRow(
            compared,
            self.texts[f"indicator/{code}/wording"],
            tuple(self._changes(compared, theirs, mine)),
            self._missing(compared),
            self._side(code, mine),
            self._side(code, theirs),
            self.form[f"choice-{code}"] if compared.is_conflict else None,
        )

    def _changes(self, compared: ComparedRow, theirs: AnswerInput, mine: AnswerInput) -> Iterator[ShownChange]:
        """Yield the changes, each labelled with its cell."""
        row = compared.row
        if compared.difference is not Difference.NONE:
            lines = [tuple(filter(None, [self._answer(row.code, side)])) for side in (theirs, mine)]
            if lines[0] != lines[1]:
                yield ShownChange.of_lines(Kind.JUDGED, f"{row.cells[Column.ANSWER]}: {self.answer}", *lines)
            for column, (name, heading) in _TEXTS.items():
                before, now = clean_words(getattr(theirs, name)), clean_words(getattr(mine, name))
                if before != now:
                    yield ShownChange(Kind.REWORDED, f"{row.cells[column]}: {heading}", compare_words(before, now))
            if theirs.good_practice != mine.good_practice:
                label = f"{row.cells[Column.GOOD_PRACTICE]}: {_('Good practice')}"
                sides = ((_("Yes") if side.good_practice else _("No"),) for side in (theirs, mine))
                yield ShownChange.of_lines(Kind.JUDGED, label, *sides)
        if compared.added or compared.removed:
            removed = tuple(link.address for link in compared.removed)
            label = f"{row.cells[Column.ADDRESSES]}: {_('Evidence on the web')}"
            yield ShownChange.of_lines(Kind.JUDGED, label, removed, compared.added)

    def _side(self, code: str, answer: AnswerInput) -> ShownSide:
        return ShownSide(self._answer(code, answer) or _("no answer"), clean_words(answer.words))

    def _answer(self, code: str, answer: AnswerInput) -> str:
        indicator = self.framework.indicators[code]
        if answer.value is not None:
            return format_unit(write_number(answer.value), indicator.unit)
        choice = choice_of(answer, self.subject.choices_of(indicator, self.texts))
        if choice is None or not choice.meaning:
            return choice.name if choice else ""
        return format_html("{} – {}", choice.name, marked(choice.meaning))

    def _missing(self, compared: ComparedRow) -> str:
        if compared.difference is Difference.NONE:
            return ""
        has_evidence = bool(compared.row.addresses) or compared.code in self.with_documents
        indicator = self.framework.indicators[compared.code]
        return describe_missing(indicator, self.framework, compared.row.answer, has_evidence=has_evidence)
