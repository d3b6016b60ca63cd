"""Describes what an answer or a finding still needs before it can be submitted or signed off."""

from typing import Any

from django.utils.translation import gettext as _

from evaluation.guards.conditions import says_the_same
from evaluation.models import Evaluation, UnresolvedText
from standards.framework import Framework, Indicator


def describe_missing(
    indicator: Indicator, framework: Framework, judgement: Any, *, has_evidence: bool, answer: Any = None
) -> str:
    """Return one sentence, or an empty string. `answer` is the hotline's if `judgement` is a finding."""
    if judgement.not_applicable and not judgement.words.strip():
        return _("Still missing: the reason why it does not apply.")
    if getattr(judgement, "not_seen", False):
        return "" if judgement.words.strip() else _("Still missing: the reason why it could not be looked at.")
    if answer is not None:
        differs = not says_the_same(indicator, answer, judgement)
        is_given = judgement.not_applicable or judgement.level is not None or judgement.value is not None
        return (
            _("Still missing: your reason for seeing it otherwise.")
            if differs and is_given and not judgement.words.strip()
            else ""
        )
    if indicator.evidence_required and judgement.level == framework.scale.best and not has_evidence:
        return _("Still missing: the evidence that a yes needs. Add a document or an address.")
    return ""


def find_missing(kind: str, evaluation: Evaluation, indicator: Indicator, judgement: Any) -> str:
    """Return the same for a judgement that was just saved; queries only what the sentence depends on."""
    answer, has_evidence = None, True
    if kind == UnresolvedText.Kind.FINDING:
        if judgement.words.strip():
            return ""
        answer = evaluation.answers.get(code=indicator.code)
    elif indicator.evidence_required and judgement.level == evaluation.framework.scale.best:
        has_evidence = evaluation.evidence.filter(code=indicator.code).exists()
    return describe_missing(indicator, evaluation.framework, judgement, has_evidence=has_evidence, answer=answer)
