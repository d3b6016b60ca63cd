"""The origin of figures on pages: period, definitions, coverage, quality, files."""

import csv
import re
import zipfile
from collections.abc import Callable
from html import unescape
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import StatisticsImport
from evaluation.workflow import perform
from portal.figures.series.provenance import provenance_of
from tests.factories import FigureFactory, StatisticsImportFactory, scorecard_of
from tests.portal.counted_files import GOOD, INVENTED, counted, others
from tests.stage import Stage

pytestmark = pytest.mark.django_db

DIGEST = "e600a1b2" + "0" * 56
PLAIN_LINE = "2025 · definitions 1.0 · Complete · Measured"
LINE = f"{PLAIN_LINE} · sha256 e600a1b2…"


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def coordinator(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.coordinator)


@pytest.fixture
def mce(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.people.mce)


def read(page: Any) -> str:
    assert page.status_code == 200
    words = re.sub(r"<[^>]*>", " ", page.content.decode().partition("<main")[2])
    return " ".join(unescape(words).replace("\u00a0", " ").split())


def links(page: Any) -> set[str]:
    return {unescape(address) for address in re.findall(r'href="([^"]*)"', page.content.decode())}


def item_page(item: str) -> str:
    return reverse("workspace:hotline_item", args=["XA", item]) + "?period=2025"


def answers(client: Client, stage: Stage) -> Any:
    return client.get(reverse("workspace:answers", args=[stage.evaluation.uid, "3.1"]))


def why(client: Client, stage: Stage, code: str = "3.1.1") -> Any:
    return client.get(reverse("workspace:why", args=[stage.evaluation.uid, code]))


def rows_of(client: Client, address: str, **asked: str) -> list[list[str]]:
    return list(csv.reader(StringIO(client.get(address, asked).content.decode("utf-8-sig"))))


def confirmed_file(stage: Stage, value: str = "880", name: str = "own.csv", digest: str = DIGEST) -> Any:
    """Create a file with the terms of 3.1.1, confirmed by the hotline."""
    draft = [["A03", "", "", "", "", "1000", "measured"], ["A04", "", "", "", "", value, "measured"]]
    draft.append(["A05", "", "", "", "", "40", "measured"])
    kept = StatisticsImportFactory(hotline=stage.hotline, file_name=name, file_digest=digest, draft=draft)
    perform(kept, "confirm", by=stage.coordinator)
    return kept


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_an_indicator_that_figures_fill_says_what_they_are_from_and_leads_to_each_term(
    coordinator: Client, stage: Stage
):
    counted(stage.hotline, "2025", GOOD, file_digest=DIGEST)
    page = answers(coordinator, stage)
    assert PLAIN_LINE in read(page)
    assert "sha256" not in read(page)
    assert {item_page(item) for item in ("A03", "A04", "A05")} <= links(page)


def test_the_page_that_says_why_and_the_scorecard_say_it_too(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD, file_digest=DIGEST)
    scorecard = coordinator.get(reverse("workspace:scorecard", args=[stage.evaluation.uid]))
    for page in (why(coordinator, stage), scorecard):
        assert LINE in read(page)
        assert {item_page(item) for item in ("A03", "A04", "A05")} <= links(page)


def test_an_assessor_reads_the_line_and_has_no_link_to_the_hotlines_figures(sign_in: Callable[..., Client]):
    stage = Stage("study_visit", is_counted=False)
    counted(stage.hotline, "2025", GOOD, file_digest=DIGEST)
    page = sign_in(Client(), stage.people.lead).get(reverse("workspace:findings", args=[stage.evaluation.uid, "3.1"]))
    assert PLAIN_LINE in read(page)
    assert item_page("A03") not in links(page)


