"""The public pages: the public data of hotlines, and nothing before it is published."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Page, Site

from evaluation import cached
from evaluation.engine.scoring import as_percent
from evaluation.models import Accreditation, Decision, Evaluation, Finding, Hotline, Recommendation, Round
from evaluation.scorecards import read_result
from evaluation.workflow import perform
from portal.presentation.public_hotline import read_hotline
from portal.presentation.register import KINDS, read_register
from portal.templatetags.marks import outcome_mark
from standards.framework import Framework
from tests.bystander import COUNTRY, new
from tests.factories import (
    GOOD_FIGURES,
    DecisionFactory,
    EvaluationFactory,
    HotlineFactory,
    IssueFactory,
    OperationFactory,
    OperatorFactory,
    PublicationFactory,
    RecommendationFactory,
    RoundFactory,
    confirmed_figures,
    evaluation_of,
    released_edition,
    scorecard_of,
    visit_of,
    withdraw,
    write_all_answers,
)
from tests.small_edition import SMALL
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db

FAR = date(2099, 5, 4)


def hotline(country: str, name: str, operator: str = "") -> Hotline:
    made = HotlineFactory(country=country, name=name)
    OperationFactory(hotline=made, operator=OperatorFactory(name=operator or f"{name} Foundation"), since="2012-12-01")
    return made


OPEN_EDITION = replace(SMALL, code="open", procedure=replace(SMALL.procedure, publishes_refusals=True))
"""An edition that makes refusals public. `SMALL` does not."""


def decided(
    of: Hotline,
    outcome: str,
    *,
    state: str = "published",
    until: date | None = FAR,
    framework: Framework = SMALL,
    at: datetime | None = None,
) -> Decision:
    """Create a complete evaluation with all answers and findings, and return the panel's decision on it."""
    its_round = RoundFactory(state=Round.State.OPEN, edition=released_edition(framework))
    evaluation = evaluation_of(of, round=its_round, state=state)
    visit_of(evaluation)
    write_all_answers(evaluation)
    write_all_answers(evaluation, 3, Finding)
    confirmed_figures(of, GOOD_FIGURES)
    given = {"outcome": outcome, "valid_until": until}
    if outcome == "deferred":
        given["hand_in_by"] = FAR
    decision = DecisionFactory(scorecard=scorecard_of(evaluation), **given)
    if state == "published":
        PublicationFactory(decision=decision, **({"at": at} if at else {}))
    return decision


def standing(country: str) -> str:
    return next(entry.register_status.kind for entry in read_register() if entry.code == country)


def test_every_hotline_is_in_the_register_and_none_has_an_outcome_before_it_is_published(client: Client) -> None:
    hotline("XH", "Havenland")
    response = client.get("/en/register/?show=all")
    found = [(entry.code, entry.register_status.kind) for entry in response.context["rows"]]
    assert found == [("XH", "none"), (COUNTRY, "conditional")]


@pytest.mark.parametrize(
    ("outcome", "state", "until", "kind"),
    [
        ("accredited", "published", FAR, "accredited"),
        ("conditional", "published", FAR, "conditional"),
        ("deferred", "published", None, "deferred"),
        ("not_accredited", "published", None, "none"),
        ("accredited", "published", date(2020, 1, 1), "expired"),
        ("accredited", "decided", FAR, "running"),
    ],
)
def test_a_hotline_stands_where_its_published_decision_puts_it(
    outcome: str, state: str, until: date | None, kind: str
) -> None:
    decided(hotline("XH", "Havenland"), outcome, state=state, until=until)
    assert standing("XH") == kind


def test_an_accreditation_holds_on_its_last_day() -> None:
    decided(hotline("XH", "Havenland"), "accredited", until=timezone.localdate())
    assert standing("XH") == "accredited"


