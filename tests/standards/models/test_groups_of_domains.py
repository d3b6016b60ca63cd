"""Groups of domains in the CMS: written on the page of the edition, shown in its tree, checked before a release."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from standards.editions.languages.places import find_places, group_by_place
from standards.editions.overview import read_overview
from standards.editions.page_reader import read_tree
from standards.editions.release_reasons import describe_path, find_part_problems, max_length_of
from standards.framework import Group
from standards.models import EditionPage, GuideGroup
from tests.standards.models.cms import errors_of, form_of, send, send_refused

pytestmark = pytest.mark.django_db


def rows_of(*groups: dict[str, str]) -> dict[str, str]:
    """Return the rows of the form as a browser sends new ones."""
    found = {"groups-TOTAL_FORMS": str(len(groups)), "groups-INITIAL_FORMS": "0"}
    for number, group in enumerate(groups):
        values = {"weight": "1", "ORDER": str(number + 1), "id": "", "DELETE": "", **group}
        found |= {f"groups-{number}-{name}": value for name, value in values.items()}
    return found


BEFORE = {"code": "G1", "name": "Before", "domains": "D1"}
AFTER = {"code": "G2", "name": "After", "domains": "D2", "weight": "2"}


def saved(editor: Client, page: EditionPage, **changes: Any) -> EditionPage:
    response = send(editor, page, {**form_of(editor, page), **rows_of(BEFORE, AFTER), **changes})
    assert response.status_code == 302
    return EditionPage.objects.get(pk=page.pk)


def test_an_editor_groups_the_domains(editor: Client, loaded: EditionPage) -> None:
    page = saved(editor, loaded, group_method="lowest", of_groups="on")
    framework = read_tree(page).framework
    assert framework.groups == (Group("G1", ("D1",)), Group("G2", ("D2",), 2))
    assert (framework.rule.aggregation.group.value, framework.rule.aggregation.of_groups) == ("lowest", True)
    assert [form_of(editor, page)[f"groups-{n}-domains"] for n in (0, 1)] == ["D1", "D2"]


def test_the_tree_has_the_heading_of_a_group_above_its_domains(editor: Client, loaded: EditionPage) -> None:
    before = editor.get(reverse("guide_tree", args=[loaded.pk])).content.decode()
    page = saved(editor, loaded)
    assert [domain.group for domain in read_overview(page).domains] == ["Before", "After"]
    tree = editor.get(reverse("guide_tree", args=[page.pk])).content.decode()
    places = [tree.index(words) for words in (">Before</h2>", 'id="D1"', ">After</h2>", 'id="D2"')]
    assert places == sorted(places)
    assert "guide-group" not in before


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([{**BEFORE, "code": "H1"}], "Use G and a number from 1 to 99, such as “G1”."),
        ([BEFORE, {**AFTER, "code": "G1"}], "The group G1 stands twice. Each may stand once."),
        ([{**BEFORE, "domains": ""}], "Fill this in."),
        ([{**BEFORE, "weight": "0"}], "Ensure this value is greater than or equal to 1."),
    ],
)
def test_a_mistake_in_a_group_is_told_at_its_field(
    editor: Client, loaded: EditionPage, rows: list[dict[str, str]], error: str
) -> None:
    assert error in errors_of(send_refused(editor, loaded, {**form_of(editor, loaded), **rows_of(*rows)}))


def test_the_whole_is_not_made_of_groups_that_do_not_exist(editor: Client, loaded: EditionPage) -> None:
    errors = errors_of(send_refused(editor, loaded, {**form_of(editor, loaded), "of_groups": "on"}))
    assert any(error.startswith("The whole can be made of groups only") for error in errors)


@pytest.mark.parametrize(
    ("name", "value", "where", "words"),
    [
        (
            "domains",
            "D1, D9",
            "group/G1",
            "domains: The group G1 names the domain D9, which the edition does not have.",
        ),
        (
            "domains",
            "D1, D2",
            "group/G2",
            "domains: Domain D2 is in the group G1 already. Each domain is in one group, once.",
        ),
        ("name", "", "group/G1", "name: This text is missing. Write it."),
        (
            "name",
            "after",
            "group/G2",
            "name: G1 and G2 have the same name, “After”, so nobody could tell them apart. Rename one.",
        ),
    ],
)
def test_a_release_waits_for_sound_groups(
    editor: Client, loaded: EditionPage, name: str, value: str, where: str, words: str
) -> None:
    page = saved(editor, loaded)
    GuideGroup.objects.filter(code="G1").update(**{name: value})
    problems = list(find_part_problems(read_tree(EditionPage.objects.get(pk=page.pk))))
    assert [(problem.where, problem.words.lower(), problem.page_id) for problem in problems] == [
        (where, words.lower(), page.pk)
    ]


def test_a_domain_outside_every_group_is_told_at_the_edition(editor: Client, loaded: EditionPage) -> None:
    page = saved(editor, loaded)
    GuideGroup.objects.filter(code="G2").delete()
    (problem,) = find_part_problems(read_tree(EditionPage.objects.get(pk=page.pk)))
    assert (problem.where, problem.page_id) == ("edition", page.pk)
    assert problem.words.endswith("Domain D2 is in no group. Choose it in one of them: G1.")


def test_the_name_of_a_group_is_translated_like_that_of_a_trait(editor: Client, loaded: EditionPage) -> None:
    place = find_places(read_tree(saved(editor, loaded)))["group/G1"]
    row = GuideGroup.objects.get(code="G1")
    assert place.name == f"groups.{row.translation_key}.name"
    assert group_by_place(["group/G1", "title"]) == {"edition": ["group/G1", "title"]}
    assert (describe_path("group/G1"), max_length_of("group/G1")) == ("Group of domains G1, name", 120)
