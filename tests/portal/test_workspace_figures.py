"""A file of figures: read and refused as a whole, named problem by problem; counted once the hotline confirms it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evaluation.crm.generator import generate
from evaluation.crm.importing import totals
from evaluation.crm.spoiling import CELLS, FILES, spoil
from evaluation.models import Figure, Hotline, StatisticsImport, Step
from tests.portal.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def a_year() -> bytes:
    return generate("116000-XA", 2025, seed=7, quality=0.9)


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


def send(client: Client, content: bytes, name: str = "xa-2025.csv", follow: bool = False) -> Any:
    address = reverse("workspace:hotline_figures", args=["XA"])
    return client.post(address, {"file": SimpleUploadedFile(name, content, content_type="text/csv")}, follow=follow)


def listed(page: Any) -> list[str]:
    summary = re.search(r'<div class="error-summary".*?</div>', page.content.decode(), re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", summary.group(0), re.DOTALL) if summary else []


def rows_written() -> tuple[int, int]:
    return StatisticsImport.objects.count(), Figure.objects.count()


def test_a_good_file_is_shown_whole_and_counts_after_the_coordinator_confirms(
    coordinator: Client, stage: Stage, a_year: bytes
):
    page = send(coordinator, a_year, follow=True)
    kept = StatisticsImport.objects.get(file_name="xa-2025.csv")
    assert page.redirect_chain == [(f"/work/figures/{kept.uid}/", 302)]
    assert "The figures count when the hotline confirms them." in page.content.decode()
    assert len(page.context["rows"]) == kept.figures.count() > 50
    period = stage.round.figures_from, stage.round.figures_until
    assert set(totals(stage.hotline, *period).values()) == {None}
    page = coordinator.post(reverse("workspace:move_statistics", args=[kept.uid, "confirm"]), follow=True)
    assert "Figures confirmed. The log says so." in page.content.decode()
    assert totals(stage.hotline, *period)["A03"] > 0


def test_a_contributor_sends_a_file_and_the_coordinator_confirms_it(
    client: Client, stage: Stage, sign_in: Callable[..., Client], a_year: bytes
):
    page = send(sign_in(client, stage.contributor), a_year, follow=True)
    assert "The coordinator of the hotline confirms them." in page.content.decode()
    assert "Confirm the figures" not in page.content.decode()


def test_the_same_file_again_leads_to_the_one_that_is_there(coordinator: Client, stage: Stage, a_year: bytes):
    addresses = {send(coordinator, a_year).url for _ in range(2)}
    assert len(addresses) == 1


def test_a_later_file_for_the_same_year_makes_room_for_itself(coordinator: Client, stage: Stage, a_year: bytes):
    for content in (a_year, generate("116000-XA", 2025, seed=8, quality=0.5)):
        kept = StatisticsImport.objects.get(uid=send(coordinator, content, name="again.csv").url.split("/")[-2])
        coordinator.post(reverse("workspace:move_statistics", args=[kept.uid, "confirm"]))
    states = StatisticsImport.objects.filter(file_name="again.csv").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["superseded", "confirmed"]
    assert Step.objects.filter(kind="statistics", move="supersede").count() == 1


@pytest.mark.parametrize("kind", [*FILES, *CELLS])
def test_a_damaged_file_is_refused_in_words_and_nothing_is_written(
    coordinator: Client, stage: Stage, a_year: bytes, kind: str
):
    before = rows_written()
    spoilt = spoil(a_year, kind, row=20)
    page = send(coordinator, spoilt)
    assert page.status_code == 422
    assert listed(page)
    assert "Nothing was written. Mend the file and send it again." in page.content.decode()
    assert rows_written() == before


@pytest.mark.parametrize("kind", ["email", "telephone", "date_of_birth", "long_text", "email_as_code"])
def test_what_looks_like_a_person_is_named_by_row_and_column_and_never_shown(
    coordinator: Client, stage: Stage, a_year: bytes, kind: str
):
    column, cell = CELLS[kind]
    page = send(coordinator, spoil(a_year, kind, row=20))
    said = " ".join(listed(page))
    assert "20" in said
    assert column in said
    assert cell not in page.content.decode()


def test_all_problems_of_a_file_are_listed_at_once(coordinator: Client, stage: Stage, a_year: bytes):
    spoilt = spoil(spoil(spoil(a_year, "negative", row=12), "item_unknown", row=20), "quality_unknown", row=30)
    problems = listed(send(coordinator, spoilt))
    assert len(problems) >= 3
    assert all(any(str(row) in problem for problem in problems) for row in (12, 20, 30))


def test_the_file_of_another_hotline_is_refused(coordinator: Client, stage: Stage):
    page = send(coordinator, generate("116000-XB", 2025, seed=7))
    assert page.status_code == 422
    assert len(listed(page)) == 1


def test_no_file_and_too_big_a_file_are_said_at_the_field(
    coordinator: Client, stage: Stage, a_year: bytes, settings: Any
):
    address = reverse("workspace:hotline_figures", args=["XA"])
    empty_handed = coordinator.post(address, {"other": "1"})
    assert empty_handed.status_code == 422
    assert "Choose the file that your system exported." in empty_handed.content.decode()
    settings.STATISTICS_MAX_BYTES = 100
    assert "The file is bigger than 100" in send(coordinator, a_year).content.decode()


def test_who_has_one_hotline_comes_straight_to_its_figures(coordinator: Client, stage: Stage):
    assert coordinator.get("/work/figures/").url == "/work/hotlines/XA/figures/"


def test_the_example_is_a_file_that_can_be_read(coordinator: Client, stage: Stage):
    from evaluation.crm.reading import read

    example = coordinator.get(reverse("workspace:example_file"))
    assert example.headers["Content-Disposition"] == 'attachment; filename="116000-example.csv"'
    assert read(example.content, "116000-example.csv", max_bytes=10**7).problems == ()
    assert Hotline.objects.count() == 1
