"""The declaration of a letter: its name, its subject, and the paragraphs of its body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from django.utils.translation import gettext_lazy as _

from portal.texts.examples import EXAMPLES
from reports.texts.declaration import Example, Kind, Piece, Text

Paragraph = Piece | tuple[Piece, ...]
"""One piece, or several that are joined without a separator."""

PAGE = "{page}"
IN_WORKSPACE = (_("In the workspace:"), "\n{page}")
CALENDAR = (_("For your calendar:"), "\n{calendar}")
THEIR_WORDS = (_("Their words:"), "\n{note}")
THEIR_REASONS = (_("Their reasons:"), "\n{note}")
THE_GROUNDS = (_("The grounds:"), "\n{note}")
OUTCOME = (_("The outcome:"), " {outcome}")
VALID_UNTIL = _("It is valid until %(until)s.")
THE_REASONS = (_("The reasons:"), "\n{reasons}")
CONDITIONS = (_("The conditions:"), "\n{conditions}")
APPEAL = _(
    "The hotline can appeal against the decision, once, until %(day)s, 23:59 (time zone %(zone)s). Members of the panel "
    "who had no part in the decision hear the appeal."
)
APPEAL_HERE = (_("Appeal on this page:"), "\n{appeal}")
DECISION = (OUTCOME, VALID_UNTIL, THE_REASONS, CONDITIONS)
OF_DECISION = frozenset(("until", "conditions", "appeal"))
"""The placeholders of a decision that have no value for some decisions and some readers."""
SUBMIT_BY = _("Submit it again by %(day)s, 23:59 (time zone %(zone)s).")
STILL_OPEN = (_("Still open:"), "\n{open}")
NOTE = frozenset(("note",))


@dataclass(frozen=True)
class Letter:
    """A letter of the templates `…{name}_subject.txt` and `…{name}_message.txt`.

    Paragraphs with an `optional` placeholder that has no value are left out. `counted` is the placeholder whose value
    chooses the plural form of the subject.
    """

    name: str
    subject: Piece
    body: tuple[Paragraph, ...]
    optional: frozenset[str] = NOTE
    examples: Mapping[str, Example] = field(default_factory=dict)
    counted: str = ""

    def texts(self, group: str) -> Iterator[Text]:
        """Yield the two editable texts of the letter."""
        key = f"letters.{self.name.replace('/', '_')}"
        examples = {**EXAMPLES, **self.examples}
        yield Text(
            f"{key}.subject",
            group,
            _("The subject of a letter."),
            Kind.LINE,
            (self.subject,),
            examples,
            longest=150,
            counted=self.counted,
        )
        pieces = chain.from_iterable(("\n\n", *_pieces(paragraph)) for paragraph in self.body)
        body = tuple(pieces)[1:]
        yield Text(
            f"{key}.body",
            group,
            _("A letter, between its greeting and its end."),
            Kind.LINES,
            body,
            examples,
            self.optional,
        )


def _pieces(paragraph: Paragraph) -> tuple[Piece, ...]:
    return paragraph if isinstance(paragraph, tuple) else (paragraph,)


def texts_of(group: str, *letters: Letter) -> tuple[Text, ...]:
    """Return the texts of the letters of a group."""
    return tuple(text for letter in letters for text in letter.texts(f"letters.{group}"))
