"""The texts of the moves of a condition that the panel set, and of what they cause."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.presentation.moves.words import MoveWords

CONDITION_MOVES: dict[tuple[str, str], MoveWords] = {
    ("fulfilment", "send"): MoveWords(
        gettext_lazy("Send the evidence"),
        gettext_lazy("Evidence sent"),
        gettext_lazy("What did you do, and what does the evidence show?"),
        means=gettext_lazy("Send the evidence. Missing Children Europe checks it, then the panel rules."),
    ),
    ("fulfilment", "send_back"): MoveWords(
        pgettext_lazy("condition", "Send back"),
        gettext_lazy("Evidence sent back"),
        gettext_lazy("What is still missing?"),
        means=gettext_lazy("Send the evidence back to the hotline, saying what is missing. The last day stays."),
        leads_back=True,
    ),
    ("fulfilment", "record_check"): MoveWords(gettext_lazy("Record the check"), gettext_lazy("Condition checked")),
    ("fulfilment", "withdraw_check"): MoveWords(
        gettext_lazy("Withdraw the check"),
        gettext_lazy("Check withdrawn"),
        gettext_lazy("Why is it withdrawn?"),
        means=gettext_lazy("Withdraw the check, to make it again."),
        leads_back=True,
    ),
    ("fulfilment", "meet"): MoveWords(
        gettext_lazy("The condition is met"),
        gettext_lazy("Condition met"),
        gettext_lazy("Why is it met?"),
        means=gettext_lazy("Rule that it is met. With the last one, the outcome becomes what the edition says."),
    ),
    ("fulfilment", "fail"): MoveWords(
        gettext_lazy("The condition is not met"),
        gettext_lazy("Condition not met"),
        gettext_lazy("Why is it not met?"),
        means=gettext_lazy("Rule that it is not met. The panel then extends it or decides anew."),
    ),
    ("fulfilment", "extend"): MoveWords(
        gettext_lazy("Extend the condition"), gettext_lazy("Last day of the condition moved")
    ),
    ("fulfilment", "run_out"): MoveWords(
        gettext_lazy("End the time for the evidence"), gettext_lazy("The last day has passed without evidence")
    ),
    ("evaluation", "reconsider"): MoveWords(
        gettext_lazy("Decide anew"),
        gettext_lazy("Decision taken up again"),
        gettext_lazy("Why does the panel decide anew?"),
        means=gettext_lazy("Take the decision up again. The panel votes anew; until then nothing changes."),
        leads_back=True,
    ),
    ("evaluation", "keep_decision"): MoveWords(
        gettext_lazy("Leave the decision as it is"),
        gettext_lazy("Decision left as it is"),
        gettext_lazy("Why does it stay?"),
        means=gettext_lazy("Leave the decision as it is. The unmet condition can still be extended."),
    ),
    ("evaluation", "meet_conditions"): MoveWords(
        gettext_lazy("Change the outcome"), gettext_lazy("All conditions met: the outcome changed")
    ),
    ("recommendation", "settle_by_condition"): MoveWords(
        pgettext_lazy("recommendation", "Verify"), gettext_lazy("Verified: the condition about it is met")
    ),
}
