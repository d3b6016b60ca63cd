"""Recompute a published result and compare it with the file. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.engine.scoring import (
    ENGINE,
    Check,
    Evidence,
    Scorecard,
    read_evidence,
    score,
    write_evidence,
    write_scorecard,
)
from reports.result.published_file import FORMAT, VERSION, seal
from standards.framework import Framework, MalformedEdition, canonical, digest, read_framework

NOTHING = "nothing"
"""The value shown for an entry that one of the two does not have."""

PARTS = ("format", "version", "hotline", "round", "edition", "inputs", "scorecard", "decision", "digests", "sha256")


class NotAResult(ValueError):
    """The file is not a published result, or one that cannot be recomputed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between file and computation: a path such as `scorecard.overall`, and both values as JSON."""

    path: str
    published: str
    recomputed: str


@dataclass(frozen=True, slots=True)
class NotRecomputed:
    """A value that is taken from the file unchecked, as it depends on the unpublished figures of `codes`."""

    path: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The result of the recomputation. `engine` is the version of the engine that made the file.

    `compared` has the number of compared values by part. `taken` are values that could not be recomputed; everything
    computed from them was.
    """

    engine: str
    sha256: str
    compared: Mapping[str, int]
    differences: tuple[Difference, ...]
    taken: tuple[NotRecomputed, ...]

    @property
    def is_by_this_engine(self) -> bool:
        return self.engine == ENGINE


def recompute(data: Any) -> Recomputed:
    """Recompute a published result. Raises NotAResult with the reason if that is not possible."""
    _require_shape(data)
    framework, evidence, card = _compute(data)
    decision, edition = data["decision"], data["edition"]
    expected = {
        "edition": {"code": framework.code, "sha256": digest(canonical(edition["structure"]))},
        "inputs": write_evidence(evidence),
        "scorecard": write_scorecard(card),
        "decision": {
            "proposal": card.proposal.outcome,
            "departs": decision.get("outcome") != card.proposal.outcome,
        },
        "sha256": seal(data)["sha256"],
    }
    published = {
        "edition": {name: edition.get(name, _ABSENT) for name in ("code", "sha256")},
        "inputs": data["inputs"],
        "scorecard": data["scorecard"],
        "decision": {name: decision.get(name, _ABSENT) for name in ("proposal", "departs")},
        "sha256": data["sha256"],
    }
    engine = str(data["scorecard"].get("engine", ""))
    if engine != ENGINE:  # a different engine is reported separately
        expected["scorecard"]["engine"] = engine
    return Recomputed(
        engine=engine,
        sha256=str(data["sha256"]),
        compared={part: _count(published[part]) for part in published},
        differences=(*_compare("", published, expected), *_find_impossible(data, framework, evidence, card)),
        taken=tuple(_find_taken(evidence, card)),
    )


def _require_shape(data: Any) -> None:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NotAResult(f"The file is no published result: its “format” is not “{FORMAT}”.")
    if data.get("version") != VERSION:
        raise NotAResult(f"The file is of version {data.get('version')}; this program reads version {VERSION}.")
    if missing := [name for name in PARTS if name not in data]:
        raise NotAResult(f"The file is not whole: “{missing[0]}” is missing.")
    for name in ("hotline", "round", "edition", "inputs", "scorecard", "decision", "digests"):
        if not isinstance(data[name], dict):
            raise NotAResult(f"The file is not whole: “{name}” is no object.")


def _compute(data: Mapping[str, Any]) -> tuple[Framework, Evidence, Scorecard]:
    try:
        framework, evidence = read_framework(data["edition"]["structure"]), read_evidence(data["inputs"])
        return framework, evidence, score(framework, evidence)
    except MalformedEdition as malformed:
        raise NotAResult(f"The edition in the file cannot be used: {malformed.problems[0]}") from malformed
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as unreadable:
        raise NotAResult(
            f"The edition or the inputs in the file cannot be read ({type(unreadable).__name__}: {unreadable})."
        ) from unreadable


def _find_taken(evidence: Evidence, card: Scorecard) -> Iterator[NotRecomputed]:
    """Yield the levels and the checks of conditions that depend on unpublished figures."""
    yield from (NotRecomputed(f"inputs.withheld.{code}", (code,)) for code in evidence.withheld)
    further = ((f"scorecard.results[{number}]", result.outcomes) for number, result in enumerate(card.results))
    for where, outcomes in (("scorecard", card.outcomes), *further):
        for place, outcome in enumerate(outcomes):
            for number, check in enumerate(outcome.checks):
                yield from _find_withheld(f"{where}.outcomes[{place}].checks[{number}]", check)


def _find_withheld(path: str, check: Check) -> Iterator[NotRecomputed]:
    if check.withheld:
        yield NotRecomputed(path, check.withheld)
    for number, part in enumerate(check.parts):
        yield from _find_withheld(f"{path}.parts[{number}]", part)


def _find_impossible(
    data: Mapping[str, Any], framework: Framework, evidence: Evidence, card: Scorecard
) -> Iterator[Difference]:
    """Yield a difference for bounds of a figure that is not withheld, and for an outcome that is not in the edition."""
    for code, bounds in evidence.within.items():
        if code not in card.indicators or card.indicators[code].within is None:
            yield Difference(f"inputs.within.{code}", _show(list(bounds)), NOTHING)
    outcome = data["decision"].get("outcome")
    codes = [found.code for found in framework.rule.outcomes]
    if outcome not in codes:
        yield Difference("decision.outcome", _show(outcome), f"one of {', '.join(map(_show, codes))}")


# --- Comparing two trees -------------------------------------------------------------------------------------------

_ABSENT = object()
"""The value of a missing entry."""


def _compare(path: str, published: Any, recomputed: Any) -> Iterator[Difference]:
    """Yield every difference between two trees of JSON. Types count: 1 is not true."""
    if isinstance(published, dict) and isinstance(recomputed, dict):
        for name in sorted({*published, *recomputed}):
            yield from _compare(
                f"{path}.{name}" if path else name, published.get(name, _ABSENT), recomputed.get(name, _ABSENT)
            )
    elif isinstance(published, list) and isinstance(recomputed, list):
        for number in range(max(len(published), len(recomputed))):
            yield from _compare(f"{path}[{number}]", _at(published, number), _at(recomputed, number))
    elif type(published) is not type(recomputed) or published != recomputed:
        yield Difference(path, _show(published), _show(recomputed))


def _at(things: list[Any], number: int) -> Any:
    return things[number] if number < len(things) else _ABSENT


def _count(tree: Any) -> int:
    """Return the number of values in a tree."""
    if isinstance(tree, dict):
        return sum(_count(value) for value in tree.values())
    if isinstance(tree, list):
        return sum(_count(value) for value in tree)
    return 1


def _show(value: Any) -> str:
    if value is _ABSENT:
        return NOTHING
    text = canonical(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