def test_a_hotline_in_an_open_round_is_being_evaluated_and_in_a_closed_one_is_not() -> None:
    EvaluationFactory(hotline=hotline("XA", "Aldermark"), round=RoundFactory(state=Round.State.OPEN))
    EvaluationFactory(hotline=hotline("XB", "Borland"), round=RoundFactory(state=Round.State.CLOSED))
    EvaluationFactory(
        hotline=hotline("XC", "Cerania"), round=RoundFactory(state=Round.State.OPEN), state=Evaluation.State.EXCUSED
    )
    assert (standing("XA"), standing("XB"), standing("XC")) == ("running", "none", "none")


def test_the_register_asks_the_same_number_of_questions_for_one_hotline_and_for_many(
    client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    decided(hotline("XH", "Havenland"), "accredited")
    client.get("/en/register/?show=all")
    with django_assert_max_num_queries(20) as few:
        client.get("/en/register/?show=all")
    asked = len(few)
    for code, name in (("XA", "Aldermark"), ("XB", "Borland"), ("XC", "Cerania")):
        decided(hotline(code, name), "conditional")
    client.get("/en/register/?show=all")  # the register's statuses are cached
    with django_assert_num_queries(asked):
        client.get("/en/register/?show=all")


@pytest.mark.everywhere
def test_a_search_finds_a_country_or_an_operator_without_its_accents(client: Client) -> None:
    hotline("XH", "Havenland", "Fundacja Powrót")
    hotline("XI", "Ingelmark")
    rows = client.get("/en/register/?q=powrot").context["rows"]
    assert [entry.code for entry in rows] == ["XH"]


def test_a_search_that_finds_nothing_says_so_and_offers_the_way_back(client: Client) -> None:
    hotline("XH", "Havenland")
    page = client.get("/en/register/?q=atlantis").content.decode()
    assert "No hotline matches this." in page
    assert '<a class="btn btn-outline-primary btn-sm" href="/en/register/">' in page


@pytest.mark.everywhere
def test_the_table_is_filtered_and_sorted_and_passes_over_what_it_does_not_know(client: Client) -> None:
    decided(hotline("XI", "Ingelmark"), "accredited")
    decided(hotline("XH", "Havenland"), "conditional")
    hotline("XA", "Aldermark")

    def codes(query: str) -> list[str]:
        return [entry.code for entry in client.get(f"/en/register/?{query}").context["rows"]]

    assert codes("outcome=conditional") == ["XH", COUNTRY]
    assert codes("sort=outcome") == ["XI", "XH", COUNTRY, "XA"]
    assert codes("sort=height&outcome=best&page=99") == ["XA", "XH", "XI", COUNTRY]


def test_a_long_table_has_pages_and_can_be_shown_whole(client: Client) -> None:
    call_command("load_hotlines", "fixtures/hotlines.csv", verbosity=0)
    assert [len(client.get(f"/en/register/?{q}").context["rows"]) for q in ("", "page=2", "show=all")] == [20, 13, 33]


def test_every_hotline_of_the_directory_has_a_tile_of_its_own(client: Client) -> None:
    call_command("load_hotlines", "fixtures/hotlines.csv", verbosity=0)
    _invented, drawn = client.get("/en/register/").context["maps"]
    assert len({(tile["column"], tile["row"]) for tile in drawn.tiles}) == new(Hotline).count()


def test_invented_hotlines_have_a_map_of_their_own_and_say_that_they_are_invented(client: Client) -> None:
    HotlineFactory(country="BE", name="Belgium", is_invented=False)
    hotline("XH", "Havenland")
    maps = client.get("/en/register/").context["maps"]
    assert [(m.is_invented, [tile["code"] for tile in m.tiles]) for m in maps] == [(True, ["XH"]), (False, ["BE"])]
    assert "This hotline is invented." in client.get("/en/register/XH/").content.decode()
    assert "This hotline is invented." not in client.get("/en/register/BE/").content.decode()


def test_the_table_is_given_as_a_file_and_no_cell_is_a_formula(client: Client) -> None:
    hotline("XH", "Havenland", "=cmd()")
    decided(hotline("XI", "Ingelmark"), "accredited")
    text = client.get("/en/register/hotlines.csv").content.decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[:4] + row[5:6] + row[7:] for row in rows[1:]] == [
        ["116000-XH", "Havenland", "'=cmd()", "none", "", "yes"],
        ["116000-XI", "Ingelmark", "Ingelmark Foundation", "accredited", "2099-05-04", "yes"],
        [f"116000-{COUNTRY}", f"Land {COUNTRY}", f"Operator of Land {COUNTRY}", "conditional", "2099-12-31", "yes"],
    ]


