"""Letters about a study visit."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, Letter, texts_of

DAYS_AND_TEAM = ("{days}\n", _("Lead assessor: %(lead)s. Team: %(team)s."))

TEXTS = texts_of(
    "visits",
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
