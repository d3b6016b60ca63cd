"""Letters about an accreditation, its conditions and its dates."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import NOTE, PAGE, THE_GROUNDS, THEIR_REASONS, THEIR_WORDS, Letter, texts_of

CONDITION = (_("The condition:"), "\n{condition}")
_EXAMPLES = {"condition": "4.1.2", "days": 30, "outcome": _("Accredited")}


def _letter(name: str, subject: object, *body: object, optional: frozenset[str] = NOTE) -> Letter:
    return Letter(name, subject, body, optional, examples=_EXAMPLES)  # type: ignore[arg-type] # pieces of `Letter`


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
    _letter(
        "withdrawal/propose",
        _("%(hotline)s: the withdrawal of the accreditation is proposed"),
        _(
            "A coordinator of Missing Children Europe proposes to withdraw the accreditation of %(hotline)s for good. It "
            "can be confirmed from %(date)s on; until then nothing changes, and nothing is public."
        ),
        THE_GROUNDS,
        _("The hotline can give its statement until %(day)s, 23:59 (time zone %(zone)s). Write it on this page:"),
        PAGE,
    ),
    _letter(
        "withdrawal/answer",
        _("%(hotline)s: a statement on the proposed withdrawal"),
        _(
            "%(hotline)s has given its statement on the proposed withdrawal. A second coordinator can confirm the "
            "withdrawal from %(date)s on, or drop it."
        ),
        THEIR_WORDS,
        PAGE,
    ),
    _letter(
        "withdrawal/confirm",
        _("%(hotline)s: the accreditation is withdrawn"),
        _(
            "Missing Children Europe has withdrawn the accreditation of %(hotline)s. The register says from today that the "
            "hotline has no current accreditation; the grounds are not published. A new round can bring another one."
        ),
        THE_GROUNDS,
        _("The statement of the hotline was received on %(date)s and read before."),
        _(
            "The hotline can appeal against the withdrawal, once, until %(day)s, 23:59 (time zone %(zone)s). Members of "
            "the panel hear the appeal. Appeal on this page:"
        ),
        PAGE,
        optional=frozenset(("date",)),
    ),
    _letter(
        "withdrawal/drop",
        _("%(hotline)s: the accreditation is not withdrawn"),
        _("The proposed withdrawal of the accreditation of %(hotline)s is dropped. The accreditation stays as it is."),
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "withdrawal/lodge",
        _("%(hotline)s: an appeal against the withdrawal is lodged"),
        _("%(hotline)s contests the withdrawal of its accreditation. Members of the panel hear the appeal."),
        PAGE,
    ),
    _letter(
        "withdrawal/hear",
        _("An appeal of %(hotline)s is to be heard"),
        _(
            "%(hotline)s contests the withdrawal of its accreditation. Declare whether anything ties you to the hotline, "
            "read the ground and the statement, and vote."
        ),
        PAGE,
    ),
    _letter(
        "withdrawal/uphold",
        _("%(hotline)s: the accreditation is reinstated"),
        _(
            "The appeal of %(hotline)s against the withdrawal of its accreditation is upheld. The accreditation is as it "
            "was before the withdrawal."
        ),
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "withdrawal/dismiss",
        _("%(hotline)s: the accreditation stays withdrawn"),
        _(
            "The appeal of %(hotline)s against the withdrawal of its accreditation is dismissed. No further appeal is "
            "possible. A new round can bring another accreditation."
        ),
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "withdrawal/withdraw",
        _("%(hotline)s: the appeal is withdrawn"),
        _("%(hotline)s has withdrawn its appeal against the withdrawal of its accreditation. The withdrawal stands."),
        THEIR_WORDS,
        PAGE,
    ),
    _letter(
        "date_hearing",
        _("%(hotline)s: the time to be heard ends on %(day)s"),
        _(
            "The withdrawal of the accreditation of %(hotline)s is proposed. The hotline can give its statement until "
            "%(day)s, 23:59 (time zone %(zone)s)."
        ),
        PAGE,
    ),
    _letter(
        "date_withdrawal",
        _("%(hotline)s: the withdrawal can be confirmed"),
        _(
            "The withdrawal of the accreditation of %(hotline)s is proposed, and since %(day)s it can be confirmed. A "
            "second coordinator confirms it or drops it."
        ),
        PAGE,
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
        "date_plan",
        _("%(hotline)s: the plan is overdue"),
        (
            _(
                "Recommendations in the plan of %(hotline)s are overdue, the first since %(day)s. Send evidence of what "
                "is done, or write to Missing Children Europe if something stands in the way."
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
    _letter(
        "condition/send",
        _("%(hotline)s: evidence for a condition"),
        _("%(hotline)s sent evidence that a condition of the panel is met. Check it and record what you see."),
        CONDITION,
        THEIR_WORDS,
        PAGE,
    ),
    _letter(
        "condition/send_back",
        _("%(hotline)s: the evidence for a condition is sent back"),
        _("The evidence is not complete. Add what is missing and send it by %(day)s."),
        CONDITION,
        THEIR_WORDS,
        PAGE,
    ),
    _letter(
        "condition/record_check",
        _("%(hotline)s: the panel rules on a condition"),
        _("A condition of %(hotline)s was checked. A member of the panel rules whether it is met."),
        CONDITION,
        THEIR_WORDS,
        PAGE,
    ),
    _letter(
        "condition/meet",
        _("%(hotline)s: a condition is met"),
        _("The panel ruled that a condition of %(hotline)s is met."),
        CONDITION,
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "condition/meet_last",
        _("%(hotline)s: all conditions are met"),
        _(
            "All conditions of %(hotline)s are met. The outcome is now “%(outcome)s”, until %(day)s as before. The "
            "register shows it once Missing Children Europe publishes it."
        ),
        CONDITION,
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "condition/fail",
        _("%(hotline)s: a condition is not met"),
        _(
            "The panel ruled that a condition of %(hotline)s is not met. The panel may extend it or decide anew. The "
            "hotline can still send evidence until then."
        ),
        CONDITION,
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "condition/extend",
        _("%(hotline)s: the last day of a condition is now %(day)s"),
        _("The panel moved the last day of a condition of %(hotline)s to %(day)s."),
        CONDITION,
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "reconsider",
        _("%(hotline)s: the panel decides anew"),
        _("The panel takes its decision about %(hotline)s up again and votes anew. Until then the outcome stays."),
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "keep_decision",
        _("%(hotline)s: the decision stays as it is"),
        _("The panel leaves its decision about %(hotline)s as it is. It may still extend the unmet condition."),
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "date_condition",
        _("%(hotline)s: a condition is due on %(day)s"),
        _(
            "Evidence for a condition of %(hotline)s can be sent until %(day)s, 23:59 %(zone)s time. Days left: "
            "%(days)s."
        ),
        CONDITION,
        PAGE,
    ),
    _letter(
        "date_condition_late",
        _("%(hotline)s: a condition is overdue"),
        _(
            "No evidence came by %(day)s for a condition of %(hotline)s. The panel extends it or decides anew. The "
            "hotline can still send evidence until then."
        ),
        CONDITION,
        PAGE,
    ),
)
