"""Texts of the Guide inside sentences of the site: marked with their language, and never interpreted as markup."""

from django.utils import translation

from portal.presentation.passages import in_sentence
from standards.framework import Condition, Test
from standards.presentation.condition_sentences import describe_condition
from standards.presentation.marking import language_of, marked
from standards.presentation.sentences import Passage
from tests.small_edition import SMALL

EVIL = "<script>x</script>"


def test_a_passage_is_marked_only_in_another_language():
    with translation.override("fr"):
        assert marked(Passage("Essential", "en")) == '<span lang="en">Essential</span>'
        assert marked(Passage("Essentiel", "fr")) == "Essentiel"
        assert language_of("no passage") == ""
        assert marked(Passage(EVIL, "de")) == '<span lang="de">&lt;script&gt;x&lt;/script&gt;</span>'
        assert marked(Passage(EVIL, "fr")) == "&lt;script&gt;x&lt;/script&gt;"


def test_words_in_a_sentence_are_marked_and_escaped():
    with translation.override("fr"):
        sentence = in_sentence("%(outcome)s & %(day)s", outcome=Passage("Silver", "en"), day=EVIL)
        assert sentence == '<span lang="en">Silver</span> &amp; &lt;script&gt;x&lt;/script&gt;'


def test_a_condition_escapes_the_editions_names_and_codes():
    texts = {"obligation/essential": Passage(EVIL, "en"), "level/2": Passage("Largely", "en")}
    condition = Condition(Test.EVERY, "essential", level=2)
    with translation.override("en"):
        assert marked(describe_condition(condition, SMALL, texts)) == (
            "Every indicator of the class “&lt;script&gt;x&lt;/script&gt;” reaches level 2 (Largely) or better."
        )
        assert "<" not in marked(describe_condition(Condition(Test.EVERY, level=2, codes=(EVIL,)), SMALL, texts))
