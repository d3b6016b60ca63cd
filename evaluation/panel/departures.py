"""Validate the reasons for another outcome than the proposed one."""

import re
from collections.abc import Iterator

from django.utils.translation import get_language, override

from evaluation.models import Evaluation
from evaluation.models.accreditation.withdrawal import WORDS_OF_SUBSTANCE, words_of_substance
from standards.models import Edition
from standards.presentation.condition_sentences import describe_condition

OWN_WORDS_TO_DEPART = WORDS_OF_SUBSTANCE
"""The minimum number of distinct own words in the reasons for a departure."""


def count_own_words(evaluation: Evaluation, reasons: str) -> int:
    """Count the distinct words of the reasons, without literal repetitions of an outcome's name or condition."""
    written = _as_words(reasons)
    for sentence in sorted(_sentences_of_the_rule(evaluation.round.edition), key=len, reverse=True):
        written = written.replace(_as_words(sentence), "  ")
    return len(words_of_substance(written))


def _as_words(text: str) -> str:
    """Return the case-folded words of a text, each between spaces, so that one text can be found in another."""
    return "".join(f" {word} " for word in re.findall(r"\w+", text.casefold()))


def _sentences_of_the_rule(edition: Edition) -> Iterator[str]:
    """Yield the texts of each outcome's rule, in every language that a page could show to the author."""
    languages = {get_language() or edition.source_language, *edition.wordings.values_list("language", flat=True)}
    for language in languages:
        texts = edition.texts(language)
        with override(language):
            for outcome in edition.framework.rule.outcomes:
                yield str(texts[f"outcome/{outcome.code}"])
                for condition in outcome.conditions:
                    yield str(describe_condition(condition, edition.framework, texts))
