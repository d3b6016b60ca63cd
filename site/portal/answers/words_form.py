"""The form of a text without a level or value: a remark of the hotline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from evaluation.models import DraftRemark, UnresolvedText
from portal.presentation.form_values import fingerprint


@dataclass(slots=True)
class WordsForm:
    """One text: the saved text, a submitted text that could not be saved, and the user's unresolved texts."""

    name: str
    """The name in addresses and fields: an indicator's code, or the name of the general text."""
    row: DraftRemark | None
    """The saved row, or None."""
    unresolved: list[UnresolvedText]
    mine: str | None = None
    is_conflict: bool = False
    draft_uid: UUID = field(default_factory=uuid4)
    """Identifies the rendered form."""

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    @property
    def saved(self) -> str:
        return self.row.words if self.row else ""

    @property
    def words(self) -> str:
        return self.saved if self.mine is None else self.mine

    @property
    def fingerprint(self) -> str:
        """The digest of the saved content, by which a plain form saves only changed texts."""
        return fingerprint("", "", self.saved, False)

    @property
    def is_busy(self) -> bool:
        """Whether there is a saved or submitted text."""
        return bool(self.words.strip() or self.unresolved)


def words_form(
    name: str, row: DraftRemark | None, unresolved: list[UnresolvedText], changed: Mapping[str, Any]
) -> WordsForm:
    """Return the form of a text; `changed` has a submitted text that could not be saved."""
    form = WordsForm(name, row if row and row.version else None, unresolved)
    if changed and not changed.get("is_closed"):
        form.mine, form.is_conflict = changed["mine"].words, "conflict" in changed
        form.draft_uid = changed.get("draft_uid") or form.draft_uid
    return form


def conflicts_of(kind: str, changed: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the conflicts of a page for the error summary, each with its field."""
    return [
        {"text": _("%(code)s: two people wrote here at once.") % {"code": code}, "target": f"{kind}-{code}"}
        for code, what in changed.items()
        if "conflict" in what
    ]
