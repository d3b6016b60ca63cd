"""Letters: written to the outbox in the transaction of their step, in the recipient's language; sent by the worker."""

import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import DNS_NAME, EmailMessage
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from evaluation.models import User
from portal.letters.examples import EXAMPLES
from portal.letters.models import Letter
from reports.texts.declaration import Kind, Text, declare, text_of
from reports.texts.reading import cached_texts, read_text
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


Values = Mapping[str, Any]
"""The values of a letter's placeholders.

A date is written in the reader's language. A function is called in the reader's language and time zone, with the reader,
or with None for a letter to an address.
"""


def render_letter(name: str, values: Values, *, to: User | None, language: str) -> tuple[str, str]:
    """Return the subject and the text of a letter in a language, without writing it."""
    zone = zoneinfo.ZoneInfo(to.time_zone if to else settings.TIME_ZONE)
    with cached_texts(), translation.override(active_language(language)), timezone.override(zone):
        subject = " ".join(_read(f"letters.{name}.subject", values, to).split())
        greeting = [str(read_text("letters.greeting", name=to.name))] if to else []
        contact = settings.CONTACT_EMAIL
        end = read_text("letters.end", contact=contact) if contact else read_text("letters.end_unread")
        body = "\n\n".join([*greeting, _read(f"letters.{name}.body", values, to), str(end)])
    return subject, body + "\n"


def _read(key: str, values: Values, to: User | None) -> str:
    return str(read_text(key, **{name: _show(values[name], to) for name in text_of(key).names}))


def _show(value: Any, to: User | None) -> Any:
    shown = value(to) if callable(value) else value
    return date_format(shown, "DATE_FORMAT") if isinstance(shown, date) else shown


def write_letter(
    name: str,
    values: Values,
    *,
    to: User | None = None,
    address: str = "",
    language: str = "",
    is_urgent: bool = False,
) -> Letter:
    """Write the declared letter of this name to a user, or to an address and in a language; it is sent after the commit.

    An urgent one is sent before all other tasks.
    """
    language = language or (to.language if to else settings.LANGUAGE_CODE)
    subject, body = render_letter(name, values, to=to, language=language)
    if not address:
        assert to is not None  # a letter has a recipient
        address = to.email
    letter = Letter.objects.create(to_user=to, to_address=address, language=language, subject=subject[:200], body=body)
    if (collected := _collected.get()) is not None:
        collected.append(WrittenLetter(letter, name))
    if not settings.DEMONSTRATION:
        send_letter.using(priority=URGENT if is_urgent else ORDINARY).enqueue(str(letter.uid), is_urgent)
    return letter


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter with the name of its declaration."""

    letter: Letter
    name: str


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


# --- The texts around every letter -----------------------------------------------------------------------------------

declare(
    (
        Text(
            "letters.greeting",
            "letters.frame",
            _("The greeting of every letter to somebody who is known here."),
            Kind.LINE,
            (_("Dear %(name)s,"),),
            EXAMPLES,
            longest=200,
        ),
        Text(
            "letters.end",
            "letters.frame",
            _("The end of every letter."),
            Kind.LINES,
            (
                _(
                    "This letter was written by 116 000 Quality, the quality system of the hotlines for missing children."
                ),
                " ",
                _("Answers to it go to Missing Children Europe, %(contact)s."),
            ),
            EXAMPLES,
        ),
        Text(
            "letters.end_unread",
            "letters.frame",
            _("The end of every letter while no address of Missing Children Europe is set."),
            Kind.LINES,
            (
                _(
                    "This letter was written by 116 000 Quality, the quality system of the hotlines for missing children."
                ),
                " ",
                _("Nobody reads answers to it."),
            ),
        ),
    )
)
