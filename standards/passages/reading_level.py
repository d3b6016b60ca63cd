"""How hard a text is to read: its LIX, which counts words, sentences and long words and needs no dictionary. Pure.

LIX ("läsbarhetsindex") is the mean number of words in a sentence plus the percentage of words of more than six letters
(C.-H. Björnsson, *Läsbarhet*, Stockholm: Liber, 1968; for eleven languages in *Readability of Newspapers in 11
Languages*, Reading Research Quarterly 18(4), 1983, pages 480 to 497). It does not depend on syllables, so that it is
computed alike in every language. Björnsson's scale: 20 very easy, 30 easy, 40 medium, 50 hard, 60 very hard. Languages
with longer words, such as Polish, have a higher LIX for the same content, so that it is only a hint.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

LONG = 6
"""The number of letters above which a word is long."""

HARD = 60
"""The LIX from which a passage is very hard, and is reported."""

FEWEST_WORDS = 20
"""The number of words below which a text is not reported, as one word would change its LIX by several points."""

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_NUMBER_POINT = re.compile(r"(?<=\d)[.:](?=\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-\u2011][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…:]+(?=\s|$|[\"”’»)\]])|\n+")


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """The numbers of words, sentences and long words of a text."""

    words: int
    sentences: int
    long_words: int

    @property
    def lix(self) -> int:
        """The LIX, rounded down; 0 for a text without words."""
        if not self.words:
            return 0
        return int(Fraction(self.words, self.sentences) + Fraction(100 * self.long_words, self.words))

    @property
    def words_in_sentence(self) -> int:
        """The mean number of words in a sentence, rounded half up."""
        return int(Fraction(self.words, self.sentences) + Fraction(1, 2)) if self.words else 0

    @property
    def percent_long(self) -> int:
        """The percentage of long words, rounded half up."""
        return int(Fraction(100 * self.long_words, self.words) + Fraction(1, 2)) if self.words else 0

    @property
    def is_hard(self) -> bool:
        return self.words >= FEWEST_WORDS and self.lix >= HARD


def measure_text(text: str) -> ReadingLevel:
    """Count the words, long words and sentences of a text. Addresses and numbers are not words.

    A sentence ends at a full stop, a question mark, an exclamation mark, an ellipsis, a colon (as Björnsson defines it)
    or the end of a line.
    """
    plain = _NUMBER_POINT.sub("", _ADDRESS.sub(" ", text))
    sentences = [words for part in _SENTENCE_END.split(plain) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    return ReadingLevel(len(words), len(sentences), sum(_letters(word) > LONG for word in words))


def _letters(word: str) -> int:
    return sum(letter.isalpha() for letter in word)
