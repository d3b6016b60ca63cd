"""Letters: written to the outbox in the transaction of their step, in the recipient's language; sent by the worker."""

import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import DNS_NAME, EmailMessage
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import task

from evaluation.assessment.deadline.timing import last_days_of
from evaluation.guards.permissions import is_allowed
from evaluation.guards.roles import HOTLINE_ROLES
from evaluation.models import Decision, Evaluation, Hotline, Membership, Role, User
from portal.models import Letter
from portal.presentation.scorecard.decisions import sign_of
from reports.texts.reading import cached_texts
from standards.presentation.reading_language import active_language

MOST_ATTEMPTS = 6
"""After these attempts a letter waits in the outbox for somebody to send it again."""

SHOWN_AFTER = 2
"""After these attempts a letter that is not sent is shown to MCE: the first failure is often a short one."""

QUEUE = "letters"
"""The queue of all tasks that end in a letter: a dedicated worker may serve it, and every other worker does too."""
URGENT, ORDINARY, AGAIN = 50, 0, -10
"""Priorities of tasks, highest first.

Letters that somebody at the sign-in waits for; ordinary tasks; and retries of ordinary letters, as an unresponsive mail
server takes a while each time.
"""

_log = structlog.get_logger("portal.letters.outbox")


def address_of(path: str) -> str:
    """Return the absolute URL of a page, for a letter. Never from a request, whose host the client chooses."""
    base: str = settings.WAGTAILADMIN_BASE_URL
    return urljoin(base, path)


def render_letter(template: str, context: Mapping[str, Any], *, to: User | None, language: str) -> tuple[str, str]:
    """Return the subject and the text of a letter in a language, without writing it."""
    zone = zoneinfo.ZoneInfo(to.time_zone if to else settings.TIME_ZONE)
    frame = {"reader": to, "network": settings.WAGTAIL_SITE_NAME, "contact": settings.CONTACT_EMAIL}
    words = {**frame, **context}
    with cached_texts(), translation.override(active_language(language)), timezone.override(zone):
        subject = " ".join(render_to_string(f"{template}_subject.txt", words).split())
        body = render_to_string(f"{template}_message.txt", words).strip() + "\n"
    return subject, body


