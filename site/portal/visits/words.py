"""The texts of the moves of a study visit, and of reasons against them."""

from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from evaluation.models import Visit
from evaluation.models.reasons import Reason
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons

declare_moves(
    Visit,
    {
        "propose": MoveWords(_("Propose the visit"), _("Visit proposed")),
        "suggest_dates": MoveWords(_("Suggest days"), _("Days suggested")),
        "take_back_dates": MoveWords(_("Take the days back"), _("Suggested days taken back"), leads_back=True),
        "agree_dates": MoveWords(_("Agree on the days"), _("Days agreed on")),
        "change_team": MoveWords(_("Change the team"), _("Team changed"), leads_back=True),
        "declare": MoveWords(_("Declare to have no stake"), _("No stake declared")),
        "step_aside": MoveWords(_("Declare a stake"), _("Stake declared: the team has to change"), leads_back=True),
        "confirm_team": MoveWords(_("Confirm the team"), _("Team confirmed")),
        "send_agenda": MoveWords(_("Send the agenda"), _("Agenda sent")),
        "put_off": MoveWords(
            _("Put the visit off"),
            _("Visit put off"),
            _("Why can it not be on these days?"),
            means=_("Put the visit off, saying why. Both sides suggest other days and agree on them."),
            leads_back=True,
        ),
        "change_dates": MoveWords(_("Move the visit"), _("Visit moved to other days"), leads_back=True),
        "cancel": MoveWords(
            _("Cancel the visit"),
            _("Visit cancelled"),
            _("Why is it cancelled?"),
            means=_("Cancel the visit, saying why. What is recorded stays, and it can be proposed anew."),
            leads_back=True,
        ),
        "begin": MoveWords(
            _("Begin the visit"),
            _("Visit begun"),
            means=_("Begin the visit: each assessor records what they see, apart from the others."),
        ),
        "begin_on_another_day": MoveWords(
            _("Begin the visit on another day"),
            _("Visit begun on another day than agreed"),
            _("Why does it begin today, and not on the agreed days?"),
            means=_("Begin the visit today, saying why. If the visit itself is on other days, move it instead."),
        ),
        "take_back_beginning": MoveWords(
            _("Take the beginning back"),
            _("Beginning of the visit taken back"),
            _("Why had it not begun?"),
            means=_("Take the beginning back, saying why. What is recorded stays for when it begins."),
            leads_back=True,
        ),
        "record_again": MoveWords(
            _("Record again"),
            _("The team records again"),
            _("Why does the team record again?"),
            means=_(
                "Let the team record again, saying why: for example, a device had not sent everything. Each finishes anew."
            ),
            leads_back=True,
        ),
        "finish_recording": MoveWords(_("I have finished"), _("One of the team has finished recording")),
        "go_on_recording": MoveWords(_("Go on recording"), _("One of the team goes on recording"), leads_back=True),
        "enter_findings": MoveWords(_("Enter the findings"), _("All have finished: findings entered")),
        "close_recording": MoveWords(
            _("Go on without those who have not finished"),
            _("Recording closed: findings entered"),
            _("Why is nobody waited for?"),
            means=_("Enter the findings now, saying why. What the others recorded so far counts; they record no more."),
        ),
        "take_late_rows": MoveWords(_("Take in"), _("Rows that came too late taken in")),
        "leave_out_late_rows": MoveWords(_("Leave out"), _("Rows that came too late left out")),
        "sign_off": MoveWords(
            _("Sign off the findings"),
            _("Findings signed off"),
            means=_("Sign off the findings: the lead assessor declares them complete."),
        ),
        "reopen": MoveWords(_("Open the findings again"), _("Findings opened again"), leads_back=True),
        "send_findings": MoveWords(_("Send the findings to the hotline"), _("Findings sent to the hotline")),
        "take_findings_back": MoveWords(_("Take the findings back"), _("Findings taken back"), leads_back=True),
        "close": MoveWords(_("Close the visit"), _("Visit closed: the findings are final")),
        "plan_again": MoveWords(_("Plan the visit again"), _("Visit to be planned again"), leads_back=True),
    },
)


def _limited_to_not_asked(reason: Reason) -> tuple[str, str]:
    what = ngettext("%(codes)s is not asked of this hotline", "%(codes)s are not asked of this hotline", reason.count)
    why = gettext("Write codes of indicators that are asked, or leave the field empty for all.")
    return what % {"codes": ", ".join(reason.codes)}, why


def _limited_to_nothing(reason: Reason) -> tuple[str, str]:
    what = ngettext(
        "The visit is limited to %(codes)s, which is not asked of this hotline any more",
        "The visit is limited to %(codes)s, which are not asked of this hotline any more",
        reason.count,
    )
    why = gettext("Change what it is limited to, with the team. Once it has begun, cancel it and propose it anew.")
    return what % {"codes": ", ".join(reason.codes)}, why


def _visit_too_long(reason: Reason) -> tuple[str, str]:
    what = ngettext("A visit has at most %(count)d day", "A visit has at most %(count)d days", reason.need)
    return what % {"count": reason.need}, gettext("Give an earlier last day.")


def _too_many_dates(reason: Reason) -> tuple[str, str]:
    what = ngettext(
        "One side suggests at most %(count)d period at a time",
        "One side suggests at most %(count)d periods at a time",
        reason.need,
    )
    return what % {"count": reason.need}, gettext("Wait for the other side, or call it.")


