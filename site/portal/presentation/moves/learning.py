"""The texts of the moves of good practice, and of visits between hotlines."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.presentation.moves.words import MoveWords

LEARNING_MOVES: dict[tuple[str, str], MoveWords] = {
    ("good_practice", "revise"): MoveWords(
        gettext_lazy("Change the text"), gettext_lazy("Text changed"), leads_back=True
    ),
    ("good_practice", "ask"): MoveWords(
        gettext_lazy("Ask the hotline for its consent"),
        gettext_lazy("Consent asked"),
        means=gettext_lazy("Ask for consent: the coordinators of the hotline get a letter and read this text."),
    ),
    ("good_practice", "consent"): MoveWords(gettext_lazy("Agree to the publication"), gettext_lazy("Consent given")),
    ("good_practice", "refuse"): MoveWords(
        pgettext_lazy("good practice", "Do not agree"),
        gettext_lazy("Consent refused"),
        gettext_lazy("What would have to change?"),
        means=gettext_lazy("Do not agree: nothing is published, and Missing Children Europe reads why."),
        leads_back=True,
    ),
    ("good_practice", "publish"): MoveWords(
        pgettext_lazy("good practice", "Publish"),
        gettext_lazy("Good practice published"),
        means=gettext_lazy("Publish it in the library, where everybody can read it."),
    ),
    ("good_practice", "take_down"): MoveWords(
        gettext_lazy("Take it out of the library"),
        gettext_lazy("Taken out of the library"),
        gettext_lazy("Why is it taken out?"),
        means=gettext_lazy("Take it out of the library. The consent of the hotline stays."),
        leads_back=True,
    ),
    ("good_practice", "withdraw"): MoveWords(
        gettext_lazy("Withdraw the consent"),
        gettext_lazy("Consent withdrawn"),
        means=gettext_lazy("Withdraw the consent: it disappears at once, in every language."),
        leads_back=True,
    ),
    ("exchange", "accept"): MoveWords(
        pgettext_lazy("exchange", "Accept"),
        gettext_lazy("Visit accepted"),
        means=gettext_lazy("Accept the visit: agree on the days with each other."),
    ),
    ("exchange", "decline"): MoveWords(
        pgettext_lazy("exchange", "Decline"),
        gettext_lazy("Visit declined"),
        gettext_lazy("Why is the visit not possible?"),
        means=gettext_lazy("Decline the visit, saying why."),
        leads_back=True,
    ),
    ("exchange", "hold"): MoveWords(gettext_lazy("Save the report"), gettext_lazy("Visit held and reported")),
    ("exchange", "close"): MoveWords(
        pgettext_lazy("exchange", "Close"),
        pgettext_lazy("exchange", "Visit closed"),
        means=gettext_lazy("Close it: you have read the report."),
    ),
    ("exchange", "cancel"): MoveWords(
        gettext_lazy("Cancel the visit"),
        gettext_lazy("Visit cancelled"),
        gettext_lazy("Why is the visit cancelled?"),
        means=gettext_lazy("Cancel the visit, saying why."),
        leads_back=True,
    ),
}