def write_letter(
    *,
    template: str,
    context: Mapping[str, Any],
    to: User | None = None,
    address: str = "",
    language: str = "",
    is_urgent: bool = False,
) -> Letter:
    """Write a letter to a user, or to an address and in a language; it is sent after the commit.

    An urgent one is sent before all other tasks. `template` is the prefix of two files, `…_subject.txt` and
    `…_message.txt`.
    """
    language = language or (to.language if to else settings.LANGUAGE_CODE)
    subject, body = render_letter(template, context, to=to, language=language)
    if not address:
        assert to is not None  # a letter has a recipient
        address = to.email
    letter = Letter.objects.create(to_user=to, to_address=address, language=language, subject=subject[:200], body=body)
    if (collected := _collected.get()) is not None:
        collected.append(WrittenLetter(letter, template))
    if not settings.DEMONSTRATION:
        send_letter.using(priority=URGENT if is_urgent else ORDINARY).enqueue(str(letter.uid), is_urgent)
    return letter


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter with its template."""

    letter: Letter
    template: str


_collected: ContextVar[list[WrittenLetter] | None] = ContextVar("collected_letters", default=None)


@contextmanager
def collect_letters() -> Iterator[list[WrittenLetter]]:
    """Return a list that has every letter that is written in the block."""
    written: list[WrittenLetter] = []
    token = _collected.set(written)
    try:
        yield written
    finally:
        _collected.reset(token)


@task(queue_name=QUEUE, priority=ORDINARY)
def send_letter(uid: str, is_urgent: bool = False) -> None:
    """Send a letter. After a failure it is sent later, each time after a longer delay; see `AGAIN`.

    If a worker dies between sending and saving, the letter is sent again, under the same Message-ID.
    """
    letter = Letter.objects.filter(uid=UUID(uid), sent_at=None).first()
    if letter is None or settings.DEMONSTRATION:
        return
    letter.attempts += 1
    try:
        headers = {"Message-ID": f"<{uid}@{DNS_NAME}>"}
        answers = [settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None
        EmailMessage(letter.subject, letter.body, to=[letter.to_address], reply_to=answers, headers=headers).send()
    except OSError as failure:  # smtplib's errors are OSErrors too
        letter.failure = type(failure).__name__
        letter.save(update_fields=["attempts", "failure"])
        _log.warning("letter not sent", letter=uid, attempts=letter.attempts, failure=letter.failure)
        if letter.attempts < MOST_ATTEMPTS and send_letter.get_backend().supports_defer:
            later = timezone.now() + timedelta(minutes=4**letter.attempts)
            send_letter.using(run_after=later, priority=URGENT if is_urgent else AGAIN).enqueue(uid, is_urgent)
        return
    letter.sent_at, letter.body, letter.failure = timezone.now(), "", ""
    letter.save(update_fields=["attempts", "sent_at", "body", "failure"])


def failing_letters() -> QuerySet[Letter]:
    """Return the letters that were tried several times and are not sent, whether or not they are tried again."""
    if settings.DEMONSTRATION:  # where nothing is sent
        return Letter.objects.none()
    return Letter.objects.filter(sent_at=None, attempts__gte=SHOWN_AFTER).defer("body")


def unsent_letters(addresses: Iterable[str]) -> dict[str, Letter]:
    """Return the newest letter that is not sent yet by address, in lower case. One query."""
    if settings.DEMONSTRATION:
        return {}
    wanted = [address.lower() for address in addresses]
    unsent = Letter.objects.annotate(lowered=Lower("to_address")).filter(sent_at=None, lowered__in=wanted)
    return {letter.to_address.lower(): letter for letter in unsent.defer("body").order_by("written_at", "pk")}


# --- Letters about the steps of an evaluation ------------------------------------------------------------------------


def holders_of(*roles: Role) -> list[User]:
    """Return everybody who has one of these roles of the network today.

    Raises ValueError for a role of a hotline, since no letter goes to the people of every hotline: see `people_of`.
    """
    if tied := {*roles}.intersection(HOTLINE_ROLES):
        raise ValueError(f"{min(tied)} belongs to a hotline: use people_of")
    return _active(Membership.objects.today().filter(role__in=roles))


def people_of(hotline: Hotline, *roles: Role) -> list[User]:
    """Return everybody who has one of the roles in the hotline today: any of its roles if none is given."""
    return _active(Membership.objects.today().filter(hotline=hotline, role__in=roles or HOTLINE_ROLES))


def _active(memberships: QuerySet[Membership]) -> list[User]:
    return list(User.objects.filter(pk__in=memberships.values("user"), is_active=True).order_by("pk"))


def _team(evaluation: Evaluation) -> list[User]:
    """Return the members of the team. Those with a tie may not see the evaluation any more, and are not notified."""
    visit = evaluation.arranged_visit
    team = [member.user for member in visit.team.select_related("user")] if visit else []
    return [person for person in team if is_allowed("evaluation.view", person, evaluation)]


def _hotline(evaluation: Evaluation) -> list[User]:
    return people_of(evaluation.hotline)


def _hotline_and_team(evaluation: Evaluation) -> list[User]:
    return [*_hotline(evaluation), *_team(evaluation)]


def _repliers(evaluation: Evaluation) -> list[User]:
    """Return the team members who may reply to the hotline's response."""
    return [person for person in _team(evaluation) if is_allowed("evaluation.reply", person, evaluation)]


def lead_of(evaluation: Evaluation) -> list[User]:
    """Return the lead assessor, unless they have a tie; else nobody."""
    visit = evaluation.arranged_visit
    lead = [visit.lead.user] if visit and visit.lead else []
    return [person for person in lead if is_allowed("evaluation.view", person, evaluation)]


def mce_and_lead(evaluation: Evaluation) -> list[User]:
    return [*holders_of(Role.MCE_COORDINATOR), *lead_of(evaluation)]


def _panel_members(evaluation: Evaluation) -> list[User]:
    """Return the panel members who may decide. Members with a tie get no letter, as it has the name of the hotline."""
    members = holders_of(Role.PANEL_MEMBER)
    return [member for member in members if is_allowed("evaluation.declare", member, evaluation)]


def _those_of_a_condition(evaluation: Evaluation) -> list[User]:
    """Return the hotline's people, MCE's and the panel's members who may decide."""
    return [*_hotline(evaluation), *holders_of(Role.MCE_COORDINATOR), *_panel_members(evaluation)]


