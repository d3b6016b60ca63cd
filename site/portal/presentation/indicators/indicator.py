"""An indicator on a page: the Guide's texts, the level picker, the judgement, its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation.answers.entered_answers import EnteredAnswer, write_level
from evaluation.answers.entered_numbers import write_number
from evaluation.answers.evidence.removal import RemovedEvidence
from evaluation.answers.evidence.validity import ended_on
from evaluation.answers.judgements import AnswerInput
from evaluation.discussions.discussions import Summary
from evaluation.figures.series.months import Counts
from evaluation.models import Assignment, DiscussionComment, Evaluation, Evidence, ReturnedAnswer, UnresolvedText
from evaluation.models.answers.judgements import Judged, Judgement
from portal.presentation.form_values import fingerprint
from portal.presentation.indicators.evidence import EvidenceContext, evidence_context, show_evidence
from portal.presentation.indicators.figure import ShownFigure, show_figure
from portal.presentation.indicators.missing import describe_missing
from portal.presentation.moments import saved_words
from standards.framework import Framework, Indicator, Measure
from standards.models import Texts
from standards.presentation.asking_sentences import describe_askings
from standards.presentation.band_line import BandLine, draw_bands
from standards.presentation.sentences import Passage, Sentence
from standards.presentation.symbols import level_mark, tag_kind
from standards.presentation.units import unit_words


@dataclass(frozen=True, slots=True)
class ObligationTag:
    """The tag of an obligation: the edition's own name for it, and its style."""

    kind: str
    name: Passage


def obligation_tag(framework: Framework, texts: Texts, obligation: str) -> ObligationTag:
    return ObligationTag(tag_kind(framework, obligation), texts[f"obligation/{obligation}"])


@dataclass(frozen=True, slots=True)
class Choice:
    """One tile of a level picker: its form value, its name, its meaning for this indicator."""

    value: str
    label: Any
    meaning: Any
    level: int
    tint: int


class Standing(StrEnum):
    """The state of an indicator in a questionnaire."""

    SETTLED = "settled"
    LACKING = "lacking"
    """It has an answer that is not complete."""
    OPEN = "open"


