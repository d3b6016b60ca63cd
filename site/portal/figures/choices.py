"""What a user chose to keep of an earlier file, as a form sends it and until its page is shown again."""

from dataclasses import dataclass
from typing import Self

from django.http import QueryDict

from evaluation.figures.intake.merging import Merging
from portal.moves.stored_notes import pop_note, store_note
from portal.presentation.form_values import read_words
from portal.requests.signed_in import SignedInRequest

_FORM = "merging"


@dataclass(frozen=True, slots=True)
class Choice:
    """The items to be kept, of those that were `offered`."""

    kept: frozenset[str]
    offered: frozenset[str]

    @classmethod
    def read(cls, sent: QueryDict) -> Self | None:
        """Return the choice of a form; None if it offered nothing."""
        if "offered" not in sent:
            return None
        return cls(frozenset(sent.getlist("kept")), frozenset(read_words(sent, "offered").split()))

    def of(self, merging: Merging) -> set[str]:
        """Return the items to be kept; by default those that were not offered, as another file has them."""
        return {
            one.code for one in merging.found if (one.code in self.kept if one.code in self.offered else one.is_kept)
        }


def store_choice(request: SignedInRequest, page: str, choice: Choice) -> None:
    """Store a choice until the page at this address is shown."""
    store_note(request, page, "/".join(" ".join(sorted(codes)) for codes in (choice.kept, choice.offered)), form=_FORM)


def pop_choice(request: SignedInRequest) -> Choice | None:
    """Return and delete the choice that is stored for the requested page."""
    stored = pop_note(request, form=_FORM)
    return Choice(*(frozenset(codes.split()) for codes in stored.split("/"))) if stored else None
