"""Declarations of letters: their texts, and for the letters of moves their recipients and values.

`perform` writes the letters of a move, as `declare_letters` registers them. Other letters are written by their name with
`portal.letters.outbox.write_letter`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation.models import Evaluation, User
from evaluation.models.states import Stateful
from evaluation.workflow import Letters, MoveMade, register_letters
from portal.letters.examples import EXAMPLES
from portal.letters.outbox import Values, write_letter
from reports.texts.declaration import Example, Kind, Piece, Text, declare

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


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter. It is written under its name.

    Paragraphs with an `optional` placeholder that has no value are left out. `counted` is the placeholder whose value
    chooses the plural form of the subject.

    The letter of a move is written after each of `moves` to the users that `to` returns, each once, except the user who
    made the move; only if `when` is true. `page` and `values` take precedence over the values of `declare_letters`.
    """

    name: str
    subject: Piece
    body: tuple[Paragraph, ...]
    moves: tuple[str, ...] = ()
    to: Callable[[MoveMade], Iterable[User]] | None = None
    when: Callable[[MoveMade], bool] | None = None
    page: Callable[[MoveMade, User], str] | None = None
    values: Callable[[MoveMade], Values] | None = None
    optional: frozenset[str] = NOTE
    examples: Mapping[str, Example] = field(default_factory=dict)
    counted: str = ""
    group: str = ""
    """The group of the texts, if it is not that of `declare_letters`."""

    def texts(self, group: str) -> Iterator[Text]:
        """Yield the two editable texts of the letter."""
        examples = {**EXAMPLES, **self.examples}
        yield Text(
            f"letters.{self.name}.subject",
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
            f"letters.{self.name}.body",
            group,
            _("A letter, between its greeting and its end."),
            Kind.LINES,
            body,
            examples,
            self.optional,
        )


def _pieces(paragraph: Paragraph) -> tuple[Piece, ...]:
    return paragraph if isinstance(paragraph, tuple) else (paragraph,)


def declare_letters(
    group: str,
    *letters: Letter,
    machine: type[Stateful] | None = None,
    values: Callable[[MoveMade], Values] | None = None,
    read_before: Mapping[str, Callable[[Any], object]] | None = None,
) -> None:
    """Declare the texts of letters in a group of the list of texts, and register the letters of moves of `machine`.

    `values` returns the values of the placeholders. `read_before` has functions by move, see
    `evaluation.workflow.Letters`.
    """
    declare(text for letter in letters for text in letter.texts(f"letters.{letter.group or group}"))
    of_moves: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        for move in letter.moves:
            of_moves[move].append(letter)
    for move, some in of_moves.items():
        assert machine is not None  # a move belongs to a machine
        assert values is not None
        write = partial(_write_letters, tuple(some), values)
        register_letters(machine.kind, move, Letters(write, (read_before or {}).get(move)))


def _write_letters(letters: Iterable[Letter], values: Callable[[MoveMade], Values], made: MoveMade) -> None:
    given: Values | None = None
    for letter in letters:
        assert letter.to is not None  # the letter of a move has recipients
        if letter.when and not letter.when(made):
            continue
        for person in dict.fromkeys(letter.to(made)):
            if person == made.by:
                continue
            given = values(made) if given is None else given
            own = letter.values(made) if letter.values else {}
            page = {"page": letter.page(made, person)} if letter.page else {}
            write_letter(letter.name, {**given, **own, **page}, to=person)


def names_of(evaluation: Evaluation) -> dict[str, str]:
    """Return the values of the placeholders `hotline` and `round`."""
    return {"hotline": evaluation.hotline.name, "round": evaluation.round.name}
