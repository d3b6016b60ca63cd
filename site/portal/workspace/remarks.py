"""The form of one remark of a response, as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from evaluation.models import DraftRemark, UnresolvedText
from portal.workspace.typed import fingerprint


@dataclass(slots=True)
class RemarkForm:
    """One remark: what is saved, what was typed and could not be saved, and what its reader has not decided about."""

    name: str
    """How the address and the fields name it: an indicator's code, or the name of the words on the whole."""
    draft: DraftRemark | None
    unresolved: list[UnresolvedText]
    mine: str | None = None
    is_clash: bool = False
    draft_uid: UUID = field(default_factory=uuid4)
    """Names the form that is shown."""

    @property
    def version(self) -> int:
        return self.draft.version if self.draft else 0

    @property
    def saved(self) -> str:
        return self.draft.words if self.draft else ""

    @property
    def words(self) -> str:
        return self.saved if self.mine is None else self.mine

    @property
    def fingerprint(self) -> str:
        """What stands in the form, so that a plain form changes only what somebody changed."""
        return fingerprint("", "", self.saved, False)

    @property
    def is_busy(self) -> bool:
        """Somebody has written something here."""
        return bool(self.words.strip() or self.unresolved)


def remark_form(
    name: str, draft: DraftRemark | None, unresolved: list[UnresolvedText], changed: Mapping[str, Any]
) -> RemarkForm:
    """The form of a remark; `changed` brings what could not be saved."""
    form = RemarkForm(name, draft, unresolved)
    if changed and not changed.get("is_shut"):
        form.mine, form.is_clash = changed["mine"].words, "clash" in changed
        form.draft_uid = changed.get("draft_uid") or form.draft_uid
    return form
