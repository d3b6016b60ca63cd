"""What is to be done next about a response: the hotline reads the draft, the assessors answer what it contests."""

from collections.abc import Iterator

from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import queries
from evaluation.models import Evaluation, User
from evaluation.models.people.permissions import is_allowed
from portal.tasks import Line, Pending, Stream, Task, TaskKind, TaskSearch, end_in, list_evaluations, since_it_came

State = Evaluation.State

RESPOND = Task(
    "evaluation.answer",
    "response",
    gettext_lazy("Respond"),
    gettext_lazy("Read the draft and respond"),
    gettext_lazy("The hotline reads the draft and may respond"),
)
GO_ON = Task("evaluation.run", "evaluation", gettext_lazy("Go on without"))
REPLY = Task(
    "evaluation.reply",
    "replies",
    gettext_lazy("To its remarks"),
    gettext_lazy("Answer what the hotline contests"),
    gettext_lazy("The assessors answer what the hotline contests"),
)


def _find_without_response(search: TaskSearch) -> Iterator[Stream]:
    waiting = search.among(queries.run_by(search.user)).filter(state=State.RESPONSE).annotate(since=F("respond_by"))
    yield from search.by_day(lambda zone, today: waiting.filter(round__time_zone=zone, since__lt=today), end_in)


def _why_without_response(_evaluation: Evaluation, pending: Pending) -> str:
    return _("The hotline had until %(day)s.") % {"day": date_format(pending.day)}


def _find_without_replies(search: TaskSearch) -> Iterator[Stream]:
    yield Stream(since_it_came(search, queries.replied_by(search.user)).filter(queries.awaiting_replies()))


TASKS = (
    TaskKind(
        "responses",
        gettext_lazy("Responses that did not come"),
        GO_ON,
        list_evaluations(GO_ON, _find_without_response, _why_without_response, State.RESPONSE, is_late=True),
    ),
    TaskKind(
        "replies",
        gettext_lazy("Remarks to answer"),
        REPLY,
        list_evaluations(
            REPLY,
            _find_without_replies,
            lambda *_given: _("The hotline contests what was found. The panel votes when it has the answers."),
            State.DECISION,
        ),
    ),
)


def line_of_response(evaluation: Evaluation, user: User) -> Line:
    assert evaluation.respond_by is not None  # set when the draft was sent to the hotline
    day, zone = date_format(evaluation.respond_by), evaluation.round.clock_on(evaluation.respond_by)
    until = _("Until %(day)s, 23:59 (time zone %(zone)s).") % {"day": day, "zone": zone}
    if evaluation.round.today > evaluation.respond_by:
        until = (
            _("The last day was %(day)s. You can still respond.")
            if is_allowed(RESPOND.right, user, evaluation)
            else _("The hotline had until %(day)s.")
        )
        until %= {"day": day}
    return RESPOND.line(evaluation, user, until, url_of_others=RESPOND.url(evaluation))


def line_of_replies(evaluation: Evaluation, user: User) -> Line:
    why = _("The panel votes when it has their answers.")
    return REPLY.line(evaluation, user, why, url_of_others=reverse("workspace:response", args=[evaluation.uid]))
