"""The changes since a user of the hotline last opened the page of its evaluation, by author, as sentences."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.discussions.changes import Change, Changes, find_changes, record_view
from evaluation.models import Evaluation, Step, User
from evaluation.models.people.permissions import is_allowed
from portal.presentation.moments import zoned
from portal.presentation.moves import MOVES
from portal.presentation.reasons import places_by_standard
from standards.models import Texts

_WORDS: dict[str, tuple[Callable[[int], str], str]] = {
    "answers": (
        lambda n: ngettext("%(name)s: %(count)d answer changed", "%(name)s: %(count)d answers changed", n),
        "edit",
    ),
    "evidence": (
        lambda n: ngettext(
            "%(name)s: %(count)d piece of evidence added", "%(name)s: %(count)d pieces of evidence added", n
        ),
        "file",
    ),
    "comments": (
        lambda n: ngettext("%(name)s: %(count)d comment written", "%(name)s: %(count)d comments written", n),
        "comment",
    ),
    "assigned": (
        lambda n: ngettext(
            "%(name)s: %(count)d indicator given to you", "%(name)s: %(count)d indicators given to you", n
        ),
        "people",
    ),
}
"""By the kind of a change: its sentence for a count, and its icon."""


def changes_for(evaluation: Evaluation, user: User, steps: Iterable[Step]) -> Changes | None:
    """Return the changes for a user of the hotline and record the visit; None for others, or without changes."""
    if not is_allowed("evaluation.answer", user, evaluation):
        return None
    since = record_view(evaluation, user)
    return (find_changes(evaluation, user, since, steps) or None) if since else None


def describe_changes(changes: Changes, evaluation: Evaluation, texts: Texts) -> list[dict[str, Any]]:
    """Return a line for each change with its time: the steps first, then the changes by person."""
    return [
        *(_describe_step(step) for step in changes.steps),
        *(_describe_change(change, evaluation, texts) for change in changes.by_person),
    ]


def _describe_step(step: Step) -> dict[str, Any]:
    words, move = getattr(step, "words", None), MOVES[step.kind, step.move]
    done = str(move.done)
    what = _("%(name)s: %(done)s") % {"name": words.name, "done": done} if words and words.name else done
    icon = "back" if move.leads_back else "check"
    return {"what": what, "why": zoned(step.at, "SHORT_DATETIME_FORMAT"), "icon": icon}


def _describe_change(change: Change, evaluation: Evaluation, texts: Texts) -> dict[str, Any]:
    sentence, icon = _WORDS[change.kind]
    name = change.by.name if change.by else _("Somebody")
    standards = places_by_standard(evaluation, "answers", change.codes, texts)
    return {
        "what": sentence(change.count) % {"name": name, "count": change.count},
        "why": zoned(change.at, "SHORT_DATETIME_FORMAT"),
        "url": standards[0].url,
        "icon": icon,
        "count": len(change.codes),
        "standards": standards,
        "is_folded": True,
    }
