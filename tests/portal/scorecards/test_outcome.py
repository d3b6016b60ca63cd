"""From the findings to the public page: scored, proposed, decided with reasons, printed, published."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.engine.scoring import Line, as_percent
from evaluation.models import Evaluation, Recommendation, Scorecard
from evaluation.scorecards import read_result
from portal.letters.models import Letter
from portal.presentation.scorecard.outcomes import describe_ratio
from reports.models import Issue, Printing
from tests.bystander import new
from tests.factories import IssueFactory, PrintingFactory, score_now
from tests.publishing import publish_on_page
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def as_(sign_in: Callable[..., Client], user: Any) -> Client:
    return sign_in(Client(), user)


def page_of(client: Client, name: str, stage: Stage) -> Any:
    return client.get(reverse(f"workspace:{name}", args=[stage.evaluation.uid]))


def shown_percent(page: Any) -> dict[str, str]:
    """Return the percentages of the domains' rows, without the percent sign."""
    rows = re.findall(r'<tr id="why-(\w+)">(.*?)</tr>', page.content.decode(), re.DOTALL)
    return {
        code: re.search(r"([\d.,]+)\s*%", re.sub(r"<[^>]*>", "", row.split("<td", 1)[1].split(">", 1)[1])).group(1)
        for code, row in rows
    }


# --- Scorecard -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reaches", ["self_assessment", "report", "decision", "published"])
def test_the_scorecard_shows_the_numbers_of_the_engine(sign_in: Callable[..., Client], reaches: str):
    stage = Stage(reaches)
    card = score_now(stage.evaluation)
    page = page_of(as_(sign_in, stage.people.mce), "scorecard", stage)
    assert shown_percent(page) == {domain.code: as_percent(domain.ratio) for domain in card.domains}
    assert f'<div class="big num">{as_percent(card.overall)}<' in page.content.decode()


