"""The texts of the moves of every machine: buttons, questions, lines of the log."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from evaluation.models.states import Stateful
from portal.presentation.moves.conditions import CONDITION_MOVES
from portal.presentation.moves.learning import LEARNING_MOVES
from portal.presentation.moves.visits import VISIT_MOVES
from portal.presentation.moves.words import MoveWords

MOVES: dict[tuple[str, str], MoveWords] = {
    ("round", "open"): MoveWords(
        gettext_lazy("Open the round"),
        gettext_lazy("Round opened"),
        means=gettext_lazy("Open the round: every chosen hotline gets its self-assessment."),
    ),
    ("round", "close"): MoveWords(
        gettext_lazy("Close the round"),
        gettext_lazy("Round closed"),
        means=gettext_lazy("Close the round: every outcome is published, or the hotline excused."),
    ),
    ("round", "discard"): MoveWords(
        gettext_lazy("Discard the round"), gettext_lazy("Planned round discarded"), leads_back=True
    ),
    ("round", "move_deadline"): MoveWords(
        gettext_lazy("Move the deadline"), gettext_lazy("Last day of the self-assessment moved")
    ),
    ("round", "add_hotline"): MoveWords(gettext_lazy("Add a hotline"), gettext_lazy("Hotline added")),
    ("round", "remove_hotline"): MoveWords(
        gettext_lazy("Remove a hotline"), gettext_lazy("Hotline removed"), leads_back=True
    ),
    ("round", "write_to"): MoveWords(gettext_lazy("Write to hotlines"), gettext_lazy("Hotlines written to")),
    ("round", "remind"): MoveWords(
        gettext_lazy("Write to those who are late"), gettext_lazy("Those who are late written to")
    ),
    ("evaluation", "submit"): MoveWords(
        gettext_lazy("Sign and submit"),
        gettext_lazy("Self-assessment submitted"),
        means=gettext_lazy(
            "Read what is declared, and sign it. Then the self-assessment is submitted and can no longer be changed."
        ),
    ),
    ("evaluation", "set_traits"): MoveWords(
        gettext_lazy("Change the traits"), gettext_lazy("Traits of the hotline set")
    ),
    ("evaluation", "extend"): MoveWords(
        gettext_lazy("Give more time"), gettext_lazy("More time given for the self-assessment")
    ),
    ("evaluation", "shorten"): MoveWords(
        gettext_lazy("Shorten the extension"), gettext_lazy("Extension shortened or taken back"), leads_back=True
    ),
    ("evaluation", "send_back"): MoveWords(
        gettext_lazy("Send back"),
        gettext_lazy("Self-assessment sent back"),
        gettext_lazy("What is to be completed?"),
        means=gettext_lazy(
            "Send the self-assessment back to the hotline, saying what is to be completed. It gets two weeks at least."
        ),
        leads_back=True,
    ),
    ("evaluation", "reopen_answers"): MoveWords(
        gettext_lazy("Send further indicators back"), gettext_lazy("Further indicators sent back"), leads_back=True
    ),
    ("evaluation", "count_corrections"): MoveWords(
        gettext_lazy("Count the corrected figures"),
        gettext_lazy("Corrected figures count from here on"),
    ),
    ("evaluation", "accept"): MoveWords(
        gettext_lazy("Accept and send the team"),
        gettext_lazy("Self-assessment accepted"),
        means=gettext_lazy("Accept the self-assessment and send the team on its study visit."),
    ),
    ("evaluation", "excuse"): MoveWords(
        gettext_lazy("Excuse the hotline"),
        gettext_lazy("Hotline excused from the round"),
        gettext_lazy("Why is the hotline excused from this round?"),
        means=gettext_lazy(
            "Excuse the hotline from this round, saying why. What is written stays, and the round can close without it."
        ),
        leads_back=True,
    ),
    ("evaluation", "readmit"): MoveWords(
        gettext_lazy("Take the hotline in again"),
        gettext_lazy("Hotline taken into the round again"),
        gettext_lazy("Why does it come in again?"),
        means=gettext_lazy("Take the hotline into the round again. Its self-assessment is open as it was left."),
    ),
    ("evaluation", "begin_report"): MoveWords(gettext_lazy("Begin the report"), gettext_lazy("Report begun")),
    ("evaluation", "reopen_findings"): MoveWords(
        gettext_lazy("Open the findings again"),
        gettext_lazy("Findings opened again"),
        gettext_lazy("What is to be looked at once more?"),
        means=gettext_lazy("Open the findings again, saying what the team is to look at once more."),
        leads_back=True,
    ),
    ("evaluation", "propose"): MoveWords(
        gettext_lazy("Score and send the draft to the hotline"), gettext_lazy("Scored and sent to the hotline")
    ),
    ("evaluation", "take_back"): MoveWords(
        gettext_lazy("Take the draft back"),
        gettext_lazy("Draft taken back"),
        gettext_lazy("Why is the draft taken back?"),
        means=gettext_lazy("Take the draft back from the hotline, saying why. It is sent anew when it is ready."),
        leads_back=True,
    ),
    ("evaluation", "respond"): MoveWords(gettext_lazy("Give the response"), gettext_lazy("Response given")),
    ("evaluation", "answer_remarks"): MoveWords(
        gettext_lazy("Hand the answers to the panel"), gettext_lazy("Answers to the response handed to the panel")
    ),
    ("evaluation", "go_on_without_response"): MoveWords(
        gettext_lazy("Go on without a response"),
        gettext_lazy("Gone on without a response"),
        means=gettext_lazy("Go on to the panel: the time to respond is over."),
    ),
    ("evaluation", "send_back_to_assessors"): MoveWords(
        gettext_lazy("Send back to the lead assessor"),
        gettext_lazy("Sent back to the lead assessor"),
        gettext_lazy("What could the panel not follow?"),
        means=gettext_lazy("Send the evaluation back to the lead assessor, saying what the panel could not follow."),
        leads_back=True,
    ),
    ("evaluation", "vote_again"): MoveWords(
        gettext_lazy("Vote once more"),
        gettext_lazy("Votes cleared after a tie, for a second vote"),
        means=gettext_lazy("Clear the votes after the tie: every member votes once more, and for the last time."),
    ),
    ("evaluation", "decide"): MoveWords(gettext_lazy("Record the decision"), gettext_lazy("Decision recorded")),
    ("evaluation", "resume"): MoveWords(
        gettext_lazy("Take the evaluation up again"),
        gettext_lazy("Evaluation taken up again"),
        gettext_lazy("What is to be handed in?"),
        means=gettext_lazy("Take the deferred evaluation up again: the hotline hands in what was missing."),
        leads_back=True,
    ),
    ("evaluation", "follow_up"): MoveWords(
        gettext_lazy("Plan a follow-up visit"),
        gettext_lazy("Follow-up visit planned"),
        gettext_lazy("What is the occasion? Name the condition, or the mid-term check."),
        means=gettext_lazy(
            "Plan a follow-up visit of the accredited hotline, saying why. The accreditation stays as it is meanwhile."
        ),
        leads_back=True,
    ),
    ("evaluation", "end_follow_up"): MoveWords(
        gettext_lazy("End the follow-up without a decision"),
        gettext_lazy("Follow-up ended without a new decision"),
        gettext_lazy("What did it show?"),
        means=gettext_lazy(
            "End the follow-up without a new decision, saying what it showed. The accreditation stays as it is; answers, "
            "findings and figures are again those that the panel decided on."
        ),
    ),
    ("evaluation", "publish"): MoveWords(
        gettext_lazy("Publish the outcome"),
        gettext_lazy("Outcome published"),
        means=gettext_lazy("Publish the outcome: the register and the hotline’s page show it."),
    ),
    ("evaluation", "change_extent"): MoveWords(
        gettext_lazy("Change what is public"),
        gettext_lazy("Changed what is public of the report"),
        means=gettext_lazy("Make more or less of the published report public, with the reason."),
    ),
    ("evaluation", "decide_on_appeal"): MoveWords(
        gettext_lazy("Decide on the appeal"), gettext_lazy("Decided anew on an appeal")
    ),
    ("evaluation", "correct"): MoveWords(gettext_lazy("Correct the decision"), gettext_lazy("Decision corrected")),
    ("appeal", "lodge"): MoveWords(pgettext_lazy("appeal", "Lodge"), gettext_lazy("Appeal lodged")),
    ("appeal", "withdraw"): MoveWords(
        gettext_lazy("Withdraw the appeal"),
        gettext_lazy("Appeal withdrawn"),
        gettext_lazy("Why do you withdraw it?"),
        means=gettext_lazy("Withdraw the appeal: the decision stands as it is."),
    ),
    ("appeal", "uphold"): MoveWords(pgettext_lazy("appeal", "Uphold"), gettext_lazy("Appeal upheld")),
    ("appeal", "dismiss"): MoveWords(pgettext_lazy("appeal", "Dismiss"), gettext_lazy("Appeal dismissed")),
    ("correction", "propose"): MoveWords(pgettext_lazy("correction", "Propose"), gettext_lazy("Correction proposed")),
    ("correction", "confirm"): MoveWords(pgettext_lazy("correction", "Confirm"), gettext_lazy("Correction confirmed")),
    ("correction", "drop"): MoveWords(
        gettext_lazy("Drop the correction"),
        gettext_lazy("Correction dropped"),
        gettext_lazy("Why is it dropped?"),
        means=gettext_lazy("Drop the correction: the decision stands as it is."),
    ),
    ("accreditation", "begin"): MoveWords(gettext_lazy("Begin the accreditation"), gettext_lazy("Accreditation begun")),
    ("accreditation", "begin_suspended"): MoveWords(
        gettext_lazy("Begin suspended"), gettext_lazy("Accreditation begun, still suspended")
    ),
    ("accreditation", "suspend"): MoveWords(
        gettext_lazy("Suspend"),
        gettext_lazy("Accreditation suspended"),
        gettext_lazy("On what grounds?"),
        means=gettext_lazy(
            "Suspend the accreditation, saying on what grounds. The register says so from today; the grounds stay here."
        ),
        leads_back=True,
    ),
    ("accreditation", "reinstate"): MoveWords(
        gettext_lazy("Reinstate"),
        gettext_lazy("Accreditation reinstated"),
        gettext_lazy("What has changed?"),
        means=gettext_lazy("Reinstate the accreditation: the grounds of the suspension have fallen away."),
    ),
    ("accreditation", "check_midterm"): MoveWords(
        gettext_lazy("Record the mid-term check"),
        gettext_lazy("Mid-term check made"),
        gettext_lazy("What has become of the recommendations?"),
        means=gettext_lazy("Record what the mid-term check saw of the recommendations."),
    ),
    ("accreditation", "withdraw"): MoveWords(
        gettext_lazy("Withdraw for good"), gettext_lazy("Accreditation withdrawn"), leads_back=True
    ),
    **{
        ("accreditation", name): MoveWords(
            gettext_lazy("Reinstate on appeal"), gettext_lazy("Reinstated: the appeal against the withdrawal is upheld")
        )
        for name in ("restore", "restore_suspended", "restore_replaced")
    },
    ("withdrawal", "propose"): MoveWords(
        pgettext_lazy("withdrawal", "Propose"), gettext_lazy("Withdrawal of the accreditation proposed")
    ),
    ("withdrawal", "answer"): MoveWords(gettext_lazy("Give the statement"), gettext_lazy("Statement given")),
    ("withdrawal", "confirm"): MoveWords(
        pgettext_lazy("withdrawal", "Confirm"), gettext_lazy("Withdrawal of the accreditation confirmed")
    ),
    ("withdrawal", "drop"): MoveWords(
        gettext_lazy("Drop the withdrawal"),
        gettext_lazy("Withdrawal dropped"),
        gettext_lazy("Why is it dropped?"),
        means=gettext_lazy("Drop the withdrawal: the accreditation stays as it is."),
        leads_back=True,
    ),
    ("accreditation", "give_up"): MoveWords(
        gettext_lazy("Give the accreditation up"),
        gettext_lazy("Accreditation given up by the hotline"),
        gettext_lazy("Why do you give it up? This cannot be taken back."),
        means=gettext_lazy("Give the accreditation up by the hotline’s own wish. Only a new round can bring one back."),
        leads_back=True,
    ),
    ("accreditation", "expire"): MoveWords(
        gettext_lazy("End the accreditation"), gettext_lazy("Accreditation expired")
    ),
    ("accreditation", "take_back_expiry"): MoveWords(
        gettext_lazy("Take the expiry back"),
        gettext_lazy("Expiry taken back"),
        gettext_lazy("How did it come to be written?"),
        means=gettext_lazy("The expiry was written before the last day was over. The accreditation is valid again."),
        leads_back=True,
    ),
    ("accreditation", "take_back_expiry_suspended"): MoveWords(
        gettext_lazy("Take the expiry back"),
        gettext_lazy("Expiry taken back, still suspended"),
        gettext_lazy("How did it come to be written?"),
        means=gettext_lazy("The expiry was written before the last day was over. The suspension goes on."),
        leads_back=True,
    ),
    ("accreditation", "replace"): MoveWords(
        gettext_lazy("Replace the accreditation"), gettext_lazy("Replaced by a newer decision")
    ),
    **{("visit", name): words for name, words in VISIT_MOVES.items()},
    ("statistics", "confirm"): MoveWords(
        gettext_lazy("Confirm the figures"),
        gettext_lazy("Figures confirmed"),
        means=gettext_lazy("Confirm the figures: from now on they count."),
    ),
    ("statistics", "ask_for_columns"): MoveWords(
        gettext_lazy("Ask what the columns mean"), gettext_lazy("Columns unknown: a person is asked")
    ),
    ("statistics", "match_columns"): MoveWords(gettext_lazy("Match the columns"), gettext_lazy("Columns matched")),
    ("statistics", "pass_checks"): MoveWords(gettext_lazy("Pass the checks"), gettext_lazy("File read and checked")),
    ("statistics", "refuse"): MoveWords(
        gettext_lazy("Refuse the file"), gettext_lazy("File refused by the checks, nothing of it kept")
    ),
    ("statistics", "accept"): MoveWords(
        gettext_lazy("Accept the figures"),
        gettext_lazy("Figures accepted"),
        means=gettext_lazy("Accept the figures: from now on they are part of the network's totals."),
    ),
    ("statistics", "send_back"): MoveWords(
        gettext_lazy("Send the figures back"),
        gettext_lazy("Figures sent back"),
        gettext_lazy("What is wrong with them?"),
        means=gettext_lazy(
            "Send the figures back, saying why. They do not count until the hotline confirms them again."
        ),
        leads_back=True,
    ),
    ("statistics", "withdraw"): MoveWords(
        gettext_lazy("Take the file back"),
        gettext_lazy("File taken back"),
        gettext_lazy("Why is it taken back?"),
        means=gettext_lazy("Take the file back, saying why. What it had put aside counts again."),
        leads_back=True,
    ),
    ("statistics", "supersede"): MoveWords(
        gettext_lazy("Supersede"), gettext_lazy("Figures superseded by a later file")
    ),
    ("statistics", "restore_accepted"): MoveWords(
        gettext_lazy("Restore"), gettext_lazy("Figures count again, accepted: the later file was taken out")
    ),
    ("statistics", "restore"): MoveWords(
        gettext_lazy("Restore"), gettext_lazy("Figures count again: the later file was taken out")
    ),
    ("network_year", "publish"): MoveWords(gettext_lazy("Make it public"), gettext_lazy("Year made public")),
    ("network_year", "retract"): MoveWords(
        gettext_lazy("Take it from the site"),
        gettext_lazy("Year taken from the site"),
        gettext_lazy("Why is it taken from the site?"),
        means=gettext_lazy("Take the year from the site, saying why. It may be made public again."),
        leads_back=True,
    ),
    ("person_change", "make"): MoveWords(
        pgettext_lazy("change of a person", "Make the change"), gettext_lazy("Change of a person made")
    ),
    ("person_change", "propose"): MoveWords(
        pgettext_lazy("change of a person", "Propose"), gettext_lazy("Change of a person proposed")
    ),
    ("person_change", "confirm"): MoveWords(
        pgettext_lazy("change of a person", "Confirm"),
        gettext_lazy("Change of a person confirmed"),
        means=gettext_lazy("Confirm the change: it is made now."),
    ),
    ("person_change", "drop"): MoveWords(
        pgettext_lazy("change of a person", "Drop"),
        gettext_lazy("Change of a person dropped"),
        means=gettext_lazy("Drop the change: nothing changes."),
        leads_back=True,
    ),
    ("consultation", "open"): MoveWords(
        gettext_lazy("Open the consultation"),
        gettext_lazy("Consultation opened"),
        means=gettext_lazy(
            "Open the consultation: the draft is copied as it reads now, and everybody who is invited gets a letter."
        ),
    ),
    ("consultation", "discard"): MoveWords(
        gettext_lazy("Discard the consultation"),
        gettext_lazy("Consultation discarded"),
        gettext_lazy("Why is it discarded?"),
        means=gettext_lazy("Discard it: nobody has been written to yet."),
        leads_back=True,
    ),
    ("consultation", "extend"): MoveWords(
        gettext_lazy("Extend the consultation"), gettext_lazy("Consultation extended")
    ),
    ("consultation", "close"): MoveWords(
        gettext_lazy("Close the consultation"),
        gettext_lazy("Consultation closed"),
        means=gettext_lazy(
            "Close the consultation: nobody comments any more, and everybody who was invited reads all comments and answers."
        ),
    ),
    ("recommendation", "issue"): MoveWords(pgettext_lazy("move", "Issue"), gettext_lazy("Recommendation issued")),
    ("recommendation", "accept"): MoveWords(
        pgettext_lazy("recommendation", "Accept"),
        gettext_lazy("Recommendation accepted"),
        means=gettext_lazy("Accept it: the hotline will do this."),
    ),
    ("recommendation", "contest"): MoveWords(
        pgettext_lazy("recommendation", "Contest"),
        gettext_lazy("Recommendation contested"),
        gettext_lazy("Why do you contest it?"),
        means=gettext_lazy("Contest it, saying why. Missing Children Europe answers."),
    ),
    ("recommendation", "insist"): MoveWords(
        pgettext_lazy("recommendation", "Insist"),
        gettext_lazy("Recommendation issued again"),
        gettext_lazy("Why does it stand?"),
        means=gettext_lazy("Insist on it, saying why. The hotline can accept or contest it again."),
        leads_back=True,
    ),
    ("recommendation", "withdraw"): MoveWords(
        pgettext_lazy("recommendation", "Take back"),
        gettext_lazy("Recommendation taken back"),
        gettext_lazy("Why is it taken back?"),
        means=gettext_lazy("Take it back: the hotline is right to contest it."),
    ),
    ("recommendation", "start"): MoveWords(
        pgettext_lazy("recommendation", "Start"),
        gettext_lazy("Work started"),
        means=gettext_lazy("Start working on it."),
    ),
    ("recommendation", "submit_evidence"): MoveWords(
        gettext_lazy("Submit the evidence"),
        gettext_lazy("Evidence submitted"),
        gettext_lazy("What did you do, and what does the evidence show?"),
        means=gettext_lazy("Submit the evidence, saying what was done. Somebody independent looks at it."),
    ),
    ("recommendation", "verify"): MoveWords(
        pgettext_lazy("recommendation", "Verify"),
        gettext_lazy("Recommendation verified"),
        means=gettext_lazy("Verify it: what was asked for is there."),
    ),
    ("recommendation", "refuse"): MoveWords(
        pgettext_lazy("recommendation", "Send back"),
        gettext_lazy("Evidence sent back: not verified"),
        gettext_lazy("What is still missing?"),
        means=gettext_lazy("Send it back, saying what is still missing."),
        leads_back=True,
    ),
    ("recommendation", "resume"): MoveWords(
        pgettext_lazy("recommendation", "Go on working"),
        gettext_lazy("Work resumed"),
        means=gettext_lazy("Resume the work on what is still missing."),
    ),
    ("recommendation", "close"): MoveWords(
        pgettext_lazy("recommendation", "Close"),
        gettext_lazy("Recommendation closed"),
        means=gettext_lazy("Close it: nothing is left to do."),
    ),
    **LEARNING_MOVES,
    **CONDITION_MOVES,
}


def words_of(thing: Stateful, name: str) -> MoveWords:
    return MOVES[thing.kind, name]
