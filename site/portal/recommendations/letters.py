"""Letters about the steps of a recommendation: to Missing Children Europe and the lead, or to the hotline.

Issued recommendations are in the letter of the decision.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.models import Recommendation, User
from evaluation.workflow import MoveMade
from portal.letters.declaration import PAGE, THEIR_WORDS, Letter, declare_letters, names_of
from portal.letters.outbox import Values, address_of
from portal.letters.recipients import mce_and_lead, people_of


def _values(made: MoveMade) -> Values:
    recommendation = made.thing
    return {
        **names_of(recommendation.evaluation),
        "title": recommendation.title,
        "code": recommendation.code,
        "note": made.note.strip(),
        "page": address_of(reverse("workspace:recommendation", args=[recommendation.uid])),
    }


def _hotline(made: MoveMade) -> list[User]:
    return people_of(made.thing.evaluation.hotline)


def _mce_and_lead(made: MoveMade) -> list[User]:
    return mce_and_lead(made.thing.evaluation)


declare_letters(
    "recommendations",
    Letter(
        name="recommendation_contest",
        moves=("contest",),
        to=_mce_and_lead,
        subject=_("%(hotline)s contests a recommendation"),
        body=(
            _(
                "The hotline of %(hotline)s contests the recommendation “%(title)s” (%(code)s). Insist on it or "
                "take it back, saying why."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="recommendation_insist",
        moves=("insist",),
        to=_hotline,
        subject=_("%(hotline)s: a recommendation stands"),
        body=(
            _(
                "Missing Children Europe answered you about the recommendation “%(title)s” (%(code)s): it stands. "
                "You can accept it, or contest it again."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="recommendation_withdraw",
        moves=("withdraw",),
        to=_hotline,
        subject=_("%(hotline)s: a recommendation is taken back"),
        body=(
            _(
                "Missing Children Europe took the recommendation “%(title)s” (%(code)s) back. Nothing is left to "
                "do on it."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="recommendation_submit_evidence",
        moves=("submit_evidence",),
        to=_mce_and_lead,
        subject=_("%(hotline)s shows what it did"),
        body=(
            _(
                "The hotline of %(hotline)s submitted evidence on the recommendation “%(title)s” (%(code)s). "
                "Verify it, or say what is still missing."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="recommendation_verify",
        moves=("verify",),
        to=_hotline,
        subject=_("%(hotline)s: a recommendation is verified"),
        body=(
            _("The evidence on the recommendation “%(title)s” (%(code)s) was looked at. What was asked for is there."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="recommendation_refuse",
        moves=("refuse",),
        to=_hotline,
        subject=_("%(hotline)s: something is still missing"),
        body=(
            _("The evidence on the recommendation “%(title)s” (%(code)s) was looked at. Something is still missing."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    machine=Recommendation,
    values=_values,
)
