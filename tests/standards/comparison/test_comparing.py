"""Two editions are compared part by part: what is added, removed, reworded, moved, reweighted or scored otherwise."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from standards.editions.comparison import (
    Basis,
    Comparison,
    EditionContent,
    Kind,
    Pair,
    Place,
    compare_editions,
    propose_pairs,
)
from standards.framework import (
    Aggregation,
    Condition,
    Domain,
    Framework,
    Group,
    Indicator,
    Measure,
    Method,
    Obligation,
    Outcome,
    Rule,
    Scale,
    Standard,
    Test,
    Wording,
    read_bands,
)

RULE = Rule(
    obligations=(Obligation("must", 3, 2), Obligation("may", 1, 1)),
    outcomes=(Outcome("good", 36, (Condition(Test.SCORE, percent=80),)), Outcome("bad", 0)),
)


def indicator(code: str, **details: object) -> Indicator:
    return Indicator(code, **{"obligation": "must", "measure": Measure.SCALE, **details})  # type: ignore[arg-type]


def framework(code: str = "2026", *, rule: Rule = RULE, scale: Scale | None = None) -> Framework:
    """Return a framework of two domains: 1.1 with three indicators, 1.2 with one, 2.1 with one."""
    return Framework(
        code,
        (
            Domain(
                "D1",
                (
                    Standard("1.1", tuple(indicator(f"1.1.{n}") for n in (1, 2, 3))),
                    Standard("1.2", (indicator("1.2.1"),)),
                ),
            ),
            Domain(
                "D2",
                (
                    Standard(
                        "2.1", (indicator("2.1.1", measure=Measure.NUMERIC, unit="hours", bands=read_bands("<=2:3")),)
                    ),
                ),
            ),
        ),
        rule,
        scale or Scale(),
    )


WORDS = {
    "title": "The Guide",
    **{
        f"indicator/{code}/wording": f"What {code} asks of a hotline by day and by night."
        for code in framework().indicators
    },
    **{f"standard/{code}/title": f"Standard {code}" for code in framework().standards},
}


def with_indicators(found: Framework, change: Callable[[Indicator], Indicator | None]) -> Framework:
    return replace(
        found,
        domains=tuple(
            replace(
                domain,
                standards=tuple(
                    replace(standard, indicators=tuple(filter(None, map(change, standard.indicators))))
                    for standard in domain.standards
                ),
            )
            for domain in found.domains
        ),
    )


def changed(code: str, **details: object) -> Framework:
    return with_indicators(framework(), lambda i: replace(i, **details) if i.code == code else i)  # type: ignore[arg-type]


def compare(
    now: Framework,
    words: dict[str, str] | None = None,
    before: Framework | None = None,
    pairs: list[Pair] | None = None,
) -> Comparison:
    return compare_editions(
        EditionContent(before or framework(), Wording(WORDS)), EditionContent(now, Wording(words or WORDS)), pairs
    )


def list_changes(comparison: Comparison) -> list[tuple[str, str, str, object, object]]:
    """Return every change: the part's path, the kind, the name, the value before and now."""
    found = [("", change) for change in comparison.changes]
    found += [(part.part.path, change) for domain in comparison.domains for part in domain for change in part.changes]
    return [(path, change.kind.value, str(change.name), change.before, change.now) for path, change in found]


def test_an_edition_compared_with_itself_has_no_difference() -> None:
    found = compare(framework())
    assert (list_changes(found), found.is_empty, found.same) == ([], True, 5)


def test_a_text_that_is_only_set_otherwise_is_the_same() -> None:
    assert compare(framework(), {**WORDS, "title": "The  Guide\n"}).is_empty


def test_a_reworded_indicator_has_its_words() -> None:
    path = "indicator/1.1.2/wording"
    found = compare(framework(), {**WORDS, path: WORDS[path].replace("by day and ", "")})
    assert found.counts == {Kind.REWORDED: 1}
    (change,) = found.indicators["1.1.2"].changes
    assert [(piece.side.value, piece.text) for piece in change.words][1] == ("before", "day and by ")
    assert found.same == 4


@pytest.mark.parametrize(
    ("details", "kind"),
    [
        ({"obligation": "may"}, Kind.REWEIGHED),
        ({"points": (0, 1, 2, 9)}, Kind.REWEIGHED),
        ({"evidence_required": True}, Kind.JUDGED),
        ({"measure": Measure.YES_NO}, Kind.JUDGED),
    ],
)
def test_a_field_says_its_kind(details: dict[str, object], kind: Kind) -> None:
    ((name, value),) = details.items()
    assert list_changes(compare(changed("1.1.1", **details))) == [
        ("indicator/1.1.1", kind.value, name, getattr(indicator("1.1.1"), name), value)
    ]


