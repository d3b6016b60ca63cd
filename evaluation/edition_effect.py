"""How the hotlines of the last closed round would fare by another edition of the Guide, with the answers they gave."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from evaluation import scoring
from evaluation.judging import gather_evidence_for_many
from evaluation.models import Evaluation, Hotline, Round
from evaluation.scoring.engine import aggregate_scores, score_indicators
from standards.editions.compared import ComparedEdition
from standards.editions.comparison import EditionMapping
from standards.framework import Framework, find_problems

Sources = Mapping[str, tuple[str, ...]]
"""By indicator of the other edition, the indicators of the round's edition whose judgements are valid for it."""


@dataclass(frozen=True, slots=True)
class HotlineEffect:
    """The outcome that is proposed for a hotline by the round's edition, and by the other one."""

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
class EditionEffect:
    """The last closed round, scored by its own edition and by another one.

    `left_out` are the indicators of the other edition without a valid judgement; they count as not asked.
    """

    round: Round
    other: str
    hotlines: tuple[HotlineEffect, ...]
    left_out: tuple[str, ...]
    indicators: int

    @cached_property
    def changed(self) -> tuple[HotlineEffect, ...]:
        return tuple(hotline for hotline in self.hotlines if hotline.is_changed)


def last_closed_round() -> Round | None:
    closed = Round.objects.filter(state=Round.State.CLOSED).select_related("edition")
    return closed.order_by("-opens_on", "-pk").first()


def find_effect(before: ComparedEdition, now: ComparedEdition, mapping: EditionMapping) -> EditionEffect | None:
    """Return the effect of the change on the last closed round.

    None if no round is closed, if the last one was held on neither edition, or if the other one has problems.
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
    rows = tuple(
        HotlineEffect(
            evaluation,
            scoring.score_hypothetical(own.framework, evidence[evaluation.pk]).proposal.outcome,
            _score_by(other.framework, evidence[evaluation.pk], sources).proposal.outcome,
        )
        for evaluation in evaluations
    )
    return EditionEffect(
        round_,
        now.code if is_forward else before.code,
        rows,
        tuple(code for code in other.framework.indicators if _is_left_out(other.framework, code, sources)),
        len(other.framework.indicators),
    )


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


def _score_by(framework: Framework, evidence: scoring.Evidence, sources: Sources) -> scoring.Scorecard:
    """Score the judgements that are valid for another edition; what has none counts as not asked."""
    carried = replace(
        evidence,
        answers=_carry(evidence.answers, sources),
        findings=_carry(evidence.findings, sources),
        withheld=_levels_of(evidence.withheld, sources),
        on=None,
    )
    scores = score_indicators(framework, carried)
    for code, score in scores.items():
        if _is_left_out(framework, code, sources):
            scores[code] = replace(
                score, basis=scoring.LevelBasis.NOT_ASKED, level=None, reached=0, points=0, of=0, self_level=None
            )
    return aggregate_scores(framework, scores)


def _carry(judgements: Mapping[str, scoring.Judgement], sources: Sources) -> dict[str, scoring.Judgement]:
    """Return the judgements by the codes of the other edition. Of several indicators, only equal ones are carried."""
    found = {}
    for target, codes in sources.items():
        given = [judgements[code] for code in codes if code in judgements]
        if len(given) == len(codes) and len({(one.level, one.value, one.not_applicable) for one in given}) == 1:
            found[target] = given[0]
    return found


def _levels_of(withheld: Mapping[str, int], sources: Sources) -> dict[str, int]:
    return {target: withheld[codes[0]] for target, codes in sources.items() if codes[0] in withheld}