def test_a_kept_scorecard_is_shown_though_the_findings_would_now_say_otherwise(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    before = shown_percent(page_of(as_(sign_in, stage.coordinator), "scorecard", stage))
    stage.evaluation.findings.update(level=0)
    after = shown_percent(page_of(as_(sign_in, stage.coordinator), "scorecard", stage))
    assert after == before
    assert score_now(stage.evaluation) != read_result(stage.scorecard)


def test_scoring_keeps_the_card_drafts_recommendations_and_tells_the_hotline(sign_in: Callable[..., Client]):
    stage = Stage("report")
    mce = as_(sign_in, stage.people.mce)
    page = mce.post(reverse("workspace:judge", args=[stage.evaluation.uid]), follow=True)
    assert "The findings are scored and the hotline has the draft." in page.content.decode()
    assert new(Scorecard).count() == 1
    assert Recommendation.objects.filter(evaluation=stage.evaluation).exists()
    assert set(new(Letter).values_list("to_user", flat=True)) == {stage.coordinator.pk, stage.contributor.pk}
    again = mce.post(reverse("workspace:judge", args=[stage.evaluation.uid]), follow=True)
    assert "This is not the stage for it" in again.content.decode()
    assert new(Scorecard).count() == 1


@pytest.fixture
def proposed() -> Stage:
    return Stage("decision")


@pytest.fixture
def panel(client: Client, proposed: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, proposed.people.panel)


def decide(client: Client, stage: Stage, **changes: Any) -> Any:
    typed = {"outcome": stage.scorecard.proposal, "reasons": "What was seen carries it."} | changes
    return client.post(reverse("workspace:decide", args=[stage.evaluation.uid]), typed, follow=True)


# --- Report and publication ------------------------------------------------------------------------------------------


@pytest.fixture
def decided() -> Stage:
    stage = Stage("decided", is_printed=False)
    assert not new(Issue).exists()
    return stage


def test_asking_for_the_report_asks_the_worker_once(
    decided: Stage, sign_in: Callable[..., Client], django_capture_on_commit_callbacks: Any
):
    mce = as_(sign_in, decided.people.mce)
    address = reverse("workspace:report", args=[decided.evaluation.uid])
    with django_capture_on_commit_callbacks() as asked:
        for _ in range(2):
            assert mce.post(address, {"language": "en"}).status_code == 302
    assert (len(asked), new(Printing).count()) == (1, 1)
    page = mce.get(address).content.decode()
    assert "Being printed" in page
    assert "waiting for the printer" in page


def test_the_printing_tells_how_far_it_is_and_stops_asking_when_it_is_done(
    decided: Stage, sign_in: Callable[..., Client]
):
    mce = as_(sign_in, decided.people.mce)
    printing = PrintingFactory(decision=decided.decision, asked_by=decided.people.mce)
    address = reverse("workspace:printing", args=[printing.uid])
    shown = {}
    for state in Printing.State:
        new(Printing).update(state=state)
        answer = mce.get(address, headers={"HX-Request": "true"})
        if state == Printing.State.DONE:
            assert answer.headers["HX-Refresh"] == "true"
            assert mce.get(address).url == reverse("workspace:report", args=[decided.evaluation.uid])
            continue
        fragment = answer.content.decode()
        assert "<html" not in fragment
        shown[state.value] = ("hx-get" in fragment, str(state.label) in fragment or state == "failed")
    running = dict.fromkeys(("waiting", "composing", "drawing", "setting"), (True, True))
    assert shown == running | {"failed": (False, True)}
    assert "<html" in mce.get(address).content.decode()  # a whole page without a script


def test_a_failed_printing_says_that_nothing_is_lost(decided: Stage, sign_in: Callable[..., Client]):
    PrintingFactory(decision=decided.decision, asked_by=decided.people.mce, state="failed", failure="no_pango")
    page = page_of(as_(sign_in, decided.people.mce), "report", decided).content.decode()
    assert "It was not printed. Nothing is lost." in page
    assert "This machine lacks the Pango library." in page


def test_each_language_is_told_until_it_is_printed_whatever_is_asked_for_later(
    decided: Stage, sign_in: Callable[..., Client]
):
    for language, state in (("fr", "failed"), ("en", "failed"), ("pl", "drawing"), ("en", "waiting"), ("it", "done")):
        PrintingFactory(decision=decided.decision, asked_by=decided.people.mce, language=language, state=state)
    page = page_of(as_(sign_in, decided.people.mce), "report", decided).content.decode()
    assert re.findall(r'<p class="small soft mb-1" lang="(\w+)">', page) == ["fr", "en", "pl"]
    assert page.count("It was not printed. Nothing is lost.") == 1
    assert page.count("hx-trigger") == 2
    assert "htmx-2.min.js" in page
    assert len(set(re.findall(r'id="(printing-[^"]+)"', page))) == 3


def test_a_page_that_asks_nothing_again_is_sent_without_htmx(decided: Stage, sign_in: Callable[..., Client]):
    page = page_of(as_(sign_in, decided.people.mce), "report", decided).content.decode()
    assert "htmx" not in page


def test_a_language_without_a_wording_prints_nothing_and_says_so(decided: Stage, sign_in: Callable[..., Client]):
    page = as_(sign_in, decided.people.mce).post(
        reverse("workspace:report", args=[decided.evaluation.uid]), {"language": "xx"}, follow=True
    )
    assert not new(Printing).exists()
    assert "The Guide has no wording in this language" in page.content.decode()


def test_without_a_report_the_outcome_cannot_be_published(decided: Stage, sign_in: Callable[..., Client]):
    mce = as_(sign_in, decided.people.mce)
    page = publish_on_page(mce, decided.evaluation)
    assert "The report of the decision that stands is not printed" in page.content.decode()
    assert new(Evaluation).get().state == Evaluation.State.DECIDED


def test_before_publication_the_public_knows_nothing_and_after_it_the_outcome(sign_in: Callable[..., Client]):
    stage = Stage("decided")
    public = Client()
    pages = ["/en/register/", "/en/register/XA/", "/en/register/hotlines.csv"]
    outcome = str(stage.round.edition.texts("en")[f"outcome/{stage.decision.outcome}"])
    assert [outcome in public.get(page).content.decode() for page in pages] == [False, False, False]
    paper = IssueFactory(decision=stage.decision, number=2, extent="whole")
    publish_on_page(as_(sign_in, stage.people.mce), stage.evaluation, "whole")
    assert [outcome in public.get(page).content.decode() for page in pages] == [True, True, True]
    shown = public.get("/en/register/XA/").content.decode()
    assert reverse("pages:paper", args=["XA", paper.uid]) in shown
    for domain in read_result(stage.scorecard).domains:
        assert as_percent(domain.ratio) in shown
    recipients = set(new(Letter).values_list("to_user", flat=True))
    assert recipients == {stage.coordinator.pk, stage.contributor.pk, stage.people.lead.pk}


def test_the_report_comes_as_a_download_that_no_shared_computer_keeps(sign_in: Callable[..., Client]):
    stage = Stage("decided")
    answer = as_(sign_in, stage.coordinator).get(reverse("workspace:report_pdf", args=[stage.issue.uid]))
    assert b"".join(answer).startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report-XA-2026-1-en.pdf"'
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (None, "60.0 %"),
        (Line(60), "60.0 %"),
        (Line(60, strictly=True), "60.0 %, not above the line of 60 %"),
        (Line(Fraction(121, 2)), "60.0 %, below the line of 60.5 %"),
    ],
)
def test_a_bar_says_whether_its_score_passes_the_line(line: Line | None, sentence: str):
    assert describe_ratio(Fraction(60, 100), line).replace("\N{NO-BREAK SPACE}", " ") == sentence
