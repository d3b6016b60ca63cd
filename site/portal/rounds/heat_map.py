"""The heat map of a round: one row per hotline, one cell per domain, scored from the current evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from evaluation.cached import get_or_compute_parts, pack, unpack
from evaluation.engine.scoring import (
    DomainScore,
    LevelBasis,
    Scorecard,
    as_tenths,
    required_foremost_level,
    score_hypothetical,
)
from evaluation.judging import evidence as judging
from evaluation.models import Evaluation
from standards.framework import Framework
from standards.models import Edition


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A domain's score, None without data. `step` is its tint, 0 to 3; `is_seen` if assessors made findings."""

    code: str
    ratio: Fraction | None
    is_seen: bool

    @property
    def step(self) -> int | None:
        tenths = as_tenths(self.ratio)
        return None if tenths is None else heat_step(tenths)

    @property
    def is_own(self) -> bool:
        """Whether its score is based on the hotline's answers only."""
        return self.ratio is None or not self.is_seen


@dataclass(frozen=True, slots=True)
class Heat:
    """The cells of a hotline.

    `short` counts indicators of the highest obligation below the level of the best outcome, None without data.
    """

    cells: tuple[HeatCell, ...]
    overall: Fraction | None
    short: int | None


@dataclass(frozen=True)
class HeatRow:
    """A row with its sort key; its cells stay packed until they are shown."""

    evaluation: Evaluation
    short: int | None
    packed: bytes

    @cached_property
    def heat(self) -> Heat:
        found: Heat = unpack(self.packed)
        return found

    @property
    def cells(self) -> tuple[HeatCell, ...]:
        return self.heat.cells

    @property
    def overall(self) -> Fraction | None:
        return self.heat.overall


def heat_step(tenths: int) -> int:
    """Return the tint: 3 from 80 per cent, 2 from 60, 1 from 40, else 0."""
    return 3 if tenths >= 800 else 2 if tenths >= 600 else 1 if tenths >= 400 else 0


def heat_rows(evaluations: Sequence[Evaluation], edition: Edition) -> list[HeatRow]:
    """Return a row for each evaluation, in their order."""
    found = _heats(evaluations, edition)
    return [HeatRow(evaluation, *found[evaluation.pk]) for evaluation in evaluations]


def _heats(evaluations: Sequence[Evaluation], edition: Edition) -> dict[int, tuple[int | None, bytes]]:
    """Return sort keys and packed cells by evaluation; cached, so that only changed evaluations are scored."""
    by_key = {evaluation.pk: evaluation for evaluation in evaluations}

    def score(changed: Sequence[int]) -> dict[int, tuple[int | None, bytes]]:
        evidence = judging.gather_evidence_for_many([by_key[key] for key in changed])
        heats = {key: _heat(edition.framework, score_hypothetical(edition.framework, evidence[key])) for key in changed}
        return {key: (heat.short, pack(heat)) for key, heat in heats.items()}

    rounds = {evaluation.round_id for evaluation in evaluations}
    return get_or_compute_parts(f"heats-2-{sorted(rounds)}", judging.versions_of(evaluations), score)


def _heat(framework: Framework, card: Scorecard) -> Heat:
    cells = tuple(
        HeatCell(
            code=domain.code,
            ratio=domain.ratio if _is_known(framework, domain) else None,
            is_seen=any(i.basis is LevelBasis.ASSESSOR for i in domain.indicators),
        )
        for domain in card.domains
    )
    is_known = all(cell.ratio is not None for cell in cells)
    return Heat(cells, card.overall if is_known else None, _short(framework, card))


def _is_known(framework: Framework, domain: DomainScore) -> bool:
    """Return whether the domain has data, and only indicators of the lowest obligation are missing."""
    obligations = framework.rule.obligations
    least = obligations[-1].code if len(obligations) > 1 else None
    counted = [i for i in domain.indicators if i.counts]
    return any(not i.is_missing for i in counted) and all(not i.is_missing or i.obligation == least for i in counted)


def _short(framework: Framework, card: Scorecard) -> int | None:
    wanted, scale = required_foremost_level(framework), framework.scale
    known = [i for i in card.counted if i.obligation == framework.rule.highest_obligation.code and i.level is not None]
    if wanted is None or not known:
        return None
    return sum(not scale.reaches(i.level, wanted) for i in known if i.level is not None)
