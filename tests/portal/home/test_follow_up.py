"""The pages of an evaluation with a follow-up visit: what is in force, the reason for the visit, and possible moves."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.judging.evidence import store_scorecard
from evaluation.models import EarlierVisit, StepWords, User
from evaluation.workflow import perform
from portal.letters.models import Letter
from portal.presentation.scorecard.visible_scorecard import read_card
from tests.factories import SUBSTANCE, withdraw
from tests.follow_ups import CODE, OCCASION, Followed

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 1)


@pytest.fixture
def read(sign_in: Callable[[Client, User], Client]) -> Callable[..., str]:
    def read(view: str, *args: object, by: User | None = None, **query: str) -> str:
        client = sign_in(Client(), by) if by else Client()
        answer = client.get(reverse(view, args=args), query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return read


def test_a_suspended_accreditation_stays_suspended_and_one_that_is_over_is_said_to_be(followed: Followed, read):
    home = ("workspace:evaluation", followed.evaluation.uid)
    followed.follow_up(ON)
    perform(followed.accreditation, "suspend", by=followed.people.mce, note="Nobody answers.")
    assert "the accreditation stays suspended, until 2 March 2027 at most" in read(*home, by=followed.coordinator)
    withdraw(followed.accreditation, by=followed.people.mce)
    assert "Follow-up visit of a hotline whose accreditation is over" in read(*home, by=followed.coordinator)
    lead = read(*home, by=followed.people.lead)
    assert f'href="{reverse("workspace:scorecard", args=[followed.evaluation.uid])}">Follow-up visit of' in lead


def test_the_list_of_visits_says_which_is_a_follow_up_and_that_its_days_are_not_agreed_on(followed: Followed, read):
    before = read("workspace:visits", by=followed.people.mce)
    assert "Follow-up visit" not in before
    followed.follow_up(ON)
    for person in (followed.people.mce, followed.people.lead):
        rows = read("workspace:visits", by=person)
        assert rows.count("Follow-up visit · days not agreed on yet ·") == 1
    followed.begin_visit(CODE)
    rows = read("workspace:visits", by=followed.people.mce)
    assert "Follow-up visit · 1 June 2026" in rows
    assert "not agreed on" not in rows


def test_the_hotline_reads_the_numbers_that_were_decided_until_it_gets_the_new_draft(followed: Followed, sign_in):
    """A draft that is taken back again has a scorecard, on which nobody has decided."""
    followed.follow_up(ON)
    followed.begin_visit(CODE)
    followed.record(level=0)
    followed.finish()
    followed.propose()
    perform(followed.evaluation, "take_back", by=followed.people.mce, note="A finding is wrong.")
    evaluation = followed.evaluation
    assert evaluation.latest_scorecard != followed.first.scorecard
    page = sign_in(Client(), followed.coordinator).get(reverse("workspace:scorecard", args=[evaluation.uid]))
    assert (page.context["stored"], page.context["stands"]) == (followed.first.scorecard, True)
    mce = read_card(evaluation, followed.people.mce)
    assert (mce.stored, mce.is_decided) == (None, False)
    assert read_card(evaluation, followed.people.mce, of_decision=True).stored == followed.first.scorecard


def test_without_its_words_which_may_be_forgotten_the_occasion_is_left_out(followed: Followed, read):
    followed.follow_up(ON)
    StepWords.objects.filter(step__move="follow_up").delete()
    home = read("workspace:evaluation", followed.evaluation.uid, by=followed.coordinator)
    assert ("The decision, its report and the recommendations stand meanwhile." in home, OCCASION in home) == (
        True,
        False,
    )


def test_the_register_does_not_call_it_an_evaluation_also_when_the_accreditation_ends(followed: Followed, read):
    country = followed.stage.hotline.country
    followed.follow_up(ON)
    withdraw(followed.accreditation, by=followed.people.mce)
    page = read("pages:hotline", country)
    assert ("Accreditation withdrawn" in page, "Being evaluated" in page) == (True, False)


def test_its_round_is_offered_to_be_closed_and_counts_its_outcome(followed: Followed, read):
    followed.follow_up(ON)
    assert "Rounds to close" in read("workspace:home", by=followed.people.mce)
    assert "1 of 1" in read("workspace:rounds", by=followed.people.mce)


def test_to_excuse_the_hotline_is_refused_with_what_to_do_instead(followed: Followed, sign_in):
    followed.follow_up(ON)
    client = sign_in(Client(), followed.people.mce)
    address = reverse("workspace:move", args=[followed.evaluation.uid, "excuse"])
    page = client.post(address, {"note": "It closed."}, follow=True).content.decode()
    assert "End the follow-up instead: the accreditation stays as it is." in page
    assert followed.evaluation.state == "desk_review"


def test_the_panel_reads_until_when_its_outcome_would_be_valid_before_it_records_it(followed: Followed, sign_in):
    followed.follow_up(ON)
    followed.visit_again()
    followed.agree("accredited")
    client = sign_in(Client(), followed.people.panel)
    screen = client.get(reverse("workspace:deliberation", args=[followed.evaluation.uid])).content.decode()
    assert "What you decide counts from 2 March 2026" in screen
    assert ("The decision that stands" in screen, "replaced since" in screen) == (True, False)
    sent = {"outcome": "accredited", "reasons": SUBSTANCE}
    page = client.post(reverse("workspace:decide", args=[followed.evaluation.uid]), sent).content.decode()
    assert "2 March 2029" in page


def test_the_public_reads_that_the_decision_came_after_a_follow_up_visit(followed: Followed, read):
    followed.follow_up(ON)
    followed.visit_again()
    followed.decide("accredited")
    followed.publish()
    country = followed.stage.hotline.country
    assert "Decided 1 June 2026 by an independent panel after a follow-up visit" in read("pages:hotline", country)
    assert "From the decision after a follow-up visit, published on 1 June 2026." in read(
        "pages:hotline", country, on="2026-06-02"
    )
    status = read("workspace:status", country, by=followed.people.mce)
    assert "From the decision of 1 June 2026 after a follow-up visit, published on 1 June 2026." in status
    scorecard = read("workspace:scorecard", followed.evaluation.uid, by=followed.coordinator)
    assert "decision after a follow-up visit" in scorecard


def test_the_limit_stands_where_the_visit_is_named(followed: Followed, read):
    followed.follow_up(ON)
    home = ("workspace:evaluation", followed.evaluation.uid)
    assert "The visit is about" not in read(*home, by=followed.people.lead)
    followed.begin_visit(CODE)
    assert f"The visit is about {CODE}." in read(*home, by=followed.people.lead)


def test_the_page_of_the_visit_says_what_it_is_and_names_the_one_that_was_held_before(followed: Followed, read):
    visit = ("workspace:visit", followed.evaluation.uid)
    assert "Held before" not in read(*visit, by=followed.coordinator)
    followed.follow_up(ON)
    assert "Follow-up visit: the accreditation stays in force" in read(*visit, by=followed.people.lead)
    followed.end()
    page = read(*visit, by=followed.coordinator)
    assert "Follow-up visit: " not in page
    names = ", ".join(person.name for person in followed.people.team)
    assert f'2 March 2026 to 4 March 2026<br><span class="soft">{names}</span>' in page.replace(" <br>", "<br>")
    later = {"starts_on": ON, "ends_on": ON, "mode": "remote", "only_codes": [CODE]}
    EarlierVisit.objects.create(evaluation=followed.evaluation, lead=followed.people.lead, **later)
    pages = read(*visit, by=followed.coordinator).partition("Held before")[2]
    assert (f'<span class="num">{CODE}</span>' in pages, pages.index("1 June 2026") < pages.index("2 March 2026")) == (
        True,
        True,
    )


def test_the_scorecard_of_the_decision_is_read_while_the_draft_of_another_is(followed: Followed, read):
    page, why = ("workspace:scorecard", followed.evaluation.uid), ("workspace:why", followed.evaluation.uid, CODE)
    followed.follow_up(ON)
    followed.begin_visit(CODE)
    followed.record(level=0)
    followed.finish()
    stands = "This scorecard and the decision below stand until there is another decision."
    assert (stands in read(*page, by=followed.coordinator), stands in read(*page, by=followed.people.lead)) == (
        True,
        False,
    )
    assert stands in read(*page, by=followed.people.lead, decided="")
    followed.propose()
    drafted, decided = read(*page, by=followed.coordinator), read(*page, by=followed.coordinator, decided="")
    assert ('<a href="?decided">' in drafted, stands in drafted, stands in decided) == (True, False, True)
    assert f"{reverse(why[0], args=why[1:])}?decided" in decided
    assert "We looked again." in read(*why, by=followed.coordinator)
    assert "We looked again." not in read(*why, by=followed.coordinator, decided="")
    followed.respond()
    followed.decide("not_accredited")
    assert "?decided" not in read(*page, by=followed.coordinator)
    assert stands not in read(*page, by=followed.coordinator, decided=""), "nothing is under way"


def test_what_the_replies_changed_is_still_said_when_a_further_one_has_ended(followed: Followed, read):
    """The decided scorecard is stored again then, without the one that it revised."""
    followed.follow_up(ON)
    followed.visit_again(level=2)
    store_scorecard(followed.evaluation, revises=followed.evaluation.latest_scorecard)
    decision = followed.decide("accredited")
    followed.publish()
    followed.follow_up(ON + timedelta(days=60))
    followed.begin_visit(CODE)
    followed.record(level=0)
    followed.finish()
    followed.propose()
    followed.end()
    assert (
        followed.evaluation.latest_scorecard.repeats(decision.scorecard),
        decision.scorecard.repeats(followed.first.scorecard),
    ) == (True, False)
    for view, by in (
        ("scorecard", followed.coordinator),
        ("response", followed.coordinator),
        ("deliberation", followed.people.mce),
    ):
        assert "The assessors changed findings" in read(f"workspace:{view}", followed.evaluation.uid, by=by)


def test_the_letter_about_it_does_not_call_a_suspended_accreditation_in_force(followed: Followed, sign_in):
    followed.go_to(ON)
    perform(followed.accreditation, "suspend", by=followed.people.mce, note="Nobody answers.")
    Letter.objects.all().delete()
    client = sign_in(Client(), followed.people.mce)
    address = reverse("workspace:move", args=[followed.evaluation.uid, "follow_up"])
    offered = client.get(reverse("workspace:evaluation", args=[followed.evaluation.uid])).content.decode()
    client.post(address, {"note": OCCASION})
    letter = Letter.objects.get(to_user=followed.coordinator)
    words = " ".join(letter.body.split())
    assert "The accreditation stays as it is meanwhile, with its conditions and recommendations." in words
    assert ("stays as it is meanwhile" in offered, "in force" in offered, OCCASION in words) == (True, False, True)
