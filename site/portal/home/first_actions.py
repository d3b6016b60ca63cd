"""The first lines on Home: evaluations sent back, comments that mention the user, and files waiting for the hotline."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation import queries
from evaluation.answers.deadline.coverage import find_coverages
from evaluation.answers.deadline.timing import find_return, last_day_of
from evaluation.answers.submission import read_submission, reason_without_figures
from evaluation.discussions.discussions import find_open_mentions
from evaluation.models import Evaluation, Mention, Role, Round, Step, User
from evaluation.models.reasons import about
from portal.accreditation.withdrawals import withdrawal_acts
from portal.exchanges.waiting import exchange_acts
from portal.figures.waiting import waiting_files
from portal.practices.waiting import practice_acts
from portal.presentation.reasons import places_by_standard, show_reason
from portal.presentation.scorecard.conditions import condition_acts

MOST_PLACES = 12
"""The most indicators that are linked one by one; more are grouped by standard."""


def first_acts(evaluations: Iterable[Evaluation], user: User) -> list[dict[str, Any]]:
    """Return the first lines of the list “What next”: comments to answer, and the tasks of the user's own hotlines."""
    hotlines = user.hotlines_as(Role.CONTRIBUTOR, Role.COORDINATOR)
    own = [evaluation for evaluation in evaluations if evaluation.hotline_id in hotlines]
    return [
        *missing_figures(own),
        *_sent_back(own),
        *withdrawal_acts({evaluation.hotline_id for evaluation in own}, user),
        *condition_acts(own, user),
        *_asking(find_open_mentions(user, evaluations)),
        *waiting_files({evaluation.hotline_id for evaluation in own}, user),
        *practice_acts({evaluation.hotline_id for evaluation in own}, user),
        *exchange_acts({evaluation.hotline_id for evaluation in own}, user),
    ]


def missing_figures(evaluations: Iterable[Evaluation]) -> Iterable[dict[str, Any]]:
    """Yield a line for each open self-assessment whose figures are missing. A constant number of queries."""
    answering = [evaluation for evaluation in evaluations if evaluation.is_open]
    prefetch_related_objects(answering, "answers")
    coverages = find_coverages(answering)
    for evaluation in answering:
        for reason in about("figures_missing", evaluation.framework, coverages[evaluation.pk].without_figure):
            shown = show_reason(reason, evaluation)
            yield {
                "what": f"{evaluation.hotline.name}: {shown.what}",
                "why": shown.why,
                "url": shown.url,
                "act": _("To the figures"),
                "kind": "stop",
            }


def submitted_without_figures(evaluation: Evaluation) -> Iterable[dict[str, Any]]:
    """Yield a line with the reason why the latest submission came although figures were missing, for its readers."""
    last = evaluation.submissions.first()
    if last and (reason := reason_without_figures(read_submission(last))):
        yield {
            "what": _("Submitted although figures were missing"),
            "why": f"“{reason}”",
            "url": reverse("workspace:submissions", args=[evaluation.uid]),
            "kind": "wait",
        }


