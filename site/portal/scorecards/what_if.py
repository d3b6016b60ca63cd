"""What if: levels are changed in a sandbox, which shows the resulting outcome, scores and unmet conditions.

Nothing is stored: the changes are in the query string only, and the scoring engine computes the result.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from evaluation.engine.improvement.gains import Plan, next_outcome, smallest_set
from evaluation.engine.improvement.hypothetical import EXCUSED, Change, apply_changes, blocking_indicators, choices_of
from evaluation.engine.scoring import Scorecard
from portal.access import find_evaluation
from portal.presentation.scorecard.visible_scorecard import ReadCard, address_of_why, read_card
from portal.requests.signed_in import SignedInRequest
from portal.scorecards.sandbox import Sandbox, compare, show_rows
from standards.framework import Framework, Indicator
from standards.models import Texts

ALL, IN_THE_WAY = "all", "way"
_OURS = frozenset({"aim", "show", "fill"})
"""Names in the query that are not codes of indicators."""


@dataclass(frozen=True, slots=True)
class SandboxQuery:
    """The query: the changes by code, the target outcome, which indicators are shown, and the invalid parameters."""

    changes: dict[str, Change]
    aim: str
    show: str
    fill: str
    problems: tuple[dict[str, str], ...]


@require_safe
@vary_on_headers("X-Part")
def what_if(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the sandbox. A script requests the result alone."""
    evaluation = find_evaluation(request, uid, "evaluation.rehearse")
    framework, read = evaluation.framework, read_card(evaluation, request.user)
    aims = _find_aims(framework, read.card)
    query = _read(request.GET, framework, read.card, [code for found in aims for code in found.codes])
    changes, plan = query.changes, None
    if query.fill and not query.problems:
        plan = smallest_set(framework.for_outcome(query.fill), read.evidence, query.fill)
        changes = {rise.code: rise.level_to for rise in plan.improvements} if plan else {}
    sandbox = Sandbox(
        framework=framework,
        texts=evaluation.round.edition.texts(get_language()),
        before=read.card,
        after=apply_changes(framework, read.card, changes),
        changes=changes,
        address=address_of_why(evaluation),
    )
    shown = _shown_codes(sandbox, query)
    is_part = request.headers.get("X-Part") == "result"
    return render(
        request,
        "scorecards/what_if_result.html" if is_part else "scorecards/what_if.html",
        {
            "evaluation": evaluation,
            "problems": query.problems,
            "compared": compare(sandbox, query.aim),
            "aims": [_show_aims(found, sandbox.texts) for found in aims],
            "is_best": not aims or bool(aims[0].result),
            "aim": query.aim,
            "show": query.show,
            "plan_words": _describe_plan(plan, read, framework, query) if query.fill and not query.problems else "",
            "domains": [] if is_part else show_rows(sandbox, shown),
            "shown": shown,
        },
        status=422 if query.problems else 200,
    )


@dataclass(frozen=True, slots=True)
class Aims:
    """The outcomes better than the present one, nearest first; `result` is empty for those of the decision."""

    result: str
    codes: list[str]


def _find_aims(framework: Framework, card: Scorecard) -> list[Aims]:
    """Return the aims of the decision, then of each further result, without those at their best outcome."""
    tested = {"": (framework, card)} | {code: (framework.by_result[code], own) for code, own in card.by_result.items()}
    found = [Aims(result, _better_outcomes(*by)) for result, by in tested.items()]
    return [aims for aims in found if aims.codes]


def _better_outcomes(framework: Framework, card: Scorecard) -> list[str]:
    nearest = next_outcome(framework, card)
    ranked_outcomes = [outcome.code for outcome in framework.rule.ranked_outcomes]
    return ranked_outcomes[ranked_outcomes.index(nearest.code) :] if nearest else []


def _show_aims(aims: Aims, texts: Texts) -> dict[str, Any]:
    return {
        "result": texts[f"result/{aims.result}"] if aims.result else "",
        "outcomes": [{"code": code, "name": texts[f"outcome/{code}"]} for code in aims.codes],
    }


