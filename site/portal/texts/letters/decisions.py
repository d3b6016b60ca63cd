"""Letters about a decision, its appeal and its correction."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, THEIR_REASONS, THEIR_WORDS, Letter, texts_of

TEXTS = texts_of(
    "decisions",
    Letter(
        "decide",
        _("%(hotline)s: the panel has decided"),
        (
            _(
                "The panel has decided about %(hotline)s in the round %(round)s. The decision and its reasons are "
                "in your workspace; the report follows."
            ),
            "{recommendations}",
            _("You can appeal against the decision until the end of %(day)s, %(zone)s time."),
            PAGE,
        ),
        optional=frozenset(("recommendations",)),
    ),
    Letter(
        "defer",
        _("%(hotline)s: the decision is deferred"),
        (
            _(
                "The panel has deferred its decision about %(hotline)s in the round %(round)s, because something "
                "is missing. Its reasons are in your workspace. What is missing must be handed in by %(day)s, "
                "23:59 %(zone)s time."
            ),
            PAGE,
        ),
    ),
    Letter(
        "publish",
        _("%(hotline)s: the outcome is public"),
        (
            _(
                "The outcome of %(hotline)s in the round %(round)s is in the public register now, and the report "
                "is in your workspace."
            ),
            PAGE,
        ),
    ),
    Letter(
        "resume",
        _("%(hotline)s: hand in what was missing"),
        (
            _(
                "The evaluation of %(hotline)s in the round %(round)s is taken up again. Everything you wrote is "
                "there; complete what is named below and submit again."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "follow_up",
        _("%(hotline)s: a follow-up visit is planned"),
        (
            _(
                "Missing Children Europe plans a follow-up visit of %(hotline)s in the round %(round)s. The accreditation "
                "stays as it is meanwhile, with its conditions and recommendations."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "end_follow_up",
        _("%(hotline)s: the follow-up is over"),
        (
            _(
                "The follow-up visit of %(hotline)s in the round %(round)s has ended without a new decision. The "
                "accreditation stays as it is."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "appeal_lodge",
        _("%(hotline)s: an appeal is lodged"),
        (
            _(
                "%(hotline)s contests the panel’s decision in the round %(round)s. Members of the panel who had no "
                "part in the decision hear the appeal. Nothing is published about it."
            ),
            PAGE,
        ),
    ),
    Letter(
        "appeal_hear",
        _("An appeal of %(hotline)s is to be heard"),
        (
            _(
                "%(hotline)s contests the panel’s decision in the round %(round)s. You had no part in that "
                "decision: declare whether anything ties you to the hotline, read the grounds, and vote."
            ),
            PAGE,
        ),
    ),
    Letter(
        "appeal_uphold",
        _("%(hotline)s: the appeal is upheld"),
        (
            _(
                "The appeal of %(hotline)s in the round %(round)s is upheld. A new decision takes the place of the "
                "contested one. The report is printed anew; until the new decision is published, what is public "
                "stays as it is."
            ),
            THEIR_REASONS,
            PAGE,
        ),
    ),
    Letter(
        "appeal_dismiss",
        _("%(hotline)s: the appeal is dismissed"),
        (
            _("The appeal of %(hotline)s in the round %(round)s is dismissed. The decision stands."),
            THEIR_REASONS,
            PAGE,
        ),
    ),
    Letter(
        "appeal_withdraw",
        _("%(hotline)s: the appeal is withdrawn"),
        (
            _("%(hotline)s has withdrawn its appeal in the round %(round)s. The decision stands."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "correction_propose",
        _("%(hotline)s: a correction waits for a second member"),
        (
            _(
                "A member of the panel proposes to correct the decision about %(hotline)s in the round %(round)s. "
                "A second member confirms it or drops it."
            ),
            THEIR_REASONS,
            PAGE,
        ),
    ),
    Letter(
        "correction_confirm",
        _("%(hotline)s: the decision is corrected"),
        (
            _(
                "The panel has corrected its decision about %(hotline)s in the round %(round)s. The new decision "
                "takes the place of the former one; the report is printed anew. The hotline may contest it until "
                "%(day)s, 23:59 %(zone)s time."
            ),
            THEIR_REASONS,
            PAGE,
        ),
    ),
)
