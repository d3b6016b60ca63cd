"""The texts of reasons against a response, a vote or a decision."""

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.models.reasons import Reason
from portal.presentation.reasons.words import day_of, names_of


def _no_quorum(reason: Reason) -> tuple[str, str]:
    what = ngettext(
        "%(have)d of at least %(need)d member has voted",
        "%(have)d of at least %(need)d members have voted",
        reason.need,
    )
    return what % {"have": reason.have, "need": reason.need}, _("Only votes on the latest scorecard count.")


def _no_majority(reason: Reason) -> tuple[str, str]:
    why = ngettext(
        "The most that one has is %(have)d vote; it takes %(need)d.",
        "The most that one has is %(have)d votes; it takes %(need)d.",
        reason.have,
    )
    return _("No outcome has more than half of the votes"), why % {"have": reason.have, "need": reason.need}


def _not_enough_to_depart(reason: Reason) -> tuple[str, str]:
    why = ngettext(
        "To depart from the proposal takes %(need)d vote for the same outcome; it has %(have)d.",
        "To depart from the proposal takes %(need)d votes for the same outcome; it has %(have)d.",
        reason.need,
    )
    return _("Too few votes to depart from what the rules propose"), why % {"have": reason.have, "need": reason.need}


def describe_thin_reasons(have: int, need: int) -> str:
    words = ngettext(
        "A departure from the proposal takes at least %(need)d different words of the panel’s own; this has %(have)d. "
        "Say what the panel saw that the rules do not see.",
        "A departure from the proposal takes at least %(need)d different words of the panel’s own; this has %(have)d. "
        "Say what the panel saw that the rules do not see.",
        need,
    )
    return words % {"have": have, "need": need}


def _time_to_respond(reason: Reason) -> tuple[str, str]:
    if reason.day is None:
        return _("The hotline has not been asked yet"), ""
    day = date_format(reason.day)
    return _("The hotline has until the end of %(day)s to respond") % {"day": day}, ""


def describe_days(first: date | None, last: date | None) -> str:
    """Describe the possible last days of a condition."""
    if first is None or last is None:
        return ""
    if first == last:
        return _("The only possible day is %(day)s.") % {"day": date_format(last)}
    return _("Give a day from %(first)s to %(last)s: after the time to appeal, before the accreditation ends.") % {
        "first": date_format(first),
        "last": date_format(last),
    }


PANEL_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    "no_quorum": _no_quorum,
    "thin_reasons": lambda reason: (
        _("The reasons are too thin for a departure"),
        describe_thin_reasons(reason.have, reason.need),
    ),
    "no_majority": _no_majority,
    "not_enough_to_depart": _not_enough_to_depart,
    "time_to_respond": _time_to_respond,
    "no_response": lambda _reason: (_("The hotline has not given its response"), ""),
    "empty_response": lambda _reason: (
        _("Nothing is said yet"),
        _("Contest findings or accept them, or tick that you accept all that you do not contest."),
    ),
    "not_declared": lambda _reason: (
        _("You have not declared whether you have a stake"),
        _("Each member does this before voting."),
    ),
    "no_second_vote": lambda _reason: (
        _("The votes are not tied, or the edition has no second vote"),
        _("Members vote once more only once, after a tie."),
    ),
    "second_vote_is_final": lambda _reason: (
        _("You have voted in the second vote"),
        _("It is the last one: each member votes once."),
    ),
    "still_voting": lambda reason: (
        _("Members who declared can still vote until the end of %(day)s") % {"day": day_of(reason)},
        _("Still to vote: %(names)s.") % {"names": names_of(reason)},
    ),
    "not_voted": lambda _reason: (
        _("You have not voted on the latest scorecard"),
        _("Whoever records the decision is one of those who voted."),
    ),
    "scored_again": lambda _reason: (
        _("The findings were scored again since you opened the page"),
        _("Look at the new scorecard, then vote on that."),
    ),
    "no_words": lambda _reason: (_("Write a few words"), _("They are kept with your name.")),
    "not_what_was_voted": lambda _reason: (
        _("The votes have changed since you opened the page"),
        _("Another outcome has more than half of them now. Look at the page again."),
    ),
    "no_requirements": lambda _reason: (
        _("Name at least one condition"),
        _("An accreditation that is not the best one says what is still missing, and by which day."),
    ),
    "requirements_not_asked": lambda _reason: (_("This outcome has no conditions"), _("Empty their fields.")),
    "requirement_without_words": lambda _reason: (_("A condition has no words"), _("Write what must be so.")),
    "requirement_without_day": lambda reason: (
        _("A condition has no possible last day"),
        describe_days(reason.day, reason.last),
    ),
    "requirement_without_indicator": lambda _reason: (_("Choose an indicator of this edition"), ""),
    "extended_outside": lambda reason: (_("This day is not possible"), describe_days(reason.day, reason.last)),
    "no_time_to_extend": lambda reason: (
        _("The condition cannot be extended"),
        _("The accreditation ends on %(day)s.") % {"day": day_of(reason)},
    ),
    "condition_is_over": lambda _reason: (
        _("This condition is no longer asked"),
        _("Another decision took its place, or the accreditation is over."),
    ),
    "panel_decides_anew": lambda _reason: (
        _("The panel decides anew"),
        _("A condition was not met. Wait for the new decision."),
    ),
    "nothing_to_check": lambda _reason: (
        _("There is nothing to check"),
        _("The hotline sends evidence, or a follow-up visit is signed off, first."),
    ),
    "check_says_not_met": lambda _reason: (
        _("The check did not find it met"),
        _("Have it checked again, extend it, or rule that it is not met."),
    ),
    "not_checked": lambda _reason: (
        _("Nobody has checked this condition"),
        _("The hotline sends evidence, or writes why it needs more time. Then somebody checks it."),
    ),
    "another_member_extends": lambda _reason: (
        _("Another member must extend this condition"),
        _("You were the last to rule on it or to extend it."),
    ),
    "checked_it_oneself": lambda _reason: (
        _("Another member must rule on this condition"),
        _("You checked it yourself."),
    ),
    "correction_keeps_outcome": lambda _reason: (
        _("A correction keeps the outcome"),
        _("It mends a name, a day, a sum or a misread figure. Another outcome takes a new vote or an appeal."),
    ),
    "correction_keeps_conditions": lambda reason: (
        _("A correction adds and drops no condition"),
        ngettext(
            "The decision has %(need)d condition; here it is %(have)d.",
            "The decision has %(need)d conditions; here it is %(have)d.",
            reason.need,
        )
        % {"need": reason.need, "have": reason.have},
    ),
    "rescored_otherwise": lambda _reason: (
        _("Scoring again proposes another outcome"),
        _("The panel takes the decision up again and votes on it; a correction cannot change the outcome."),
    ),
    "no_unmet_condition": lambda _reason: (_("There is no cause to decide anew"), ""),
    "followed_as_condition": lambda _reason: (
        _("It is a condition of the decision"),
        _("Send the evidence on the page of the condition."),
    ),
    "no_hold": lambda _reason: (_("The outcome is not deferred"), _("Only a deferred evaluation is taken up again.")),
}
"""By the code of the reason: the situation, and what can be done."""