declare_reasons(
    {
        "visit_has_begun": (_("The study visit has begun"), ""),
        "lead_not_finished": (
            _("The lead assessor has not finished recording"),
            _("Say that you have finished, then go on without the others."),
        ),
        "has_finished": (
            _("You have finished recording already"),
            _("It can be taken back until all of the team have finished."),
        ),
        "has_not_finished": (_("You are still recording"), ""),
        "not_accepted": (_("The self-assessment is not accepted yet"), ""),
        "not_signed_off": (_("The findings are not signed off"), _("The lead assessor does this.")),
        "not_everybody_finished": (
            _("Still recording: %(names)s"),
            _("The findings are entered when all of the team have finished."),
        ),
        "team_tied_by_country": (
            _("From the country of this hotline: %(names)s"),
            _("Who comes from the same country cannot assess it."),
        ),
        "team_tied_by_role": (
            _("Has or had a role at this hotline: %(names)s"),
            _("Who works or worked there cannot assess it."),
        ),
        "team_tied_by_declared": (
            _("Declared a tie with this hotline: %(names)s"),
            _("Whoever declared a tie cannot assess it. Their words stand on the page of their ties, in People."),
        ),
        "country_unknown": (
            _("Nobody knows from which country they are: %(names)s"),
            _("Ask them and note it in People, or let them say it in their account."),
        ),
        "not_an_assessor": (_("Not an assessor: %(names)s"), _("Choose somebody with that role.")),
        "visit_in_the_past": (_("The visit would begin on %(day)s, which is over"), _("Give today or a later day.")),
        "not_a_day_of_the_visit": (
            _("Today is not between the agreed days, %(day)s and %(last)s"),
            _("Begin it on another day with a reason, or move it."),
        ),
        "a_day_of_the_visit": (_("Today is a day of the visit"), _("Begin it without a reason.")),
        "visit_too_far": (
            _("The visit would begin after %(day)s, which is too far ahead"),
            _("Look at the year, and give an earlier day."),
        ),
        "member_elsewhere": (_("%(name)s visits %(hotline)s from %(day)s"), _("Choose other days, or somebody else.")),
        "limited_to_not_asked": _limited_to_not_asked,
        "limited_to_nothing": _limited_to_nothing,
        "limited_first_visit": (
            _("The first visit is about all indicators"),
            _("Only a further visit can be limited: the others keep the findings of the earlier one."),
        ),
        "one_person_team": (
            _("The team is one person"),
            _("A lead and a second go together. Choose a second, or say why one person goes alone."),
        ),
        "ends_before_it_starts": (_("The last day lies before the first"), _("Give a later last day.")),
        "visit_too_long": _visit_too_long,
        "late_rows_undecided": (
            ngettext_lazy(
                "%(count)d row that came too late is not decided",
                "%(count)d rows that came too late are not decided",
                "count",
            ),
            _("Take it in or leave it out, under “Came too late”."),
        ),
        "late_rows_decided": (_("A chosen row was decided or taken back meanwhile"), _("Look at the list again.")),
        "late_rows_changed": (
            _("A row of %(names)s was sent again and has changed since you looked at it"),
            _("Read it as it is now, then tick it again."),
        ),
        "late_rows_invalid": (
            _("The sheet does not take a row of %(names)s as it is"),
            _("Its criteria or days have changed. Let the team record again, or leave the row out."),
        ),
        "no_late_row_chosen": (_("No row is chosen"), _("Tick the rows first.")),
        "no_dates": (_("No days are given"), _("Give a first and a last day.")),
        "too_many_dates": _too_many_dates,
        "dates_not_open": (
            _("These days are not open any more"),
            _("Somebody may have agreed on others. Look at the page again."),
        ),
        "dates_of_the_other_side": (
            _("The other side suggested these days"),
            _("Only who suggested days takes them back."),
        ),
        "own_dates": (
            _("Your side suggested these days itself"),
            _("The other side accepts them, or suggests others."),
        ),
        "nobody_agreed": (_("It is not said who agreed on the days"), _("Name who agreed on them at the hotline.")),
        "interests_not_declared": (
            _("Not declared yet: %(names)s"),
            _("Each member of the team declares whether something ties them to this hotline."),
        ),
        "not_on_the_team": (_("Not on the team: %(names)s"), _("The team was changed. Look at the page again.")),
        "team_can_go_on": (
            _("The visit has begun, and its team can go on"),
            _("During a visit the team is changed only if somebody has a stake, or is no assessor any more."),
        ),
        "newer_agenda": (
            _("There is a newer version of the agenda"),
            _("Look at the page again, and send the newest one."),
        ),
        "agenda_was_sent": (_("This version of the agenda was sent"), _("Save a new one to send it.")),
        "agenda_for_other_days": (
            _("The agenda was written for other days"),
            _("Read it through, and save it for the new ones."),
        ),
    }
)

declare_reasons(
    {
        "no_visit": (_("No study visit is arranged"), _("Set its dates and its team.")),
    },
    page="arrange_visit",
)

declare_reasons(
    {
        "no_lead": (_("The team has no lead assessor"), _("Choose one who leads and signs off.")),
        "dates_not_agreed": (
            _("The days of the visit are not agreed on"),
            _("One side suggests days, the other accepts them."),
        ),
    },
    page="visit",
)

declare_reasons(
    {
        "no_finding": (
            ngettext_lazy("%(count)d indicator has no finding", "%(count)d indicators have no finding", "count"),
            "",
        ),
        "difference_without_words": (
            ngettext_lazy(
                "%(count)d finding differs from the answer and does not say why",
                "%(count)d findings differ from the answer and do not say why",
                "count",
            ),
            "",
        ),
        "divergence_without_words": (
            ngettext_lazy(
                "%(count)d finding on which the assessors differed does not say how they agreed",
                "%(count)d findings on which the assessors differed do not say how they agreed",
                "count",
            ),
            "",
        ),
    },
    places="findings",
)