def _shown_codes(sandbox: Sandbox, query: SandboxQuery) -> set[str]:
    """Return the indicators that block the target and the changed ones; without a target, all that are scored."""
    scored = {score.code for score in sandbox.before.indicators.values() if choices_of(sandbox.framework, score)}
    if query.show == ALL or not query.aim:
        return scored
    framework, before = sandbox.framework.for_outcome(query.aim), sandbox.before.for_outcome(query.aim)
    return scored & (blocking_indicators(framework, before, query.aim) | set(sandbox.changes))


# --- The query ---------------------------------------------------------------------------------------------------


def _read(query: QueryDict, framework: Framework, card: Scorecard, aims: list[str]) -> SandboxQuery:
    problems = [{"text": stranger} for stranger in _find_unknown_parameters(query, framework, aims)]
    changes: dict[str, Change] = {}
    for code, indicator in framework.indicators.items():
        text = query.get(code, "").strip()
        if not text:
            continue
        change = _read_change(text, card, framework, indicator)
        if change is None:
            problems.append({"text": _no_such_level(indicator, card, framework), "target": f"i{code}"})
        else:
            changes[code] = change
    effective = {code: change for code, change in changes.items() if change != _as_it_is(card, code)}
    fill, aim = query.get("fill", ""), query.get("aim", "")
    aim = next((code for code in (fill, aim) if code in aims), aims[0] if aims else "")
    show = ALL if query.get("show") == ALL or not aims else IN_THE_WAY
    return SandboxQuery(effective, aim, show, fill if fill in aims else "", tuple(problems))


def _find_unknown_parameters(query: QueryDict, framework: Framework, aims: list[str]) -> Iterator[str]:
    """Yield messages about names and values that this edition does not have."""
    for name in query:
        if name not in _OURS and name not in framework.indicators:
            yield _("There is no indicator %(code)s in this edition.") % {"code": name[:40]}
    for name in ("aim", "fill"):
        if (code := query.get(name, "")) and code not in aims:
            yield _("“%(code)s” is no outcome that is better than what is.") % {"code": code[:40]}
    if query.get("show", ALL) not in (ALL, IN_THE_WAY):
        yield _("Show “%(show)s” is not known. Choose what is in the way, or all.") % {"show": query["show"][:40]}


def _read_change(text: str, card: Scorecard, framework: Framework, indicator: Indicator) -> Change | None:
    return next((c for c in choices_of(framework, card.indicators[indicator.code]) if str(c) == text), None)


def _no_such_level(indicator: Indicator, card: Scorecard, framework: Framework) -> str:
    choices = choices_of(framework, card.indicators[indicator.code])
    if not choices:
        return _("%(code)s is not scored here, so no level of it changes anything.") % {"code": indicator.code}
    return _("%(code)s has no such level. Choose one of: %(levels)s.") % {
        "code": indicator.code,
        "levels": ", ".join(_("not applicable") if choice == EXCUSED else str(choice) for choice in choices),
    }


def _as_it_is(card: Scorecard, code: str) -> Change | None:
    score = card.indicators[code]
    return score.level if score.counts else EXCUSED


def _describe_plan(plan: Plan | None, read: ReadCard, framework: Framework, query: SandboxQuery) -> Any:
    """Describe the suggested changes, and whether a smaller set is proved impossible."""
    if plan is None:
        return _("Nothing that can rise reaches this outcome.")
    count = len(plan.improvements)
    if plan.is_proven:
        words = ngettext(
            "%(count)d indicator has to rise. There is no smaller set.",
            "%(count)d indicators have to rise. There is no smaller set.",
            count,
        )
    else:
        words = ngettext(
            "%(count)d indicator has to rise. There may be a smaller set: that is not proven.",
            "%(count)d indicators have to rise. There may be a smaller set: that is not proven.",
            count,
        )
    return words % {"count": count}
