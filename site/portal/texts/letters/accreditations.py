"""Letters about an accreditation and its dates."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, THE_GROUNDS, THEIR_WORDS, Letter, texts_of

TEXTS = texts_of(
    "accreditations",
    Letter(
        "accreditation_suspend",
        _("%(hotline)s: the accreditation is suspended"),
        (
            _(
                "Missing Children Europe has suspended the accreditation of %(hotline)s. The register says so from "
                "today; the grounds are not published."
            ),
            THE_GROUNDS,
            PAGE,
        ),
    ),
    Letter(
        "accreditation_reinstate",
        _("%(hotline)s: the accreditation is reinstated"),
        (
            _("Missing Children Europe has reinstated the accreditation of %(hotline)s. It holds until %(day)s."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "accreditation_withdraw",
        _("%(hotline)s: the accreditation is withdrawn"),
        (
            _(
                "Missing Children Europe has withdrawn the accreditation of %(hotline)s. The register says from "
                "today that the hotline has no current accreditation; the grounds are not published. A new round "
                "can bring another one."
            ),
            THE_GROUNDS,
            PAGE,
        ),
    ),
    Letter(
        "accreditation_give_up",
        _("%(hotline)s: the accreditation is given up"),
        (
            _(
                "%(hotline)s has given its accreditation up. The register says from today that it has no current "
                "accreditation."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "accreditation_check_midterm",
        _("%(hotline)s: the mid-term check is made"),
        (
            _("Missing Children Europe has made the mid-term check of the accreditation of %(hotline)s."),
            (_("What was seen:"), "\n{note}"),
            PAGE,
        ),
    ),
    Letter(
        "accreditation_take_back_expiry",
        _("%(hotline)s: the accreditation has not ended"),
        (
            _(
                "By an error the accreditation of %(hotline)s was recorded as ended. Missing Children Europe has "
                "taken that back. It holds until %(day)s."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "accreditation_take_back_expiry_suspended",
        _("%(hotline)s: the accreditation has not ended"),
        (
            _(
                "By an error the accreditation of %(hotline)s was recorded as ended. Missing Children Europe has "
                "taken that back. It is suspended, as before."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "date_respond",
        _("%(hotline)s: the time to respond ends on %(day)s"),
        (
            _(
                "%(hotline)s can respond to the draft of the round %(round)s until %(day)s, 23:59 (time zone %(zone)s). Say "
                "where the facts are wrong, or that you have nothing to add. After that the panel may decide without your "
                "word."
            ),
            PAGE,
        ),
    ),
    Letter(
        "date_response",
        _("%(hotline)s: the response is overdue"),
        (
            _(
                "%(hotline)s could respond to the draft report until %(day)s. Missing Children Europe may go on to "
                "the panel without a response now."
            ),
            PAGE,
        ),
    ),
    Letter(
        "date_deferral",
        _("%(hotline)s: the time to hand in what is missing is over"),
        (
            _(
                "The panel deferred its decision about %(hotline)s. What is missing had to be handed in by "
                "%(day)s. Missing Children Europe takes the evaluation up again, or opens a new one."
            ),
            PAGE,
        ),
    ),
    Letter(
        "date_midterm",
        _("%(hotline)s: the mid-term check is due"),
        (
            _(
                "The mid-term check of the accreditation of %(hotline)s has been due since %(day)s: Missing "
                "Children Europe looks at what has become of the recommendations."
            ),
            PAGE,
        ),
    ),
    Letter(
        "date_ends",
        _("%(hotline)s: the accreditation ends on %(day)s"),
        (
            _(
                "The accreditation of %(hotline)s ends on %(day)s. For a renewal Missing Children Europe takes the "
                "hotline into a round; its self-assessment then starts from its last answers."
            ),
            PAGE,
        ),
    ),
    Letter(
        "date_ended",
        _("%(hotline)s: the accreditation has ended"),
        (
            _(
                "The accreditation of %(hotline)s ended on %(day)s. The register says so. A new round can bring "
                "another one."
            ),
            PAGE,
        ),
    ),
)
