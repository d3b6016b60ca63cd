"""Answers and findings as they were at an earlier moment: read from their history, and restored from it."""

from datetime import datetime
from typing import Any, TypeVar

from django.utils import timezone

from evaluation.models import Answer, AnswerVersion, Evaluation, Finding, FindingVersion

Version = TypeVar("Version", AnswerVersion, FindingVersion)

_JUDGED = ("level", "value", "not_applicable", "words", "by_id", "at")
_OBSERVED = (*_JUDGED, "good_practice", "not_seen")


def judgements_at(history: type[Version], evaluation: Evaluation | int, at: datetime) -> dict[str, Version]:
    """Return the versions that were current at a moment, by indicator; without those that nobody had written. One query.

    A version that restores an earlier one has its moment, so that it is found at that moment too.
    """
    versions = history._default_manager.filter(evaluation_id=getattr(evaluation, "pk", evaluation), at__lte=at)
    return {version.code: version for version in versions.order_by("version")}


def restore_judgements(evaluation: Evaluation, *, at: datetime) -> None:
    """Set the answers and findings of an evaluation back to what they were at a moment, each as a new version.

    Called in the transaction of a move that closes both for writing. What was written since stays in the history. A
    restored version has the author and the moment of the one that it restores; one that was blank is blank from now on.
    """
    _restore(Answer, judgements_at(AnswerVersion, evaluation, at), _JUDGED, evaluation)
    _restore(Finding, judgements_at(FindingVersion, evaluation, at), _OBSERVED, evaluation)


def _restore(model: Any, earlier: dict[str, Any], names: tuple[str, ...], evaluation: Evaluation) -> None:
    for row in model.objects.filter(evaluation=evaluation, version__gt=0):
        blank = model(at=timezone.now())
        was = {name: getattr(earlier.get(row.code, blank), name) for name in names}
        if any(getattr(row, name) != value for name, value in was.items() if name != "at" or row.code in earlier):
            model.objects.filter(pk=row.pk).update(version=row.version + 1, save_uid=None, **was)
