"""Letters about good practice: to the hotline, to Missing Children Europe, and to users who asked a question."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.models import GoodPractice, PracticeQuestion, Role, User
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import MoveMade
from portal.letters.declaration import PAGE, THEIR_WORDS, Letter, declare_letters
from portal.letters.outbox import Values, address_of, write_letter
from portal.letters.recipients import holders_of, people_of


def _values_of(practice: GoodPractice, note: str) -> dict[str, Any]:
    return {
        "hotline": practice.hotline.name,
        "title": practice.title,
        "code": practice.finding.code,
        "note": note.strip(),
        "page": address_of(reverse("workspace:practice", args=[practice.uid])),
    }


def _values(made: MoveMade) -> Values:
    return _values_of(made.thing, made.note)


def _mce(_made: MoveMade) -> list[User]:
    return holders_of(Role.MCE_COORDINATOR)


def _coordinators(made: MoveMade) -> list[User]:
    return people_of(made.thing.hotline, Role.COORDINATOR)


declare_letters(
    "practices",
    Letter(
        name="practice_ask",
        moves=("ask",),
        to=_coordinators,
        subject=_("%(hotline)s: may we publish this good practice?"),
        body=(
            _(
                "Missing Children Europe would like to publish “%(title)s”, which assessors saw at your hotline "
                "(%(code)s), in the library of good practice. Read the text. Nothing is published without your "
                "consent, and you can withdraw it at any time."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="practice_consent",
        moves=("consent",),
        to=_mce,
        subject=_("%(hotline)s agrees to publish a good practice"),
        body=(
            _("The hotline of %(hotline)s agrees to the text “%(title)s” (%(code)s). You can publish it now."),
            PAGE,
        ),
    ),
    Letter(
        name="practice_refuse",
        moves=("refuse",),
        to=_mce,
        subject=_("%(hotline)s does not agree to publish a good practice"),
        body=(
            _(
                "The hotline of %(hotline)s does not agree to the text “%(title)s” (%(code)s). You can change it "
                "and ask again."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="practice_publish",
        moves=("publish",),
        to=_coordinators,
        subject=_("%(hotline)s: your good practice is published"),
        body=(
            _(
                "“%(title)s” (%(code)s) is now in the library of good practice, with your consent. You can "
                "withdraw it at any time."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="practice_take_down",
        moves=("take_down",),
        to=_coordinators,
        subject=_("%(hotline)s: your good practice is taken out of the library"),
        body=(
            _(
                "Missing Children Europe took “%(title)s” (%(code)s) out of the library of good practice. Your "
                "consent stays."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="practice_withdraw",
        moves=("withdraw",),
        to=_mce,
        subject=_("%(hotline)s withdraws its consent to a good practice"),
        body=(
            _(
                "The hotline of %(hotline)s withdraws its consent to “%(title)s” (%(code)s). It is no longer "
                "public, in any language."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="practice_question",
        subject=_("A question about your good practice"),
        body=(
            _("The hotline of %(by)s asks about your good practice “%(title)s” (%(code)s)."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="practice_answer",
        subject=_("%(hotline)s answers your question"),
        body=(
            _("The hotline of %(hotline)s answers your question about “%(title)s” (%(code)s)."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    machine=GoodPractice,
    values=_values,
)


def write_question_letters(question: PracticeQuestion) -> None:
    """Write to the hotline that somebody asks a question about its good practice."""
    values = {**_values_of(question.practice, question.words), "by": question.hotline.name}
    for person in people_of(question.practice.hotline):
        write_letter("practice_question", values, to=person)


def write_answer_letters(question: PracticeQuestion) -> None:
    """Write to the user who asked, if they may still read the practice: it is shared, and their account is active."""
    if is_allowed("practice.view", question.by, question.practice):
        write_letter("practice_answer", _values_of(question.practice, question.answer), to=question.by)