_RECIPIENTS: dict[str, Callable[[Evaluation], Iterable[User]]] = {
    "open": _hotline,
    "submit": mce_and_lead,
    "send_back": _hotline,
    "reopen_answers": _hotline,
    "excuse": _hotline_and_team,
    "readmit": _hotline,
    "accept": _team,
    "count_corrections": _hotline_and_team,
    "sign_off": mce_and_lead,
    "reopen_findings": _team,
    "propose": _hotline,
    "take_back": _hotline,
    "respond": lambda e: [*holders_of(Role.MCE_COORDINATOR), *(_repliers(e) if e.awaits_replies else lead_of(e))],
    "answer_remarks": _hotline,
    "send_back_to_assessors": lead_of,
    "vote_again": _panel_members,
    "decide": lambda e: [*people_of(e.hotline, Role.COORDINATOR), *mce_and_lead(e)],
    "publish": lambda e: [*_hotline(e), *mce_and_lead(e)],
    "resume": _hotline,
    "follow_up": _hotline_and_team,
    "end_follow_up": _hotline_and_team,
    "reconsider": _those_of_a_condition,
    "keep_decision": _those_of_a_condition,
}
"""The recipients of a step's letter, by the name of the move. Other moves have no letter."""

_TO_THE_PANEL = ("respond", "go_on_without_response", "answer_remarks")
"""The moves that bring an evaluation to the panel, which gets a letter of its own.

A contesting response goes to the assessors first; the panel is notified after their replies.
"""

_PAGES = {
    "accept": "visit",
    "answer_remarks": "response",
    "before_the_panel": "deliberation",
    "contested": "response",
    "decide": "scorecard",
    "defer": "scorecard",
    "propose": "response",
    "reopen_findings": "visit",
    "respond": "response",
    "send_back_to_assessors": "scorecard",
    "sign_off": "scorecard",
    "vote_again": "deliberation",
}
"""The page that a letter links to, if it is not that of the evaluation."""


def _page_of(letter: str, evaluation: Evaluation, reader: User) -> str:
    """Return the URL of the page on which the reader acts, or of the evaluation."""
    name = _PAGES.get(letter, "evaluation")
    if letter == "contested" and is_allowed("evaluation.reply", reader, evaluation):
        name = "replies"
    if letter in ("before_the_panel", "vote_again") and not is_allowed("evaluation.decide", reader, evaluation):
        name = "declare"
    return address_of(reverse(f"workspace:{name}", args=[evaluation.uid]))


def words_of_decision(decision: Decision) -> dict[str, Any]:
    """Return the part of a letter's context that has a decision, its conditions, and how it is contested."""
    return {
        "decision": decision,
        "outcome": lambda: sign_of(decision.evaluation, decision.outcome).name,
        "conditions": partial(_list_conditions, decision),
        "appeal_page": address_of(reverse("workspace:lodge_appeal", args=[decision.uid])),
    }


def _list_conditions(decision: Decision) -> str:
    """Return a line for each condition, with its last day, in the active language."""
    return "\n".join(
        _("%(number)d. %(condition)s (by %(day)s)")
        % {"number": number, "condition": f"{one.code} {one.text}".strip(), "day": date_format(one.due_on)}
        for number, one in enumerate(decision.requirements.all(), start=1)
    )


def _letter_of(move: str, evaluation: Evaluation) -> str:
    """Return the letter of a move. A deferral and a contesting response have letters of their own."""
    if move == "decide" and (decision := evaluation.decisions.first()) and decision.hand_in_by:
        return "defer"
    return "contested" if move == "respond" and evaluation.awaits_replies else move


def write_step_letters(move: str, evaluation: Evaluation, *, by: User | None = None, note: str = "") -> list[Letter]:
    """Write to those concerned by a step, except its user. Call in the transaction of the move or after it."""
    concerned: Iterable[User] = _RECIPIENTS[move](evaluation) if move in _RECIPIENTS else ()
    letters = [(_letter_of(move, evaluation), person) for person in dict.fromkeys(concerned)]
    if move in _TO_THE_PANEL and not evaluation.awaits_replies:
        letters += [("before_the_panel", member) for member in _panel_members(evaluation)]
    decision = evaluation.decisions.first() if move in ("decide", "publish") else None
    context = {
        "evaluation": evaluation,
        "by": by,
        "note": note.strip(),
        "last_day": last_days_of([evaluation]).get(evaluation.pk),
        "public_page": lambda: address_of(reverse("pages:hotline", args=[evaluation.hotline.country])),
        **(words_of_decision(decision) if decision else {}),
    }
    return [
        write_letter(
            to=person,
            template=f"accounts/letters/{letter}",
            context={
                **context,
                "page": _page_of(letter, evaluation, person),
                "may_appeal": may_contest(person, evaluation),
            },
        )
        for letter, person in letters
        if by is None or person.pk != by.pk
    ]


def may_contest(person: User, evaluation: Evaluation) -> bool:
    """Whether a letter leads the person to the form of an appeal."""
    return is_allowed("appeal.lodge", person, evaluation)