def test_an_estimate_several_files_and_a_part_of_a_channel_are_said(coordinator: Client, stage: Stage):
    for quarter in (1, 2, 3, 4):
        kept = counted(
            stage.hotline,
            f"2025-Q{quarter}",
            {item: value // 4 for item, value in GOOD.items()},
            file_digest=f"{quarter}" * 64,
            completeness="partial_channels" if quarter == 2 else "complete",
            definitions="1.1" if quarter == 4 else "1.0",
        )
    kept.figures.filter(item="A04").update(quality="estimated")
    text = read(why(coordinator, stage))
    assert (
        "2025 · definitions 1.0, 1.1 · Complete, Some channels missing · Measured, Estimated · "
        "sha256 11111111…, 22222222…, 33333333…, 44444444…"
    ) in text


def test_of_twelve_files_four_digests_stand_in_the_line_and_the_rest_is_counted(coordinator: Client, stage: Stage):
    for month in range(1, 13):
        counted(stage.hotline, f"2025-{month:02}", {"A03": 100, "A04": 90, "A05": 0}, file_digest=f"{month:064}")
    assert "00000000…, 00000000…, 00000000…, 00000000… and 8 files more" in read(why(coordinator, stage))


def test_only_the_files_that_gave_the_number_are_named(stage: Stage):
    """Records come before totals: the file of totals is about the same year and is not used."""
    counted(stage.hotline, "2025", GOOD, file_digest="f" * 64)
    counted(stage.hotline, "2025", GOOD, file_digest=DIGEST, level="contact")
    line = provenance_of(stage.evaluation, stage.coordinator).line(("A03", "A04", "A05"))
    assert line == LINE


def test_without_a_file_there_is_no_line(coordinator: Client, stage: Stage):
    assert "sha256" not in read(answers(coordinator, stage))


def test_a_kept_scorecard_names_the_file_that_counted_then_and_not_the_one_that_came_later(
    sign_in: Callable[..., Client],
):
    stage = Stage("report", is_counted=False)
    confirmed_file(stage)
    scorecard_of(stage.evaluation)
    type(stage.evaluation).objects.filter(pk=stage.evaluation.pk).update(state="response")
    confirmed_file(stage, "900", "later.csv", "f" * 64)
    client = sign_in(Client(), stage.coordinator)
    response = client.get(reverse("workspace:response", args=[stage.evaluation.uid]))
    for page in (response, why(client, stage), client.get(reverse("workspace:scorecard", args=[stage.evaluation.uid]))):
        text = read(page)
        assert LINE in text
        assert "sha256 ffffffff" not in text


def test_the_page_over_time_says_it_under_each_number_and_beside_the_network(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD, file_digest=DIGEST)
    page = coordinator.get(reverse("workspace:hotline_trends", args=["XA"]))
    rate = next(chart for chart in page.context["charts"] if "3.1.1" in str(chart.table.title)).table
    assert [(line.name, line.cells[0].text) for line in rate.lines[-4:]] == [
        ("Definitions", "1.0"),
        ("Coverage", "Complete"),
        ("Quality", "Measured"),
        ("Source files", "sha256 e600a1b2…"),
    ]
    assert f"This hotline’s numbers: {LINE}" in read(page)


# --- Downloads -------------------------------------------------------------------------------------------------------


def test_the_last_rows_of_a_hotlines_download_are_its_files_with_their_digests(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2024", GOOD, file_digest="f" * 64, accepted=True)
    kept = counted(stage.hotline, "2025", GOOD, file_digest=DIGEST, completeness="partial_channels")
    kept.figures.filter(item="A05").update(quality="estimated")
    name = stage.hotline.name
    rows = rows_of(coordinator, reverse("workspace:hotline_trends_table", args=["XA", "csv"]))
    assert rows[-3:] == [
        ["Code", "Hotline", "Period", "Level", "Definitions", "Coverage", "Quality", "Accepted", "SHA-256", "Notes"],
        ["XA", name, "2024", "totals", "1.0", "Complete", "Measured", "yes", "f" * 64, ""],
        ["XA", name, "2025", "totals", "1.0", "Some channels missing", "Measured, Estimated", "not yet", DIGEST, ""],
    ]
    book = coordinator.get(reverse("workspace:hotline_trends_table", args=["XA", "xlsx"])).content
    with zipfile.ZipFile(BytesIO(book)) as packed:
        assert DIGEST in packed.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize("part", ["comparison", "trends"])
@pytest.mark.usefixtures("empty")
def test_the_last_rows_of_the_networks_downloads_are_the_files_of_every_hotline(mce: Client, stage: Stage, part: str):
    known = others(3)
    for number, hotline in enumerate(known):
        StatisticsImport.objects.filter(hotline=hotline).update(file_digest=f"{number}" * 64)
    address = reverse("workspace:statistics_network_table", args=[part, "csv"])
    rows = rows_of(mce, address, **INVENTED, period="2025")
    assert [(row[0], row[2], row[8]) for row in rows[-3:]] == [
        ("YA", "2025", "0" * 64),
        ("YB", "2025", "1" * 64),
        ("YC", "2025", "2" * 64),
    ]


# --- Queries ---------------------------------------------------------------------------------------------------------


def asked_by(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", ["answers", "scorecard", "why"])
def test_more_files_and_more_figures_ask_no_more(coordinator: Client, stage: Stage, name: str):
    args = {"answers": ["3.1"], "scorecard": [], "why": ["3.1.1"]}[name]
    address = reverse(f"workspace:{name}", args=[stage.evaluation.uid, *args])
    counted(stage.hotline, "2025-Q1", GOOD)
    before = asked_by(coordinator, address)
    for quarter in (2, 3, 4):
        kept = counted(stage.hotline, f"2025-Q{quarter}", GOOD)
        FigureFactory(statistics=kept, item="A15", dim1="channel", dim1_value="chat", value=3)
    assert asked_by(coordinator, address) == before


def test_a_standard_of_many_figures_asks_as_often_as_one_of_a_single_figure(coordinator: Client, stage: Stage):
    """Two queries for the line of all figures: the files, and their content. Seven for the network's.

    One less, as none of its answers has evidence, whose other uses would be read.
    """
    counted(stage.hotline, "2025", GOOD)
    without, filled = (reverse("workspace:answers", args=[stage.evaluation.uid, code]) for code in ("1.1", "3.1"))
    assert asked_by(coordinator, filled) == asked_by(coordinator, without) + 9 - 1


def test_an_accepted_file_is_named_while_its_correction_waits_for_nobody(coordinator: Client, stage: Stage):
    """A confirmed correction counts for the hotline at once, and no longer the accepted file."""
    accepted = confirmed_file(stage)
    perform(accepted, "accept", by=stage.people.mce)
    confirmed_file(stage, "900", "correction.csv", "f" * 64)
    text = read(why(coordinator, stage))
    assert "sha256 ffffffff…" in text
    assert "e600a1b2" not in text
