"""The page of all evidence, the choice of an item for another answer, and the warning before the submission."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from evaluation.answers.evidence.listing import ListedEvidence, list_evidence
from evaluation.answers.evidence.validity import set_force
from evaluation.models import Evaluation, Evidence
from portal.answers.evidence.listing import ON_A_PAGE, Wanted, lapsing_context
from tests.factories import DocumentFactory, EvidenceFactory
from tests.portal.answers.evidence.test_item import text_of
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


def listing(stage: Stage) -> str:
    return reverse("workspace:evidence", args=[stage.evaluation.uid])


def wanted(query: str = "") -> Wanted:
    return Wanted.read(RequestFactory().get(f"/?{query}"), default="used")


def names(things: list[ListedEvidence]) -> list[str]:
    return [thing.name for thing in things]


def evidence_of(stage: Stage) -> list[ListedEvidence]:
    """Return three items with known names, sizes and ends, and an unused one."""
    hotline, evaluation = stage.evaluation.hotline, stage.evaluation
    Evidence.objects.all().delete()
    for name, size in (("zebra.pdf", 1), ("Äpfel.pdf", 300)):
        EvidenceFactory(
            evaluation=evaluation, code="1.1.2", document=DocumentFactory(hotline=hotline, name=name, size=size)
        )
    EvidenceFactory(evaluation=evaluation, code="1.2.1", address="https://example.org/", ends_on=evaluation.round.today)
    DocumentFactory(hotline=hotline, name="unused.pdf", size=20)
    things = list_evidence(evaluation, with_unused=True)
    return [one for one in things if one.document != stage.document]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", ["https://example.org/", "Äpfel.pdf", "zebra.pdf"]),
        ("show=documents&order=size", ["Äpfel.pdf", "zebra.pdf"]),
        ("show=addresses", ["https://example.org/"]),
        ("show=unused", ["unused.pdf"]),
        ("show=nonsense&order=nonsense", ["https://example.org/", "Äpfel.pdf", "zebra.pdf"]),
        ("order=name", ["Äpfel.pdf", "https://example.org/", "zebra.pdf"]),
        ("order=end", ["https://example.org/", "zebra.pdf", "Äpfel.pdf"]),
        ("q=ZEBRA", ["zebra.pdf"]),
        ("q=1.2.1", ["https://example.org/"]),
        ("q=%00", ["https://example.org/", "Äpfel.pdf", "zebra.pdf"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(stage: Stage, query: str, left: list[str]):
    assert names(wanted(query).narrow(evidence_of(stage), None)) == left


def test_each_thing_says_where_it_is_used_and_only_the_hotline_sees_the_unused(
    coordinator: Client, stage: Stage, sign_in: Callable[..., Client]
):
    other = DocumentFactory(hotline=stage.hotline, name="last round.pdf")
    page = text_of(coordinator.get(listing(stage), {"show": "unused"}))
    assert "last round.pdf" in page
    assert f"#i{stage.link.code}" in text_of(coordinator.get(listing(stage)))
    mce = sign_in(Client(), stage.people.mce)
    assert "last round.pdf" not in text_of(mce.get(listing(stage), {"show": "unused"}))
    address = reverse("workspace:document", args=[stage.evaluation.uid, other.uid])
    assert b"".join(coordinator.get(address)).startswith(b"Call guide")
    assert mce.get(address).status_code == 404


def test_a_long_list_has_pages_and_as_many_queries(
    coordinator: Client, stage: Stage, django_assert_max_num_queries: Callable[[int], Any]
):
    codes = list(stage.framework.indicators)
    Evidence.objects.bulk_create(
        Evidence(
            evaluation=stage.evaluation,
            code=codes[number % len(codes)],
            address=f"https://example.org/{number}",
            added_by=stage.coordinator,
        )
        for number in range(ON_A_PAGE + 5)
    )
    with django_assert_max_num_queries(20):
        page = coordinator.get(listing(stage))
    assert len(page.context["items"]) == ON_A_PAGE
    assert "Page 1 of 2" in text_of(page)


# --- Used again --------------------------------------------------------------------------------------------------


def choosing(stage: Stage, code: str = "1.1.2") -> str:
    return reverse("workspace:use_evidence", args=[stage.evaluation.uid, code])


def test_what_the_hotline_has_is_chosen_for_another_answer(coordinator: Client, stage: Stage):
    Evidence.objects.filter(code="1.1.2").delete()
    page = coordinator.get(choosing(stage))
    assert str(stage.document.uid) in page.content.decode()
    answer = coordinator.post(choosing(stage), {"chosen": [str(stage.document.uid), "nonsense"]})
    assert answer.url.endswith("#i1.1.2")
    assert Evidence.objects.get(code="1.1.2").document == stage.document
    assert str(stage.document.uid) not in coordinator.get(choosing(stage)).content.decode()


def test_nothing_chosen_is_said_and_nothing_of_another_hotline_is_used(coordinator: Client, stage: Stage):
    before = Evidence.objects.count()
    nothing = coordinator.post(choosing(stage))
    assert (nothing.status_code, "Choose at least one." in text_of(nothing)) == (422, True)
    coordinator.post(choosing(stage), {"chosen": str(DocumentFactory().uid)})
    assert Evidence.objects.count() == before


def test_nothing_is_used_again_after_the_submission(coordinator: Client, stage: Stage):
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state=Evaluation.State.DESK_REVIEW)
    late = coordinator.post(choosing(stage), {"chosen": str(stage.document.uid)})
    assert (late.status_code, "stays as it is: the self-assessment is submitted" in text_of(late)) == (422, True)


# --- Before the submission ---------------------------------------------------------------------------------------


def test_the_page_of_the_evaluation_names_what_ends_too_early(coordinator: Client, stage: Stage):
    overview = reverse("workspace:evaluation", args=[stage.evaluation.uid])
    assert "Evidence that ends too early" not in text_of(coordinator.get(overview))
    set_force(stage.link, begins_on=None, ends_on=stage.evaluation.round.today - timedelta(days=1))
    page = text_of(coordinator.get(overview))
    assert "Evidence that ends too early" in page
    assert stage.document.name in page


def test_of_many_the_first_are_named_and_the_rest_counted(stage: Stage):
    today = stage.evaluation.round.today
    for number in range(7):
        address = f"https://example.org/{number}"
        EvidenceFactory(
            evaluation=stage.evaluation, code="1.1.2", address=address, ends_on=today - timedelta(days=number + 1)
        )
    found = lapsing_context(stage.evaluation, stage.coordinator)
    assert [item["name"] for item in found["lapsing"]] == [
        f"https://example.org/{number}" for number in (6, 5, 4, 3, 2)
    ]
    assert found["lapsing_more"] == 2
    assert all("dates_url" in item for item in found["lapsing"])
    assert not any("dates_url" in item for item in lapsing_context(stage.evaluation, stage.people.mce)["lapsing"])