def most_urgent_first(acts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines, those of kind `stop` first; `is_main` marks the first line that has a button."""
    ordered = sorted(acts, key=lambda act: act.get("kind") != "stop")
    main = next((act for act in ordered if "act" in act), None)
    return [act | {"is_main": act is main} for act in ordered]


def coming_rounds(hotlines: Collection[int]) -> list[dict[str, Any]]:
    """Return lines for the planned rounds that include any of the hotlines, the earliest first. One query."""
    planned = Round.objects.filter(state=Round.State.PLANNED, chosen__in=hotlines).distinct()
    return [
        {
            "what": one.name,
            "why": _("The self-assessment opens on %(opens)s and is to be submitted by %(until)s.")
            % {"opens": date_format(one.opens_on), "until": date_format(one.answers_until)},
            "kind": "wait",
        }
        for one in planned.order_by("opens_on", "name")
    ]


def _asking(mentions: Iterable[Mention]) -> Iterable[dict[str, Any]]:
    """Yield one line with links to the comments that mention the user; nothing if there are none."""
    places: dict[str, str] = {}
    count = 0
    for mention in mentions:
        discussion = mention.comment.discussion
        args = [discussion.evaluation.uid, discussion.audience, discussion.code]
        address = reverse("workspace:discussion", args=args)
        places.setdefault(address, f"{discussion.code}, {discussion.evaluation.hotline.name}")
        count += 1
    if count:
        yield {
            "what": ngettext("%(count)d comment asks you", "%(count)d comments ask you", count) % {"count": count},
            "places": [(name, address) for address, name in places.items()],
            "act": _("Answer"),
            "act_url": next(iter(places)),
            "icon": "comment",
            "kind": "wait",
        }


def _sent_back(evaluations: list[Evaluation]) -> Iterable[dict[str, Any]]:
    answering = [evaluation for evaluation in evaluations if evaluation.is_open]
    steps = queries.steps_of(*answering) if answering else []
    for evaluation in answering:
        step = find_return(evaluation, steps)
        if step is None:
            continue
        if evaluation.returned:
            yield _returned_answers(evaluation, step, last_day_of(evaluation, steps))
            continue
        yield {
            "what": _RETURNED[step.move] % {"hotline": evaluation.hotline.name},
            "why": _describe_return(step, last_day_of(evaluation, steps)),
            "url": reverse("workspace:evaluation", args=[evaluation.uid]),
            "kind": "stop",
        }


def _returned_answers(evaluation: Evaluation, step: Step, until: date | None) -> dict[str, Any]:
    """Return the line for the answers that were sent back, with links to their indicators."""
    codes = list(evaluation.returned)
    standards = places_by_standard(evaluation, "answers", codes, None)
    places = [place for standard in standards for place in standard.places]
    by_standard = {"standards": standards, "count": len(codes), "is_folded": True}
    words = ngettext(
        "%(hotline)s: %(count)d indicator was sent back to you",
        "%(hotline)s: %(count)d indicators were sent back to you",
        len(codes),
    )
    return {
        "what": words % {"hotline": evaluation.hotline.name, "count": len(codes)},
        "why": _describe_rest(step, until),
        "url": standards[0].url if standards else reverse("workspace:evaluation", args=[evaluation.uid]),
        "act": _("Open the first"),
        "act_url": places[0][1] if places else "",
        "icon": "back",
        "kind": "stop",
        **({"places": places} if len(places) <= MOST_PLACES else by_standard),
    }


def _describe_rest(step: Step, until: date | None) -> str:
    """Describe when they were sent back, and by which day they must be submitted again, if a day is set."""
    given = {"day": date_format(timezone.localtime(step.at))}
    if until is None:
        return _("%(day)s. All others stay as submitted. Change these or reply, then submit again.") % given
    return _("%(day)s. All others stay as submitted. Change these or reply, then submit again by %(until)s.") % {
        **given,
        "until": date_format(until),
    }


_RETURNED = {
    "send_back": gettext_lazy("%(hotline)s: the self-assessment is sent back to you"),
    "resume": gettext_lazy("%(hotline)s: the evaluation is taken up again after a deferral"),
    "readmit": gettext_lazy("%(hotline)s: the hotline takes part in the round again"),
}


def _describe_return(step: Step, until: date | None) -> str:
    """Describe when and why it was sent back, and by which day it must be submitted again, if a day is set."""
    words = getattr(step, "words", None)
    given = {"day": date_format(timezone.localtime(step.at)), "reason": words.note if words else ""}
    if until is None:
        return _("%(day)s: “%(reason)s” Change your answers, then submit again.") % given
    return _("%(day)s: “%(reason)s” Change your answers, then submit again by %(until)s.") % {
        **given,
        "until": date_format(until),
    }
