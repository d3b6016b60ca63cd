"""Find texts that are hard to read. They are hints and prevent nothing."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from standards.drafts.edition_checks import DraftProblem, place_of
from standards.passages.reading_level import HARD, measure_text


def find_hard_texts(texts: Mapping[str, str]) -> Iterator[DraftProblem]:
    """Yield a hint for each text, in any language, that is very hard to read."""
    for path, text in texts.items():
        level = measure_text(text)
        if level.is_hard:
            where, name = place_of(path)
            sentence = _(
                "This is hard to read: a sentence has %(words)s words on average, and %(percent)s %% of the words are "
                "long. That is a LIX of %(lix)s; from %(hard)s a text is very hard. Shorten a sentence or a word."
            )
            values = {
                "words": level.words_in_sentence,
                "percent": level.percent_long,
                "lix": level.lix,
                "hard": HARD,
            }
            yield DraftProblem(where, name, sentence % values)
