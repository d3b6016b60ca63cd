"""Groups of domains in a framework: valid ones, their place in the plain data, and their problems by place."""

from dataclasses import replace

import pytest

from standards.framework import (
    Aggregation,
    Condition,
    Framework,
    Group,
    Method,
    Outcome,
    Rule,
    Test,
    canonical,
    find_problems,
    read_framework,
    write_framework,
)
from tests.evaluation.engine.scoring.shapes import OBLIGATIONS, RULE, framework_of, row_of

GROUPS = (Group("G1", ("D1", "D3"), 2), Group("G2", ("D2",)))
PLAIN = framework_of([row_of(1)], [row_of(1, domain=2)], [row_of(1, domain=3)])
GROUPED = replace(PLAIN, groups=GROUPS)


def with_rule(framework: Framework, aggregation: Aggregation, *conditions: Condition) -> Framework:
    outcomes = (Outcome("top", 12, conditions), *RULE.outcomes[-1:]) if conditions else RULE.outcomes
    return replace(framework, rule=Rule(OBLIGATIONS, outcomes, aggregation))


def problems_of(framework: Framework) -> list[tuple[str, str, str]]:
    return [(problem.where, problem.name, str(problem)) for problem in find_problems(framework)]


def test_an_edition_without_groups_is_written_as_before() -> None:
    data = write_framework(PLAIN)
    assert "groups" not in data
    assert set(data["rule"]["aggregation"]) == {"standard", "domain", "overall", "level"}
    assert '"group"' not in canonical(data)


@pytest.mark.parametrize(
    "aggregation", [Aggregation(), Aggregation(group=Method.LOWEST), Aggregation(of_groups=True)], ids=str
)
def test_groups_read_back_as_they_were_written(aggregation: Aggregation) -> None:
    conditions = (
        Condition(Test.GROUPS, percent=50, count=1),
        Condition(Test.SCORE, percent=60, group="G1"),
        Condition(Test.EVERY, level=1, group="G2", obligation="core"),
    )
    framework = with_rule(GROUPED, aggregation, *conditions)
    assert problems_of(framework) == []
    assert read_framework(write_framework(framework)) == framework


def test_a_group_begins_with_each_domain_after_one_of_another_group() -> None:
    opened = {code: group.code for code, group in GROUPED.group_starting_with.items()}
    assert opened == {"D1": "G1", "D2": "G2", "D3": "G1"}
    together = replace(GROUPED, groups=(Group("G1", ("D3",)), Group("G2", ("D1", "D2"))))
    assert {code: group.code for code, group in together.group_starting_with.items()} == {"D1": "G2", "D3": "G1"}
    assert PLAIN.group_starting_with == {}


def test_every_group_has_a_name() -> None:
    assert set(GROUPED.text_paths()) - set(PLAIN.text_paths()) == {"group/G1", "group/G2"}


@pytest.mark.parametrize(
    ("groups", "problems"),
    [
        (
            (Group("G1", ("D1", "D3")),),
            [("groups", "", "Domain D2 is in no group. Choose it in one of them: G1.")],
        ),
        (
            (*GROUPS, Group("G3", ())),
            [("group/G3", "domains", "The group G3 has no domain. Choose its domains, or remove it.")],
        ),
        (
            (*GROUPS, Group("G3", ("D9",))),
            [("group/G3", "domains", "The group G3 names the domain D9, which the edition does not have.")],
        ),
        (
            (*GROUPS, Group("G3", ("D1",))),
            [
                (
                    "group/G3",
                    "domains",
                    "Domain D1 is in the group G1 already. Each domain is in one group, once.",
                )
            ],
        ),
        (
            (Group("G1", ("D1", "D2", "D3", "D3")),),
            [
                (
                    "group/G1",
                    "domains",
                    "Domain D3 is in the group G1 already. Each domain is in one group, once.",
                )
            ],
        ),
        (
            (Group("G1", ("D1", "D2")), Group("G1", ("D3",))),
            [("group/G1", "code", "The group G1 stands twice. Each may stand once.")],
        ),
        (
            (Group("D1", ("D1", "D2", "D3")),),
            [("group/D1", "code", "The code D1 stands twice. Each code may stand once in an edition.")],
        ),
        (
            (Group("G1", ("D1", "D2", "D3"), 0),),
            [("group/G1", "weight", "G1 weighs 0. Give it a weight of at least 1.")],
        ),
    ],
)
def test_every_problem_of_groups_is_told_with_its_place(
    groups: tuple[Group, ...], problems: list[tuple[str, str, str]]
) -> None:
    assert problems_of(replace(PLAIN, groups=groups)) == problems


@pytest.mark.parametrize("method", [Method.SUM, Method.SHARE, Method.WEIGHTED_MEAN])
def test_a_group_is_a_mean_or_the_lowest(method: Method) -> None:
    sentence = "The score of a group is the mean of its domains or the lowest of them. Choose one of these."
    assert problems_of(with_rule(GROUPED, Aggregation(group=method))) == [("aggregation", "group", sentence)]


@pytest.mark.parametrize(
    "framework",
    [
        with_rule(PLAIN, Aggregation(of_groups=True)),
        with_rule(GROUPED, Aggregation(overall=Method.LOWEST, of_groups=True)),
    ],
)
def test_the_whole_is_made_of_groups_only_as_their_mean(framework: Framework) -> None:
    assert problems_of(framework) == [
        (
            "aggregation",
            "of_groups",
            "The whole can be made of groups only where there are groups and it is the mean of its parts. Choose that, or make "
            "it of domains.",
        )
    ]


def test_a_condition_on_groups_needs_groups_that_the_edition_has() -> None:
    conditions = (Condition(Test.GROUPS, percent=50), Condition(Test.SCORE, percent=60, group="G9"))
    assert problems_of(with_rule(PLAIN, Aggregation(), *conditions)) == [
        ("outcome/top/0", "test", "The test “groups” needs groups of domains. Name them, or take another test."),
        ("outcome/top/1", "group", "A condition names the group G9, which the edition does not have."),
    ]
    narrowed = Condition(Test.DOMAINS, percent=50, group="G1")
    assert problems_of(with_rule(GROUPED, Aggregation(), narrowed)) == [
        ("outcome/top/0", "group", "The test “domains” takes no group. Remove it.")
    ]


def test_a_standard_cannot_pass_by_a_group() -> None:
    passing = (Condition(Test.SCORE, percent=50, group="G1"),)
    framework = replace(GROUPED, rule=replace(RULE, passing=passing))
    assert ("passing/0", "test") in [(where, name) for where, name, _ in problems_of(framework)]
