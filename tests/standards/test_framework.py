"""The pure shape of an edition: written and read back the same, measured exactly, refused with a sentence."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.framework import (
    Band,
    Condition,
    Domain,
    Formula,
    Framework,
    Indicator,
    MalformedEdition,
    Measure,
    MinimumBase,
    Obligation,
    Outcome,
    Rule,
    Scale,
    Source,
    Standard,
    Test,
    Wording,
    canonical,
    digest,
    find_problems,
    read_bands,
    read_framework,
    write_bands,
    write_framework,
)

pytestmark = pytest.mark.once

bounds = st.decimals(0, 1000, places=1, allow_nan=False).map(str) | st.integers(0, 1000).map(str)
bands = st.lists(st.builds(Band, st.sampled_from([">=", "<=", ">", "<"]), bounds, st.integers(0, 3)), max_size=4)
items = st.integers(1, 99).map(lambda n: f"A{n:02}")
formulas = st.one_of(
    items,
    st.builds("{}/{}".format, items, items),
    st.builds("{}/({}-{})".format, items, items, items),
    st.builds("{}/({}+{})".format, items, items, items),
)


@st.composite
def indicators(draw: st.DrawFn, code: str) -> Indicator:
    measure = draw(st.sampled_from(Measure))
    obligation = draw(st.sampled_from(Obligation))
    numeric = measure is Measure.NUMERIC
    return Indicator(
        code=code,
        obligation=obligation,
        measure=measure,
        source=draw(st.sampled_from(Source)),
        evidence_required=draw(st.booleans()),
        not_applicable=obligation is not Obligation.ESSENTIAL and draw(st.booleans()),
        unit=draw(st.sampled_from(["percent", "hours"])) if numeric else "",
        bands=tuple(draw(bands)) if numeric else (),
        formula=Formula(draw(formulas)) if numeric and draw(st.booleans()) else None,
        minimum_base=MinimumBase(draw(items), draw(st.integers(1, 99))) if numeric and draw(st.booleans()) else None,
    )


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    domains = []
    for d in range(1, draw(st.integers(1, 3)) + 1):
        standards = []
        for s in range(1, draw(st.integers(1, 2)) + 1):
            count = draw(st.integers(1, 2))
            standards.append(Standard(f"{d}.{s}", tuple(draw(indicators(f"{d}.{s}.{i}")) for i in range(1, count + 1))))
        domains.append(Domain(f"D{d}", tuple(standards)))
    conditions = (
        Condition(Test.EVERY, Obligation.ESSENTIAL, level=draw(st.integers(0, 3))),
        Condition(Test.AT_MOST, Obligation.CORE, level=0, count=draw(st.integers(0, 5))),
        Condition(Test.OVERALL, percent=draw(st.integers(0, 100))),
    )
    outcomes = (Outcome("accredited", draw(st.integers(0, 60)), conditions), Outcome("refused", 0))
    return Framework("test", tuple(domains), Rule(dict.fromkeys(Obligation, draw(st.integers(1, 5))), outcomes))


SIMPLE = Framework(
    "simple",
    (Domain("D1", (Standard("1.1", (Indicator("1.1.1", Obligation.CORE, Measure.SCALE),)),)),),
    Rule(dict.fromkeys(Obligation, 1), (Outcome("refused", 0),)),
)


@given(frameworks())
def test_a_framework_reads_back_as_it_was_written(framework: Framework) -> None:
    assert read_framework(write_framework(framework)) == framework


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
    indicator = Indicator(
        "1.1.1", Obligation.CORE, Measure.NUMERIC, unit="percent", bands=read_bands(">=90:3;>=80:2;>=60:1")
    )
    assert indicator.level_of(Fraction(value), Scale()) == level


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


def test_every_problem_of_a_framework_is_told() -> None:
    twice = Indicator("1.1.1", Obligation.ESSENTIAL, Measure.SCALE, not_applicable=True)
    high = Indicator("1.1.2", Obligation.CORE, Measure.NUMERIC, bands=read_bands(">=1:4"))
    framework = Framework(
        "bad",
        (Domain("D1", (Standard("1.1", (twice, twice, high)),)), Domain("D2", ())),
        Rule(
            {Obligation.ESSENTIAL: 3},
            (Outcome("accredited", 36, (Condition(Test.OVERALL, percent=80),)),),
        ),
    )
    assert list(find_problems(framework)) == [
        "The code 1.1.1 stands twice. Each code may stand once in an edition.",
        "Domain D2 has no indicator.",
        "1.1.1 is essential and may not allow “not applicable”.",
        "1.1.2 is core, for which the decision rule has no weight.",
        "1.1.2 has a band for level 4, which the scale does not have.",
        "The last outcome must have no condition: it is what is left when nothing else holds.",
    ]


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
