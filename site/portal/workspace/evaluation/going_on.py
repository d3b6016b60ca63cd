"""Where somebody of the hotline goes on answering: the next open indicator, and what is left of their own."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.models import Evaluation
from evaluation.teamwork.assignments import Share, share_of
from portal.workspace.assessment.sharing import Sharing
from standards.framework import Indicator
from standards.models import Texts
from standards.presentation.marking import marked


def answering_acts(
    evaluation: Evaluation, sharing: Sharing | None, unanswered: list[Indicator], texts: Texts
) -> list[dict[str, Any]]:
    """Return lines for the list “What next” of an open self-assessment: the reader's own indicators come first.

    None where nothing is left, and for whoever does not answer, who has no `sharing`.
    """
    if sharing is None or not unanswered:
        return []
    codes = [indicator.code for indicator in unanswered]
    share = share_of(sharing.user, evaluation.framework, sharing.assignments, codes)
    return [_go_on(evaluation, share, codes), *_own(evaluation, share, texts)]


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
        "is_main": True,
        "icon": "edit",
        "kind": "info",
    }


def _own(evaluation: Evaluation, share: Share, texts: Texts) -> list[dict[str, Any]]:
    if not share.codes:
        return []
    count = len(share.codes)
    words = ngettext("Yours: %(n)s indicator left", "Yours: %(n)s indicators left", count)
    foremost = texts[f"obligation/{evaluation.framework.rule.foremost.code}"]
    return [
        {
            "what": words % {"n": count},
            "why": format_html(_("{obligation}: {count}"), obligation=marked(foremost), count=share.foremost),
            "url": f"{reverse('workspace:indicators', args=[evaluation.uid])}?show=unanswered&show=mine",
            "icon": "people",
            "kind": "info",
        }
    ]
