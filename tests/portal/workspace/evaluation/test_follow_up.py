"""The pages of an evaluation with a follow-up visit: what is in force, the reason for the visit, and possible moves."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.judging import store_scorecard
from evaluation.models import EarlierVisit, StepWords, User
from evaluation.workflow import perform
from portal.models import Letter
from tests.factories import SUBSTANCE
from tests.follow_ups import CODE, OCCASION, Followed

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 1)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Followed:
    return Followed(monkeypatch)


@pytest.fixture
def read(sign_in: Callable[[Client, User], Client]) -> Callable[..., str]:
    def read(view: str, *args: object, by: User | None = None, **query: str) -> str:
        client = sign_in(Client(), by) if by else Client()
        answer = client.get(reverse(view, args=args), query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return read


def test_a_suspended_accreditation_stays_suspended_and_one_that_is_over_is_said_to_be(here: Followed, read):
    home = ("workspace:evaluation", here.evaluation.uid)
    here.follow_up(ON)
    perform(here.accreditation, "suspend", by=here.people.mce, note="Nobody answers.")
    assert "the accreditation stays suspended, until 2 March 2027 at most" in read(*home, by=here.coordinator)
    perform(here.accreditation, "withdraw", by=here.people.mce, note="They closed.")
    assert "Follow-up visit of a hotline whose accreditation is over" in read(*home, by=here.coordinator)
    lead = read(*home, by=here.people.lead)
    assert f'href="{reverse("workspace:scorecard", args=[here.evaluation.uid])}">Follow-up visit of' in lead


def test_without_its_words_which_may_be_forgotten_the_occasion_is_left_out(here: Followed, read):
    here.follow_up(ON)
    StepWords.objects.filter(step__move="follow_up").delete()
    home = read("workspace:evaluation", here.evaluation.uid, by=here.coordinator)
    assert ("The decision, its report and the recommendations stand meanwhile." in home, OCCASION in home) == (
        True,
        False,
    )


def test_the_register_does_not_call_it_an_evaluation_also_when_the_accreditation_ends(here: Followed, read):
    country = here.stage.hotline.country
    here.follow_up(ON)
    perform(here.accreditation, "withdraw", by=here.people.mce, note="They closed.")
    page = read("pages:hotline", country)
    assert ("No current accreditation" in page, "Being evaluated" in page) == (True, False)


def test_its_round_is_offered_to_be_closed_and_counts_its_outcome(here: Followed, read):
    here.follow_up(ON)
    assert "Rounds to close" in read("workspace:home", by=here.people.mce)
    assert "1 of 1" in read("workspace:rounds", by=here.people.mce)


def test_to_excuse_the_hotline_is_refused_with_what_to_do_instead(here: Followed, sign_in):
    here.follow_up(ON)
    client = sign_in(Client(), here.people.mce)
    address = reverse("workspace:move", args=[here.evaluation.uid, "excuse"])
    page = client.post(address, {"note": "It closed."}, follow=True).content.decode()
    assert "End the follow-up instead: the accreditation stays as it is." in page
    assert here.evaluation.state == "desk_review"


def test_the_panel_reads_until_when_its_outcome_would_be_valid_before_it_records_it(here: Followed, sign_in):
    here.follow_up(ON)
    here.visit_again()
    here.agree("accredited")
    client = sign_in(Client(), here.people.panel)
    screen = client.get(reverse("workspace:deliberation", args=[here.evaluation.uid])).content.decode()
    assert "What you decide counts from 2 March 2026" in screen
    assert ("The decision that stands" in screen, "replaced since" in screen) == (True, False)
    sent = {"outcome": "accredited", "reasons": SUBSTANCE}
    page = client.post(reverse("workspace:decide", args=[here.evaluation.uid]), sent).content.decode()
    assert "2 March 2029" in page


def test_the_public_reads_that_the_decision_came_after_a_follow_up_visit(here: Followed, read):
    here.follow_up(ON)
    here.visit_again()
    here.decide("accredited")
    here.publish()
    country = here.stage.hotline.country
    assert "Decided 1 June 2026 by an independent panel after a follow-up visit" in read("pages:hotline", country)
    assert "From the decision after a follow-up visit, published on 1 June 2026." in read(
        "pages:hotline", country, on="2026-06-02"
    )
    status = read("workspace:status", country, by=here.people.mce)
    assert "From the decision of 1 June 2026 after a follow-up visit, published on 1 June 2026." in status
    scorecard = read("workspace:scorecard", here.evaluation.uid, by=here.coordinator)
    assert "decision after a follow-up visit" in scorecard


def test_the_limit_stands_where_the_visit_is_named(here: Followed, read):
    here.follow_up(ON)
    home = ("workspace:evaluation", here.evaluation.uid)
    assert "The visit is about" not in read(*home, by=here.people.lead)
    here.begin_visit(CODE)
    assert f"The visit is about {CODE}." in read(*home, by=here.people.lead)


def test_the_page_of_the_visit_says_what_it_is_and_names_the_one_that_was_held_before(here: Followed, read):
    visit = ("workspace:visit", here.evaluation.uid)
    assert "Held before" not in read(*visit, by=here.coordinator)
    here.follow_up(ON)
    assert "Follow-up visit: the accreditation stays in force" in read(*visit, by=here.people.lead)
    here.end()
    page = read(*visit, by=here.coordinator)
    assert "Follow-up visit: " not in page
    names = ", ".join(person.name for person in here.people.team)
    assert f'2 March 2026 to 4 March 2026<br><span class="soft">{names}</span>' in page.replace(" <br>", "<br>")
    later = {"starts_on": ON, "ends_on": ON, "mode": "remote", "only_codes": [CODE]}
    EarlierVisit.objects.create(evaluation=here.evaluation, lead=here.people.lead, **later)
    pages = read(*visit, by=here.coordinator).partition("Held before")[2]
    assert (f'<span class="num">{CODE}</span>' in pages, pages.index("1 June 2026") < pages.index("2 March 2026")) == (
        True,
        True,
    )


def test_the_scorecard_of_the_decision_is_read_while_the_draft_of_another_is(here: Followed, read):
    page, why = ("workspace:scorecard", here.evaluation.uid), ("workspace:why", here.evaluation.uid, CODE)
    here.follow_up(ON)
    here.begin_visit(CODE)
    here.record(level=0)
    here.finish()
    stands = "This scorecard and the decision below stand until there is another decision."
    assert (stands in read(*page, by=here.coordinator), stands in read(*page, by=here.people.lead)) == (True, False)
    assert stands in read(*page, by=here.people.lead, decided="")
    here.propose()
    drafted, decided = read(*page, by=here.coordinator), read(*page, by=here.coordinator, decided="")
    assert ('<a href="?decided">' in drafted, stands in drafted, stands in decided) == (True, False, True)
    assert f"{reverse(why[0], args=why[1:])}?decided" in decided
    assert "We looked again." in read(*why, by=here.coordinator)
    assert "We looked again." not in read(*why, by=here.coordinator, decided="")
    here.respond()
    here.decide("not_accredited")
    assert "?decided" not in read(*page, by=here.coordinator)
    assert stands not in read(*page, by=here.coordinator, decided=""), "nothing is under way"


def test_what_the_replies_changed_is_still_said_when_a_further_one_has_ended(here: Followed, read):
    """The decided scorecard is stored again then, without the one that it revised."""
    here.follow_up(ON)
    here.visit_again(level=2)
    store_scorecard(here.evaluation, revises=here.evaluation.latest_scorecard)
    decision = here.decide("accredited")
    here.publish()
    here.follow_up(ON + timedelta(days=60))
    here.begin_visit(CODE)
    here.record(level=0)
    here.finish()
    here.propose()
    here.end()
    assert (
        here.evaluation.latest_scorecard.repeats(decision.scorecard),
        decision.scorecard.repeats(here.first.scorecard),
    ) == (True, False)
    for view, by in (
        ("scorecard", here.coordinator),
        ("response", here.coordinator),
        ("deliberation", here.people.mce),
    ):
        assert "The assessors changed findings" in read(f"workspace:{view}", here.evaluation.uid, by=by)


def test_the_letter_about_it_does_not_call_a_suspended_accreditation_in_force(here: Followed, sign_in):
    here.go_to(ON)
    perform(here.accreditation, "suspend", by=here.people.mce, note="Nobody answers.")
    client = sign_in(Client(), here.people.mce)
    address = reverse("workspace:move", args=[here.evaluation.uid, "follow_up"])
    offered = client.get(reverse("workspace:evaluation", args=[here.evaluation.uid])).content.decode()
    client.post(address, {"note": OCCASION})
    letter = Letter.objects.get(to_user=here.coordinator)
    words = " ".join(letter.body.split())
    assert "The accreditation stays as it is meanwhile, with its conditions and recommendations." in words
    assert ("stays as it is meanwhile" in offered, "in force" in offered, OCCASION in words) == (True, False, True)