def test_only_what_is_asked_anew_now_means_something_else() -> None:
    ticked = changed("1.1.1", asked_anew=True)
    assert [row[:3] for row in list_changes(compare(ticked))] == [("indicator/1.1.1", "judged", "asked_anew")]
    assert list_changes(compare(framework(), before=ticked)) == []


def test_other_bands_are_a_change_of_how_it_is_judged() -> None:
    found = compare(changed("2.1.1", bands=read_bands("<=4:3")))
    assert [row[:3] for row in list_changes(found)] == [("indicator/2.1.1", "judged", "bands")]


def test_a_new_and_a_removed_indicator() -> None:
    now = with_indicators(framework(), lambda i: replace(i, key="new") if i.code == "1.1.3" else i)
    words = {**WORDS, "indicator/1.1.3/wording": "Something quite different is asked here."}
    before = with_indicators(framework(), lambda i: replace(i, measure=Measure.YES_NO) if i.code == "1.1.3" else i)
    found = compare(now, words, before)
    assert [row[:2] for row in list_changes(found)] == [("indicator/1.1.3", "added"), ("indicator/1.1.3", "removed")]
    assert found.domains[0].counts == {Kind.ADDED: 1, Kind.REMOVED: 1}
    assert found.domains[1].counts == {}


def test_an_indicator_moved_to_another_standard_keeps_its_identity() -> None:
    moved = indicator("1.2.2", key="1.1.2")
    first, second = framework().domains
    now = replace(
        framework(),
        domains=(
            replace(
                first,
                standards=(
                    Standard("1.1", (indicator("1.1.1"), indicator("1.1.2", key="1.1.3"))),
                    Standard("1.2", (indicator("1.2.1"), moved)),
                ),
            ),
            second,
        ),
    )
    words = {
        **WORDS,
        "indicator/1.2.2/wording": WORDS["indicator/1.1.2/wording"],
        "indicator/1.1.2/wording": WORDS["indicator/1.1.3/wording"],
    }
    found = compare(now, words)
    assert [(path, name) for path, _kind, name, *_ in list_changes(found)] == [
        ("indicator/1.1.2", Place.CODE),
        ("indicator/1.2.2", Place.CODE),
        ("indicator/1.2.2", Place.PARENT),
    ]
    assert found.counts == {Kind.MOVED: 2}


def test_only_the_part_that_was_moved_is_said_to_stand_elsewhere() -> None:
    first, second = framework().domains
    one, two, three = first.standards[0].indicators
    now = replace(
        framework(),
        domains=(replace(first, standards=(Standard("1.1", (three, one, two)), first.standards[1])), second),
    )
    assert list_changes(compare(now)) == [("indicator/1.1.3", "moved", "order", 3, 1)]


def test_a_removed_standard_takes_its_indicators_along() -> None:
    first, second = framework().domains
    found = compare(replace(framework(), domains=(replace(first, standards=first.standards[:1]), second)))
    assert [row[:2] for row in list_changes(found)] == [("standard/1.2", "removed"), ("indicator/1.2.1", "removed")]


def test_scale_rule_procedure_and_weights() -> None:
    rule = replace(
        RULE,
        excused_at_most=50,
        obligations=(Obligation("must", 4, 2), Obligation("may", 1, 1)),
        outcomes=(Outcome("good", 24, ()), Outcome("fair", 12), Outcome("bad", 0)),
    )
    now = framework(rule=rule, scale=Scale(0, 4))
    now = replace(
        now, procedure=replace(now.procedure, quorum=5), domains=(replace(now.domains[0], weight=2), now.domains[1])
    )
    assert [row[:3] for row in list_changes(compare(now))] == [
        ("", "judged", "scale"),
        ("", "reweighed", "obligation/must"),
        ("", "rule", "outcome/good"),
        ("", "rule", "outcome/fair"),
        ("", "rule", "scoring"),
        ("", "rule", "procedure"),
        ("domain/D1", "reweighed", "weight"),
    ]


