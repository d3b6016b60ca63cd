"""The texts of the moves of an accreditation and of its withdrawal, and of reasons against them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from evaluation.models import Accreditation, Withdrawal
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons

declare_moves(
    Accreditation,
    {
        "begin": MoveWords(_("Begin the accreditation"), _("Accreditation begun")),
        "begin_suspended": MoveWords(_("Begin suspended"), _("Accreditation begun, still suspended")),
        "suspend": MoveWords(
            _("Suspend"),
            _("Accreditation suspended"),
            _("On what grounds?"),
            means=_(
                "Suspend the accreditation, saying on what grounds. The register says so from today; the grounds stay here."
            ),
            leads_back=True,
        ),
        "reinstate": MoveWords(
            _("Reinstate"),
            _("Accreditation reinstated"),
            _("What has changed?"),
            means=_("Reinstate the accreditation: the grounds of the suspension have fallen away."),
        ),
        "check_midterm": MoveWords(
            _("Record the mid-term check"),
            _("Mid-term check made"),
            _("What has become of the recommendations?"),
            means=_("Record what the mid-term check saw of the recommendations."),
        ),
        "withdraw": MoveWords(_("Withdraw for good"), _("Accreditation withdrawn"), leads_back=True),
        "restore": MoveWords(_("Reinstate on appeal"), _("Reinstated: the appeal against the withdrawal is upheld")),
        "restore_suspended": MoveWords(
            _("Reinstate on appeal"), _("Reinstated: the appeal against the withdrawal is upheld")
        ),
        "restore_replaced": MoveWords(
            _("Reinstate on appeal"), _("Reinstated: the appeal against the withdrawal is upheld")
        ),
        "give_up": MoveWords(
            _("Give the accreditation up"),
            _("Accreditation given up by the hotline"),
            _("Why do you give it up? This cannot be taken back."),
            means=_("Give the accreditation up by the hotline’s own wish. Only a new round can bring one back."),
            leads_back=True,
        ),
        "expire": MoveWords(_("End the accreditation"), _("Accreditation expired")),
        "take_back_expiry": MoveWords(
            _("Take the expiry back"),
            _("Expiry taken back"),
            _("How did it come to be written?"),
            means=_("The expiry was written before the last day was over. The accreditation is valid again."),
            leads_back=True,
        ),
        "take_back_expiry_suspended": MoveWords(
            _("Take the expiry back"),
            _("Expiry taken back, still suspended"),
            _("How did it come to be written?"),
            means=_("The expiry was written before the last day was over. The suspension goes on."),
            leads_back=True,
        ),
        "replace": MoveWords(_("Replace the accreditation"), _("Replaced by a newer decision")),
    },
)

declare_moves(
    Withdrawal,
    {
        "propose": MoveWords(pgettext_lazy("withdrawal", "Propose"), _("Withdrawal of the accreditation proposed")),
        "answer": MoveWords(_("Give the statement"), _("Statement given")),
        "confirm": MoveWords(pgettext_lazy("withdrawal", "Confirm"), _("Withdrawal of the accreditation confirmed")),
        "drop": MoveWords(
            _("Drop the withdrawal"),
            _("Withdrawal dropped"),
            _("Why is it dropped?"),
            means=_("Drop the withdrawal: the accreditation stays as it is."),
            leads_back=True,
        ),
    },
)

declare_reasons(
    {
        "has_ended": (
            _("The accreditation ended on %(day)s"),
            _("Nothing can be done about it any more. A new round can bring a new one."),
        ),
        "expired_suspended": (
            _("The accreditation was suspended when it expired"),
            _("Its expiry is taken back to a suspended accreditation. The page of the accreditation offers that."),
        ),
        "expired_valid": (
            _("The accreditation was valid when it expired"),
            _("Its expiry is taken back to a valid accreditation. The page of the accreditation offers that."),
        ),
        "no_midterm": (
            _("There is no mid-term check"),
            _("The accreditation ends on %(day)s, before one would be due."),
        ),
        "too_early": (_("This can be done from %(day)s on"), ""),
        "already_checked": (_("The mid-term check is made"), ""),
        "accreditation_runs_no_more": (_("The accreditation is over"), _("Nothing is left to withdraw.")),
        "thin_ground": (
            _("The ground is too thin"),
            ngettext_lazy(
                "It takes at least %(need)d different word; this has %(have)d. Say what happened, when, and what was tried.",
                "It takes at least %(need)d different words; this has %(have)d. Say what happened, when, and what was tried.",
                "need",
            ),
        ),
        "no_time_to_be_heard": (
            _("The accreditation ends on %(day)s, before the hotline could be heard"),
            _("It can be suspended until then."),
        ),
        "heard_outside": (_("The hotline needs time to be heard"), _("Give a day from %(first)s to %(last)s.")),
        "takes_effect_outside": (
            _("It takes effect after the hotline was heard"),
            _("Give a day from %(first)s to %(last)s."),
        ),
        "withdrawal_is_open": (_("A withdrawal is proposed already"), _("It is confirmed or dropped first.")),
        "no_statement": (_("Write the statement first"), ""),
        "time_to_be_heard": (
            _("It can be confirmed from %(last)s on"),
            _("The hotline is heard until the end of %(day)s."),
        ),
        "withdrawal_is_not_confirmed": (
            _("The withdrawal is not confirmed"),
            _("Nothing is withdrawn yet. Give your statement."),
        ),
        "no_running_accreditation": (
            _("The current decision gives the hotline no accreditation that is in force"),
            _("Only an accredited hotline has a follow-up visit. Another one is examined in a new round."),
        ),
        "time_to_appeal": (
            _("The hotline can contest the decision until the end of %(day)s"),
            _("A follow-up visit can be planned from the next day on."),
        ),
        "no_follow_up": (
            _("No follow-up visit of an accredited hotline is under way"),
            _("A decision that is under way is made by the panel."),
        ),
        "follow_up_is_under_way": (
            _("The hotline is accredited, and this is a follow-up visit"),
            _("End the follow-up instead: the accreditation stays as it is."),
        ),
        "newer_outcome": (
            _("The outcome of another round has replaced the accreditation that this follow-up was about"),
            _("Send it back to the lead assessor. Missing Children Europe ends the follow-up without a decision."),
        ),
        "accreditation_is_over": (
            _("This outcome would be valid until %(day)s, which is over"),
            _(
                "A follow-up visit does not prolong an accreditation. Vote for an outcome that gives none, or send it back to "
                "the lead assessor: Missing Children Europe ends the follow-up, and a new round can bring a new accreditation."
            ),
        ),
    }
)
