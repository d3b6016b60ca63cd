"""Answer, finding and figures of each indicator next to each other, by domain: for the hotline and the panel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language

from evaluation.engine.scoring import IndicatorScore, as_tenths
from evaluation.judging.revision import Change
from evaluation.models import DraftRemark, Evaluation, Evidence, Finding, Recommendation, Reply, Scorecard
from evaluation.recommendations.drafting import needs_recommendation
from evaluation.result_sentences import describe_basis
from evaluation.scorecards import Payload, read_payload
from portal.answers.words_form import WordsForm
from portal.figures.corrections import show_corrections
from portal.figures.series.provenance import Provenance
from portal.presentation.indicators.figure import show_figure
from portal.presentation.indicators.indicator import ShownIndicator
from portal.presentation.numbers import format_percent
from portal.response.content import ResponseContent, show_remark_proofs

FILTERS = ("contested", "accepted", "differs", "short", "advised")
"""The filters of indicators."""


@dataclass(slots=True)
class IndicatorComparison:
    """One indicator: answer, finding, figures, the judgement that counts, and the result."""

    shown: ShownIndicator
    finding: Finding | None
    score: IndicatorScore
    is_short: bool
    """Below the level that its obligation asks for."""
    remark: str = ""
    proofs: Sequence[dict[str, Any]] = ()
    """The documents and addresses attached to the remark, for the evidence component."""
    is_accepted: bool = False
    """Whether the hotline accepts the finding."""
    reply: Reply | None = None
    """The assessors' reply to the remark, once it is handed to the panel."""
    change: Change | None = None
    """How the reply changed the finding."""
    draft: DraftRemark | None = None
    recommendation: Recommendation | None = None
    form: WordsForm | None = None
    """The form for the hotline's remark."""

    @property
    def code(self) -> str:
        return self.shown.code

    def _label(self, level: int | None) -> Any:
        return "" if level is None else self.shown.texts[f"level/{level}"]

    @property
    def finding_label(self) -> Any:
        return self._label(self.finding.level if self.finding else None)

    @property
    def counted_label(self) -> Any:
        return self._label(self.score.level)

    @property
    def whose(self) -> str:
        return describe_basis(self.score.basis)

    @property
    def differs(self) -> bool:
        """Whether finding and answer differ."""
        return self.score.differs

    @property
    def is_drafted(self) -> bool:
        """Whether the hotline has an unsubmitted remark, or documents attached to it."""
        return bool(self.proofs) or (self.draft is not None and bool(self.draft.words.strip()))

    @property
    def comes_first(self) -> bool:
        """Whether it is listed first: the finding differs from the answer, or is below the level that is asked for."""
        return self.finding is not None and (self.differs or self.is_short)

    def belongs_to(self, narrowed: str) -> bool:
        """Return whether it matches a filter of the page."""
        return {
            "contested": bool(self.remark or self.is_drafted),
            "accepted": self.is_accepted,
            "differs": self.differs,
            "short": self.is_short,
            "advised": self.recommendation is not None,
        }.get(narrowed, True)


@dataclass(frozen=True, slots=True)
class StandardComparison:
    code: str
    title: Any
    rows: tuple[IndicatorComparison, ...]


@dataclass(frozen=True, slots=True)
class DomainComparison:
    """A domain with its shown indicators. `whole` is the width of its bar."""

    code: str
    title: Any
    percent: str
    whole: int | None
    standards: tuple[StandardComparison, ...]
    is_opened: bool = False

    @property
    def rows(self) -> list[IndicatorComparison]:
        return [row for standard in self.standards for row in standard.rows]

    @property
    def codes(self) -> set[str]:
        return {row.code for row in self.rows}

    @property
    def counts(self) -> dict[str, int]:
        return {narrowed: sum(row.belongs_to(narrowed) for row in self.rows) for narrowed in FILTERS}


def compare_findings(
    evaluation: Evaluation,
    scorecard: Scorecard,
    *,
    content: ResponseContent,
    provenance: Provenance | None = None,
) -> list[DomainComparison]:
    """Return the domains of a stored scorecard with the response to its findings. A constant number of queries."""
    payload, framework = read_payload(scorecard), evaluation.framework
    card = payload.card
    texts = evaluation.round.edition.texts(get_language())
    rows = {row.code: row for row in _rows(evaluation, payload, content, provenance)}
    for code, correction in show_corrections(evaluation).items():
        if code in rows:
            rows[code].shown.correction = correction.sentence
    found = []
    for domain in card.domains:
        tenths = as_tenths(domain.ratio)
        standards = tuple(
            StandardComparison(
                standard.code,
                texts[f"standard/{standard.code}/title"],
                tuple(rows[i.code] for i in framework.standards[standard.code].indicators if i.code in rows),
            )
            for standard in domain.standards
        )
        title = texts[f"domain/{domain.code}/title"]
        percent, whole = format_percent(domain.ratio), None if tenths is None else tenths // 10
        found.append(DomainComparison(domain.code, title, percent, whole, standards))
    return found


def _rows(
    evaluation: Evaluation,
    payload: Payload,
    content: ResponseContent,
    provenance: Provenance | None,
) -> Iterator[IndicatorComparison]:
    framework, inputs = evaluation.framework, payload.evidence
    texts = evaluation.round.edition.texts(get_language())
    answers = {answer.code: answer for answer in evaluation.answers.select_related("by")}
    findings = {finding.code: finding for finding in evaluation.findings.all() if finding.is_given}
    advised = {advice.code: advice for advice in evaluation.recommendations.filter(is_dropped=False)}
    evidence: dict[str, list[Evidence]] = {}
    for link in evaluation.evidence.select_related("document", "added_by"):
        link.evaluation = evaluation
        evidence.setdefault(link.code, []).append(link)
    for code, score in payload.card.indicators.items():
        indicator = framework.indicators[code]
        yield IndicatorComparison(
            shown=ShownIndicator(
                indicator=indicator,
                framework=framework,
                texts=texts,
                judgement=answers[code],
                evidence=evidence.get(code, []),
                figure=show_figure(indicator, framework, texts, inputs, provenance),
            ),
            finding=findings.get(code),
            score=score,
            is_short=needs_recommendation(score, framework, set()),
            remark=content.remarks.get(code, ""),
            proofs=show_remark_proofs(evaluation, content.proofs.get(code, ()), may_remove=content.response is None),
            is_accepted=code in content.accepted,
            reply=content.replies.get(code),
            change=content.changes.get(code),
            draft=content.drafts.get(code),
            recommendation=advised.get(code),
        )


def narrow(domains: list[DomainComparison], narrowed: str) -> list[DomainComparison]:
    """Return only the indicators that match a filter, and the domains that have any."""
    if narrowed not in FILTERS:
        return domains
    found = []
    for domain in domains:
        standards = tuple(
            StandardComparison(standard.code, standard.title, rows)
            for standard in domain.standards
            if (rows := tuple(row for row in standard.rows if row.belongs_to(narrowed)))
        )
        if standards:
            found.append(replace(domain, standards=standards, is_opened=True))
    return found
