"""Letters about a decision, its appeal and its correction."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import (
    APPEAL,
    APPEAL_HERE,
    DECISION,
    IN_WORKSPACE,
    NOTE,
    OF_DECISION,
    OUTCOME,
    PAGE,
    SUBMIT_BY,
    THE_REASONS,
    THEIR_REASONS,
    THEIR_WORDS,
    VALID_UNTIL,
    Letter,
    texts_of,
)

TEXTS = texts_of(
    "decisions",
    Letter(
        "decide",
        _("%(hotline)s: the panel has decided"),
        (
            _("The panel has decided about %(hotline)s in the round %(round)s. The report follows."),
            *DECISION,
            "{recommendations}",
            APPEAL,
            APPEAL_HERE,
            IN_WORKSPACE,
        ),
        optional=OF_DECISION | {"recommendations"},
    ),
    Letter(
        "defer",
        _("%(hotline)s: the decision is deferred"),
        (
            _(
                "The panel has deferred its decision about %(hotline)s in the round %(round)s, because something "
                "is missing."
            ),
            OUTCOME,
            THE_REASONS,
            _(
                "What is missing must be handed in by the end of %(date)s. Missing Children Europe takes the evaluation up "
                "again for that, and writes to the hotline then."
            ),
            APPEAL,
            APPEAL_HERE,
            IN_WORKSPACE,
        ),
        optional=OF_DECISION,
    ),
    Letter(
        "publish",
        _("%(hotline)s: the outcome is public"),
        (
            _(
                "The outcome of %(hotline)s in the round %(round)s is in the public register now, and the report "
                "is in the workspace."
            ),
            OUTCOME,
            VALID_UNTIL,
            (_("Its public page:"), "\n{public}"),
            IN_WORKSPACE,
        ),
        optional=frozenset(("until",)),
    ),
    Letter(
        "resume",
        _("%(hotline)s: hand in what was missing"),
        (
            _(
                "The evaluation of %(hotline)s in the round %(round)s is taken up again. Everything you wrote is "
                "there; complete what is named below and submit again."
            ),
            SUBMIT_BY,
            THEIR_WORDS,
            PAGE,
        ),
        optional=NOTE | {"day"},
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
                "stays as it is. No further appeal is possible."
            ),
            *DECISION,
            PAGE,
        ),
        optional=OF_DECISION,
    ),
    Letter(
        "appeal_dismiss",
        _("%(hotline)s: the appeal is dismissed"),
        (
            _(
                "The appeal of %(hotline)s in the round %(round)s is dismissed. The decision stands, and no further appeal "
                "is possible."
            ),
            OUTCOME,
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
                "takes the place of the former one; the report is printed anew."
            ),
            *DECISION,
            APPEAL,
            APPEAL_HERE,
            IN_WORKSPACE,
        ),
        optional=OF_DECISION,
    ),
)