@dataclass
class ShownIndicator:
    """One indicator on a page. After a conflict or a problem, `mine` has the submitted values."""

    indicator: Indicator
    framework: Framework
    texts: Texts
    judgement: Judged
    evidence: list[Evidence]
    figure: ShownFigure | None
    """The figure from the statistics, if the indicator has a formula."""
    asked_from: date | None = None
    """The day from which the Guide asks for it, if that is not in this round."""
    asked_of: Sentence = field(default_factory=Sentence)
    """Which hotlines it is asked of, if not all."""
    is_asked_here: bool = True
    """Whether it is asked of this hotline, if it is asked in this round."""
    conflict: Judgement | None = None
    mine: AnswerInput | None = None
    submitted_number: str = ""
    draft_uid: UUID = field(default_factory=uuid4)
    """Identifies the rendered form."""
    problem: str = ""
    is_closed: bool = False
    evidence_context: EvidenceContext = field(default_factory=EvidenceContext)
    evidence_problem: str = ""
    submitted_address: str = ""
    file_problem: str = ""
    submitted_caption: str = ""
    """The problem of a photo or a document attached to an observation, and its submitted caption."""
    removed_evidence: RemovedEvidence | None = None
    restore_url: str = ""
    """The evidence that the reader has just removed, and the URL that restores it."""
    answer: Judgement | None = None
    """The hotline's answer, where `judgement` is a finding."""
    unresolved: list[UnresolvedText] = field(default_factory=list)
    """The unresolved texts of the reader for it."""
    last_times: Sequence[Any] = ()
    has_removed_files: bool = False
    """Whether evidence of the answer was removed, which its history shows."""
    network: Any = None
    """The figures of the network's hotlines for it: a `NetworkFigure`."""
    practices: Sequence[Any] = ()
    """The library's good practice for this indicator: `PracticeLine`s."""
    correction: str = ""
    """The correction of its figure after it was pinned."""
    assignment: Assignment | None = None
    """Its assignment to a user of the hotline, shown to the users of the hotline."""
    is_late: bool = False
    """Whether the day until which that user was to answer it is over."""
    assignment_problem: str = ""
    submitted_to: str = ""
    submitted_until: str = ""
    discussions: Sequence[Summary] = ()
    """Its discussions that the reader may read."""
    sent_back: DiscussionComment | None = None
    """The question with which the reviewers sent it back, shown to the users of the hotline."""
    may_answer: bool = False
    """Whether the reader may answer it."""
    is_fixed: bool = False
    """Whether the reader could answer it, but it stays as submitted while other indicators are sent back."""
    returned: Sequence[ReturnedAnswer] = ()
    """The reasons why it is sent back now."""
    is_unsettled: bool = False
    """Whether it is sent back and was neither changed nor replied to."""
    known_missing: str | None = None
    """What the answer still needs, if that was determined without the evidence."""

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def has_author(self) -> bool:
        """Whether somebody judged it, now or before."""
        return self.judgement.by is not None or self.judgement.version > 1

    @property
    def is_carried(self) -> bool:
        """Whether the answer was carried over from the last evaluation and is not reviewed."""
        return self.judgement.is_carried and self.mine is None

    def text(self, part: str) -> Any:
        return self.texts[f"indicator/{self.code}/{part}"]

    @property
    def wording(self) -> Any:
        return self.text("wording")

    @property
    def guidance(self) -> Any:
        return self.text("guidance")

    @property
    def evidence_asked(self) -> Any:
        return self.text("evidence")

    @property
    def obligation(self) -> ObligationTag:
        return obligation_tag(self.framework, self.texts, self.indicator.obligation)

    @property
    def is_yes_no(self) -> bool:
        return self.indicator.measure is Measure.YES_NO

    @property
    def takes_answer(self) -> bool:
        """Whether the hotline answers it: not if figures do, unless it may be not applicable."""
        return self.indicator.not_applicable or not self.indicator.from_figures

    @property
    def question(self) -> str:
        if self.is_yes_no:
            return _("Is it in place?")
        return _("How far is it in place?") if self.choices else _("Which number did you measure?")

    @property
    def choices(self) -> list[Choice]:
        """The tiles of the picker; empty if a number is entered."""
        scale = self.framework.scale
        if self.is_yes_no:
            return [
                self._choice(scale.best, _("Yes"), self.text("level/yes")),
                self._choice(scale.worst, _("No"), self.text("level/no")),
            ]
        if self.indicator.measure is Measure.SCALE:
            return [
                self._choice(level, self.texts[f"level/{level}"], self.text(f"level/{level}")) for level in scale.levels
            ]
        return []

    def _choice(self, level: int, label: Any, meaning: Any) -> Choice:
        return Choice(str(level), label, meaning, level, level_mark(self.framework.scale, level))

    @property
    def _current(self) -> Any:
        return self.mine or self.judgement

    @property
    def chosen(self) -> str:
        """The value of the chosen tile."""
        return write_level(self._current)

    @property
    def number(self) -> str:
        if self.submitted_number:
            return self.submitted_number
        return "" if self._current.value is None else write_number(self._current.value)

    @property
    def words(self) -> str:
        words: str = self._current.words
        return words

    @property
    def strength(self) -> str:
        strength: str = self._current.strength
        return strength

    @property
    def concern(self) -> str:
        concern: str = self._current.concern
        return concern

    @property
    def good_practice(self) -> bool:
        good_practice: bool = self._current.good_practice
        return good_practice

    @property
    def fingerprint(self) -> str:
        """The digest of the form's content, so that a plain form saves only what was changed."""
        return fingerprint(**asdict(EnteredAnswer.of(self.judgement)))

    @property
    def first_field(self) -> str:
        """The id of the field with the problem."""
        if self.indicator.from_figures:
            return f"words-{self.code}"
        return f"{self.code}-{self.choices[0].value}" if self.choices else f"value-{self.code}"

    @property
    def missing(self) -> str:
        """What the saved text still needs, as a sentence."""
        judged = self.judgement
        if self.known_missing is not None:
            return self.known_missing
        if judged.version == 0 or self.asked_from or not self.is_asked_here:
            return ""
        dates = self.evidence_context.dates
        return describe_missing(
            self.indicator,
            self.framework,
            judged,
            has_evidence=bool(self.evidence),
            ended=ended_on((link.ends_on for link in self.evidence), dates.today) if dates else None,
            answer=self.answer,
        )

    @property
    def is_filled_by_figures(self) -> bool:
        """Whether its figure is its answer: figures fill it, and nobody stated that it does not apply."""
        return self.indicator.from_figures and not self.judgement.not_applicable

    @property
    def is_settled(self) -> bool:
        """Whether it needs nothing more: it has a complete answer, or a figure."""
        if self.is_filled_by_figures:
            return self.figure is not None and self.figure.value is not None
        return self.judgement.is_given and not (self.missing or self.is_unsettled)

    @property
    def standing(self) -> Standing:
        if self.is_settled:
            return Standing.SETTLED
        return Standing.LACKING if self.judgement.is_given and not self.is_filled_by_figures else Standing.OPEN

    @property
    def is_shut(self) -> bool:
        """Whether it is first shown as one line to users who answer it: it is settled, and nothing is to be decided."""
        asks = self.sent_back or self.returned or any(discussion.asking for discussion in self.discussions)
        is_wrong = self.problem or self.evidence_problem or self.assignment_problem
        is_own = self.may_answer or self.is_fixed
        return is_own and self.is_settled and not (is_wrong or self.mine or self.unresolved or asks)

    @property
    def number_level(self) -> int | None:
        """The level that the number of the stored answer gives; None without a number, or if it is not scored."""
        value = self.judgement.value
        if value is None or not self.indicator.is_scored:
            return None
        return self.indicator.level_of(Fraction(value), self.framework.scale)

    @property
    def number_label(self) -> Any:
        return self.texts[f"level/{self.number_level}"]

    @property
    def unit_words(self) -> str:
        return unit_words(self.indicator.unit)

    @property
    def saved_words(self) -> str:
        """When it was saved, and what it still needs."""
        return ". ".join(part for part in (saved_words(self.judgement.at), self.missing) if part)

    @property
    def saved_kind(self) -> str:
        """The style of the state: `ok`, or `part` while something is missing."""
        return "part" if self.missing else "ok"

    # --- bands ---

    @cached_property
    def band_line(self) -> BandLine | None:
        return draw_bands(self.indicator, self.framework.scale)

    @property
    def band_place(self) -> Fraction | None:
        """The place of the measured number on the line, in per cent."""
        if self.band_line is None or self.figure is None or self.figure.value is None:
            return None
        return self.band_line.place_of(self.figure.value)

    @property
    def number_place(self) -> Fraction | None:
        """The place of the stored number on the line, in per cent."""
        value = self.judgement.value
        return None if self.band_line is None or value is None else self.band_line.place_of(Fraction(value))

    @property
    def bands_words(self) -> str:
        """The bands, lowest numbers first: `level 0: less than 80 %; level 2: at least 80 % and less than 90 %`."""
        if self.band_line is None:
            return _("Shown in the report, not scored.") if self.indicator.measure is Measure.NUMERIC else ""
        return "; ".join(
            _("level %(level)d: %(words)s") % {"level": segment.level, "words": segment.words}
            for segment in self.band_line.segments
        )

    # --- evidence ---

    def _evidence_items(self, *, removable: bool) -> list[dict[str, Any]]:
        return [show_evidence(link, self.evidence_context, removable=removable) for link in self.evidence]

    @property
    def evidence_items(self) -> list[dict[str, Any]]:
        return self._evidence_items(removable=True)

    @property
    def evidence_items_read(self) -> list[dict[str, Any]]:
        return self._evidence_items(removable=False)

    @property
    def judgement_label(self) -> Any:
        level = self.judgement.level
        return "" if level is None else self.texts[f"level/{level}"]


