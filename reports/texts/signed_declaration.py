"""The editable text of the declaration that a coordinator signs. Each submission keeps the text that was signed."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from evaluation.answers.submission import SignedDeclaration
from evaluation.models import Evaluation
from reports.texts.declaration import Kind, Text, declare
from reports.texts.reading import read_text
from standards.presentation.reading_language import active_language, interface_language

DECLARATION = Text(
    "declaration.text",
    "declaration",
    _("What the coordinator of a hotline signs with each submission. Submissions keep the words that were signed."),
    Kind.LINES,
    (
        _("I submit the self-assessment of %(hotline)s in the round %(round)s in the name of the hotline."),
        "\n\n",
        _(
            "It is complete, and its answers are true to the best of my knowledge: they describe the hotline as it "
            "works today."
        ),
        "\n\n",
        _(
            "Where an indicator is said not to apply, the reason given holds. The evidence shows what it is said to "
            "show, and names no child, no family and no caller."
        ),
        "\n\n",
        _(
            "I know that assessors look at what is declared here, and that this declaration is kept with a copy of "
            "the answers that nobody can change."
        ),
    ),
    {"hotline": "Portugal", "round": "2027"},
    longest=3_000,
)

declare([DECLARATION])


def read_declaration(evaluation: Evaluation) -> SignedDeclaration:
    """Return the present declaration with its language: that of the reader, or that in which MCE wrote it."""
    sentence = read_text(DECLARATION.key, hotline=evaluation.hotline.name, round=evaluation.round.name)
    page = interface_language(active_language(get_language()))
    return SignedDeclaration(str(sentence), next((part.language for part in sentence.parts if part.language), page))
