"""Any file of findings or figures is read or refused."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.engine.scoring import Evidence, score
from evaluation.figures.dictionary.items import example_of
from evaluation.recomputation.figures import read_figures
from evaluation.recomputation.findings import read_findings
from evaluation.recomputation.strict_json import Unreadable, read_canonical
from reports.result.recomputation import NotAResult, recompute
from tests.small_edition import SMALL

in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)

NAMES = (
    "level",
    "value",
    "not_applicable",
    "words",
    "evidence",
    "answers",
    "findings",
    "format",
    "A03",
    *SMALL.indicators,
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["2", "1/3", "92.5", "", "116000-result", "essential"])
    | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)
entries = st.fixed_dictionaries(
    {},
    optional={
        "level": st.integers(-1, 4),
        "value": st.sampled_from(["2", "92.5", "-1", 3]),
        "not_applicable": st.text(max_size=2),
    },
)
nearly = st.dictionaries(st.sampled_from(list(SMALL.indicators)), entries, max_size=5)


def written(folder: Path, data: Any) -> Path:
    path = folder / "file.json"
    path.write_text(json.dumps(data), "utf-8")
    return path


def outcome_or_problems(path: Path) -> list[str]:
    try:
        found = read_findings(path, SMALL)
    except Unreadable as unreadable:
        return list(unreadable.problems)
    return [score(SMALL, Evidence(found.answers, found.findings)).proposal.outcome]


@given(anything | nearly | st.fixed_dictionaries({"answers": nearly, "findings": nearly}))
@in_one_folder
def test_findings_are_scored_or_refused_with_their_file(tmp_path: Path, data: Any):
    codes = {outcome.code for outcome in SMALL.rule.outcomes}
    result = outcome_or_problems(written(tmp_path, data))
    assert [line for line in result if line not in codes and not line.startswith("file.json")] == []
    assert result


def numbers_or_problems(path: Path) -> list[Any]:
    try:
        return list(read_figures(path, max_bytes=1000).values())
    except Unreadable as unreadable:
        return list(unreadable.problems)


@given(anything | st.dictionaries(st.sampled_from(["A03", "A04", "A99"]), st.integers() | st.floats() | st.none()))
@in_one_folder
def test_figures_are_read_or_refused(tmp_path: Path, data: Any):
    result = numbers_or_problems(written(tmp_path, data))
    assert [n for n in result if not isinstance(n, str) and n is not None and n < 0] == []
    assert bool(result) == (data != {})


def why_it_is_no_result(path: Path) -> str:
    try:
        return str(recompute(read_canonical(path)))
    except (Unreadable, NotAResult) as refusal:
        return type(refusal).__name__


@given(anything)
@in_one_folder
def test_a_file_that_is_no_result_is_told_apart(tmp_path: Path, data: Any):
    assert why_it_is_no_result(written(tmp_path, data)) in ("Unreadable", "NotAResult")


def test_a_file_that_misses_a_part_of_its_period_gives_no_total_to_score(tmp_path: Path):
    path = tmp_path / "figures.csv"
    content = example_of("aggregate")
    path.write_bytes(content)
    assert read_figures(path, max_bytes=len(content))["A03"] is not None
    path.write_bytes(content.replace(b"completeness_note: complete", b"completeness_note: partial_period"))
    assert set(read_figures(path, max_bytes=2 * len(content)).values()) == {None}
