"""The texts of the moves of an evaluation."""

from django.utils.translation import gettext_lazy as _

from evaluation.models import Evaluation
from portal.presentation.moves import MoveWords, declare_moves

declare_moves(
    Evaluation,
    {
        "submit": MoveWords(
            _("Sign and submit"),
            _("Self-assessment submitted"),
            means=_(
                "Read what is declared, and sign it. Then the self-assessment is submitted and can no longer be changed."
            ),
        ),
        "set_traits": MoveWords(_("Change the traits"), _("Traits of the hotline set")),
        "extend": MoveWords(_("Give more time"), _("More time given for the self-assessment")),
        "shorten": MoveWords(_("Shorten the extension"), _("Extension shortened or taken back"), leads_back=True),
        "send_back": MoveWords(
            _("Send back"),
            _("Self-assessment sent back"),
            _("What is to be completed?"),
            means=_(
                "Send the self-assessment back to the hotline, saying what is to be completed. It gets two weeks at least."
            ),
            leads_back=True,
        ),
        "reopen_answers": MoveWords(
            _("Send further indicators back"), _("Further indicators sent back"), leads_back=True
        ),
        "count_corrections": MoveWords(
            _("Count the corrected figures"),
            _("Corrected figures count from here on"),
        ),
        "accept": MoveWords(
            _("Accept and send the team"),
            _("Self-assessment accepted"),
            means=_("Accept the self-assessment and send the team on its study visit."),
        ),
        "excuse": MoveWords(
            _("Excuse the hotline"),
            _("Hotline excused from the round"),
            _("Why is the hotline excused from this round?"),
            means=_(
                "Excuse the hotline from this round, saying why. What is written stays, and the round can close without it."
            ),
            leads_back=True,
        ),
        "readmit": MoveWords(
            _("Take the hotline in again"),
            _("Hotline taken into the round again"),
            _("Why does it come in again?"),
            means=_("Take the hotline into the round again. Its self-assessment is open as it was left."),
        ),
        "begin_report": MoveWords(_("Begin the report"), _("Report begun")),
        "reopen_findings": MoveWords(
            _("Open the findings again"),
            _("Findings opened again"),
            _("What is to be looked at once more?"),
            means=_("Open the findings again, saying what the team is to look at once more."),
            leads_back=True,
        ),
        "propose": MoveWords(_("Score and send the draft to the hotline"), _("Scored and sent to the hotline")),
        "take_back": MoveWords(
            _("Take the draft back"),
            _("Draft taken back"),
            _("Why is the draft taken back?"),
            means=_("Take the draft back from the hotline, saying why. It is sent anew when it is ready."),
            leads_back=True,
        ),
        "respond": MoveWords(_("Give the response"), _("Response given")),
        "answer_remarks": MoveWords(
            _("Hand the answers to the panel"), _("Answers to the response handed to the panel")
        ),
        "go_on_without_response": MoveWords(
            _("Go on without a response"),
            _("Gone on without a response"),
            means=_("Go on to the panel: the time to respond is over."),
        ),
        "send_back_to_assessors": MoveWords(
            _("Send back to the lead assessor"),
            _("Sent back to the lead assessor"),
            _("What could the panel not follow?"),
            means=_("Send the evaluation back to the lead assessor, saying what the panel could not follow."),
            leads_back=True,
        ),
        "vote_again": MoveWords(
            _("Vote once more"),
            _("Votes cleared after a tie, for a second vote"),
            means=_("Clear the votes after the tie: every member votes once more, and for the last time."),
        ),
        "decide": MoveWords(_("Record the decision"), _("Decision recorded")),
        "resume": MoveWords(
            _("Take the evaluation up again"),
            _("Evaluation taken up again"),
            _("What is to be handed in?"),
            means=_("Take the deferred evaluation up again: the hotline hands in what was missing."),
            leads_back=True,
        ),
        "follow_up": MoveWords(
            _("Plan a follow-up visit"),
            _("Follow-up visit planned"),
            _("What is the occasion? Name the condition, or the mid-term check."),
            means=_(
                "Plan a follow-up visit of the accredited hotline, saying why. The accreditation stays as it is meanwhile."
            ),
            leads_back=True,
        ),
        "end_follow_up": MoveWords(
            _("End the follow-up without a decision"),
            _("Follow-up ended without a new decision"),
            _("What did it show?"),
            means=_(
                "End the follow-up without a new decision, saying what it showed. The accreditation stays as it is; answers, "
                "findings and figures are again those that the panel decided on."
            ),
        ),
        "publish": MoveWords(
            _("Publish the outcome"),
            _("Outcome published"),
            means=_("Publish the outcome: the register and the hotline’s page show it."),
        ),
        "change_extent": MoveWords(
            _("Change what is public"),
            _("Changed what is public of the report"),
            means=_("Make more or less of the published report public, with the reason."),
        ),
        "decide_on_appeal": MoveWords(_("Decide on the appeal"), _("Decided anew on an appeal")),
        "correct": MoveWords(_("Correct the decision"), _("Decision corrected")),
        "reconsider": MoveWords(
            _("Decide anew"),
            _("Decision taken up again"),
            _("Why does the panel decide anew?"),
            means=_("Take the decision up again. The panel votes anew; until then nothing changes."),
            leads_back=True,
        ),
        "keep_decision": MoveWords(
            _("Leave the decision as it is"),
            _("Decision left as it is"),
            _("Why does it stay?"),
            means=_("Leave the decision as it is. The unmet condition can still be extended."),
        ),
        "meet_conditions": MoveWords(_("Change the outcome"), _("All conditions met: the outcome changed")),
    },
)
