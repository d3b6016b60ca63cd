"""Read the findings of a file by code; each problem has the file, code, field and remedy."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

from evaluation.engine.scoring import Judgement
from evaluation.recomputation.strict_json import Inexact, Unreadable, read_json
from standards.framework import Framework, Indicator, Measure, Scale

ANSWERS, FINDINGS = "answers", "findings"
"""The keys of a file that has answers and findings separately."""
_JUDGEMENT_FIELDS = ("level", "value", "not_applicable", "not_seen")
_FIELDS = (*_JUDGEMENT_FIELDS, "words", "evidence")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?|\d{1,12}/0*[1-9]\d{0,11}")


@dataclass
class Findings:
    """The content of a file. `notes` are remarks that are no problems."""

    answers: dict[str, Judgement] = field(default_factory=dict)
    findings: dict[str, Judgement] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class _Reading:
    """The position in the file, and the problems so far."""

    framework: Framework
    where: str
    problems: list[str]
    notes: list[str]

    def at(self, name: str) -> "_Reading":
        return _Reading(self.framework, f"{self.where}, {name}", self.problems, self.notes)

    def refuse(self, sentence: str) -> None:
        self.problems.append(f"{self.where}: {sentence}")

    def note(self, sentence: str) -> None:
        self.notes.append(f"{self.where}: {sentence}")


def read_findings(path: Path, framework: Framework) -> Findings:
    """Return the content of a file: `{code: entry}`, or `{"answers": {code: entry}, "findings": {code: entry}}`.

    In the first form, an entry is an assessors' finding, with two exceptions: it is the hotline's answer if the Guide
    requires words or evidence of the answer, which the file must then have, or if other indicators are asked depending
    on the answer. Raises Unreadable with every problem.
    """
    data = read_json(path)
    reading = _Reading(framework, path.name, [], [])
    found = Findings(notes=reading.notes)
    if not isinstance(data, dict):
        reading.refuse("Write an object: the code of each indicator with what was found.")
    elif data and set(data) <= {ANSWERS, FINDINGS}:
        found.answers = _read_judgements(data.get(ANSWERS, {}), reading.at(ANSWERS))
        for code in [code for code, answer in found.answers.items() if answer.not_seen]:
            reading.at(ANSWERS).at(code).at("not_seen").refuse("Only the assessors say so. Move it to “findings”.")
        found.findings = _read_judgements(data.get(FINDINGS, {}), reading.at(FINDINGS))
    else:
        opening_codes = {asking.code for indicator in framework.indicators.values() for asking in indicator.asked_if}
        for code, judgement in _read_judgements(data, reading).items():
            indicator = framework.indicators[code]
            is_answer = (any(indicator.supports) or code in opening_codes) and not indicator.from_figures
            (found.answers if is_answer and not judgement.not_seen else found.findings)[code] = judgement
    if reading.problems:
        raise Unreadable(reading.problems)
    return found


def _read_judgements(data: Any, reading: _Reading) -> dict[str, Judgement]:
    if not isinstance(data, dict):
        reading.refuse("Write an object: the code of each indicator with what was found.")
        return {}
    found = {}
    for code, entry in data.items():
        here, indicator = reading.at(code), reading.framework.indicators.get(code)
        if indicator is None:
            here.refuse(_unknown(code, reading.framework))
        elif not isinstance(entry, dict):
            here.refuse("Write an object, such as {“level”: 2}; leave the code out where nothing was found.")
        else:
            found[code] = _read_entry(entry, indicator, here)
    return found


def _unknown(code: str, framework: Framework) -> str:
    close = get_close_matches(code, framework.indicators, n=1)
    hint = f" The nearest is {close[0]}." if close else ""
    return f"Edition {framework.code} has no indicator with this code.{hint} Correct the code, or remove the entry."


def _read_entry(entry: Mapping[str, Any], indicator: Indicator, reading: _Reading) -> Judgement:
    for name in entry:
        if name not in _FIELDS:
            reading.at(name).refuse(f"This field is not known. Write one of: {', '.join(_FIELDS)}.")
    given = [name for name in _JUDGEMENT_FIELDS if name in entry]
    if len(given) != 1:
        reading.refuse(
            f"Only one of “{'”, “'.join(given)}” can be so. Keep one."
            if given
            else "Write a “level”, a “value”, “not_applicable” or “not_seen”; leave the code out where nothing was found."
        )
    reasons = _read_text(entry["not_applicable"], reading.at("not_applicable")) if "not_applicable" in entry else ""
    if reasons and not indicator.not_applicable:
        reading.note(
            "The Guide does not allow “not applicable” here, so it does not count. Write a level instead, or remove it."
        )
    unseen = _read_text(entry["not_seen"], reading.at("not_seen")) if "not_seen" in entry else ""
    return Judgement(
        level=_read_level(entry["level"], indicator, reading.at("level")) if "level" in entry else None,
        value=_read_value(entry["value"], indicator, reading.at("value")) if "value" in entry else None,
        not_applicable="not_applicable" in entry,
        not_seen="not_seen" in entry,
        has_words=indicator.is_explained_by(
            reasons
            or unseen
            or (_read_text(entry["words"], reading.at("words"), empty=True) if "words" in entry else "")
        ),
        has_evidence="evidence" in entry and _read_evidence(entry["evidence"], reading.at("evidence")),
    )


def _read_level(level: Any, indicator: Indicator, reading: _Reading) -> int | None:
    scale = reading.framework.scale
    if type(level) is not int:
        shown = f" “{level}” is none." if isinstance(level, Inexact | str) else ""
        reading.refuse(f"A level is a whole number without quotation marks, such as {scale.best}.{shown}")
    elif level not in scale.levels:
        reading.refuse(f"There is no level {level}. The scale goes from {scale.lowest} to {scale.highest}.")
    elif indicator.measure is Measure.YES_NO and level not in (scale.worst, scale.best):
        reading.refuse(f"This is answered with yes or no. Write {scale.best} for yes or {scale.worst} for no.")
    else:
        if not indicator.is_scored:
            reading.note("This is shown and not scored, so its level counts for nothing.")
        return level
    return None


def _read_value(value: Any, indicator: Indicator, reading: _Reading) -> Fraction | None:
    if indicator.measure is not Measure.NUMERIC:
        reading.refuse(f"This is answered with a level. Write “level”, {_levels(reading.framework.scale)}.")
        return None
    return read_exact(value, reading.refuse)


def _levels(scale: Scale) -> str:
    return f"from {scale.lowest} to {scale.highest}"


def read_exact(value: Any, refuse: Any) -> Fraction | None:
    """Return an exact number of at least 0, from an integer or text such as `92.5` or `185/2`.

    For any other value, call `refuse` with a sentence and return None.
    """
    text = str(value) if type(value) is int else value
    if isinstance(text, str) and _NUMBER.fullmatch(text):
        return Fraction(text)
    refuse(
        f"“{value}” can be inexact. Write the number as text, such as “92.5”."
        if isinstance(value, Inexact)
        else "Write a number of at least 0 as text, such as “92.5”."
    )
    return None


def _read_text(text: Any, reading: _Reading, *, empty: bool = False) -> str:
    if not isinstance(text, str) or (not text.strip() and not empty):
        reading.refuse("Write the reason as text." if not empty else "Write a text in quotation marks.")
        return ""
    return text.strip()


def _read_evidence(texts: Any, reading: _Reading) -> bool:
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        reading.refuse("Write a list of texts, such as names of documents or addresses.")
        return False
    return bool(texts)


def find_unused(found: Findings, framework: Framework) -> Iterator[str]:
    """Yield a sentence for each answer without effect, because only figures count for its indicator."""
    for code in found.answers:
        if framework.indicators[code].from_figures and not found.answers[code].not_applicable:
            yield f"{ANSWERS}, {code}: The statistics fill this, so what the hotline says of it does not count."
