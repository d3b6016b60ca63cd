"""Letters about a study visit."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import CALENDAR, NOTE, PAGE, THEIR_REASONS, THEIR_WORDS, Letter, texts_of

THE_TEAM = _("Lead assessor: %(lead)s. Team: %(team)s.")
DAYS_AND_TEAM = ("{days}\n", THE_TEAM)
ADDRESSES = NOTE | {"page", "calendar"}
"""Placeholders without a value for users who may no longer see the visit; `calendar` also for one without days."""

TEXTS = texts_of(
    "visits",
    Letter(
        "visit_asked",
        _("%(hotline)s: you are proposed for the study visit"),
        (
            _(
                "You are proposed for the team of the study visit at %(hotline)s in the round %(round)s. Declare on its "
                "page whether something ties you to this hotline. The visit goes on when everybody on the team has "
                "declared."
            ),
            THE_TEAM,
            PAGE,
        ),
    ),
    Letter(
        "visit_proposed",
        _("%(hotline)s: a study visit is proposed"),
        (
            _(
                "A study visit at %(hotline)s is proposed for the round %(round)s. Its days are agreed on with you: "
                "accept days that are suggested, or suggest others, on its page."
            ),
            THE_TEAM,
            PAGE,
        ),
    ),
    Letter(
        "visit_days",
        _("%(hotline)s: days are suggested for the study visit"),
        (
            _(
                "%(by)s suggests these days for the study visit at %(hotline)s in the round %(round)s. Accept some of "
                "them, or suggest others, on the page of the visit."
            ),
            "{days}",
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "visit_put_off",
        _("%(hotline)s: the study visit is put off"),
        (
            _(
                "%(by)s has put off the study visit at %(hotline)s in the round %(round)s. You need not keep the days; "
                "both sides agree on others on its page."
            ),
            THEIR_REASONS,
            PAGE,
            CALENDAR,
        ),
        optional=ADDRESSES,
    ),
    Letter(
        "visit_cancelled",
        _("%(hotline)s: the study visit is cancelled"),
        (
            _("The study visit at %(hotline)s in the round %(round)s is cancelled. You need not keep the days."),
            THEIR_REASONS,
            PAGE,
            CALENDAR,
        ),
        optional=ADDRESSES,
    ),
    Letter(
        "visit_stake",
        _("%(hotline)s: somebody on the team has declared a stake"),
        (
            _(
                "%(name)s is on the team of the study visit at %(hotline)s in the round %(round)s and has declared a "
                "stake in the hotline. The visit goes on when the team is changed."
            ),
            PAGE,
        ),
    ),
    Letter(
        "visit_team",
        _("%(hotline)s: the days of your study visit"),
        (
            _(
                "You are on the team of the study visit at %(hotline)s in the round %(round)s. It is arranged as "
                "follows; this letter takes the place of earlier ones."
            ),
            DAYS_AND_TEAM,
            PAGE,
            CALENDAR,
        ),
    ),
    Letter(
        "visit_hotline",
        _("%(hotline)s: the days of the study visit"),
        (
            _(
                "A team visits %(hotline)s in the round %(round)s. The visit is arranged as follows; this letter "
                "takes the place of earlier ones."
            ),
            DAYS_AND_TEAM,
            PAGE,
            CALENDAR,
        ),
    ),
    Letter(
        "visit_agenda",
        _("%(hotline)s: the agenda of the study visit"),
        (
            _(
                "This is the agenda of the study visit at %(hotline)s in the round %(round)s; it takes the place of "
                "earlier ones. Times are local times at the hotline."
            ),
            "{agenda}",
            PAGE,
            CALENDAR,
        ),
    ),
    Letter(
        "desk_questions",
        _("%(hotline)s: questions before the study visit"),
        (
            _(
                "The team of the study visit at %(hotline)s in the round %(round)s has read your self-assessment and "
                "has questions. How many: %(number)s. Answer them before the visit begins, with evidence if there is any."
            ),
            PAGE,
        ),
    ),
    Letter(
        "desk_answers",
        _("%(hotline)s: your questions are answered"),
        (
            _(
                "Every question that the team of the study visit at %(hotline)s in the round %(round)s has sent is "
                "answered. Read the answers in the desk review."
            ),
            PAGE,
        ),
    ),
    Letter(
        "visit_left",
        _("%(hotline)s: you are no longer on the team"),
        (
            _(
                "You are no longer on the team of the study visit at %(hotline)s in the round %(round)s. You need "
                "not keep the days."
            ),
        ),
    ),
)
