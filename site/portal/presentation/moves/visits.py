"""The texts of the moves of a study visit."""

from django.utils.translation import gettext_lazy

from portal.presentation.moves.words import MoveWords

VISIT_MOVES: dict[str, MoveWords] = {
    "propose": MoveWords(gettext_lazy("Propose the visit"), gettext_lazy("Visit proposed")),
    "suggest_dates": MoveWords(gettext_lazy("Suggest days"), gettext_lazy("Days suggested")),
    "take_back_dates": MoveWords(
        gettext_lazy("Take the days back"), gettext_lazy("Suggested days taken back"), leads_back=True
    ),
    "agree_dates": MoveWords(gettext_lazy("Agree on the days"), gettext_lazy("Days agreed on")),
    "change_team": MoveWords(gettext_lazy("Change the team"), gettext_lazy("Team changed"), leads_back=True),
    "declare": MoveWords(gettext_lazy("Declare to have no stake"), gettext_lazy("No stake declared")),
    "step_aside": MoveWords(
        gettext_lazy("Declare a stake"), gettext_lazy("Stake declared: the team has to change"), leads_back=True
    ),
    "confirm_team": MoveWords(gettext_lazy("Confirm the team"), gettext_lazy("Team confirmed")),
    "send_agenda": MoveWords(gettext_lazy("Send the agenda"), gettext_lazy("Agenda sent")),
    "put_off": MoveWords(
        gettext_lazy("Put the visit off"),
        gettext_lazy("Visit put off"),
        gettext_lazy("Why can it not be on these days?"),
        means=gettext_lazy("Put the visit off, saying why. Both sides suggest other days and agree on them."),
        leads_back=True,
    ),
    "change_dates": MoveWords(
        gettext_lazy("Move the visit"), gettext_lazy("Visit moved to other days"), leads_back=True
    ),
    "cancel": MoveWords(
        gettext_lazy("Cancel the visit"),
        gettext_lazy("Visit cancelled"),
        gettext_lazy("Why is it cancelled?"),
        means=gettext_lazy("Cancel the visit, saying why. What is recorded stays, and it can be proposed anew."),
        leads_back=True,
    ),
    "begin": MoveWords(
        gettext_lazy("Begin the visit"),
        gettext_lazy("Visit begun"),
        means=gettext_lazy("Begin the visit: each assessor records what they see, apart from the others."),
    ),
    "begin_on_another_day": MoveWords(
        gettext_lazy("Begin the visit on another day"),
        gettext_lazy("Visit begun on another day than agreed"),
        gettext_lazy("Why does it begin today, and not on the agreed days?"),
        means=gettext_lazy("Begin the visit today, saying why. If the visit itself is on other days, move it instead."),
    ),
    "take_back_beginning": MoveWords(
        gettext_lazy("Take the beginning back"),
        gettext_lazy("Beginning of the visit taken back"),
        gettext_lazy("Why had it not begun?"),
        means=gettext_lazy("Take the beginning back, saying why. What is recorded stays for when it begins."),
        leads_back=True,
    ),
    "record_again": MoveWords(
        gettext_lazy("Record again"),
        gettext_lazy("The team records again"),
        gettext_lazy("Why does the team record again?"),
        means=gettext_lazy(
            "Let the team record again, saying why: for example, a device had not sent everything. Each finishes anew."
        ),
        leads_back=True,
    ),
    "finish_recording": MoveWords(
        gettext_lazy("I have finished"), gettext_lazy("One of the team has finished recording")
    ),
    "go_on_recording": MoveWords(
        gettext_lazy("Go on recording"), gettext_lazy("One of the team goes on recording"), leads_back=True
    ),
    "enter_findings": MoveWords(
        gettext_lazy("Enter the findings"), gettext_lazy("All have finished: findings entered")
    ),
    "close_recording": MoveWords(
        gettext_lazy("Go on without those who have not finished"),
        gettext_lazy("Recording closed: findings entered"),
        gettext_lazy("Why is nobody waited for?"),
        means=gettext_lazy(
            "Enter the findings now, saying why. What the others recorded so far counts; they record no more."
        ),
    ),
    "take_late_rows": MoveWords(gettext_lazy("Take in"), gettext_lazy("Rows that came too late taken in")),
    "leave_out_late_rows": MoveWords(gettext_lazy("Leave out"), gettext_lazy("Rows that came too late left out")),
    "sign_off": MoveWords(
        gettext_lazy("Sign off the findings"),
        gettext_lazy("Findings signed off"),
        means=gettext_lazy("Sign off the findings: the lead assessor declares them complete."),
    ),
    "reopen": MoveWords(
        gettext_lazy("Open the findings again"), gettext_lazy("Findings opened again"), leads_back=True
    ),
    "send_findings": MoveWords(
        gettext_lazy("Send the findings to the hotline"), gettext_lazy("Findings sent to the hotline")
    ),
    "take_findings_back": MoveWords(
        gettext_lazy("Take the findings back"), gettext_lazy("Findings taken back"), leads_back=True
    ),
    "close": MoveWords(gettext_lazy("Close the visit"), gettext_lazy("Visit closed: the findings are final")),
    "plan_again": MoveWords(
        gettext_lazy("Plan the visit again"), gettext_lazy("Visit to be planned again"), leads_back=True
    ),
}
"""By the name of the move."""
