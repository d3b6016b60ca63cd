"""The next steps of a hotline's user in an open self-assessment, and what each of its people has left."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.discussions.assignments import Share, share_of
from evaluation.models import Evaluation, Membership, User
from portal.answers.sharing import Sharing
from portal.presentation.reasons import places_by_standard
from standards.framework import Indicator
from standards.models import Texts
from standards.presentation.marking import marked


def answering_acts(
    evaluation: Evaluation,
    sharing: Sharing | None,
    unanswered: list[Indicator],
    sent_back: Collection[str],
    texts: Texts,
) -> list[dict[str, Any]]:
    """Return lines for the list “What next” of an open self-assessment: the user's own indicators come first.

    `sent_back` are the indicators that were sent back with a question. Returns nothing without `sharing`, for users who
    do not answer.
    """
    if sharing is None:
        return []
    returned = _returned(evaluation, sent_back, texts)
    if not unanswered:
        return returned
    codes = [indicator.code for indicator in unanswered]
    share = share_of(sharing.user, evaluation.framework, sharing.assignments, codes)
    return [*returned, _go_on(evaluation, share, codes), *_own(evaluation, share, texts)]


def _returned(evaluation: Evaluation, sent_back: Collection[str], texts: Texts) -> list[dict[str, Any]]:
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
        {
            "what": words % {"count": len(codes)},
            "url": standards[0].url,
            "act": _("Open the first"),
            "act_url": standards[0].places[0][1],
            "count": len(codes),
            "standards": standards,
            "icon": "back",
            "kind": "stop",
            "is_folded": True,
        }
    ]


def _go_on(evaluation: Evaluation, share: Share, unanswered: list[str]) -> dict[str, Any]:
    code = share.codes[0] if share.codes else unanswered[0]
    standard = evaluation.framework.standard_of[code].code
    return {
        "what": _("Go on with %(code)s") % {"code": code},
        "why": _("The first of yours that has no answer yet.")
        if share.codes
        else _("The first indicator that has no answer yet."),
        "url": f"{reverse('workspace:answers', args=[evaluation.uid, standard])}#i{code}",
        "act": _("Go on"),
        "icon": "edit",
        "kind": "info",
    }


def _own(evaluation: Evaluation, share: Share, texts: Texts) -> list[dict[str, Any]]:
    if not share.codes:
        return []
    count = len(share.codes)
    words = ngettext("Yours: %(n)s indicator left", "Yours: %(n)s indicators left", count)
    highest_obligation = texts[f"obligation/{evaluation.framework.rule.highest_obligation.code}"]
    return [
        {
            "what": words % {"n": count},
            "why": format_html(
                _("{obligation}: {count}"), obligation=marked(highest_obligation), count=share.highest_count
            ),
            "url": f"{reverse('workspace:indicators', args=[evaluation.uid])}?show=unanswered&show=mine",
            "icon": "people",
            "kind": "info",
        }
    ]


@dataclass(frozen=True, slots=True)
class Left:
    """How many indicators a member has left; `url` leads to the list of them and is empty for other users."""

    person: User
    role: str
    count: int
    url: str


def count_left(
    sharing: Sharing, memberships: Iterable[Membership], unanswered: list[Indicator]
) -> tuple[list[Left], int]:
    """Return how many indicators each member has left, and how many unanswered ones are assigned to nobody."""
    codes = [indicator.code for indicator in unanswered]
    having = Counter(sharing.assignments[code].to_id for code in codes if code in sharing.assignments)
    page = reverse("workspace:indicators", args=[sharing.evaluation.uid])
    people = [
        Left(
            person=membership.user,
            role=membership.get_role_display(),
            count=having[membership.user_id],
            url=f"{page}?show=unanswered&show=mine" if membership.user_id == sharing.user.pk else "",
        )
        for membership in memberships
    ]
    return people, len(codes) - sum(having.values())
