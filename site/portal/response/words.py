"""The texts of reasons against a response of the hotline, and against the answers of the assessors."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from evaluation.models.reasons import Reason
from portal.presentation.reasons import Address, declare_reasons


def _time_to_respond(reason: Reason) -> tuple[str, str]:
    if reason.day is None:
        return gettext("The hotline has not been asked yet"), ""
    day = date_format(reason.day)
    return gettext("The hotline has until the end of %(day)s to respond") % {"day": day}, ""


def _first_remark(page: str) -> Address:
    return lambda reason, evaluation: f"{reverse(f'workspace:{page}', args=[evaluation.uid])}#r{reason.codes[0]}"


declare_reasons(
    {
        "remarks_unanswered": (
            ngettext_lazy(
                "The assessors have not answered %(count)d remark of the hotline yet",
                "The assessors have not answered %(count)d remarks of the hotline yet",
                "count",
            ),
            _("The panel reads and votes when it has their answers."),
        ),
        "no_answer_awaited": (
            _("No answer to the hotline is awaited"),
            _("It contests nothing, or the panel has the answers already."),
        ),
        "time_to_respond": _time_to_respond,
        "no_response": (_("The hotline has not given its response"), ""),
        "empty_response": (
            _("Nothing is said yet"),
            _("Contest findings or accept them, or tick that you accept all that you do not contest."),
        ),
    }
)

declare_reasons(
    {
        "remarks_without_reply": (
            ngettext_lazy(
                "%(count)d remark of the hotline has no answer",
                "%(count)d remarks of the hotline have no answer",
                "count",
            ),
            _("Answer each of them, then hand the answers to the panel: %(codes)s."),
        ),
        "replies_of_tied_authors": (
            ngettext_lazy(
                "%(count)d answer is by somebody who has a stake in the hotline now, or decides on it",
                "%(count)d answers are by somebody who has a stake in the hotline now, or decides on it",
                "count",
            ),
            _("Somebody else looks at it, and saves it as their own or changes it: %(codes)s."),
        ),
    },
    address=_first_remark("replies"),
)

declare_reasons(
    {
        "contested_without_words": (
            ngettext_lazy(
                "%(count)d finding has evidence against it and no words",
                "%(count)d findings have evidence against them and no words",
                "count",
            ),
            _("Say what is wrong, or remove the evidence: %(codes)s."),
        ),
    },
    address=_first_remark("response"),
)
