"""Each text of a printed report is in an element with its language, and each sentence of the system in the report's."""

import re
from dataclasses import replace
from datetime import date

import pytest

from evaluation.engine.scoring import Evidence, Judgement
from reports.charts.scores import draw_charts
from reports.document import DecisionFacts, Facts, RequirementFacts, compose, write_document
from reports.fact_reader import _describe_origin
from reports.language import GettextLocale
from reports.pdf import write_html
from standards.framework import Wording
from standards.models import Texts
from tests.languages import Spoken, find_other_languages, walk
from tests.reports.small_report import EVIDENCE, small_facts
from tests.reports.test_document import EVERYTHING
from tests.small_edition import SMALL, wording_of

ENGLISH = wording_of(SMALL)
NOTHING_TRANSLATED = Texts("en", Wording(ENGLISH), "en", Wording(ENGLISH), reader="pl")
TRANSLATED = {path: text for path, text in wording_of(SMALL, "pl").items() if path.startswith(("domain/D1", "level/"))}
PARTLY_TRANSLATED = Texts("pl", Wording(TRANSLATED), "en", Wording(ENGLISH))

YEAR, DAY = date(2027, 9, 14), date(2026, 9, 14)
DEMANDS = (RequirementFacts("Keep the record for half a year.", date(2027, 6, 1), "9.1.1"),)
DECISIONS = {
    "until a day": DecisionFacts("accredited", "Families are met well.", False, DAY, YEAR),
    "with conditions": DecisionFacts("conditional", "Families are met well.", True, DAY, YEAR, demands=DEMANDS),
    "deferred": DecisionFacts("deferred", "Families are met well.", True, DAY, None, hand_in_by=YEAR),
    "none": DecisionFacts("not_accredited", "Families are met well.", False, DAY, None),
}
RESULTS = {
    "short": EVIDENCE,
    "in place": EVERYTHING,
    "one domain": replace(
        EVERYTHING, answers={**EVERYTHING.answers, "9.1.1": Judgement(level=0), "9.1.2": Judgement(level=2)}
    ),
}

TYPED = (
    "Families are met well.",
    "Keep the record for half a year.",
    "We do this on every shift.",
    "There is no such line in this country.",
    "No record of it was found.",
    "One page in English opens each file.",
    "We thank the team.",
    "The record is kept at the desk.",
    "We asked for it there and got none.",
    *("Keep a record", "Write it down.", "Two dated notes", "Say who answers", "Name two people.", "The names"),
    "calls a day",
)
"""The texts that people write in `small_facts`, in English, and the unit of an indicator."""

NAMES = re.compile(
    r"116 ?000( Quality)?|116000-XH|Missing Children Europe|Havenland|Beacon Foundation|Ilze|Round 2026|Rūta Žukaitė|T1|1"
    r"|XH_2025\.csv|116000-XH, Round 2026, .*|sha256 f+|[acdef]{64}|1\.0|D\d( [\d,]+ %)?|[A-Z]\d\d|[\d.,;: %–·✓◐◷→-]+"
)
"""Names that are the same in every language."""


def facts_in(language: str, texts: Texts, outcome: str, evidence: Evidence) -> Facts:
    facts = small_facts(evidence, texts, language=language, decision=DECISIONS[outcome])
    hours = SMALL.indicators["3.2.2"]
    framework = replace(
        SMALL,
        domains=tuple(
            replace(
                domain,
                standards=tuple(
                    replace(
                        standard,
                        indicators=tuple(
                            replace(i, unit="calls a day") if i.code == hours.code else i for i in standard.indicators
                        ),
                    )
                    for standard in domain.standards
                ),
            )
            for domain in SMALL.domains
        ),
    )
    return replace(facts, framework=framework, files=_describe_origin(facts.files, language))


def paper(language: str, texts: Texts, outcome: str = "with conditions", evidence: Evidence = EVIDENCE) -> str:
    """Return the HTML of a report as WeasyPrint gets it."""
    document = compose(facts_in(language, texts, outcome, evidence), texts, GettextLocale(language))
    written = write_document(document)
    return write_html(written, draw_charts(written), "")


def language_of_each(texts: Texts) -> dict[str, str]:
    """Return the language of every text of the edition as it is read, and of every typed text."""
    edition = {passage.text: passage.language for passage in map(texts.__getitem__, ENGLISH)}
    return edition | dict.fromkeys(TYPED, "en")


def is_of(texts: dict[str, str], spoken: Spoken) -> bool:
    """Return whether a text is one of these in its language, or a line of one in a chart, after its code."""
    whole = {" ".join(text.split()) for text, language in texts.items() if language == spoken.language}
    if spoken.element != "svg text":
        return spoken.text in whole
    line = re.sub(r"^D?[\d.]+ +", "", spoken.text)
    return any(line in text for text in whole)


@pytest.mark.parametrize("outcome", DECISIONS)
@pytest.mark.parametrize("evidence", RESULTS.values(), ids=RESULTS)
@pytest.mark.parametrize("texts", [NOTHING_TRANSLATED, PARTLY_TRANSLATED], ids=["nothing", "partly"])
def test_every_text_stands_in_an_element_of_its_language(texts: Texts, evidence: Evidence, outcome: str) -> None:
    html, known = paper("pl", texts, outcome, evidence), language_of_each(texts)
    assert find_other_languages(html, known) == []
    assert [s for s in walk(html) if s.language != "pl" and not is_of(known, s)] == []


def test_the_texts_are_there_to_be_found() -> None:
    """Otherwise the test before would test nothing."""
    html = paper("pl", NOTHING_TRANSLATED)
    found = " ".join(spoken.text for spoken in walk(html))
    assert [text for text in TYPED if text not in found] == []
    assert [path for path in ("outcome/conditional", "level/2", "domain/D3/title") if ENGLISH[path] not in found] == []


@pytest.mark.parametrize("outcome", DECISIONS)
def test_every_sentence_of_ours_is_in_the_language_of_the_report(outcome: str) -> None:
    in_english = {spoken.text for spoken in walk(paper("en", NOTHING_TRANSLATED, outcome))}
    ours = [spoken for spoken in walk(paper("pl", NOTHING_TRANSLATED, outcome)) if spoken.language == "pl"]
    assert [s for s in ours if s.text in in_english and not NAMES.fullmatch(s.text.replace("\u00a0", " "))] == []