def test_one_kind_leaves_the_parts_that_have_it() -> None:
    path = "indicator/1.1.2/wording"
    found = compare(changed("2.1.1", obligation="may"), {**WORDS, path: "Other words than these were never said."})
    only = found.only(Kind.REWEIGHED)
    assert [part.part.path for domain in only.domains for part in domain] == [
        "domain/D2",
        "standard/2.1",
        "indicator/2.1.1",
    ]
    assert found.only(None).counts == found.counts


def test_an_indicator_split_in_two_and_two_merged_in_one() -> None:
    first, second = framework().domains
    now = replace(
        framework(),
        domains=(
            replace(
                first,
                standards=(
                    Standard("1.1", (indicator("1.1.1"), indicator("1.1.2"), indicator("1.1.4", key="half"))),
                    first.standards[1],
                ),
            ),
            second,
        ),
    )
    words = {**WORDS, "indicator/1.1.4/wording": WORDS["indicator/1.1.1/wording"]}
    proposed = propose_pairs(EditionContent(framework(), Wording(WORDS)), EditionContent(now, Wording(words)))
    pairs = [
        *(pair for pair in proposed if pair.basis is Basis.KEY),
        Pair("1.1.1", "1.1.4", Basis.HAND),
        Pair("1.1.3", "1.1.2", Basis.HAND),
    ]
    found = compare(now, words, pairs=pairs)
    assert list_changes(found) == [
        ("indicator/1.1.1", "moved", "split", ("1.1.1",), ("1.1.1", "1.1.4")),
        ("indicator/1.1.2", "moved", "merged", ("1.1.2", "1.1.3"), ("1.1.2",)),
        ("indicator/1.1.4", "moved", "code", "1.1.1", "1.1.4"),
        ("indicator/1.1.4", "moved", "split", ("1.1.1",), ("1.1.1", "1.1.4")),
    ]


def test_pairs_are_proposed_by_key_by_code_and_by_wording() -> None:
    first, second = framework().domains
    now = replace(
        framework(),
        domains=(
            replace(
                first,
                standards=(
                    Standard(
                        "1.1",
                        (
                            indicator("1.1.1", key="1.1.2"),
                            indicator("1.1.3", key="other"),
                            indicator("1.1.4", key="new"),
                        ),
                    ),
                    first.standards[1],
                ),
            ),
            second,
        ),
    )
    words = {**WORDS, "indicator/1.1.4/wording": WORDS["indicator/1.1.1/wording"].replace("hotline", "helpline")}
    pairs = propose_pairs(EditionContent(framework(), Wording(WORDS)), EditionContent(now, Wording(words)))
    assert [(pair.before, pair.now, pair.basis.value) for pair in pairs] == [
        ("1.1.2", "1.1.1", "key"),
        ("1.1.3", "1.1.3", "code"),
        ("1.1.1", "1.1.4", "wording"),
        ("1.2.1", "1.2.1", "key"),
        ("2.1.1", "2.1.1", "key"),
    ]


def test_the_same_code_with_another_kind_is_not_proposed() -> None:
    now = changed("1.1.1", key="other", measure=Measure.YES_NO)
    pairs = propose_pairs(EditionContent(framework(), Wording(WORDS)), EditionContent(now, Wording(WORDS)))
    assert "1.1.1" not in {pair.now for pair in pairs}


def test_groups_that_come_go_are_renamed_and_take_a_domain() -> None:
    before = replace(framework(), groups=(Group("G1", ("D1",)), Group("G2", ("D2",))))
    assert list_changes(compare(before)) == [
        ("", "rule", "group/G1", None, before.groups[0]),
        ("", "rule", "group/G2", None, before.groups[1]),
    ]
    now = replace(before, groups=(Group("G1", ("D1", "D2")),))
    named = {**WORDS, "group/G1": "Before"}
    assert list_changes(compare(now, named, before)) == [
        ("", "reworded", "group/G1", "", "Before"),
        ("", "rule", "group/G1", before.groups[0], now.groups[0]),
        ("", "rule", "group/G2", before.groups[1], None),
        ("domain/D2", "moved", "group", "G2", "G1"),
    ]
    turned = replace(before, groups=before.groups[::-1])
    assert list_changes(compare(turned, before=before)) == [("", "rule", "order/groups", ("G1", "G2"), ("G2", "G1"))]
    lowest = replace(before, rule=replace(before.rule, aggregation=Aggregation(group=Method.LOWEST)))
    assert [name for _, _, name, _, _ in list_changes(compare(lowest, before=before))] == ["scoring"]
