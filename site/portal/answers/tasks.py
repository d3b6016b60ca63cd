"""What is to be done next about a self-assessment: by the hotline, which answers it, and by MCE, which reads it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation import queries
from evaluation.answers.deadline.coverage import find_coverages
from evaluation.answers.deadline.timing import find_return, last_day_of, with_last_day
from evaluation.answers.returned_answers import find_returned_codes
from evaluation.answers.submission import read_submission, reason_without_figures
from evaluation.discussions.assignments import Share, share_of
from evaluation.models import Evaluation, Step
from evaluation.models.reasons import about
from evaluation.rounds.planning import without_people
from portal.answers.sharing import Sharing
from portal.presentation.moments import zoned
from portal.presentation.reasons import places_by_standard, show_reason
from portal.tasks import (
    Line,
    Listing,
    Pending,
    Stream,
    Task,
    TaskKind,
    TaskSearch,
    Waiting,
    end_in,
    list_evaluations,
    since_it_came,
)
from standards.framework import Indicator
from standards.models import Edition, Texts
from standards.presentation.marking import marked

State = Evaluation.State

LATE = Task("evaluation.run", "evaluation", gettext_lazy("To the evaluation"))
SET_LAST_DAY = Task("evaluation.run", "extend", gettext_lazy("Give more time"))
STATE_TRAITS = Task("evaluation.run", "traits", gettext_lazy("State the traits"))
INVITE = Task("people.invite", "evaluation", gettext_lazy("To the evaluation"))
READ = Task(
    "evaluation.run",
    "evaluation",
    gettext_lazy("Read"),
    waits=gettext_lazy("Missing Children Europe reads the self-assessment"),
)
READ_AGAIN = Task("evaluation.run", "submissions", gettext_lazy("Read"))

MOST_PLACES = 12
"""The most indicators that are linked one by one; more are grouped by standard."""


# --- Lists -----------------------------------------------------------------------------------------------------------


def _open_with_last_day(search: TaskSearch) -> QuerySet[Any]:
    open_ = queries.run_by(search.user).filter(state=State.SELF_ASSESSMENT)
    return with_last_day(search.among(open_), search.zones)


def _find_late(search: TaskSearch) -> Iterator[Stream]:
    open_ = _open_with_last_day(search).annotate(since=F("last_day"))
    yield from search.by_day(lambda zone, today: open_.filter(round__time_zone=zone, last_day__lt=today), end_in)


def _why_late(_evaluation: Evaluation, pending: Pending) -> str:
    return _("The last day was %(day)s.") % {"day": date_format(pending.day)}


def _find_without_last_day(search: TaskSearch) -> Iterator[Stream]:
    yield Stream(_open_with_last_day(search).filter(last_day=None).annotate(since=queries.came_at()))


def _find_without_traits(search: TaskSearch) -> Iterator[Stream]:
    editions = [edition for edition in Edition.objects.defer("structure") if edition.framework.traits]
    if editions:
        found = since_it_came(search, queries.run_by(search.user))
        yield Stream(found.filter(state=State.SELF_ASSESSMENT, traits=None, round__edition__in=editions))


def _find_unreached(search: TaskSearch) -> Iterator[Stream]:
    waiting = Evaluation.objects.filter(without_people(), state__in=(State.SELF_ASSESSMENT, State.RESPONSE))
    yield Stream(since_it_came(search, waiting))


def _find_submitted(search: TaskSearch) -> Iterator[Stream]:
    found = since_it_came(search, queries.run_by(search.user))
    yield Stream(found.filter(~queries.followed_up(), state=State.DESK_REVIEW))


def _read_submitted(search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    returned = find_returned_codes(search.shown[one.key] for one in pending)
    for one in pending:
        found, codes = search.shown[one.key], returned.get(one.key)
        why = _("It is submitted again. Sent back were: %(codes)s.") % {"codes": ", ".join(codes)} if codes else ""
        yield one.key, (READ_AGAIN if codes else READ).waiting(found, one.since, why)


TASKS = (
    TaskKind(
        "late",
        gettext_lazy("Late self-assessments"),
        LATE,
        list_evaluations(LATE, _find_late, _why_late, State.SELF_ASSESSMENT, is_late=True),
    ),
    TaskKind(
        "undated",
        gettext_lazy("Last days to set"),
        SET_LAST_DAY,
        list_evaluations(
            SET_LAST_DAY,
            _find_without_last_day,
            lambda *_given: _("It came back after its last day. Set another."),
            State.SELF_ASSESSMENT,
        ),
    ),
    TaskKind(
        "traits",
        gettext_lazy("Traits to be stated"),
        STATE_TRAITS,
        list_evaluations(
            STATE_TRAITS,
            _find_without_traits,
            lambda *_given: _("Until then it is asked everything, and cannot submit."),
            State.SELF_ASSESSMENT,
        ),
    ),
    TaskKind(
        "unreached",
        gettext_lazy("Hotlines without people"),
        INVITE,
        list_evaluations(
            INVITE,
            _find_unreached,
            lambda *_given: _("Nobody has a role there, so that no letter reaches it."),
            State.SELF_ASSESSMENT,
            State.RESPONSE,
        ),
    ),
    TaskKind(
        "review",
        gettext_lazy("Submitted self-assessments"),
        READ,
        Listing(_find_submitted, _read_submitted, (State.DESK_REVIEW,), is_about_evaluations=True),
    ),
)


# --- Lines of an open self-assessment --------------------------------------------------------------------------------


def missing_figures(evaluations: Iterable[Evaluation]) -> Iterator[Line]:
    """Yield a line for each open self-assessment whose figures are missing. A constant number of queries."""
    answering = [evaluation for evaluation in evaluations if evaluation.is_open]
    prefetch_related_objects(answering, "answers")
    coverages = find_coverages(answering)
    for evaluation in answering:
        for reason in about("figures_missing", evaluation.framework, coverages[evaluation.pk].without_figure):
            shown = show_reason(reason, evaluation)
            yield Line(
                what=f"{evaluation.hotline.name}: {shown.what}",
                why=shown.why,
                url=shown.url,
                act=_("To the figures"),
                kind="stop",
            )


def lines_of_returned(evaluations: Iterable[Evaluation]) -> Iterator[Line]:
    """Yield a line for each self-assessment that is open again after its submission. A constant number of queries."""
    answering = [evaluation for evaluation in evaluations if evaluation.is_open]
    steps = queries.steps_of(*answering) if answering else []
    for evaluation in answering:
        step = find_return(evaluation, steps)
        if step is None:
            continue
        if evaluation.returned:
            yield _line_of_returned_answers(evaluation, step, last_day_of(evaluation, steps))
            continue
        yield Line(
            what=_RETURNED[step.move] % {"hotline": evaluation.hotline.name},
            why=_describe_return(step, last_day_of(evaluation, steps)),
            url=reverse("workspace:evaluation", args=[evaluation.uid]),
            kind="stop",
        )


def _line_of_returned_answers(evaluation: Evaluation, step: Step, until: date | None) -> Line:
    """Return the line for the answers that were sent back, with links to their indicators."""
    codes = list(evaluation.returned)
    standards = places_by_standard(evaluation, "answers", codes, None)
    places = [place for standard in standards for place in standard.places]
    words = ngettext(
        "%(hotline)s: %(count)d indicator was sent back to you",
        "%(hotline)s: %(count)d indicators were sent back to you",
        len(codes),
    )
    is_folded = len(places) > MOST_PLACES
    return Line(
        what=words % {"hotline": evaluation.hotline.name, "count": len(codes)},
        why=_describe_rest(step, until),
        url=standards[0].url if standards else reverse("workspace:evaluation", args=[evaluation.uid]),
        act=_("Open the first"),
        act_url=places[0][1] if places else "",
        icon="back",
        kind="stop",
        places=() if is_folded else places,
        standards=standards if is_folded else (),
        count=len(codes),
        is_folded=is_folded,
    )


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


def lines_of_answers(
    evaluation: Evaluation,
    sharing: Sharing | None,
    unanswered: list[Indicator],
    sent_back: Collection[str],
    texts: Texts,
) -> list[Line]:
    """Return the lines of an open self-assessment: what came back with a question, the next one, the user's own.

    `sent_back` are the indicators that were sent back with a question. Returns nothing without `sharing`, for users who
    do not answer.
    """
    if sharing is None:
        return []
    questioned = _lines_of_questions(evaluation, sent_back, texts)
    if not unanswered:
        return questioned
    codes = [indicator.code for indicator in unanswered]
    share = share_of(sharing.user, evaluation.framework, sharing.assignments, codes)
    return [*questioned, _next_one(evaluation, share, codes), *_own(evaluation, share, texts)]


def _lines_of_questions(evaluation: Evaluation, sent_back: Collection[str], texts: Texts) -> list[Line]:
    codes = [code for code in evaluation.asked if code in sent_back]
    if not codes or evaluation.returned:  # the top line has those sent back with a reason
        return []
    words = ngettext(
        "Look again at %(count)d answer that came back with a question",
        "Look again at %(count)d answers that came back with a question",
        len(codes),
    )
    standards = places_by_standard(evaluation, "answers", codes, texts)
    return [
        Line(
            what=words % {"count": len(codes)},
            url=standards[0].url,
            act=_("Open the first"),
            act_url=standards[0].places[0][1],
            count=len(codes),
            standards=standards,
            icon="back",
            kind="stop",
            is_folded=True,
        )
    ]


def _next_one(evaluation: Evaluation, share: Share, unanswered: list[str]) -> Line:
    code = share.codes[0] if share.codes else unanswered[0]
    standard = evaluation.framework.standard_of[code].code
    return Line(
        what=_("Go on with %(code)s") % {"code": code},
        why=_("The first of yours that has no answer yet.")
        if share.codes
        else _("The first indicator that has no answer yet."),
        url=f"{reverse('workspace:answers', args=[evaluation.uid, standard])}#i{code}",
        act=_("Go on"),
        icon="edit",
        kind="info",
    )


def _own(evaluation: Evaluation, share: Share, texts: Texts) -> Iterator[Line]:
    if count := len(share.codes):
        words = ngettext("Yours: %(n)s indicator left", "Yours: %(n)s indicators left", count)
        obligation = texts[f"obligation/{evaluation.framework.rule.highest_obligation.code}"]
        yield Line(
            what=words % {"n": count},
            why=format_html(_("{obligation}: {count}"), obligation=marked(obligation), count=share.highest_count),
            url=f"{reverse('workspace:indicators', args=[evaluation.uid])}?show=unanswered&show=mine",
            icon="people",
            kind="info",
        )


# --- Lines of a submitted self-assessment ----------------------------------------------------------------------------


def submitted_without_figures(evaluation: Evaluation) -> Iterator[Line]:
    """Yield a line with the reason why the latest submission came although figures were missing, for its readers."""
    last = evaluation.submissions.first()
    if last and (reason := reason_without_figures(read_submission(last))):
        yield Line(
            what=_("Submitted although figures were missing"),
            why=f"“{reason}”",
            url=reverse("workspace:submissions", args=[evaluation.uid]),
        )


def line_of_reading(evaluation: Evaluation, steps: Iterable[Step]) -> Line:
    """Return the line that MCE reads the submission, for other users; `steps` has the steps, newest first."""
    submitted = next((step for step in steps if step.kind == evaluation.kind and step.move == "submit"), None)
    why = _("Submitted %(when)s.") % {"when": zoned(submitted.at, "DATETIME_FORMAT")} if submitted else ""
    return Line(what=str(READ.waits), why=why)
