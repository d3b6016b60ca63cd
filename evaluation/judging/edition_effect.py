"""The outcomes of the hotlines of the last closed round by another edition of the Guide, with the given answers."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from evaluation.engine import scoring
from evaluation.engine.scoring.engine import aggregate_scores, score_indicators
from evaluation.judging.evidence import gather_evidence_for_many
from evaluation.models import Evaluation, Hotline, Round
from standards.editions.compared import ComparedEdition
from standards.editions.comparison import EditionMapping
from standards.framework import Framework, Indicator, find_problems

Sources = Mapping[str, tuple[str, ...]]
"""The codes of the round's edition whose judgements are valid for an indicator, by its code in the other edition."""


@dataclass(frozen=True, slots=True)
class HotlineEffect:
    """The outcome of a hotline by the round's edition, and by the other edition.

    `was` is empty if the outcome belongs to a further result that the round's edition does not have.
    """

    evaluation: Evaluation
    was: str
    would: str

    @property
    def hotline(self) -> Hotline:
        return self.evaluation.hotline

    @property
    def is_changed(self) -> bool:
        return self.was != self.would


@dataclass(frozen=True)
class ResultEffect:
    """The effect on a further result of the other edition. With `is_new`, the round's edition does not have it."""

    code: str
    is_new: bool
    hotlines: tuple[HotlineEffect, ...]

    @cached_property
    def changed(self) -> tuple[HotlineEffect, ...]:
        return tuple(hotline for hotline in self.hotlines if hotline.is_changed)

    @cached_property
    def found(self) -> Counter[str]:
        """The number of hotlines that would have each outcome."""
        return Counter(hotline.would for hotline in self.hotlines)


@dataclass(frozen=True)
class EditionEffect:
    """The last closed round, scored by its own edition and by another one. With `is_forward`, the other one is newer.

    `results` are the further results of the other edition; those that only the round's edition has are left out.
    `left_out` are the indicators of the other edition without a valid judgement. They count as not asked; so do, for
    one hotline, the indicators that its judgements do not decide.
    """

    round: Round
    other: str
    is_forward: bool
    hotlines: tuple[HotlineEffect, ...]
    left_out: tuple[str, ...]
    indicators: int
    results: tuple[ResultEffect, ...] = ()

    @cached_property
    def changed(self) -> tuple[HotlineEffect, ...]:
        return tuple(hotline for hotline in self.hotlines if hotline.is_changed)


def last_closed_round() -> Round | None:
    closed = Round.objects.filter(state=Round.State.CLOSED).select_related("edition")
    return closed.order_by("-opens_on", "-pk").first()


def find_effect(before: ComparedEdition, now: ComparedEdition, mapping: EditionMapping) -> EditionEffect | None:
    """Return the effect of the change on the last closed round.

    None if no round is closed, if it uses neither edition, or if the other edition has problems.
    """
    round_ = last_closed_round()
    if round_ is None or before.code == now.code or round_.edition.code not in (before.code, now.code):
        return None
    is_forward = round_.edition.code == before.code
    own, other = (mapping.before, mapping.now) if is_forward else (mapping.now, mapping.before)
    if next(find_problems(other.framework), None):
        return None
    sources = _sources(mapping, is_forward=is_forward)
    evaluations = list(
        round_.evaluations.exclude(state=Evaluation.State.EXCUSED).select_related("hotline", "round__edition")
    )
    evidence = gather_evidence_for_many(evaluations)
    scored = [
        _Scored(
            evaluation,
            scoring.score_hypothetical(own.framework, evidence[evaluation.pk]),
            score_by(own.framework, other.framework, evidence[evaluation.pk], sources),
        )
        for evaluation in evaluations
    ]
    return EditionEffect(
        round_,
        now.code if is_forward else before.code,
        is_forward,
        tuple(one.effect for one in scored),
        tuple(code for code in other.framework.indicators if _is_left_out(other.framework, code, sources)),
        len(other.framework.indicators),
        tuple(
            ResultEffect(code, code not in own.framework.by_result, tuple(one.effect_on(code) for one in scored))
            for code in other.framework.by_result
        ),
    )