def show_one_indicator(
    evaluation: Evaluation, code: str, judgement: Judged, texts: Texts | None = None
) -> ShownIndicator:
    """Return an indicator with one judgement, without evidence and figure. One query for texts if none are given."""
    return ShownIndicator(
        indicator=evaluation.framework.indicators[code],
        framework=evaluation.framework,
        texts=texts or evaluation.round.edition.texts(get_language()),
        judgement=judgement,
        evidence=[],
        figure=None,
    )


def show_indicators(
    evaluation: Evaluation,
    indicators: Sequence[Indicator],
    judgements: Mapping[str, Judgement],
    counted: Counts,
    provenance: Any = None,
) -> list[ShownIndicator]:
    """Return indicators with their judgements. A constant number of queries."""
    texts = evaluation.round.edition.texts(get_language())
    codes = [indicator.code for indicator in indicators]
    links = list(evaluation.evidence.filter(code__in=codes).select_related("document", "added_by"))
    context = evidence_context(evaluation, links)
    evidence: dict[str, list[Evidence]] = {}
    for link in links:
        link.evaluation = evaluation
        evidence.setdefault(link.code, []).append(link)
    return [
        ShownIndicator(
            indicator=indicator,
            framework=evaluation.framework,
            texts=texts,
            judgement=judgements[indicator.code],
            evidence=evidence.get(indicator.code, []),
            evidence_context=context,
            figure=show_figure(indicator, evaluation.framework, texts, counted, provenance),
            asked_from=None if indicator.code in evaluation.in_force else indicator.asked_from,
            asked_of=describe_askings(indicator, evaluation.framework, texts),
            is_asked_here=indicator.code in evaluation.asked or indicator.code not in evaluation.in_force,
        )
        for indicator in indicators
    ]
