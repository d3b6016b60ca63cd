"""The texts of reasons against submitting a self-assessment, sending it back, or counting its corrected figures."""

from django.urls import reverse
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from evaluation.answers.carrying import NotCarried
from evaluation.models import Evaluation
from evaluation.models.reasons import Reason
from portal.presentation.reasons import declare_reasons, list_codes


def _unanswered(reason: Reason) -> tuple[str, str]:
    what = ngettext("%(count)d indicator has no answer", "%(count)d indicators have no answer", reason.count)
    if not reason.highest_count:
        return what % {"count": reason.count}, ""
    why = ngettext(
        "The Guide insists most on %(count)d of them. Without an answer it counts as missing at the decision.",
        "The Guide insists most on %(count)d of them. Without an answer they count as missing at the decision.",
        reason.highest_count,
    )
    return what % {"count": reason.count}, why % {"count": reason.highest_count}


def _figures_missing(reason: Reason) -> tuple[str, str]:
    what = ngettext(
        "%(count)d indicator is filled from figures and has none",
        "%(count)d indicators are filled from figures and have none",
        reason.count,
    ) % {"count": reason.count}
    why = gettext("Send in the figures, or say in the declaration why they are missing: %(codes)s.") % {
        "codes": list_codes(reason.codes)
    }
    if not reason.highest_count:
        return what, why
    insists = ngettext(
        "The Guide insists most on %(count)d of them.",
        "The Guide insists most on %(count)d of them.",
        reason.highest_count,
    ) % {"count": reason.highest_count}
    return what, f"{insists} {why}"


def _page_of_figures(_reason: Reason, evaluation: Evaluation) -> str:
    return reverse("workspace:hotline_figures", args=[evaluation.hotline.country])


declare_reasons(
    {
        "nothing_sent_back": (_("No indicator is chosen"), _("Write the reason at each indicator that is sent back.")),
        "no_answer_is_fixed": (
            _("Every answer can be changed already"),
            _("The self-assessment is with the hotline as a whole."),
        ),
        "not_signed": (_("The declaration is not signed"), _("Read it, tick the box below it, and submit again.")),
        "answers_changed": (
            _("Answers were changed while you read"),
            _("What is declared now stands on this page. Read it again, then tick the box."),
        ),
        "corrections_changed": (
            _("The corrections changed since you opened the page"),
            _("Read them as they are now, then count them."),
        ),
        "no_corrections": (
            _("No figure was corrected since the submission"),
            _("A correction is shown here once Missing Children Europe accepted its file."),
        ),
        "traits_not_stated": (
            _("Nobody has said yet which traits the hotline has"),
            _("Missing Children Europe does this: it decides what is asked of the hotline."),
        ),
    }
)

declare_reasons(
    {
        "figures_missing": _figures_missing,
    },
    places="answers",
    address=_page_of_figures,
)

declare_reasons(
    {
        "unanswered": _unanswered,
        "exception_without_reason": (
            ngettext_lazy(
                "%(count)d “not applicable” has no reason", "%(count)d “not applicable” have no reason", "count"
            ),
            "",
        ),
        "yes_without_evidence": (
            ngettext_lazy("%(count)d yes has no evidence", "%(count)d yes answers have no evidence", "count"),
            _("Where the Guide asks for evidence, a “yes” needs at least one document or address: %(codes)s."),
        ),
        "unchanged_since_sent_back": (
            ngettext_lazy(
                "%(count)d indicator that was sent back is unchanged",
                "%(count)d indicators that were sent back are unchanged",
                "count",
            ),
            _("Change the answer or its evidence, or reply to the reviewers why it stays: %(codes)s."),
        ),
        "not_returnable": (
            ngettext_lazy(
                "%(count)d indicator cannot be sent back", "%(count)d indicators cannot be sent back", "count"
            ),
            _("The hotline does not answer it, or it is not asked any more: %(codes)s."),
        ),
        "carried_over": (
            ngettext_lazy(
                "%(count)d answer from last time has not been looked at again",
                "%(count)d answers from last time have not been looked at again",
                "count",
            ),
            _("Say that it is still true, or change it: %(codes)s."),
        ),
    },
    places="answers",
)


def describe_not_carried(reason: NotCarried) -> str:
    return {
        NotCarried.NEW: gettext("The Guide asks this for the first time."),
        NotCarried.REMOVED: gettext("The Guide does not ask this any more."),
        NotCarried.KIND: gettext("It is answered in another way now."),
        NotCarried.SCALE: gettext("The scale has other levels now."),
        NotCarried.ASKED_ANEW: gettext("It means something else now."),
        NotCarried.OPEN: gettext("The Guide changed it, and it is not confirmed that an earlier answer still fits."),
        NotCarried.REJECTED: gettext("The Guide changed it, and an earlier answer does not fit any more."),
        NotCarried.DIFFERENT: gettext(
            "It takes the place of several indicators, and they were not all answered alike."
        ),
        NotCarried.NOT_APPLICABLE: gettext("It may not be “not applicable” any more."),
        NotCarried.UNANSWERED: gettext("It had no answer last time."),
        NotCarried.NOT_ASKED: gettext("It is not asked in this round yet."),
    }[reason]
