"""A file of figures: read or refused as a whole, with each problem; counting once the hotline confirms it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from evaluation.figures.intake.published_format import read_bytes
from evaluation.models import Figure, Hotline, SpooledFile, StatisticsImport, Step
from portal.demonstration.exports import generate
from portal.letters.models import Letter
from tests.bystander import new
from tests.evaluation.figures.counted import totals
from tests.evaluation.figures.damaged_files import CELLS, FILES, spoil
from tests.evaluation.figures.traces import CHILD, NAME, assert_nowhere, everything_stored
from tests.factories import StatisticsImportFactory
from tests.stage import Stage

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


def sent() -> StatisticsImport:
    """Return the file that was sent last."""
    return new(StatisticsImport).order_by("-pk")[0]


def address_of(statistics: StatisticsImport, name: str = "statistics", *more: str) -> str:
    return reverse(f"workspace:{name}", args=[statistics.uid, *more])


def make_move(client: Client, statistics: StatisticsImport, move: str, note: str = "") -> Any:
    return client.post(address_of(statistics, "move_statistics", move), {"note": note}, follow=True)


def test_a_good_file_is_a_dry_run_and_counts_after_the_coordinator_confirms(
    coordinator: Client, stage: Stage, a_year: bytes
):
    page = send(coordinator, a_year, follow=True)
    kept = StatisticsImport.objects.get(file_name="xa-2025.csv")
    assert page.redirect_chain == [(f"/work/figures/{kept.uid}/", 302)]
    assert "A dry run: nothing is written yet." in page.content.decode()
    assert (page.context["cells"], new(Figure).count()) == (len(kept.draft), 0)
    period = stage.round.figures_from, stage.round.figures_until
    assert set(totals(stage.hotline, *period).values()) == {None}
    page = make_move(coordinator, kept, "confirm")
    assert "Figures confirmed. This is recorded in the log." in page.content.decode()
    assert totals(stage.hotline, *period)["A03"] > 0
    assert page.context["cells"] == kept.figures.count() > 50


def test_a_name_that_may_be_a_child_s_is_on_no_page_and_in_no_letter(
    coordinator: Client, stage: Stage, a_year: bytes, sign_in: Callable[..., Client], caplog, tmp_path
):
    pages = [send(coordinator, b"a;b\n", name=NAME, follow=True), send(coordinator, a_year, name=NAME, follow=True)]
    assert sent().file_name == "116000-XA 2025 aggregate"
    pages.append(coordinator.get(reverse("workspace:hotline_figures", args=["XA"])))
    pages.append(make_move(coordinator, sent(), "confirm"))
    pages.append(make_move(sign_in(Client(), stage.people.mce), sent(), "accept"))
    assert [CHILD in page.content.decode() for page in pages] == [False] * 5
    assert Letter.objects.filter(body__contains="116000-XA 2025 aggregate").exists()
    assert_nowhere(CHILD, caplog, tmp_path)


def test_a_contributor_sends_a_file_and_the_coordinator_confirms_it(
    client: Client, stage: Stage, sign_in: Callable[..., Client], a_year: bytes
):
    page = send(sign_in(client, stage.contributor), a_year, follow=True)
    assert "The coordinator of the hotline confirms them." in page.content.decode()
    assert "Confirm the figures" not in page.content.decode()


def test_the_same_file_again_leads_to_the_one_that_is_there(coordinator: Client, stage: Stage, a_year: bytes):
    addresses = {send(coordinator, a_year).url for _ in range(2)}
    assert len(addresses) == 1


def test_a_later_file_for_the_same_year_shows_what_it_changes_and_makes_room_for_itself(
    coordinator: Client, stage: Stage, a_year: bytes
):
    send(coordinator, a_year, name="again.csv")
    make_move(coordinator, sent(), "confirm")
    page = send(coordinator, generate("116000-XA", 2025, seed=8, quality=0.5), name="again.csv", follow=True)
    assert "What it changes" in page.content.decode()
    assert len(page.context["changes"]) > 20
    coordinator.post(address_of(sent(), "explain_statistics"), {f"said_{n}": "There is new staff." for n in range(20)})
    make_move(coordinator, sent(), "confirm")
    states = StatisticsImport.objects.filter(file_name="again.csv").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["superseded", "confirmed"]
    assert Step.objects.filter(kind="statistics", move="supersede").count() == 1
    first = StatisticsImport.objects.filter(file_name="again.csv").earliest("pk")
    assert address_of(sent()) in coordinator.get(address_of(first)).content.decode()


def _two_jumps(coordinator: Client, a_year: bytes) -> StatisticsImport:
    """Return a file with several warnings of one kind, after a confirmed file of the year before."""
    send(coordinator, generate("116000-XA", 2024, seed=3), name="2024.csv")
    StatisticsImport.objects.filter(pk=sent().pk).update(explanations=["It is so."] * len(sent().warnings))
    make_move(coordinator, sent(), "confirm")
    send(coordinator, generate("116000-XA", 2025, seed=8, quality=0.5), name="2025.csv")
    return sent()


def test_one_sentence_explains_all_warnings_of_a_kind_and_each_may_have_its_own(coordinator: Client, a_year: bytes):
    statistics = _two_jumps(coordinator, a_year)
    page = coordinator.get(address_of(statistics))
    kind = max(page.context["form"].kinds(), key=lambda kind: len(kind.fields))
    assert kind.shared is not None
    names = [field.name for field in kind.fields]
    assert len(names) > 2
    typed = {kind.shared.name: "A second office opened in March.", names[1]: "This one was counted anew."}
    coordinator.post(address_of(statistics, "explain_statistics"), typed)
    explanations = {f"said_{number}": text for number, text in enumerate(sent().explanations)}
    assert [explanations.pop(name) for name in names] == [
        "This one was counted anew." if name == names[1] else "A second office opened in March." for name in names
    ]
    assert set(explanations.values()) <= {""}
    form = coordinator.get(address_of(statistics)).context["form"]
    assert form[kind.shared.name].initial == "A second office opened in March."
    assert [form[name].initial for name in names[:3]] == ["", "This one was counted anew.", ""]


def test_a_warning_names_both_values_as_the_reader_writes_them(coordinator: Client, a_year: bytes):
    statistics = _two_jumps(coordinator, a_year)
    jumps = [w for w in statistics.warnings if w["code"] in ("rose", "fell")]
    assert jumps
    text = coordinator.get(address_of(statistics)).content.decode()
    for warning in jumps:
        numbers = [f"{Decimal(warning['params'][key]):,}" for key in ("then", "now")]
        assert f"from {numbers[0]} to {numbers[1]}. Say why." in text


def test_the_page_says_that_names_are_not_recognised_and_who_reads_what_is_written(coordinator: Client, a_year: bytes):
    send(coordinator, without(a_year, "A10"))
    page = coordinator.get(address_of(sent())).content.decode()
    assert "no program knows every name" in page
    assert "read by your hotline and by Missing Children Europe" in page
    refused = coordinator.post(address_of(sent(), "explain_statistics"), {"said_0": "Ask anna.example@mail.test"})
    assert "nothing about a person is kept" not in refused.content.decode()


def test_what_the_checks_noticed_is_explained_before_it_is_confirmed(coordinator: Client, stage: Stage, a_year: bytes):
    send(coordinator, without(a_year, "A10"))
    page = make_move(coordinator, sent(), "confirm")
    assert "The checks noticed something that nobody has explained yet" in page.content.decode()
    page = coordinator.post(address_of(sent(), "explain_statistics"), {"said_0": "Ask anna.example@mail.test"})
    assert (page.status_code, "anna.example@mail.test" in page.content.decode()) == (422, True)
    assert sent().explanations == [""]
    coordinator.post(address_of(sent(), "explain_statistics"), {"said_0": "We count it from 2026 on."})
    page = make_move(coordinator, sent(), "confirm")
    assert (sent().state, "We count it from 2026 on." in page.content.decode()) == ("confirmed", True)


@pytest.mark.parametrize("move", ["withdraw", "confirm"])
def test_a_note_that_points_to_a_person_is_shown_again_and_kept_nowhere(
    coordinator: Client, stage: Stage, a_year: bytes, move: str
):
    send(coordinator, a_year)
    note = "Anna Kowalska, born 12 March 2011, is in it."
    page = make_move(coordinator, sent(), move, note=note)
    assert (page.status_code, sent().state) == (422, "checked")
    assert "It looks like an e-mail address, a telephone number or a date" in page.content.decode()
    assert "Kowalska" in page.content.decode()
    assert "Kowalska" not in everything_stored()
    assert "stored_notes" not in coordinator.session


def test_a_note_of_a_refused_move_comes_back_with_its_own_file(coordinator: Client, stage: Stage, a_year: bytes):
    send(coordinator, without(a_year, "A10"))
    page = make_move(coordinator, sent(), "confirm", note="All counted twice.")
    assert "All counted twice." in page.content.decode()
    assert not coordinator.session.get("stored_notes")


def without(content: bytes, item: str) -> bytes:
    return b"\n".join(line for line in content.split(b"\n") if f",{item},".encode() not in line)


def test_missing_children_europe_sends_back_and_accepts(
    coordinator: Client, stage: Stage, a_year: bytes, sign_in: Callable[..., Client]
):
    send(coordinator, a_year)
    make_move(coordinator, sent(), "confirm")
    mce = sign_in(Client(), stage.people.mce)
    make_move(mce, sent(), "send_back", note="One week is missing.")
    page = coordinator.get(address_of(sent()))
    assert "Missing Children Europe sent these figures back." in page.content.decode()
    assert "One week is missing." in page.content.decode()
    make_move(coordinator, sent(), "confirm")
    make_move(mce, sent(), "accept")
    assert sent().state == "accepted"
    recipients = [(letter.to_user, letter.subject) for letter in new(Letter).order_by("pk")]
    assert recipients == [
        (stage.people.mce, "Figures of Land XA wait to be accepted"),
        (stage.coordinator, "Figures of Land XA were sent back"),
        (stage.people.mce, "Figures of Land XA wait to be accepted"),
        (stage.coordinator, "Figures of Land XA are accepted"),
    ]
    assert "One week is missing." in Letter.objects.get(subject="Figures of Land XA were sent back").body
    make_move(coordinator, sent(), "withdraw", note="Wrong export.")
    assert "The file was taken back." in coordinator.get(address_of(sent())).content.decode()


def test_the_list_pages_sorts_filters_and_searches(coordinator: Client, stage: Stage):
    for number in range(30):
        StatisticsImportFactory(hotline=stage.hotline, file_name=f"month {number:02}.csv", state="withdrawn")
    address = reverse("workspace:hotline_figures", args=["XA"])

    def names(**query: str) -> list[str]:
        return [file.file_name for file in coordinator.get(address, query).context["page"]]

    assert (len(names()), len(names(page="2"))) == (25, 6)
    assert names(q="month 07") == ["month 07.csv"]
    assert names(order="name", state="withdrawn")[:2] == ["month 00.csv", "month 01.csv"]
    for name, hours in (("month 03.csv", 1), ("month 29.csv", 2), ("month 11.csv", 3)):
        later = now() + timedelta(hours=hours)
        StatisticsImport.objects.filter(file_name=name).update(uploaded_at=later, period_end=date(2000 + hours, 12, 31))
    assert names(order="sent")[:3] == ["month 11.csv", "month 29.csv", "month 03.csv"], "the newest first"
    assert names(page="2")[-3:] == ["month 11.csv", "month 29.csv", "month 03.csv"], "by period, the newest first"
    assert names(state="checked") == ["figures-2026.csv"]
    assert "No file like that." in coordinator.get(address, {"q": "nothing"}).content.decode()


def test_a_file_that_is_being_read_says_how_far_it_is_and_can_be_left(coordinator: Client, stage: Stage):
    waiting = StatisticsImportFactory(hotline=stage.hotline, state="uploaded", level="", period_start=None)
    row = SpooledFile.objects.create(
        statistics=waiting, path="x", key=b"k", size=9, phase="reading", rows_read=1200, share=40, expires_at=now()
    )
    page = coordinator.get(address_of(waiting)).content.decode()
    assert "Reading the rows" in page
    assert "htmx-2.min.js" in page
    assert "1200 rows, 40 per cent of the file" in page.replace("1,200", "1200")
    assert "You can leave this page; the reading goes on." in page
    part = coordinator.get(address_of(waiting), {"part": "progress"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    row.delete()
    StatisticsImport.objects.filter(pk=waiting.pk).update(state="refused", problems=[{"code": "empty_file"}])
    over = coordinator.get(address_of(waiting), {"part": "progress"}, headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    assert "The file is empty. Export it again." in coordinator.get(address_of(waiting)).content.decode()


@pytest.mark.parametrize("kind", [*FILES, *CELLS])
def test_a_damaged_file_is_refused_in_words_and_no_figure_is_written(
    coordinator: Client, stage: Stage, a_year: bytes, kind: str
):
    page = send(coordinator, spoil(a_year, kind, row=20), follow=True)
    assert (sent().state, sent().draft, new(Figure).count()) == ("refused", [], 0)
    assert listed(page)
    assert "Nothing was written. Correct the file and send it again." in page.content.decode()


@pytest.mark.parametrize("kind", ["email", "telephone", "date_of_birth", "long_text", "email_as_code"])
def test_what_looks_like_a_person_is_named_by_row_and_column_and_never_shown(
    coordinator: Client, stage: Stage, a_year: bytes, kind: str
):
    column, cell = CELLS[kind]
    page = send(coordinator, spoil(a_year, kind, row=20), follow=True)
    text = " ".join(listed(page))
    assert SpooledFile.objects.count() == 0
    assert "20" in text
    assert column in text
    assert cell not in page.content.decode()


def test_all_problems_of_a_file_are_listed_at_once(coordinator: Client, stage: Stage, a_year: bytes):
    spoilt = spoil(spoil(spoil(a_year, "negative", row=12), "item_unknown", row=20), "quality_unknown", row=30)
    problems = listed(send(coordinator, spoilt, follow=True))
    assert len(problems) >= 3
    assert all(any(str(row) in problem for problem in problems) for row in (12, 20, 30))


def test_the_file_of_another_hotline_is_refused(coordinator: Client, stage: Stage):
    page = send(coordinator, generate("116000-XB", 2025, seed=7), follow=True)
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
    assert coordinator.get("/work/figures/").url == "/work/figures/of/XA/"


def test_the_example_is_a_file_that_can_be_read(coordinator: Client, stage: Stage):

    example = coordinator.get(reverse("workspace:example_file"))
    assert example.headers["Content-Disposition"] == 'attachment; filename="116000-example.csv"'
    assert read_bytes(example.content, "116000-example.csv", max_bytes=10**7).problems == ()
    assert new(Hotline).count() == 1


def test_what_a_file_leaves_out_is_listed_and_not_called_zero(coordinator: Client, stage: Stage, a_year: bytes):
    page = send(coordinator, without(without(a_year, "A05"), "A57"), follow=True)
    assert [item.code for item in page.context["left_out"]] == ["A05", "A57"]
    assert "Not in this file: 2 of 54 items. Missing is not zero." in page.content.decode()


def test_a_sentence_that_is_needed_to_confirm_is_not_called_optional(coordinator: Client, stage: Stage, a_year: bytes):
    page = send(coordinator, without(a_year, "A10"), follow=True).content.decode()
    assert "What the checks noticed" in page
    assert "optional" not in page


def test_what_was_said_of_an_earlier_file_is_offered_for_the_same_warning_and_not_saved_by_itself(
    coordinator: Client, a_year: bytes
):
    send(coordinator, without(a_year, "A10"))
    coordinator.post(address_of(sent(), "explain_statistics"), {"said_0": "We count it from 2026 on."})
    make_move(coordinator, sent(), "confirm")
    send(coordinator, without(generate("116000-XA", 2024, seed=7, quality=0.9), "A10"), name="xa-2024.csv")
    page = coordinator.get(address_of(sent()))
    place = next(n for n, warning in enumerate(sent().warnings) if warning["code"] == "items_missing")
    assert page.context["form"][f"said_{place}"].initial == "We count it from 2026 on."
    assert "What was said of an earlier file is filled in." in page.content.decode()
    assert set(sent().explanations) == {""}
    others = {n for n, warning in enumerate(sent().warnings) if warning["code"] in ("rose", "fell")}
    assert {page.context["form"][f"said_{number}"].initial for number in others} <= {""}
