"""The texts of the moves of appeals, corrections and conditions, and of reasons against what the panel does."""

from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from evaluation.models import Appeal, Correction, Fulfilment
from evaluation.models.reasons import Reason
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons
from portal.presentation.scorecard.decisions import describe_days, describe_thin_reasons

declare_moves(
    Appeal,
    {
        "lodge": MoveWords(pgettext_lazy("appeal", "Lodge"), _("Appeal lodged")),
        "withdraw": MoveWords(
            _("Withdraw the appeal"),
            _("Appeal withdrawn"),
            _("Why do you withdraw it?"),
            means=_("Withdraw the appeal: the decision stands as it is."),
        ),
        "uphold": MoveWords(pgettext_lazy("appeal", "Uphold"), _("Appeal upheld")),
        "dismiss": MoveWords(pgettext_lazy("appeal", "Dismiss"), _("Appeal dismissed")),
    },
)

declare_moves(
    Correction,
    {
        "propose": MoveWords(pgettext_lazy("correction", "Propose"), _("Correction proposed")),
        "confirm": MoveWords(pgettext_lazy("correction", "Confirm"), _("Correction confirmed")),
        "drop": MoveWords(
            _("Drop the correction"),
            _("Correction dropped"),
            _("Why is it dropped?"),
            means=_("Drop the correction: the decision stands as it is."),
        ),
    },
)

declare_moves(
    Fulfilment,
    {
        "send": MoveWords(
            _("Send the evidence"),
            _("Evidence sent"),
            _("What did you do, and what does the evidence show?"),
            means=_("Send the evidence. Missing Children Europe checks it, then the panel rules."),
        ),
        "send_back": MoveWords(
            pgettext_lazy("condition", "Send back"),
            _("Evidence sent back"),
            _("What is still missing?"),
            means=_("Send the evidence back to the hotline, saying what is missing. The last day stays."),
            leads_back=True,
        ),
        "record_check": MoveWords(_("Record the check"), _("Condition checked")),
        "withdraw_check": MoveWords(
            _("Withdraw the check"),
            _("Check withdrawn"),
            _("Why is it withdrawn?"),
            means=_("Withdraw the check, to make it again."),
            leads_back=True,
        ),
        "meet": MoveWords(
            _("The condition is met"),
            _("Condition met"),
            _("Why is it met?"),
            means=_("Rule that it is met. With the last one, the outcome becomes what the edition says."),
        ),
        "fail": MoveWords(
            _("The condition is not met"),
            _("Condition not met"),
            _("Why is it not met?"),
            means=_("Rule that it is not met. The panel then extends it or decides anew."),
        ),
        "extend": MoveWords(_("Extend the condition"), _("Last day of the condition moved")),
        "run_out": MoveWords(_("End the time for the evidence"), _("The last day has passed without evidence")),
    },
)


def _days_of_condition(reason: Reason) -> str:
    return describe_days(reason.day, reason.last)


