"""The texts of reasons why an earlier answer is not offered again."""

from django.utils.translation import gettext as _

from evaluation.answers.carrying import NotCarried


def describe_not_carried(reason: NotCarried) -> str:
    return {
        NotCarried.NEW: _("The Guide asks this for the first time."),
        NotCarried.REMOVED: _("The Guide does not ask this any more."),
        NotCarried.KIND: _("It is answered in another way now."),
        NotCarried.SCALE: _("The scale has other levels now."),
        NotCarried.ASKED_ANEW: _("It means something else now."),
        NotCarried.OPEN: _("The Guide changed it, and it is not confirmed that an earlier answer still fits."),
        NotCarried.REJECTED: _("The Guide changed it, and an earlier answer does not fit any more."),
        NotCarried.DIFFERENT: _("It takes the place of several indicators, and they were not all answered alike."),
        NotCarried.NOT_APPLICABLE: _("It may not be “not applicable” any more."),
        NotCarried.UNANSWERED: _("It had no answer last time."),
        NotCarried.NOT_ASKED: _("It is not asked in this round yet."),
    }[reason]