# --- One hotline ---------------------------------------------------------------------------------------------------


def test_a_published_page_shows_each_domain_as_the_scorecard_has_it(client: Client) -> None:
    decision = decided(hotline("XH", "Havenland"), "conditional")
    card = read_result(decision.scorecard)
    shown = client.get("/en/register/XH/").context["shown"]
    assert [as_percent(line.ratio) for line in shown.domains] == [as_percent(d.ratio) for d in card.domains]
    page = client.get("/en/register/XH/").content.decode()
    for domain in card.domains:
        why = f"/en/register/XH/why/{domain.code}/"
        assert f'<a class="val" href="{why}">{as_percent(domain.ratio)}\u00a0%</a>' in page


def test_an_unpublished_page_shows_neither_outcome_nor_domains_nor_papers(client: Client) -> None:
    decision = decided(hotline("XH", "Havenland"), "accredited", state="decided")
    issue = IssueFactory(decision=decision)
    shown = client.get("/en/register/XH/").context["shown"]
    assert (shown.register_status.kind, shown.domains, shown.papers, shown.works_on) == ("running", [], [], [])
    assert client.get(f"/en/register/XH/report/{issue.uid}.pdf").status_code == 404


def test_what_is_not_accredited_reads_as_no_accreditation_and_shows_no_findings(client: Client) -> None:
    decision = decided(hotline("XH", "Havenland"), "not_accredited", until=None)
    issue = IssueFactory(decision=decision)
    page = client.get("/en/register/XH/").content.decode()
    assert "No accreditation" in page
    assert "What was looked at" not in page
    assert client.get(f"/en/register/XH/report/{issue.uid}.pdf").status_code == 404


