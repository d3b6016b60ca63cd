"""Letters to colleagues on an evaluation: one about each mention in a comment, one a day about assigned indicators."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from evaluation.discussions.assignments import answered_by_people
from evaluation.models import Assignment, AssignmentLetter, Evaluation, User
from evaluation.models.people.permissions import is_allowed
from portal.letters.declaration import PAGE, Letter, declare_letters, names_of
from portal.letters.models import Letter as LetterRow
from portal.letters.outbox import address_of, write_letter

declare_letters(
    "evaluations",
    Letter(
        name="mention",
        subject=_("%(name)s asks you about %(code)s, %(hotline)s"),
        body=(
            _(
                "%(name)s asks you in a comment on indicator %(code)s of %(hotline)s, round %(round)s. Read it and "
                "answer here:"
            ),
            PAGE,
        ),
    ),
    Letter(
        name="assigned",
        subject=ngettext_lazy(
            "%(number)s indicator is with you now", "%(number)s indicators are with you now", "number"
        ),
        body=(_("These indicators of the self-assessment were given to you:"), "{indicators}"),
        counted="number",
    ),
)


def write_mention_letters(
    evaluation: Evaluation, code: str, audience: str, people: Iterable[User], *, by: User
) -> list[LetterRow]:
    """Write to the users whom a comment mentions for the first time. The letter has none of its words."""
    page = address_of(reverse("workspace:discussion", args=[evaluation.uid, audience, code]))
    values = {**names_of(evaluation), "code": code, "name": by.name, "page": page}
    return [write_letter("mention", values, to=person) for person in people]


def write_assignment_letters(on: date | None = None) -> list[LetterRow]:
    """Write to users whom somebody assigned indicators since their last such letter; at most one letter a day each.

    `on` is the day, today by default. Nothing is written to users who left the hotline, nor about submitted
    evaluations.
    """
    day = on or timezone.localdate()
    waiting = Assignment.objects.filter(
        told_at=None, evaluation__state=Evaluation.State.SELF_ASSESSMENT, to__is_active=True
    ).select_related("to", "evaluation__hotline", "evaluation__round__edition")
    by_person: dict[User, dict[Evaluation, list[Assignment]]] = {}
    for row in waiting.order_by("to", "evaluation", "pk"):
        by_person.setdefault(row.to, {}).setdefault(row.evaluation, []).append(row)
    letters = (_write_assignments(person, shares, day) for person, shares in by_person.items())
    return [letter for letter in letters if letter]


def _write_assignments(person: User, shares: dict[Evaluation, list[Assignment]], day: date) -> LetterRow | None:
    """Write one letter about all these indicators, unless the user had one on this day. Concurrent runs write one.

    It lists the indicators that users answer. Those that the hotline is not asked yet stay for a later letter.
    """
    current: dict[Evaluation, list[Assignment]] = {}
    for one, rows in shares.items():
        if is_allowed("evaluation.answer", person, one):
            held, answered = {row.code: row for row in rows}, answered_by_people(one)
            if to_answer := [held[code] for code in one.framework.indicators if code in held and code in answered]:
                current[one] = to_answer
    if not current:
        return None
    try:
        with transaction.atomic():
            AssignmentLetter.objects.create(user=person, day=day)
            keys = [row.pk for rows in current.values() for row in rows]
            Assignment.objects.filter(pk__in=keys, to=person, told_at=None).update(told_at=timezone.now())
            indicators = "\n\n".join(_list_codes(one, rows) for one, rows in current.items())
            return write_letter("assigned", {"indicators": indicators, "number": len(keys)}, to=person)
    except IntegrityError:
        return None


def _list_codes(evaluation: Evaluation, rows: Iterable[Assignment]) -> str:
    """Return the hotline with the codes of its indicators, and below it the address of their list."""
    codes = ", ".join(row.code for row in rows)
    page = address_of(f"{reverse('workspace:indicators', args=[evaluation.uid])}?show=mine")
    return f"{evaluation.hotline.name}: {codes}\n{page}"
