"""An act that writes letters to many: it first shows to whom and what, and is refused if that has changed since."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.cached import nothing_cached
from evaluation.models import HOTLINE_ROLES, Membership, User
from portal.letters.outbox import WrittenLetter, collect_letters
from portal.presentation.passages import language_name
from portal.requests.returned_forms import LETTERS_SHOWN, RENDERED_FOR
from portal.requests.signed_in import SignedInRequest
from standards.framework import canonical, digest

CHANGE = "change"
"""The button that returns to the form with what was typed."""

_NO_CONTENT = frozenset({"csrfmiddlewaretoken", RENDERED_FOR, LETTERS_SHOWN, CHANGE})
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The uid of a row is another one each time that the act is tried."""


@dataclass(slots=True)
class LettersFirst:
    """The written letters, and the page that shows them; None if they were shown before, and the act is done."""

    written: list[WrittenLetter]
    page: HttpResponse | None = None


@contextmanager
def letters_first(request: SignedInRequest, act: str, *, back: str = "") -> Iterator[LettersFirst]:
    """Perform the block in a transaction. Undo it if it wrote letters that the user has not been shown.

    `act` is the label of the button without the letters. `back` is the page of an act that has no form; otherwise the
    page has a button that sends the form with `change`.
    """
    with transaction.atomic():
        with collect_letters() as written, nothing_cached():
            result = LettersFirst(written)
            yield result
        shown = _read(request.POST.get(LETTERS_SHOWN, ""))
        is_shown = not written or shown.get("sha256") == _digest(written)
        if not is_shown:
            transaction.set_rollback(True)
    if not is_shown:
        result.page = _render(request, written, shown, act, back)


def wants_change(request: SignedInRequest) -> bool:
    """Whether the user wants to change the form that the page with the letters was made from."""
    return CHANGE in request.POST


def _digest(written: list[WrittenLetter]) -> str:
    rows = [(one.letter.to_address, one.letter.language, one.letter.subject, one.letter.body) for one in written]
    return digest(canonical([[_UID.sub("", text) for text in row] for row in sorted(rows)]))


def _read(text: str) -> dict[str, Any]:
    """Return the digest and the recipients of the letters that were shown; empty if the field has neither."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) and isinstance(read.get("to"), list) else {}


def _render(
    request: SignedInRequest, written: list[WrittenLetter], shown: dict[str, Any], act: str, back: str
) -> HttpResponse:
    people = list(dict.fromkeys(one.letter.to_user for one in written if one.letter.to_user))
    to = sorted(str(person.uid) for person in people)
    button = ngettext("%(act)s and write to %(count)d person", "%(act)s and write to %(count)d people", len(people))
    content = [(name, value) for name, values in request.POST.lists() if name not in _NO_CONTENT for value in values]
    context = {
        "act": act,
        "button": button % {"act": act, "count": len(people)},
        "count": len(people),
        "groups": _group(people),
        "letters": _examples(written),
        "content": content,
        "field": LETTERS_SHOWN,
        "shown": canonical({"sha256": _digest(written), "to": to}),
        "back": back,
        "changed": _describe_changes(shown, people) if shown else (),
    }
    return render(request, "moves/letters_first.html", context, status=409 if shown else 200)


def _group(people: list[User]) -> list[tuple[str, list[str]]]:
    """Return the hotlines of the recipients by name, each with the names; others are last. One query."""
    roles = Membership.objects.today().filter(user__in=people, role__in=HOTLINE_ROLES).select_related("hotline")
    names, by_hotline, placed = {one.pk: one.name for one in people}, defaultdict(set), set()
    for role in roles:
        by_hotline[role.hotline.name if role.hotline else ""].add(names[role.user_id])
        placed.add(role.user_id)
    groups = [(hotline, sorted(found)) for hotline, found in sorted(by_hotline.items())]
    others = sorted(person.name for person in people if person.pk not in placed)
    return [*groups, (_("Others"), others)] if others else groups


def _examples(written: list[WrittenLetter]) -> list[dict[str, Any]]:
    """Return the first letter of each kind and language, with how many are like it."""
    alike = defaultdict(list)
    for one in written:
        alike[one.name, one.letter.language].append(one.letter)
    return [
        {
            "language": language,
            "language_name": language_name(language),
            "count": len(letters),
            "letter": letters[0],
            "reader": letters[0].to_user.name if letters[0].to_user else letters[0].to_address,
        }
        for (_template, language), letters in alike.items()
    ]


def _describe_changes(shown: dict[str, Any], people: list[User]) -> list[str]:
    """Return what changed since the letters were shown: who is new, who is left out, or the text."""
    before = {text for text in shown["to"] if isinstance(text, str) and _UID.fullmatch(text)}
    new = [person.name for person in people if str(person.uid) not in before]
    gone = User.objects.filter(uid__in=[UUID(text) for text in before - {str(person.uid) for person in people}])
    changes = []
    if new:
        changes.append(_("New: %(names)s.") % {"names": ", ".join(new)})
    if gone:
        changes.append(_("No longer: %(names)s.") % {"names": ", ".join(person.name for person in gone)})
    return changes or [_("The text of the letters is another one.")]
