"""The heat map of a round: one row a hotline, one cell a domain, scored from what is known now."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation import judging
from evaluation.models import Evaluation
from evaluation.scoring import Scorecard, Why, as_tenths, score
from portal.workspace.reckoning import say_percent
from standards.framework import Obligation
from standards.models import Edition


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A domain's score: `step` 0 to 3 is its colour, None where there is no data; `is_seen` when an assessor saw it."""

    code: str
    percent: str
    step: int | None
    is_seen: bool


@dataclass(frozen=True, slots=True)
class HeatRow:
    evaluation: Evaluation
    cells: tuple[HeatCell, ...]
    overall: str
    essential_short: int | None


def heat_step(tenths: int) -> int:
    """80 and more, 60, 40, below."""
    return 3 if tenths >= 800 else 2 if tenths >= 600 else 1 if tenths >= 400 else 0


def heat_rows(evaluations: Sequence[Evaluation], edition: Edition, *, sort: str) -> list[HeatRow]:
    """A row for each evaluation, sorted by what needs us most, by country or by stage."""
    evidence = judging.gather_many(evaluations)
    rows = [_row(evaluation, score(edition.framework, evidence[evaluation.pk])) for evaluation in evaluations]
    order = list(Evaluation.State)
    if sort == "country":
        return sorted(rows, key=lambda row: row.evaluation.hotline.name)
    if sort == "stage":
        return sorted(rows, key=lambda row: (order.index(row.evaluation.state), row.evaluation.hotline.name))
    return sorted(rows, key=lambda row: (-(row.essential_short or 0), row.evaluation.hotline.name))


def _row(evaluation: Evaluation, card: Scorecard) -> HeatRow:
    cells = []
    for domain in card.domains:
        indicators = [i for standard in domain.standards for i in standard.indicators]
        known = [i for i in indicators if i.why in (Why.ASSESSOR, Why.FIGURES, Why.HOTLINE)]
        complete = all(i.why is not Why.MISSING or i.obligation is Obligation.DEVELOPMENTAL for i in indicators)
        tenths = as_tenths(domain.ratio) if known and complete else None
        cells.append(
            HeatCell(
                code=domain.code,
                percent=say_percent(domain.ratio) if tenths is not None else "",
                step=None if tenths is None else heat_step(tenths),
                is_seen=any(i.why is Why.ASSESSOR for i in indicators),
            )
        )
    is_known = all(cell.step is not None for cell in cells)
    essential = [i for i in card.of_obligation(Obligation.ESSENTIAL) if i.why not in (Why.MISSING, Why.NOT_APPLICABLE)]
    return HeatRow(
        evaluation=evaluation,
        cells=tuple(cells),
        overall=say_percent(card.overall) if is_known else "",
        essential_short=sum((i.level or 0) < 2 for i in essential) if essential else None,
    )
