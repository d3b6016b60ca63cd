"""The page of a standard: its indicators with a judgement of each, its texts, and the standards before and after it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import get_language

from evaluation.answers.unresolved_texts import Kind, texts_by_code
from evaluation.discussions.discussions import find_summaries
from evaluation.figures.series.months import Counts
from evaluation.models import Evaluation
from evaluation.models.answers.judgements import Judgement
from portal.answers.last_round import find_previous_answers
from portal.answers.saving import Changed
from portal.figures.corrections import show_corrections
from portal.presentation.indicators.indicator import ShownIndicator, show_indicators
from portal.requests.signed_in import SignedInRequest
from standards.framework import Indicator, Standard


def find_standard(evaluation: Evaluation, code: str) -> Standard:
    try:
        return evaluation.framework.standards[code]
    except KeyError as unknown:
        raise Http404 from unknown


def asked_in(standard: Standard, asked: Mapping[str, Indicator]) -> list[Indicator]:
    """Return the indicators of a standard that are asked in this round."""
    return [indicator for indicator in standard.indicators if indicator.code in asked]


def describe_standard(evaluation: Evaluation, standard: Standard, order: Iterable[str]) -> dict[str, Any]:
    """Return the template values of a standard: its texts, its domain, and the codes before and after it in `order`."""
    texts = evaluation.round.edition.texts(get_language())
    domain = evaluation.framework.domain_of[standard.code]
    codes = [None, *order, None]
    place = codes.index(standard.code)
    return {
        "evaluation": evaluation,
        "standard": standard,
        "domain": domain,
        "texts": texts,
        "title": texts[f"standard/{standard.code}/title"],
        "domain_title": texts[f"domain/{domain.code}/title"],
        "previous": codes[place - 1],
        "next": codes[place + 1],
    }


def show_edited_indicators(
    request: SignedInRequest,
    evaluation: Evaluation,
    indicators: Sequence[Indicator],
    judgements: Mapping[str, Judgement],
    counted: Counts,
    provenance: Any,
    *,
    kind: Kind,
    changed: Changed | None,
    has_last_round: bool,
) -> list[ShownIndicator]:
    """Return indicators for a page on which the user edits texts of a kind. A constant number of queries.

    Each has its judgement, evidence and figure, the discussions, and the user's unresolved texts. `changed` are the
    texts that were not saved. Corrections of figures are shown if `provenance` is. With `has_last_round`, each also has
    what it had in the last round.
    """
    codes = [indicator.code for indicator in indicators]
    shown = show_indicators(evaluation, indicators, judgements, counted, provenance)
    corrections = show_corrections(evaluation) if provenance else {}
    last_times = find_previous_answers(evaluation, codes) if has_last_round else {}
    unresolved = texts_by_code(evaluation, kind, request.user)
    discussions = find_summaries(evaluation, request.user, codes)
    for one in shown:
        one.correction = corrections[one.code].sentence if one.code in corrections else ""
        one.last_times = last_times.get(one.code, ())
        one.unresolved = unresolved.get(one.code, [])
        one.discussions = discussions.get(one.code, ())
        for name, value in (changed or {}).get(one.code, {}).items():
            setattr(one, name, value)
    return shown


def problems_of(shown: Iterable[ShownIndicator]) -> list[dict[str, str]]:
    """Return the problems of the page for the error summary, each with its field."""
    found = []
    for indicator in shown:
        places = (
            (indicator.problem, indicator.first_field),
            (indicator.evidence_problem, f"address-{indicator.code}"),
            (indicator.file_problem, f"file-{indicator.code}"),
            (indicator.assignment_problem, f"to-{indicator.code}"),
        )
        found += [{"text": f"{indicator.code}: {text}", "target": field} for text, field in places if text]
    return found