def words_on(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.usefixtures("empty")
def test_a_refusal_is_public_with_its_day_only_if_its_edition_says_so(client: Client) -> None:
    decision = decided(hotline("XH", "Havenland"), "not_accredited", until=None, framework=OPEN_EDITION)
    decided(hotline("XI", "Ingelmark"), "not_accredited", until=None)
    hotline("XJ", "Jordania")
    published = date_format(decision.publication.day, "DATE_FORMAT")
    assert [(code, standing(code)) for code in ("XH", "XI", "XJ")] == [
        ("XH", "refused"),
        ("XI", "none"),
        ("XJ", "none"),
    ]
    shown, hidden, never = (
        words_on(client.get(f"/en/register/{code}/?on={timezone.localdate()}").content.decode())
        for code in ("XH", "XI", "XJ")
    )
    assert f"decision published on {published}" in shown
    assert "does not do enough of what the Practical Guide asks" in shown
    assert f"From the decision published on {published}." in shown
    assert "such decisions are not published" in hidden
    assert hidden.replace("Ingelmark", "").replace("XI", "") == never.replace("Jordania", "").replace("XJ", "")
    register = words_on(client.get("/en/register/?show=all").content.decode())
    assert f"decision published on {published}" in register
    assert "such decisions are not published" in register
    rows = list(csv.reader(io.StringIO(client.get("/en/register/hotlines.csv").content.decode())))
    assert [row[3] for row in rows[1:]] == ["refused", "none", "none"]
    assert [row[6] for row in rows[1:]] == [decision.publication.day.isoformat(), "", ""]


@pytest.mark.usefixtures("empty")
def test_where_every_edition_makes_refusals_public_no_refusal_is_hinted_at(client: Client) -> None:
    decided(hotline("XH", "Havenland"), "not_accredited", until=None, framework=OPEN_EDITION)
    hotline("XI", "Ingelmark")
    page = client.get("/en/register/XI/").content.decode()
    assert "has not been looked at yet. This says nothing bad" in page
    assert "such decisions are not published" not in client.get("/en/register/").content.decode()


@pytest.mark.parametrize(("framework", "kind"), [(SMALL, "expired"), (OPEN_EDITION, "refused")])
def test_a_hidden_refusal_leaves_what_was_public_before_it(framework: Framework, kind: str) -> None:
    of = hotline("XH", "Havenland")
    ended = timezone.localdate() - timedelta(days=90)
    before = timezone.now() - timedelta(days=900)
    decided(of, "accredited", until=ended, at=before)
    decided(of, "not_accredited", until=None, framework=framework)
    new(Evaluation).update(state=Evaluation.State.PUBLISHED)
    assert standing("XH") == kind


def test_a_withdrawn_and_an_expired_accreditation_have_their_own_words_and_days(client: Client) -> None:
    withdrawn_by_mce = Stage("published", Participants(), country="XH")
    given_up = Stage("published", withdrawn_by_mce.people, country="XG", round=withdrawn_by_mce.round)
    withdraw(Accreditation.objects.get(hotline=withdrawn_by_mce.hotline), by=withdrawn_by_mce.people.mce)
    of_given_up = Accreditation.objects.get(hotline=given_up.hotline)
    perform(of_given_up, "give_up", by=given_up.coordinator, note="Nobody answers at night.")
    of = hotline("XI", "Ingelmark")
    ended = timezone.localdate() - timedelta(days=3)
    decided(of, "accredited", until=ended)
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    assert (standing("XG"), standing("XH"), standing("XI")) == ("given_up", "withdrawn", "expired")
    assert f"Accreditation given up given up on {today}" in words_on(client.get("/en/register/XG/").content.decode())
    withdrawn = words_on(client.get("/en/register/XH/").content.decode())
    assert f"Accreditation withdrawn withdrawn on {today}" in withdrawn
    assert "nothing bad" not in withdrawn
    expired = words_on(client.get("/en/register/XI/").content.decode())
    assert f"Accreditation expired ended with {date_format(ended, 'DATE_FORMAT')}" in expired
    register = words_on(client.get("/en/register/").content.decode())
    assert f"withdrawn on {today}" in register


def test_each_status_of_the_register_has_its_own_mark() -> None:
    assert len({outcome_mark(kind) for kind in KINDS}) == len(KINDS)


def test_only_issued_recommendations_are_named_and_only_their_titles(client: Client) -> None:
    decision = decided(hotline("XH", "Havenland"), "conditional")
    of = {"evaluation": decision.evaluation}
    RecommendationFactory(**of, code="1.1.2", title="Call back", text="In secret", state=Recommendation.State.ISSUED)
    RecommendationFactory(**of, code="1.1.1", title="Still a draft")
    RecommendationFactory(**of, code="3.1.1", title="Left out", is_dropped=True, state=Recommendation.State.ISSUED)
    page = client.get("/en/register/XH/").content.decode()
    assert [text in page for text in ("Call back", "In secret", "Still a draft", "Left out")] == [
        True,
        False,
        False,
        False,
    ]


def test_a_recommendation_that_is_late_was_due_and_another_is_due_by_its_month(client: Client) -> None:
    decision = decided(hotline("XH", "Havenland"), "conditional")
    today = timezone.localdate()
    for code, days in (("1.1.1", -40), ("1.1.2", 40)):
        RecommendationFactory(
            evaluation=decision.evaluation,
            code=code,
            title=f"Call back {code}",
            state=Recommendation.State.ISSUED,
            due_on=today + timedelta(days=days),
        )
    page = words_on(client.get("/en/register/XH/").content.decode())
    late, due = (date_format(today + timedelta(days=days), "F Y") for days in (-40, 40))
    assert f"Call back 1.1.1: was due in {late}" in page
    assert f"Call back 1.1.2, by {due}" in page


def test_a_published_report_is_a_file_to_keep(client: Client) -> None:
    decision = decided(hotline("XH", "Havenland"), "conditional")
    printed = timezone.now() - timedelta(hours=1)
    issue = IssueFactory(decision=decision, extent="whole", printed_at=printed)
    own = IssueFactory(decision=decision, number=2, printed_at=printed)
    late = IssueFactory(decision=decision, extent="whole", number=3)
    assert [client.get(f"/en/register/XH/report/{one.uid}.pdf").status_code for one in (own, late)] == [404, 404]
    hotline("XI", "Ingelmark")
    response = client.get(f"/en/register/XH/report/{issue.uid}.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == 'attachment; filename="116000-XH-report-1-en.pdf"'
    assert b"".join(response.streaming_content) == b"%PDF-1.7\n%%EOF\n"
    assert client.get(f"/en/register/XI/report/{issue.uid}.pdf").status_code == 404


def test_a_page_of_one_hotline_does_not_ask_more_for_more_recommendations(
    client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    decision = decided(hotline("XH", "Havenland"), "conditional")
    client.get("/en/register/XH/")
    with django_assert_max_num_queries(25) as few:
        client.get("/en/register/XH/")
    for code in ("1.1.1", "1.1.2", "3.1.1"):
        RecommendationFactory(evaluation=decision.evaluation, code=code, state=Recommendation.State.ISSUED)
        Finding.objects.filter(evaluation=decision.evaluation, code=code).update(good_practice=True)
    with django_assert_num_queries(len(few)):
        client.get("/en/register/XH/")


def test_a_small_letter_leads_to_the_page_and_an_unknown_code_to_none(client: Client) -> None:
    hotline("XH", "Havenland")
    assert client.get("/en/register/xh/")["Location"] == "/en/register/XH/"
    assert client.get("/en/register/ZZ/").status_code == 404
    assert read_hotline("ZZ") is None


def test_who_ran_the_line_before_is_named_and_the_languages_are_words(client: Client) -> None:
    of = hotline("XH", "Havenland")
    Hotline.objects.filter(pk=of.pk).update(languages="hr en xx")
    OperationFactory(hotline=of, operator=OperatorFactory(name="Lantern Line"), is_current=False, until="2011-03")
    page = client.get("/en/register/XH/").content.decode()
    assert "Run by Havenland Foundation since 2012." in page
    assert "Run by Lantern Line until 2011." in page
    assert "Languages in the directory of Missing Children Europe: Croatian, English, xx." in page


# --- Home ----------------------------------------------------------------------------------------------------------


def test_the_home_page_leads_to_the_register_and_counts_where_hotlines_stand(client: Client) -> None:
    decided(hotline("XH", "Havenland"), "accredited")
    hotline("XI", "Ingelmark")
    response = client.get("/en/")
    assert [(count["kind"], count["count"]) for count in response.context["counts"]] == [
        ("accredited", 1),
        ("conditional", 1),  # the bystander
        ("running", 0),
        ("none", 1),
    ]
    assert '<a href="/en/register/">The register</a>' in response.content.decode()


def test_the_home_page_is_the_root_of_the_site() -> None:
    root = Site.objects.get(is_default_site=True).root_page
    assert Page.objects.get(pk=root.pk).specific_class.__name__ == "HomePage"
    assert new(Evaluation).count() == 0


@pytest.mark.everywhere
@pytest.mark.parametrize("cache", ["there", "emptied", "gone"])
def test_what_is_kept_of_the_register_is_right_the_moment_something_is_published(
    client: Client, monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    def standing() -> str:
        if cache == "emptied":
            cached.cache.clear()
        return client.get("/en/register/").context["rows"][0].register_status.kind

    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError

    if cache == "gone":
        for name in ("get_many", "set_many", "set"):
            monkeypatch.setattr(cached.cache, name, fail, raising=False)
    decision = decided(hotline("XH", "Havenland"), "accredited", state="decided")
    assert (standing(), standing()) == ("running", "running")
    PublicationFactory(decision=decision)
    assert (standing(), standing()) == ("accredited", "accredited")


def test_what_is_kept_of_the_register_ends_with_the_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    decided(hotline("XH", "Havenland"), "accredited", until=timezone.localdate())
    assert client.get("/en/register/").context["rows"][0].register_status.kind == "accredited"
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert client.get("/en/register/").context["rows"][0].register_status.kind == "expired"
