"""Define worked examples of the rule language: for a construct, an edition that uses it, and two cases.

One case just misses the requirement, the other just meets it. All examples modify one small edition, which is read from
its files like any other. Pure, except for these temporary files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from evaluation.engine.scoring import Evidence, Judgement
from standards.drafts.fields import write_texts
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from standards.framework import Framework, Indicator, Measure, Wording

CODES = ("1.1.1", "1.1.2", "1.2.1", "2.1.1", "2.1.2")
"""The scored indicators of the examples."""
FIGURE = "2.1.3"
"""The indicator of the examples that is a figure, shown and not scored."""
NOT_APPLICABLE = "n/a"
WITH_EVIDENCE = "with evidence"
_TITLES = {"D1": "Access", "D2": "Work", "1.1": "Answering", "1.2": "Languages", "2.1": "Staff"}


class Construct(StrEnum):
    """The constructs of the rule language, in addition to the tests of conditions and the methods of scores."""

    ALTERNATIVES = "or"
    SEVERAL_ALTERNATIVES = "at least n of several conditions"
    SOME_INDICATORS = "at least n indicators"
    SOME_DOMAINS = "at least n domains"
    SOME_GROUPS = "at least n groups of domains"
    SOME_STANDARDS = "at least n standards"
    EXACT_PERCENTAGE = "an exact percentage"
    STRICTLY = "strictly more than"
    BEST_INDICATORS = "the best n indicators of a standard"
    BEST_STANDARDS = "the best n standards of a domain"
    REDISTRIBUTION = "redistribution of what does not apply"
    CAP = "a cap on what does not apply"
    CAP_OF_PART = "a cap of a standard or domain"
    PROOF_BY_LEVEL = "proof by level"
    PROOF_OF_NOT_APPLICABLE = "proof for not applicable"
    LEAST_WORDS = "a least length of words"
    SHOWN_FIGURE = "a figure that is only shown"
    FURTHER_RESULT = "a second result"
    ASKED_BY_TRAIT = "asked of hotlines with a trait"
    ASKED_AFTER_ANSWER = "asked after an answer"


@dataclass(frozen=True)
class Case:
    """The answers of a hotline by indicator: a level, `n/a` or a number, and after a comma words or `with evidence`."""

    answers: Mapping[str, str]
    traits: tuple[str, ...] = ()

    @classmethod
    def of(cls, *levels: int | str, figure: str = "", traits: tuple[str, ...] = ()) -> "Case":
        """Return the case with these answers, in the order of `CODES`, and the value `figure` of `FIGURE`."""
        answers = {code: str(level) for code, level in zip(CODES, levels, strict=True)}
        return cls(answers | ({FIGURE: figure} if figure else {}), traits)

    def evidence(self, framework: Framework) -> Evidence:
        judged = {code: _judge(framework.indicators[code], text) for code, text in self.answers.items() if text}
        return Evidence(answers=judged, traits=self.traits)


@dataclass(frozen=True)
class Example:
    """Entries of edition files, with a case that misses the outcome `met` of `result` and one that meets it.

    `title` and `rule` are added to the title page, before its sections and before its outcomes. `domain`, `standard`,
    `first` and `second` are added to D1, its standard 1.1, and the indicators 1.1.1 and 1.1.2.
    """

    name: str
    shows: tuple[str, ...]
    """The constructs, tests and methods that the example shows."""
    missed: Case
    met: Case
    conditions: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    standard: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    months: int = 36
    note: str = ""
    result: str = ""
    outcomes: tuple[str, ...] = ()
    """The entries of outcomes between `met` and the last one."""

    @property
    def written(self) -> str:
        """The entries that the example adds to the shared edition, as they are written in the files."""
        condition = [f"    {one}," for one in self.conditions]
        asked = ["conditions = [", *condition, "]"] if condition else []
        parts = (
            *(("", self.title), ("", self.rule)),
            *(("[[outcomes]] # met", asked), ("", self.outcomes)),
            *(("# domains/D01.toml", self.domain), ("[[standards]] # 1.1", self.standard)),
            *(("[[standards.indicators]] # 1.1.1", self.first), ("[[standards.indicators]] # 1.1.2", self.second)),
        )
        return "\n".join(
            line for heading, lines in parts if lines for line in ((heading,) if heading else ()) + tuple(lines)
        )

    def read(self) -> tuple[Framework, Wording]:
        """Return the edition of the example, read from its files."""
        with TemporaryDirectory() as folder:
            for name, text in self._files().items():
                path = Path(folder) / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
            edition = read_edition(folder)
        return draft_framework(edition), write_texts(edition)

    def _files(self) -> dict[str, str]:
        conditions = "".join(f"    {one},\n" for one in self.conditions)
        title = [
            *('code = "example"', 'title = "An example"', 'language = "en"', 'introduction = "Short."', *self.title),
            *("[scale]", '0 = "Not there"', '1 = "Begun"', '2 = "Mostly there"', '3 = "There"', *self.rule),
            *("[[obligations]]", 'code = "essential"', 'name = "Essential"', "weight = 3"),
            *("[[obligations]]", 'code = "core"', 'name = "Core"'),
            *("[[outcomes]]", 'code = "met"', 'name = "Met"', f"months = {self.months}"),
            *(f"conditions = [\n{conditions}]", *self.outcomes),
            *("[[outcomes]]", 'code = "missed"', 'name = "Missed"', "months = 0", "conditions = []"),
        ]
        access = [
            *_head("domain", "D1", self.domain),
            *_head("standard", "1.1", self.standard),
            *_indicator("1.1.1", self.first),
            *_indicator("1.1.2", self.second),
            *_head("standard", "1.2"),
            *_indicator("1.2.1"),
        ]
        work = [
            *_head("domain", "D2"),
            *_head("standard", "2.1"),
            *_indicator("2.1.1"),
            *_indicator("2.1.2"),
            *_indicator(FIGURE, ('measure = "numeric"', 'unit = "percent"', 'bands = "report_only"')),
        ]
        return {
            "edition.toml": "\n".join([*title, ""]),
            "domains/D01.toml": "\n".join([*access, ""]),
            "domains/D02.toml": "\n".join([*work, ""]),
        }


def _judge(indicator: Indicator, text: str) -> Judgement:
    value, _, support = text.partition(", ")
    is_document = support == WITH_EVIDENCE
    given = Judgement(has_evidence=is_document, has_words=not is_document and indicator.is_explained_by(support))
    if value == NOT_APPLICABLE:
        return replace(given, not_applicable=True)
    if indicator.measure is Measure.NUMERIC:
        return replace(given, value=Fraction(value))
    return replace(given, level=int(value))


def _head(kind: str, code: str, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the entries of a domain or a standard."""
    begins = ("[[standards]]",) if kind == "standard" else (f'short_title = "{code}"',)
    return (*begins, f'code = "{code}"', f'title = "{_TITLES[code]}"', 'introduction = "Short."', *more)


def _indicator(code: str, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the entries of an indicator: those of `more`, and defaults for the others."""
    defaults = {"obligation": '"core"', "measure": '"scale"', "not_applicable": "true"}
    given = {line.partition(" = ")[0] for line in more}
    levels = [f'{level} = "Level {level}"' for level in range(4)] if "measure" not in given else []
    return (
        *("[[standards.indicators]]", f'code = "{code}"', f'wording = "{code} is in place."', 'guidance = "Short."'),
        *('source = "documents"', 'evidence = "A document"', "evidence_required = false"),
        *(f"{name} = {value}" for name, value in defaults.items() if name not in given),
        *more,
        *(("[standards.indicators.levels]", *levels) if levels else ()),
    )
