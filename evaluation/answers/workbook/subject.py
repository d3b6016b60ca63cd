"""The subject of a workbook: its indicators, the stored text of each, what may be changed, and the displayed texts.

This module has the self-assessment of a hotline; `evaluation.visits.workbook` has the observations of an assessor.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext as _

from evaluation.answers.pinned_figures import counts_for
from evaluation.answers.unresolved_texts import Kind
from evaluation.answers.workbook.choices import Choice, choices_of
from evaluation.answers.workbook.layout import ANSWERS, AskedDomain, Column, Layout, asked_domains
from evaluation.answers.workbook.problems import WorkbookProblem
from evaluation.answers.workbook.sheets import Rows
from evaluation.engine.scoring import measure
from evaluation.figures.series.months import Counts
from evaluation.models import Evaluation, Evidence
from evaluation.models.answers.judgements import Judgement
from evaluation.result_sentences import describe_missing_reason, format_value
from standards.framework import Indicator, Measure
from standards.presentation.asking_sentences import describe_askings


@dataclass(frozen=True, slots=True)
class About:
    """The texts of the first sheet: a title and instructions. `headings` are those of the columns of this kind."""

    title: str
    instructions: Sequence[str]
    headings: Mapping[Column, str]


class Content(ABC):
    """The content of the rows of a workbook, read once, in the language of the workbook."""

    texts: Any

    @abstractmethod
    def describe(self) -> About: ...

    @abstractmethod
    def question(self, indicator: Indicator) -> str:
        """Return the question of an indicator, with notes on further lines."""

    @abstractmethod
    def read_only(self, indicator: Indicator) -> Mapping[Column, str]:
        """Return the texts of the read-only columns that only this kind of workbook has."""

    def addresses(self, code: str) -> Sequence[str]:
        """Return the addresses that are stored with an answer."""
        return ()


class Subject(ABC):
    """The texts of an evaluation that a workbook contains."""

    layout: ClassVar[Layout]
    kind: ClassVar[Kind]

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    @property
    def uid(self) -> str:
        """The identifier that its workbooks contain. A workbook with another one is refused."""
        return str(self.evaluation.uid)

    @property
    def owner(self) -> Model:
        """The object under which an uploaded workbook is stored until it is confirmed."""
        return self.evaluation

    @abstractmethod
    def domains(self) -> list[AskedDomain]:
        """Return the domains and indicators that the workbook asks."""

    @abstractmethod
    def find_stored(self) -> Mapping[str, Judgement]:
        """Return the stored texts, by indicator code. One query."""

    def find_links(self) -> Mapping[str, Sequence[Evidence]]:
        """Return the links to addresses that are stored with the answers, by indicator code."""
        return {}

    @abstractmethod
    def is_open(self) -> bool:
        """Whether anything may be written."""

    @abstractmethod
    def lock(self) -> bool:
        """Lock the row, so that it cannot be closed concurrently. Return whether anything may be written."""

    @abstractmethod
    def is_code_open(self, code: str) -> bool:
        """Whether the text of an indicator may be written, provided that `is_open`."""

    @abstractmethod
    def takes_number(self, indicator: Indicator) -> bool:
        """Whether a number is entered for the indicator."""

    @abstractmethod
    def choices_of(self, indicator: Indicator, texts: Any) -> list[Choice]: ...

    @abstractmethod
    def read_content(self, language: str) -> Content:
        """Read the content of the rows. A constant number of queries."""

    # --- Further sheets, after those of the domains, if a subject has some ---

    def write_further(self, _book: Any, _formats: Mapping[str, Any], _made_at: datetime) -> None:  # noqa: B027 - most have none
        """Write the further sheets."""

    def read_further(self, _sheets: Mapping[str, Rows]) -> tuple[tuple[Any, ...], list[WorkbookProblem]]:
        """Return the content of the further sheets and their problems. Called in the language of the workbook."""
        return (), []

    def save_further(self, _further: Sequence[Any]) -> int:
        """Save the changes of the further sheets and return their number. Called after `lock`."""
        return 0


class SelfAssessment(Subject):
    """The answers of a hotline, shared by its users."""

    layout = ANSWERS
    kind = Kind.ANSWER

    def domains(self) -> list[AskedDomain]:
        return asked_domains(self.evaluation.framework, self.evaluation.possibly_asked)

    def find_stored(self) -> Mapping[str, Judgement]:
        return {answer.code: answer for answer in self.evaluation.answers.select_related("by")}

    def find_links(self) -> Mapping[str, Sequence[Evidence]]:
        links: dict[str, list[Evidence]] = {}
        for link in self.evaluation.evidence.filter(document=None):
            link.evaluation = self.evaluation
            links.setdefault(link.code, []).append(link)
        return links

    def is_open(self) -> bool:
        return self.evaluation.is_open

    def lock(self) -> bool:
        rows = Evaluation.objects.select_for_update(no_key=True).only("state", "fixed_codes")
        locked = rows.get(pk=self.evaluation.pk)
        self.evaluation.fixed_codes = locked.fixed_codes
        return locked.is_open

    def is_code_open(self, code: str) -> bool:
        return self.evaluation.is_answer_open(code)

    def takes_number(self, indicator: Indicator) -> bool:
        return indicator.measure is Measure.NUMERIC and not indicator.from_figures

    def choices_of(self, indicator: Indicator, texts: Any) -> list[Choice]:
        return choices_of(indicator, self.evaluation.framework, texts)

    def read_content(self, language: str) -> Content:
        return AnswerContent.read(self.evaluation, language)


@dataclass(frozen=True, slots=True)
class AnswerContent(Content):
    """The content of the workbook of a self-assessment."""

    evaluation: Evaluation
    texts: Any
    answers: Mapping[str, Judgement]
    counts: Counts
    links: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, evaluation: Evaluation, language: str) -> "AnswerContent":
        links: dict[str, list[str]] = {}
        files: dict[str, list[str]] = {}
        for link in evaluation.evidence.select_related("document"):
            if link.document is None:
                links.setdefault(link.code, []).append(link.address)
            else:
                files.setdefault(link.code, []).append(link.document.name)
        answers = {answer.code: answer for answer in evaluation.answers.all()}
        texts = evaluation.round.edition.texts(language)
        return cls(evaluation, texts, answers, counts_for(evaluation), links, files)

    def describe(self) -> About:
        found = [
            _("Fill in the light cells of the three coloured columns. All others are locked."),
            _("Choose an answer from the list of its cell, or write the number that is asked for."),
            _("For “not applicable”, where the list has it, write the reason in the words."),
            _("Write each address on the web in a line of its own: Alt and Enter begin a line in a cell."),
            _("Files are added on the site. Figures come from your case system. Both are shown here to be read."),
            _("Save it as an Excel workbook (.xlsx) and upload it on the site. You see what would change first."),
        ]
        if any(answer.is_carried for answer in self.answers.values()):
            found.insert(
                -1,
                _(
                    "Below a question stands if its answer is from last time. Change it here, or say on the site that it "
                    "is still true: a row that stays as it is confirms nothing."
                ),
            )
        title = _("Self-assessment of %(hotline)s") % {"hotline": self.evaluation.hotline.name}
        headings = {
            Column.ANSWER: _("Your answer"),
            Column.WORDS: _("In your words"),
            Column.ADDRESSES: _("Evidence on the web"),
            Column.FILES: _("Files attached"),
            Column.FIGURE: _("From your figures"),
        }
        return About(title, found, headings)

    def question(self, indicator: Indicator) -> str:
        """Return the question; on further lines its conditions, and whether its answer is carried over or fixed."""
        lines = [str(self.texts[f"indicator/{indicator.code}/wording"])]
        if indicator.asked_if:
            lines.append(str(describe_askings(indicator, self.evaluation.framework, self.texts)))
        if self.answers[indicator.code].is_carried:
            lines.append(_("From last time. It does not count yet."))
        if not self.evaluation.is_answer_open(indicator.code):
            lines.append(_("not sent back: stays as submitted"))
        return "\n".join(lines)

    def read_only(self, indicator: Indicator) -> Mapping[Column, str]:
        return {
            Column.FILES: "\n".join(self.files.get(indicator.code, ())),
            Column.FIGURE: self.figure(indicator),
        }

    def addresses(self, code: str) -> Sequence[str]:
        return self.links.get(code, ())

    def figure(self, indicator: Indicator) -> str:
        """Return the figure of an indicator with its level, or why there is none; empty if it has no formula."""
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
