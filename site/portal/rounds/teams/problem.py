"""The needs of a round's visits and the available assessors, read for all hotlines at once."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.models import Evaluation, Hotline, Recommendation, Round, User, Visit
from evaluation.models.recommendations import SETTLED
from evaluation.visits.assessors import primary_languages, read_assessors
from evaluation.visits.assignment import Need, Period, Problem
from portal.rounds.heat_map import HeatRow, heat_rows
from portal.settings.languages import OF_COUNTRIES
from standards.framework import Framework
from standards.models import Edition

State = Evaluation.State
BEFORE_THE_VISIT = (State.SELF_ASSESSMENT, State.DESK_REVIEW, State.STUDY_VISIT)
PROPOSABLE = (State.DESK_REVIEW, State.STUDY_VISIT)
"""The stages in which a visit can be proposed; in an earlier stage its team is only planned."""
MOST_CONCERNS = 3
LOW = 1
"""The highest tint of a domain's score, of 0 to 3, that makes it a concern: below 60 per cent."""


@dataclass(frozen=True)
class RoundProblem:
    """The visits of a round that need a team, by the country of the hotline, and the assessors, by their key."""

    round: Round
    evaluations: dict[str, Evaluation]
    people: dict[str, User]
    problem: Problem


def read_problem(round_: Round, days: Mapping[str, Period]) -> RoundProblem:
    """Read the problem, with the wanted days of some visits. A constant number of queries."""
    found = Evaluation.objects.filter(round=round_, state__in=BEFORE_THE_VISIT).select_related("hotline", "round")
    unvisited = found.exclude(visit__in=Visit.objects.exclude(state=Visit.State.CANCELLED))
    evaluations = list(unvisited.order_by("hotline__recorded_name", "pk"))
    for evaluation in evaluations:
        evaluation.round = round_
    concerns = _find_concerns(evaluations, round_.edition)
    needs = [
        Need(
            key=evaluation.hotline.country,
            languages=_languages_of(evaluation.hotline),
            concerns=concerns[evaluation.hotline.country],
            days=days.get(evaluation.hotline.country),
        )
        for evaluation in evaluations
    ]
    assessors = read_assessors(round_, [evaluation.hotline for evaluation in evaluations])
    return RoundProblem(
        round_,
        {evaluation.hotline.country: evaluation for evaluation in evaluations},
        {assessor.key: person for person, assessor in assessors},
        Problem.of(needs, [assessor for _person, assessor in assessors]),
    )


def _languages_of(hotline: Hotline) -> frozenset[str]:
    """Return the languages of the hotline, or else the official ones of its country."""
    return primary_languages(hotline.language_codes or OF_COUNTRIES.get(hotline.country, ()))


def _find_concerns(evaluations: Sequence[Evaluation], edition: Edition) -> dict[str, frozenset[str]]:
    """Return the domains of concern of each hotline: at most three with low scores or open recommendations.

    Domains with a low score come first, the lowest first; then those with the most open recommendations of earlier
    rounds.
    """
    advised = _count_open_recommendations(evaluations, edition.framework)
    return {
        row.evaluation.hotline.country: _concerns(edition.framework, row, advised[row.evaluation.hotline.country])
        for row in heat_rows(evaluations, edition)
    }


def _concerns(framework: Framework, row: HeatRow, advised: Counter[str]) -> frozenset[str]:
    low = sorted((cell.ratio, cell.code) for cell in row.cells if cell.step is not None and cell.step <= LOW)
    key_of = {domain.code: domain.permanent_key for domain in framework.domains}
    listed = [key_of[code] for _ratio, code in low]
    listed += [key for key, _count in advised.most_common()]
    return frozenset([*dict.fromkeys(listed)][:MOST_CONCERNS])


def _count_open_recommendations(
    evaluations: Sequence[Evaluation], framework: Framework
) -> defaultdict[str, Counter[str]]:
    """Return how many recommendations of earlier rounds are open, by the hotline's country and the domain's key."""
    open_ = Recommendation.objects.in_the_plan().exclude(state__in=SETTLED)
    earlier = open_.filter(evaluation__hotline__in=[one.hotline_id for one in evaluations]).exclude(
        evaluation__in=list(evaluations)
    )
    rows = earlier.order_by("pk").values_list("evaluation__hotline__country", "evaluation__round__edition", "code")
    editions = {edition.pk: edition.framework for edition in Edition.objects.defer("structure")} if rows else {}
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for country, edition, code in rows:
        indicator = editions[edition].indicators.get(code)
        now = indicator and framework.by_key.get(indicator.permanent_key)
        if now:
            found[country][framework.domain_of[now.code].permanent_key] += 1
    return found
