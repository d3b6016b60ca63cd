"""The structure of an edition: read back unchanged, exact figures, refused with a sentence."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.framework import (
    CONDITION_FIELDS,
    PASSING,
    SCOPED,
    Aggregation,
    Band,
    Condition,
    Domain,
    Formula,
    Framework,
    Group,
    Indicator,
    MalformedEdition,
    Measure,
    Method,
    MinimumBase,
    Obligation,
    Outcome,
    Procedure,
    Result,
    Rule,
    Scale,
    Source,
    Standard,
    Support,
    Test,
    Wording,
    allowed_fields,
    canonical,
    digest,
    find_problems,
    read_bands,
    read_framework,
    write_bands,
    write_framework,
)
from standards.framework.indicator import SupportAt, write_indicator
from tests.evaluation.engine.scoring.anything import asking_some, grouped, with_options

bounds = st.decimals(0, 1000, places=1, allow_nan=False).map(str) | st.integers(0, 1000).map(str)
bands = st.lists(st.builds(Band, st.sampled_from([">=", "<=", ">", "<"]), bounds, st.integers(0, 3)), max_size=4)
items = st.integers(1, 99).map(lambda n: f"A{n:02}")
formulas = st.one_of(
    items,
    st.builds("{}/{}".format, items, items),
    st.builds("{}/({}-{})".format, items, items, items),
    st.builds("{}/({}+{})".format, items, items, items),
)


MUST, MAY = Obligation("must", 3, 2, excusable=False), Obligation("may")


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    lowest = draw(st.integers(0, 2))
    scale = Scale(lowest, draw(st.integers(lowest + 1, 5)), draw(st.booleans()))
    return Scale(scale.lowest, scale.highest, scale.falling, draw(points_of(scale)))


@st.composite
def points_of(draw: st.DrawFn, scale: Scale) -> tuple[int, ...]:
    """Draw no table of points, or one that gives more points to better levels."""
    if draw(st.booleans()):
        return ()
    count = len(scale.levels)
    points = sorted(draw(st.lists(st.integers(1, 9), min_size=count, max_size=count)), reverse=scale.falling)
    return tuple(points)


@st.composite
def indicators(draw: st.DrawFn, code: str, scale: Scale) -> Indicator:
    measure = draw(st.sampled_from(Measure))
    obligation = draw(st.sampled_from([MUST, MAY]))
    numeric = measure is Measure.NUMERIC
    capped = not numeric and draw(st.booleans())
    levels = st.integers(scale.lowest, scale.highest)
    band = st.builds(Band, st.sampled_from([">=", "<=", ">", "<"]), bounds, levels)
    found = tuple(draw(st.lists(band, min_size=capped, max_size=4))) if numeric or capped else ()
    formula = Formula(draw(formulas)) if capped or (numeric and draw(st.booleans())) else None
    return Indicator(
        code=code,
        obligation=obligation.code,
        measure=measure,
        source=Source.VISIT if capped else draw(st.sampled_from(Source)),
        evidence_required=draw(st.booleans()),
        not_applicable=obligation.excusable and draw(st.booleans()),
        unit=draw(st.sampled_from(["percent", "hours"])) if numeric or capped else "",
        bands=found,
        formula=formula,
        minimum_base=MinimumBase(draw(items), draw(st.integers(1, 99))) if formula and draw(st.booleans()) else None,
        counts_with=draw(st.sampled_from(Support)),
        counts_at=draw(st.sampled_from([(), (SupportAt(None, Support.EITHER), SupportAt(scale.worst, Support.WORDS))])),
        least_words=draw(st.sampled_from([0, 1, 20])),
        asked_from=draw(st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1))),
        points=draw(points_of(scale)),
        minimum_months=draw(st.sampled_from([0, 1, 9, 12])) if formula else 0,
    )


@st.composite
def conditions(draw: st.DrawFn, scale: Scale, tests: tuple[Test, ...], groups: tuple[Group, ...] = ()) -> Condition:
    test = draw(st.sampled_from(tests))
    values: dict[str, Any] = {
        "level": draw(st.integers(scale.lowest, scale.highest)),
        "count": draw(st.integers(0, 5)),
        "percent": draw(st.sampled_from([0, 50, Fraction(133, 2), Fraction(200, 3), 99])),
        "strictly": draw(st.booleans()),
        "outcome": "refused",
    }
    scope = {}
    if test in SCOPED and draw(st.booleans()):
        scopes = [{"obligation": "must"}, {"obligation": "may"}, *({"group": group.code} for group in groups)]
        scope = draw(st.sampled_from(scopes))
    if test is Test.ANY:
        inner = conditions(scale, tuple(set(tests) - {Test.ANY, Test.INCOMPLETE}), groups)
        alternatives = tuple(draw(st.lists(inner, min_size=1, max_size=3)))
        values |= {"conditions": alternatives, "count": draw(st.none() | st.integers(1, len(alternatives)))}
    names = (*CONDITION_FIELDS[test], *(n for n in allowed_fields(test) if n in values and draw(st.booleans())))
    return Condition(test, **{name: values[name] for name in names}, **scope)


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    scale = draw(scales())
    domains = []
    for d in range(1, draw(st.integers(1, 3)) + 1):
        standards = []
        for s in range(1, draw(st.integers(1, 2)) + 1):
            codes = [f"{d}.{s}.{i}" for i in range(1, draw(st.integers(1, 2)) + 1)]
            parts = tuple(draw(indicators(code, scale)) for code in codes)
            standards.append(Standard(f"{d}.{s}", parts, draw(st.integers(1, 3))))
        domains.append(Domain(f"D{d}", tuple(standards), draw(st.integers(1, 3))))
    groups = draw(grouped([domain.code for domain in domains])) if draw(st.booleans()) else ()
    tests = tuple(set(Test) - {Test.REACHED, Test.FIGURE} - (set() if groups else {Test.GROUPS}))
    asked = tuple(draw(st.lists(conditions(scale, tests, groups), min_size=1, max_size=3)))
    passing = tuple(draw(st.lists(conditions(scale, PASSING), min_size=1, max_size=2)))
    methods = [draw(st.sampled_from(Method)) for _ in range(3)]
    level = draw(st.integers(scale.lowest, scale.highest)) if Method.SHARE in methods else None
    rule = Rule(
        (MUST if MUST.wanted in scale.levels else Obligation("must", 3, excusable=False), MAY),
        (
            Outcome("best", 36, (*asked, Condition(Test.REACHED, outcome="good"))),
            Outcome("good", 12, asked),
            Outcome("refused", 0),
        ),
        Aggregation(
            *(*methods, level),
            group=draw(st.sampled_from([Method.MEAN, Method.LOWEST])) if groups else Method.MEAN,
            of_groups=bool(groups) and methods[-1] is Method.MEAN and draw(st.booleans()),
        ),
        draw(st.integers(0, 100)),
        passing,
    )
    framework = Framework("test", tuple(domains), rule, scale, Procedure(quorum=draw(st.integers(1, 9))), groups=groups)
    framework = draw(asking_some(framework)) if draw(st.booleans()) else framework
    if draw(st.booleans()):
        sealed = (Outcome("sealed", 12, tuple(draw(st.lists(conditions(scale, tests), min_size=1, max_size=2)))),)
        framework = replace(framework, results=(Result("seal", (*sealed, Outcome("unsealed", 0))),))
    return draw(with_options(framework)) if draw(st.booleans()) else framework


SIMPLE = Framework(
    "simple",
    (Domain("D1", (Standard("1.1", (Indicator("1.1.1", "may", Measure.SCALE),)),)),),
    Rule((MAY,), (Outcome("refused", 0),)),
)


@given(frameworks())
def test_a_framework_without_a_contradiction_has_no_problem(framework: Framework) -> None:
    assert list(find_problems(framework)) == []


@given(frameworks())
def test_a_framework_reads_back_as_it_was_written(framework: Framework) -> None:
    assert read_framework(write_framework(framework)) == framework


def test_the_canonical_form_of_an_indicator_stays_as_it_was_released() -> None:
    """A field that is declared later is not written unless it is set, so that no released digest changes."""
    plain = {
        "code": "1.1.1",
        "obligation": "may",
        "measure": "scale",
        "source": "documents",
        "evidence_required": False,
        "not_applicable": False,
    }
    assert write_indicator(Indicator("1.1.1", "may", Measure.SCALE)) == plain
    capped = Indicator(
        *("1.1.1", "may", Measure.SCALE),
        unit="percent",
        bands=read_bands(">=90:3;>=80:2"),
        formula=Formula("A04/A03"),
        minimum_base=MinimumBase("A03", 20),
        counts_with=Support.EITHER,
        asked_from=date(2027, 1, 31),
        points=(0, 1, 2, 5),
        minimum_months=9,
        asked_anew=True,
    )
    assert write_indicator(capped) == {
        **plain,
        "unit": "percent",
        "bands": ">=90:3;>=80:2",
        "formula": "A04/A03",
        "minimum_base": "A03>=20",
        "counts_with": "either",
        "asked_from": "2027-01-31",
        "points": [0, 1, 2, 5],
        "minimum_months": 9,
        "asked_anew": True,
    }
    shown = write_indicator(Indicator("1.1.1", "may", Measure.NUMERIC))
    assert shown == {
        **plain,
        "measure": "numeric",
        "unit": "",
        "bands": "report_only",
        "formula": "",
        "minimum_base": "",
    }


@given(frameworks())
def test_the_digest_does_not_depend_on_the_order_of_keys(framework: Framework) -> None:
    data = write_framework(framework)
    backwards = dict(reversed(data.items()))
    assert list(backwards) != list(data)
    assert digest(canonical(backwards)) == digest(canonical(data))


@given(st.lists(st.builds(Band, st.sampled_from([">=", "<=", ">", "<"]), bounds, st.integers(0, 3)), min_size=1))
def test_bands_read_back_as_they_were_written(some: list[Band]) -> None:
    assert read_bands(write_bands(tuple(some))) == tuple(some)


def test_accents_are_composed_before_the_digest() -> None:
    assert canonical({"a": "e\u0301"}) == canonical({"a": "\u00e9"}) == '{"a":"\u00e9"}'


def test_a_float_is_refused_wherever_it_hides() -> None:
    with pytest.raises(TypeError, match="holds no floats"):
        canonical({"a": [{"b": 0.1}]})


@pytest.mark.parametrize(
    ("value", "level"), [("90", 3), ("89.9999", 2), ("80", 2), ("60", 1), ("59.9999999999", 0), ("0", 0)]
)
def test_the_first_band_that_holds_gives_the_level(value: str, level: int) -> None:
    indicator = Indicator("1.1.1", "may", Measure.NUMERIC, unit="percent", bands=read_bands(">=90:3;>=80:2;>=60:1"))
    assert indicator.level_of(Fraction(value), Scale()) == level


@pytest.mark.parametrize(("value", "level"), [("90", 1), ("80", 2), ("60", 3), ("59", 4)])
def test_below_all_bands_is_the_worst_level_of_a_falling_scale(value: str, level: int) -> None:
    indicator = Indicator("1.1.1", "may", Measure.NUMERIC, bands=read_bands(">=90:1;>=80:2;>=60:3"))
    assert indicator.level_of(Fraction(value), Scale(1, 4, falling=True)) == level


def test_a_band_may_have_decimals_and_is_exact() -> None:
    (band, *_rest) = read_bands(">=99.5:3;>=98:2")
    assert band.limit == Fraction(199, 2)


@pytest.mark.parametrize("text", [">=90", "90:3", ">=:3", ">=90:3,>=80:2", "=>90:3", ">=90:x"])
def test_a_band_that_cannot_be_read_is_quoted(text: str) -> None:
    with pytest.raises(MalformedEdition) as caught:
        read_bands(text)
    assert caught.value.problems == [f"The band “{text}” is not written like “>=90:3”."]


def test_report_only_and_nothing_give_no_bands() -> None:
    assert read_bands("report_only") == read_bands("") == ()


@pytest.mark.parametrize(
    ("text", "parts", "names"),
    [
        ("A08", ("A08", ()), ("A08",)),
        ("A04/A03", ("A04", ((1, "A03"),)), ("A04", "A03")),
        ("A04/(A03-A05)", ("A04", ((1, "A03"), (-1, "A05"))), ("A04", "A03", "A05")),
        ("A04/(A03+A05)", ("A04", ((1, "A03"), (1, "A05"))), ("A04", "A03", "A05")),
    ],
)
def test_a_formula_is_taken_apart(text: str, parts: object, names: tuple[str, ...]) -> None:
    assert (Formula(text).parts(), Formula(text).items) == (parts, names)


@pytest.mark.parametrize("text", ["", "A4", "A04/", "A04*A03", "A04/(A03)", "A04/A03/A02", "A04 / A03"])
def test_a_formula_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(MalformedEdition):
        Formula(text)


def test_a_smallest_base_reads_back_as_it_was_written() -> None:
    assert str(MinimumBase.read("A56>=20")) == "A56>=20"
    assert MinimumBase.read("") is None
    with pytest.raises(MalformedEdition):
        MinimumBase.read("A56>20")


def test_a_missing_entry_is_named() -> None:
    data = write_framework(SIMPLE)
    del data["domains"][0]["standards"][0]["indicators"][0]["obligation"]
    with pytest.raises(MalformedEdition) as caught:
        read_framework(data)
    assert caught.value.problems == ["The entry 'obligation' is missing."]


def test_a_wording_names_what_it_lacks() -> None:
    paths = list(SIMPLE.text_paths())
    assert Wording(dict.fromkeys(paths, "x")).missing(SIMPLE) == []
    assert Wording({**dict.fromkeys(paths, "x"), "title": " "}).missing(SIMPLE) == ["title"]
