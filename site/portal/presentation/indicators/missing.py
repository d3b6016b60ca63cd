"""Describes what an answer or a finding still needs before it can be submitted or signed off."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.answers.evidence.validity import ended_on
from evaluation.models import Evaluation, UnresolvedText
from evaluation.models.answers.judgements import judgements_agree
from standards.framework import Framework, Indicator, Support


def describe_missing(
    indicator: Indicator,
    framework: Framework,
    judgement: Any,
    *,
    has_evidence: bool,
    ended: date | None = None,
    answer: Any = None,
) -> str:
    """Return one sentence, or an empty string. `answer` is the hotline's if `judgement` is a finding.

    `ended` is the day on which the last of its evidence ended, if none is in force.
    """
    if judgement.not_applicable and not judgement.words.strip():
        return _("Still missing: the reason why it does not apply.")
    if getattr(judgement, "not_seen", False):
        return "" if judgement.words.strip() else _("Still missing: the reason why it could not be looked at.")
    if answer is not None:
        differs = not judgements_agree(indicator, answer, judgement)
        is_given = judgement.not_applicable or judgement.level is not None or judgement.value is not None
        return (
            _("Still missing: your reason for seeing it otherwise.")
            if differs and is_given and not judgement.words.strip()
            else ""
        )
    if indicator.evidence_required and judgement.level == framework.scale.best:
        if not has_evidence:
            return _("Still missing: the evidence that a yes needs. Add a document or an address.")
        if ended:
            words = _("Still missing: evidence that is in force. What is here ended on %(day)s.")
            return words % {"day": date_format(ended, "DATE_FORMAT")}
    return _describe_support(
        indicator, needed_support(indicator, framework, judgement), judgement.words, has_evidence=has_evidence
    )


def needed_support(indicator: Indicator, framework: Framework, judgement: Any) -> Support:
    """Return the support without which an answer does not count; `NOTHING` while it is not given."""
    level = judgement.level if judgement.value is None else indicator.level_of(judgement.value, framework.scale)
    if level is None and not judgement.not_applicable:
        return Support.NOTHING
    return indicator.support_of(None if judgement.not_applicable else level, framework.scale)


def _describe_support(indicator: Indicator, support: Support, words: str, *, has_evidence: bool) -> str:
    """Describe what the answer still needs before it counts."""
    is_explained = indicator.is_explained_by(words)
    if support is Support.EVIDENCE and not has_evidence:
        return _("Still missing: this answer counts only with evidence. Add a document or an address.")
    if support is Support.EITHER and not (is_explained or has_evidence):
        return _("Still missing: this answer counts only with words that explain it, or with evidence.")
    if support is not Support.WORDS or is_explained:
        return ""
    if indicator.least_words:
        return ngettext(
            "Still missing: this answer counts only with at least %(count)s word that explains it.",
            "Still missing: this answer counts only with at least %(count)s words that explain it.",
            indicator.least_words,
        ) % {"count": indicator.least_words}
    return _("Still missing: this answer counts only with words that explain it.")


def find_missing(kind: str, evaluation: Evaluation, indicator: Indicator, judgement: Any) -> str:
    """Return the same sentence for a judgement that was just saved. Queries only what the sentence depends on."""
    answer, has_evidence, ended = None, True, None
    if kind in (UnresolvedText.Kind.FINDING, UnresolvedText.Kind.OBSERVATION):
        if judgement.words.strip():
            return ""
        answer = evaluation.answers.get(code=indicator.code)
    elif (indicator.evidence_required and judgement.level == evaluation.framework.scale.best) or (
        needed_support(indicator, evaluation.framework, judgement) in (Support.EVIDENCE, Support.EITHER)
    ):
        ends = list(evaluation.evidence.filter(code=indicator.code).values_list("ends_on", flat=True))
        has_evidence, ended = bool(ends), ended_on(ends, evaluation.round.today)
    return describe_missing(
        indicator, evaluation.framework, judgement, has_evidence=has_evidence, ended=ended, answer=answer
    )
