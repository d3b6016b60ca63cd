"""The texts of reasons against an appeal, a correction, a move of an accreditation or a renewal."""

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from evaluation.models.reasons import Reason
from portal.presentation.reasons.words import day_of


def _last_of(reason: Reason) -> str:
    return date_format(reason.last) if reason.last else ""


ACCREDITATION_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    # the appeal
    "too_late": lambda r: (
        gettext("The time to appeal ended on %(day)s") % {"day": day_of(r)},
        gettext("The day counted to its end in the round’s time zone."),
    ),
    "already_appealed": lambda _r: (
        gettext("This has been contested"),
        gettext("A decision or a withdrawal can be contested once."),
    ),
    "ruled_on_appeal": lambda _r: (
        gettext("This decision was made on an appeal"),
        gettext("It is final. A mistake in it can be corrected by the panel: write to Missing Children Europe."),
    ),
    "decision_replaced": lambda _r: (
        gettext("Another decision has taken the place of this one"),
        gettext("Look at the newest decision."),
    ),
    "appeal_is_open": lambda _r: (
        gettext("An appeal is open"),
        gettext("The members who hear it rule on it first."),
    ),
    "no_grounds": lambda _r: (
        gettext("Write the grounds"),
        gettext("Say what in the decision is wrong, and why."),
    ),
    "took_part": lambda _r: (
        gettext("You had a part in what is contested"),
        gettext("Other members of the panel hear the appeal."),
    ),
    "too_few_hear_it": lambda r: (
        ngettext(
            "%(have)d of at least %(need)d member has voted on the appeal",
            "%(have)d of at least %(need)d members have voted on the appeal",
            r.need,
        )
        % {"have": r.have, "need": r.need},
        gettext("They are members who had no part in what is contested."),
    ),
    "no_ruling": lambda _r: (gettext("The members have not ruled yet"), ""),
    # the correction
    "needs_another_member": lambda _r: (
        gettext("A second member must confirm this"),
        gettext("You proposed the correction yourself."),
    ),
    "proposer_has_no_right": lambda reason: (
        gettext("%(name)s, who proposed this, may not decide on this hotline any more") % {"name": reason.names[0]},
        gettext("Drop it. Somebody else can propose it again."),
    ),
    "correction_is_open": lambda _r: (
        gettext("A correction is proposed already"),
        gettext("It is confirmed or dropped first."),
    ),
    "nothing_new": lambda _r: (
        gettext("Nothing has changed since it was scored"),
        gettext("A corrected file of figures counts once the hotline has confirmed it."),
    ),
    # the accreditation
    "has_ended": lambda r: (
        gettext("The accreditation ended on %(day)s") % {"day": day_of(r)},
        gettext("Nothing can be done about it any more. A new round can bring a new one."),
    ),
    "expired_suspended": lambda _r: (
        gettext("The accreditation was suspended when it expired"),
        gettext("Its expiry is taken back to a suspended accreditation. The page of the accreditation offers that."),
    ),
    "expired_valid": lambda _r: (
        gettext("The accreditation was valid when it expired"),
        gettext("Its expiry is taken back to a valid accreditation. The page of the accreditation offers that."),
    ),
    "no_midterm": lambda r: (
        gettext("There is no mid-term check"),
        gettext("The accreditation ends on %(day)s, before one would be due.") % {"day": day_of(r)},
    ),
    "too_early": lambda r: (gettext("This can be done from %(day)s on") % {"day": day_of(r)}, ""),
    "already_checked": lambda _r: (gettext("The mid-term check is made"), ""),
    # the withdrawal of an accreditation
    "accreditation_runs_no_more": lambda _r: (
        gettext("The accreditation is over"),
        gettext("Nothing is left to withdraw."),
    ),
    "thin_ground": lambda r: (
        gettext("The ground is too thin"),
        ngettext(
            "It takes at least %(need)d different word; this has %(have)d. Say what happened, when, and what was tried.",
            "It takes at least %(need)d different words; this has %(have)d. Say what happened, when, and what was tried.",
            r.need,
        )
        % {"have": r.have, "need": r.need},
    ),
    "no_time_to_be_heard": lambda r: (
        gettext("The accreditation ends on %(day)s, before the hotline could be heard") % {"day": day_of(r)},
        gettext("It can be suspended until then."),
    ),
    "heard_outside": lambda r: (
        gettext("The hotline needs time to be heard"),
        gettext("Give a day from %(first)s to %(last)s.") % {"first": day_of(r), "last": _last_of(r)},
    ),
    "takes_effect_outside": lambda r: (
        gettext("It takes effect after the hotline was heard"),
        gettext("Give a day from %(first)s to %(last)s.") % {"first": day_of(r), "last": _last_of(r)},
    ),
    "withdrawal_is_open": lambda _r: (
        gettext("A withdrawal is proposed already"),
        gettext("It is confirmed or dropped first."),
    ),
    "no_statement": lambda _r: (gettext("Write the statement first"), ""),
    "time_to_be_heard": lambda r: (
        gettext("It can be confirmed from %(last)s on") % {"last": _last_of(r)},
        gettext("The hotline is heard until the end of %(day)s.") % {"day": day_of(r)},
    ),
    "withdrawal_is_not_confirmed": lambda _r: (
        gettext("The withdrawal is not confirmed"),
        gettext("Nothing is withdrawn yet. Give your statement."),
    ),
    # the follow-up visit
    "no_running_accreditation": lambda _r: (
        gettext("The current decision gives the hotline no accreditation that is in force"),
        gettext("Only an accredited hotline has a follow-up visit. Another one is examined in a new round."),
    ),
    "time_to_appeal": lambda r: (
        gettext("The hotline can contest the decision until the end of %(day)s") % {"day": day_of(r)},
        gettext("A follow-up visit can be planned from the next day on."),
    ),
    "no_follow_up": lambda _r: (
        gettext("No follow-up visit of an accredited hotline is under way"),
        gettext("A decision that is under way is made by the panel."),
    ),
    "follow_up_is_under_way": lambda _r: (
        gettext("The hotline is accredited, and this is a follow-up visit"),
        gettext("End the follow-up instead: the accreditation stays as it is."),
    ),
    "newer_outcome": lambda _r: (
        gettext("The outcome of another round has replaced the accreditation that this follow-up was about"),
        gettext("Send it back to the lead assessor. Missing Children Europe ends the follow-up without a decision."),
    ),
    "accreditation_is_over": lambda r: (
        gettext("This outcome would be valid until %(day)s, which is over") % {"day": day_of(r)},
        gettext(
            "A follow-up visit does not prolong an accreditation. Vote for an outcome that gives none, or send it back to "
            "the lead assessor: Missing Children Europe ends the follow-up, and a new round can bring a new accreditation."
        ),
    ),
    # the renewal
    "round_not_open": lambda _r: (
        gettext("The round is not open"),
        gettext("Choose a round that is open, or open a new one."),
    ),
    "already_in_the_round": lambda _r: (gettext("The hotline is in this round already"), ""),
}
"""By code: the situation, and its consequence."""
