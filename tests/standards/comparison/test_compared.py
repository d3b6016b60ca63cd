"""The editions that can be compared, and the decisions on pairs of their indicators."""

import pytest

from evaluation.models import Role, User
from standards.editions.compared import ComparedEdition, decide, list_editions, read_mapping
from standards.editions.comparison import EditionMapping, Standing
from standards.editions.next_edition import begin_edition
from standards.editions.release import release
from standards.models import EditionPage, IndicatorPage, MappingDecision
from tests.factories import person
from tests.frozen_rows import assert_frozen

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(loaded: EditionPage) -> tuple[ComparedEdition, ComparedEdition]:
    """Return the released small edition and the next one as a draft, with another guidance of one indicator."""
    release(loaded)
    page = begin_edition(loaded, code="2031", title="Next")
    draft = IndicatorPage.objects.descendant_of(page).get(code="1.2.1").get_latest_revision_as_object()
    draft.guidance = "In other words."
    draft.save_revision()
    known = {edition.code: edition for edition in list_editions()}
    return known[loaded.code], known["2031"]


@pytest.fixture
def mce(db: None) -> User:
    return person(Role.MCE_COORDINATOR)


def standing(mapping: EditionMapping, code: str) -> Standing:
    (mapped,) = mapping.of(code)
    return mapped.standing


def test_drafts_come_first_and_then_the_newest_release(two: tuple[ComparedEdition, ComparedEdition]) -> None:
    listed = [(edition.code, edition.is_draft) for edition in list_editions()]
    assert listed[listed.index(("2031", True)) :][-2:] == [(two[0].code, False), ("Z1", False)]
    assert [is_draft for _code, is_draft in listed] == sorted((draft for _code, draft in listed), reverse=True)


@pytest.mark.everywhere  # triggers
def test_a_decision_is_written_once_and_never_changed(two: tuple[ComparedEdition, ComparedEdition], mce: User) -> None:
    mapping = read_mapping(*two)
    pairs = [mapped.pair for mapped in mapping.mapped if mapped.needs_decision]
    assert [pair.now for pair in pairs] == ["1.2.1"]
    assert decide(*two, mapping, [*pairs, *pairs], is_confirmed=True, by=mce) == 1  # named twice in one form
    again = read_mapping(*two)
    assert standing(again, "1.2.1") is Standing.CONFIRMED
    assert decide(*two, again, pairs, is_confirmed=True, by=mce) == 0
    assert_frozen(MappingDecision)


def test_what_is_decided_of_a_draft_holds_for_its_release(
    two: tuple[ComparedEdition, ComparedEdition], mce: User
) -> None:
    mapping = read_mapping(*two)
    decide(*two, mapping, [m.pair for m in mapping.mapped if m.needs_decision], is_confirmed=True, by=mce)
    assert two[1].page is not None
    released = release(two[1].page)
    found = read_mapping(two[0], ComparedEdition("2031", released, two[1].page))
    assert standing(found, "1.2.1") is Standing.CONFIRMED
    assert found.sources("1.2.1") == ("1.2.1",)


def test_the_other_way_round_nothing_is_decided(two: tuple[ComparedEdition, ComparedEdition], mce: User) -> None:
    mapping = read_mapping(*two)
    decide(*two, mapping, [m.pair for m in mapping.mapped if m.needs_decision], is_confirmed=True, by=mce)
    assert standing(read_mapping(two[1], two[0]), "1.2.1") is Standing.OPEN