declare_reasons(
    {
        "no_scorecard": (_("The findings are not scored yet"), ""),
        "no_decision": (_("The panel has not written its decision"), ""),
        "no_reasons": (_("Write the reasons"), _("They go to the hotline word for word.")),
        "no_such_outcome": (_("Choose an outcome"), ""),
        "no_quorum": (
            ngettext_lazy(
                "%(have)d of at least %(need)d member has voted",
                "%(have)d of at least %(need)d members have voted",
                "need",
            ),
            _("Only votes on the latest scorecard count."),
        ),
        "thin_reasons": lambda reason: (
            gettext("The reasons are too thin for a departure"),
            describe_thin_reasons(reason.have, reason.need),
        ),
        "no_majority": (
            _("No outcome has more than half of the votes"),
            ngettext_lazy(
                "The most that one has is %(have)d vote; it takes %(need)d.",
                "The most that one has is %(have)d votes; it takes %(need)d.",
                "have",
            ),
        ),
        "not_enough_to_depart": (
            _("Too few votes to depart from what the rules propose"),
            ngettext_lazy(
                "To depart from the proposal takes %(need)d vote for the same outcome; it has %(have)d.",
                "To depart from the proposal takes %(need)d votes for the same outcome; it has %(have)d.",
                "need",
            ),
        ),
        "not_declared": (
            _("You have not declared whether you have a stake"),
            _("Each member does this before voting."),
        ),
        "no_second_vote": (
            _("The votes are not tied, or the edition has no second vote"),
            _("Members vote once more only once, after a tie."),
        ),
        "second_vote_is_final": (
            _("You have voted in the second vote"),
            _("It is the last one: each member votes once."),
        ),
        "still_voting": (
            _("Members who declared can still vote until the end of %(day)s"),
            _("Still to vote: %(names)s."),
        ),
        "not_voted": (
            _("You have not voted on the latest scorecard"),
            _("Whoever records the decision is one of those who voted."),
        ),
        "scored_again": (
            _("The findings were scored again since you opened the page"),
            _("Look at the new scorecard, then vote on that."),
        ),
        "no_words": (_("Write a few words"), _("They are kept with your name.")),
        "not_what_was_voted": (
            _("The votes have changed since you opened the page"),
            _("Another outcome has more than half of them now. Look at the page again."),
        ),
        "no_requirements": (
            _("Name at least one condition"),
            _("An accreditation that is not the best one says what is still missing, and by which day."),
        ),
        "requirements_not_asked": (_("This outcome has no conditions"), _("Empty their fields.")),
        "requirement_without_words": (_("A condition has no words"), _("Write what must be so.")),
        "requirement_without_day": lambda reason: (
            gettext("A condition has no possible last day"),
            _days_of_condition(reason),
        ),
        "requirement_without_indicator": (_("Choose an indicator of this edition"), ""),
        "extended_outside": lambda reason: (gettext("This day is not possible"), _days_of_condition(reason)),
        "no_time_to_extend": (_("The condition cannot be extended"), _("The accreditation ends on %(day)s.")),
        "condition_is_over": (
            _("This condition is no longer asked"),
            _("Another decision took its place, or the accreditation is over."),
        ),
        "panel_decides_anew": (_("The panel decides anew"), _("A condition was not met. Wait for the new decision.")),
        "nothing_to_check": (
            _("There is nothing to check"),
            _("The hotline sends evidence, or a follow-up visit is signed off, first."),
        ),
        "check_says_not_met": (
            _("The check did not find it met"),
            _("Have it checked again, extend it, or rule that it is not met."),
        ),
        "not_checked": (
            _("Nobody has checked this condition"),
            _("The hotline sends evidence, or writes why it needs more time. Then somebody checks it."),
        ),
        "another_member_extends": (
            _("Another member must extend this condition"),
            _("You were the last to rule on it or to extend it."),
        ),
        "checked_it_oneself": (_("Another member must rule on this condition"), _("You checked it yourself.")),
        "correction_keeps_outcome": (
            _("A correction keeps the outcome"),
            _("It corrects a name, a day, a sum or a misread figure. Another outcome takes a new vote or an appeal."),
        ),
        "correction_keeps_conditions": (
            _("A correction adds and drops no condition"),
            ngettext_lazy(
                "The decision has %(need)d condition; here it is %(have)d.",
                "The decision has %(need)d conditions; here it is %(have)d.",
                "need",
            ),
        ),
        "no_unmet_condition": (_("There is no cause to decide anew"), ""),
        "no_hold": (_("The outcome is not deferred"), _("Only a deferred evaluation is taken up again.")),
        "too_late": (
            _("The time to appeal ended on %(day)s"),
            _("The day counted to its end in the round’s time zone."),
        ),
        "already_appealed": (_("This has been contested"), _("A decision or a withdrawal can be contested once.")),
        "ruled_on_appeal": (
            _("This decision was made on an appeal"),
            _("It is final. A mistake in it can be corrected by the panel: write to Missing Children Europe."),
        ),
        "decision_replaced": (_("Another decision has taken the place of this one"), _("Look at the newest decision.")),
        "appeal_is_open": (_("An appeal is open"), _("The members who hear it rule on it first.")),
        "no_grounds": (_("Write the grounds"), _("Say what in the decision is wrong, and why.")),
        "took_part": (_("You had a part in what is contested"), _("Other members of the panel hear the appeal.")),
        "too_few_hear_it": (
            ngettext_lazy(
                "%(have)d of at least %(need)d member has voted on the appeal",
                "%(have)d of at least %(need)d members have voted on the appeal",
                "need",
            ),
            _("They are members who had no part in what is contested."),
        ),
        "no_ruling": (_("The members have not ruled yet"), ""),
        "needs_another_member": (_("A second member must confirm this"), _("You proposed the correction yourself.")),
        "proposer_has_no_right": (
            _("%(name)s, who proposed this, may not decide on this hotline any more"),
            _("Drop it. Somebody else can propose it again."),
        ),
        "correction_is_open": (_("A correction is proposed already"), _("It is confirmed or dropped first.")),
        "nothing_to_score_again": (
            _("Nothing has changed since it was scored"),
            _("A corrected file of figures counts once the hotline has confirmed it."),
        ),
    }
)

declare_reasons(
    {
        "rescored_otherwise": (
            _("Scoring again proposes another outcome"),
            _("The panel takes the decision up again and votes on it; a correction cannot change the outcome."),
        ),
    },
    page="deliberation",
)