@dataclass(frozen=True, slots=True)
class _Scored:
    """The scorecards of an evaluation by the round's edition, and by the other edition."""

    evaluation: Evaluation
    before: scoring.Scorecard
    after: scoring.Scorecard

    @property
    def effect(self) -> HotlineEffect:
        return HotlineEffect(self.evaluation, self.before.proposal.outcome, self.after.proposal.outcome)

    def effect_on(self, result: str) -> HotlineEffect:
        """Return the effect on a further result of the other edition."""
        before = self.before.by_result.get(result)
        was = before.proposal.outcome if before else ""
        return HotlineEffect(self.evaluation, was, self.after.by_result[result].proposal.outcome)


def _sources(mapping: EditionMapping, *, is_forward: bool) -> Sources:
    found: dict[str, list[str]] = defaultdict(list)
    for mapped in mapping.mapped:
        if mapped.holds:
            target, source = (mapped.pair.now, mapped.pair.before)[:: 1 if is_forward else -1]
            found[target].append(source)
    return {target: tuple(codes) for target, codes in found.items()}


def _is_left_out(framework: Framework, code: str, sources: Sources) -> bool:
    indicator = framework.indicators[code]
    return indicator.is_scored and not indicator.from_figures and code not in sources


def score_by(own: Framework, other: Framework, evidence: scoring.Evidence, sources: Sources) -> scoring.Scorecard:
    """Score the judgements that are valid for another edition. Indicators without one count as not asked."""
    carried = {code: _carry(own, other.indicators[code], evidence, codes) for code, codes in sources.items()}
    scores = score_indicators(
        other,
        replace(
            evidence,
            answers={code: found.answer for code, found in carried.items() if found and found.answer},
            findings={code: found.finding for code, found in carried.items() if found and found.finding},
            on=None,
            traits=tuple(trait for trait in evidence.traits if trait in other.traits),
        ),
    )
    for code, score in scores.items():
        indicator = other.indicators[code]
        if score.is_asked and indicator.has_answered_level and carried.get(code) is None:
            scores[code] = replace(
                score, basis=scoring.LevelBasis.NOT_ASKED, level=None, reached=0, points=0, of=0, self_level=None
            )
    return aggregate_scores(other, scores)


@dataclass(frozen=True, slots=True)
class _Carried:
    """The answer and the finding that are valid for an indicator of the other edition."""

    answer: scoring.Judgement | None
    finding: scoring.Judgement | None


def _carry(own: Framework, indicator: Indicator, evidence: scoring.Evidence, codes: tuple[str, ...]) -> _Carried | None:
    """Return the judgements of the indicators `codes` for the one that continues them; None if they do not decide it.

    They do not if those of several indicators differ or are incomplete, or if “not applicable” is no longer allowed. A
    finding has precedence, so that answers may differ if there is one.
    """
    findings, answers = (
        [judgements[code] for code in codes if code in judgements]
        for judgements in (evidence.findings, evidence.answers)
    )
    finding, answer = _merge(findings, codes), _merge(answers, codes)
    if findings and finding is None:
        return None
    decides = finding if finding and finding.is_given else answer
    if decides is None and answers:
        return None
    was_allowed = any(own.indicators[code].not_applicable for code in codes)
    if decides and decides.not_applicable and was_allowed and not indicator.not_applicable:
        return None
    return _Carried(answer, finding)


def _merge(given: Sequence[scoring.Judgement], codes: Sequence[str]) -> scoring.Judgement | None:
    """Return the common judgement of indicators, with the support of any; None unless all are given and equal."""
    if len(given) < len(codes) or len({(j.level, j.value, j.not_applicable, j.not_seen) for j in given}) != 1:
        return None
    return replace(given[0], has_words=any(j.has_words for j in given), has_evidence=any(j.has_evidence for j in given))
