"""The pages after a decision: appeals, corrections, accreditations, status on a day, renewal."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Accreditation, Answer, Appeal, Correction, Decision, Evaluation, Role, Round, User
from evaluation.models.people.permissions import is_allowed
from evaluation.panel import appeals, decisions
from evaluation.panel.appeals import find_hearers
from evaluation.workflow import perform
from portal.accounts.adapters import sync_groups
from portal.letters.models import Letter
from reports.models import Issue
from reports.printing import make_issue
from standards.framework import Scale
from tests.bystander import new
from tests.evaluation.judging.test_revision import OBSERVED_WORDS, decided_and_scored_again
from tests.evaluation.rounds.test_renewal import confirm
from tests.factories import (
    PASSWORD,
    SUBSTANCE,
    AppealFactory,
    DecisionFactory,
    PublicationFactory,
    RoundFactory,
    person,
    released_edition,
    withdraw,
)
from tests.publishing import publish_on_page
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db

Sign = Callable[..., Client]
GROUNDS = "Nobody looked at the night shift, and that is where we do it."


@pytest.fixture
def in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the clock to the last minute in which the scene's decision of 4 May can be contested."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 6, 3, 21, 59, tzinfo=UTC))


def member(name: str) -> User:
    user = person(Role.PANEL_MEMBER, password=PASSWORD, name=name)
    sync_groups(user)
    return user


def url_of(name: str, *args: Any) -> str:
    return reverse(f"workspace:{name}", args=args)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def status_of(client: Client, address: str) -> int:
    """Return the status of a page or a file; a file is read to its end, which closes it."""
    response = client.get(address)
    if response.streaming:
        list(response)
    return response.status_code


def letters_to(*users: User) -> list[tuple[str, str]]:
    found = Letter.objects.filter(to_user__in=users).order_by("pk")
    return [(letter.to_user.name, letter.subject) for letter in found.select_related("to_user")]


# --- The hotline contests --------------------------------------------------------------------------------------------


def test_the_page_names_the_last_day_with_its_zone_and_the_days_left(sign_in: Sign, in_time: None):
    stage = Stage("decided")
    page = text(sign_in(Client(), stage.coordinator).get(url_of("lodge_appeal", stage.decision.uid)))
    assert "Until 3 June 2026, 23:59 (time zone Europe/Brussels, UTC+2), and once." in page
    assert "Lodge the appeal" in page


def test_when_it_is_too_late_the_page_says_since_when_and_has_no_form(sign_in: Sign):
    stage = Stage("decided")
    client = sign_in(Client(), stage.coordinator)
    page = text(client.get(url_of("lodge_appeal", stage.decision.uid)))
    assert "The time to appeal ended on 3 June 2026" in page
    assert "Lodge the appeal" not in page
    late = client.post(url_of("lodge_appeal", stage.decision.uid), {"grounds": GROUNDS})
    assert (late.status_code, GROUNDS in text(late), new(Appeal).count()) == (422, True, 0)


def test_grounds_are_asked_for(sign_in: Sign, in_time: None):
    stage = Stage("decided")
    empty = sign_in(Client(), stage.coordinator).post(url_of("lodge_appeal", stage.decision.uid), {"grounds": " "})
    assert empty.status_code == 422
    assert "Write the grounds of the appeal." in text(empty)


def test_lodging_tells_mce_the_lead_and_the_members_who_may_hear_it(sign_in: Sign, in_time: None):
    stage, fresh = Stage("decided"), member("Ioana Fresh")
    answer = sign_in(Client(), stage.coordinator).post(url_of("lodge_appeal", stage.decision.uid), {"grounds": GROUNDS})
    appeal = new(Appeal).get()
    assert (answer.status_code, answer.url) == (302, url_of("appeal", appeal.uid))
    everybody = letters_to(*new(User))
    assert sorted(everybody) == sorted(
        [
            ("Anouk Peeters", "Land XA: an appeal is lodged"),
            ("Rūta Žukaitė", "Land XA: an appeal is lodged"),
            ("Ioana Fresh", "An appeal of Land XA is to be heard"),
        ]
    )
    body = Letter.objects.get(to_user=fresh).body
    assert url_of("appeal", appeal.uid) in body
    assert GROUNDS not in "".join(new(Letter).values_list("body", flat=True))


def test_the_hotline_is_shown_the_way_to_an_appeal_as_long_as_it_is_open(sign_in: Sign, in_time: None):
    stage = Stage("decided")
    page = text(sign_in(Client(), stage.coordinator).get(url_of("evaluation", stage.evaluation.uid)))
    assert "You may contest the decision" in page
    contributor = text(sign_in(Client(), stage.contributor).get(url_of("evaluation", stage.evaluation.uid)))
    assert "You may contest the decision" not in contributor


def test_a_second_visit_to_the_form_leads_to_the_appeal(sign_in: Sign):
    stage = Stage("decided")
    appeal = stage.appeal
    again = sign_in(Client(), stage.coordinator).get(url_of("lodge_appeal", stage.decision.uid))
    assert again.url == url_of("appeal", appeal.uid)


# --- The hearing -----------------------------------------------------------------------------------------------------


def voted(appeal: Appeal, by: User, outcome: str = "conditional", words: str = "I read the rota.") -> None:
    appeals.declare(appeal, by=by)
    appeals.vote(appeal, outcome, words, by=by)


def test_a_member_declares_then_votes_and_only_then_sees_the_other_votes(sign_in: Sign):
    stage, one, other = Stage("decided"), member("One"), member("Other")
    appeal = stage.appeal
    voted(appeal, one, words="I read the rota of both nights.")
    client = sign_in(Client(), other)
    first = text(client.get(url_of("appeal", appeal.uid), follow=True))
    assert "Does anything tie you to this hotline?" in first
    assert "I read the rota of both nights." not in first
    client.post(url_of("declare_on_appeal", appeal.uid), {"no_stake": "1"})
    second = text(client.get(url_of("appeal", appeal.uid)))
    assert "1 member has voted. You see the vote when you have given yours." in second
    assert "I read the rota of both nights." not in second
    unsaid = client.post(url_of("vote_on_appeal", appeal.uid), {"outcome": "accredited", "words": ""})
    assert unsaid.status_code == 422
    client.post(url_of("vote_on_appeal", appeal.uid), {"outcome": "accredited", "words": "It stands."})
    assert "I read the rota of both nights." in text(client.get(url_of("appeal", appeal.uid)))


def test_mce_and_the_hotline_see_how_many_voted_and_no_vote(sign_in: Sign):
    stage, one = Stage("decided"), member("One")
    appeal = stage.appeal
    voted(appeal, one, words="I read the rota of both nights.")
    for user in (stage.people.mce, stage.coordinator):
        page = text(sign_in(Client(), user).get(url_of("appeal", appeal.uid)))
        assert "1 vote of at least 3 is cast" in page
        assert "I read the rota of both nights." not in page


def test_who_steps_aside_no_longer_sees_the_hotline(sign_in: Sign):
    stage, one = Stage("decided"), member("One")
    client = sign_in(Client(), one)
    answer = client.post(
        url_of("declare_on_appeal", stage.appeal.uid), {"stake": "1", "reason": "I trained their volunteers."}
    )
    assert (answer.status_code, answer.url) == (302, url_of("panel"))
    assert client.get(url_of("appeal", stage.appeal.uid)).status_code == 404


def test_the_panels_list_shows_what_is_to_be_heard_to_those_who_may(sign_in: Sign):
    stage, fresh = Stage("decided"), member("Fresh")
    appeal = stage.appeal
    shown = {
        user.name: url_of("appeal", appeal.uid) in text(sign_in(Client(), user).get(url_of("panel")))
        for user in (fresh, stage.people.panel, stage.people.judge, stage.neighbour)
    }
    assert shown == {"Fresh": True, stage.people.panel.name: False, "Both Hats": False, "Neighbour XA": False}


def test_an_upheld_appeal_is_recorded_with_conditions_and_everybody_is_told(sign_in: Sign):
    stage = Stage("decided")
    appeal, members = stage.appeal, [member(name) for name in ("One", "Two", "Three")]
    for each in members:
        voted(appeal, each)
    client = sign_in(Client(), members[0])
    page = text(client.get(url_of("appeal", appeal.uid)))
    assert "the appeal is upheld, and this takes the place of the contested decision" in page
    sent = {"outcome": "conditional", "reasons": f"The night was not seen. {SUBSTANCE}", "rows": "2"}
    bare = client.post(url_of("rule", appeal.uid), sent)
    assert (bare.status_code, "Name at least one condition" in text(bare), "The night was not seen." in text(bare)) == (
        409,
        True,
        True,
    )
    day = timezone.localdate() + timedelta(days=60)
    new(Letter).delete()
    sent |= {"r1-text": "Two at night.", "r1-due_on": day.isoformat()}
    read_back = text(client.post(url_of("rule", appeal.uid), sent))
    assert ("Nothing is recorded yet." in read_back, "Two at night." in read_back) == (True, True)
    assert stage.evaluation.decisions.count() == 1
    whole = client.post(url_of("rule", appeal.uid), sent | {"confirmed": "1"})
    newest = stage.evaluation.decisions.first()
    assert (whole.status_code, newest.kind, newest.outcome) == (302, "appeal", "conditional")
    subject = "Land XA: the appeal is upheld"
    assert sorted(letters_to(*new(User))) == sorted(
        [(stage.coordinator.name, subject), ("Anouk Peeters", subject), ("Rūta Žukaitė", subject)]
    )
    body = Letter.objects.get(to_user=stage.coordinator).body
    promised = ("The night was not seen.", "The outcome: Accredited with conditions", "1. Two at night. (by ")
    assert [words for words in promised if words not in body] == []
    hotline = text(sign_in(Client(), stage.coordinator).get(url_of("appeal", appeal.uid)))
    assert "It was upheld: a new decision has taken the place of the contested one." in hotline
    assert "I read the rota." not in hotline


def test_a_dismissed_appeal_needs_reasons_and_no_conditions(sign_in: Sign):
    stage = Stage("decided")
    appeal, members = stage.appeal, [member(name) for name in ("One", "Two", "Three")]
    for each in members:
        voted(appeal, each, outcome="accredited")
    client = sign_in(Client(), members[0])
    assert client.post(url_of("rule", appeal.uid), {"outcome": "accredited", "reasons": ""}).status_code == 422
    client.post(
        url_of("rule", appeal.uid), {"outcome": "accredited", "reasons": "The night was seen.", "confirmed": "1"}
    )
    appeal.refresh_from_db()
    assert (appeal.state, stage.evaluation.decisions.count()) == ("dismissed", 1)
    late = client.post(url_of("vote_on_appeal", appeal.uid), {"outcome": "accredited", "words": "Too late."})
    assert late.status_code == 409


def test_the_hotline_withdraws_its_appeal_with_words(sign_in: Sign):
    stage = Stage("decided")
    client = sign_in(Client(), stage.coordinator)
    client.post(url_of("move_appeal", stage.appeal.uid, "withdraw"), {"note": ""})
    assert stage.appeal.state == "lodged"
    client.post(url_of("move_appeal", stage.appeal.uid, "withdraw"), {"note": "We talked with MCE."})
    assert stage.appeal.state == "withdrawn"
    assert "We talked with MCE." in Letter.objects.get(to_user=stage.people.mce).body


def test_an_open_appeal_and_a_decision_made_anew_are_not_public(client: Client):
    stage = Stage("published")
    stage.evaluation.round.refresh_from_db()
    address = reverse("pages:hotline", args=["XA"])
    before = text(client.get(address))
    appeal, members = stage.appeal, [member(name) for name in ("One", "Two", "Three")]
    for each in members:
        voted(appeal, each, outcome="not_accredited")
    during = text(client.get(address))
    from evaluation.panel.decisions import Verdict

    appeals.rule(appeal, Verdict("not_accredited", SUBSTANCE), by=members[0], on=timezone.localdate())
    after = text(client.get(address))
    strip = lambda page: page.partition("<main")[2]  # noqa: E731 - the head holds a nonce for each page
    assert strip(before) == strip(during) == strip(after)
    assert "Accredited" in after


def test_a_correction_of_what_accredited_nobody_does_not_show_as_being_evaluated(client: Client):
    stage = Stage("published")
    newest = DecisionFactory(
        scorecard=stage.scorecard,
        replaces=stage.decision,
        outcome="not_accredited",
        valid_until=None,
        decided_by=stage.people.panel,
        kind="correction",
    )
    PublicationFactory(decision=newest, at=timezone.now())
    Accreditation.objects.filter(hotline=stage.hotline).update(state="replaced")
    before = text(client.get("/en/register/XA/"))
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="decided")
    DecisionFactory(scorecard=stage.scorecard, replaces=newest, decided_by=stage.people.panel, kind="correction")
    after = text(client.get("/en/register/XA/"))
    assert ["No accreditation" in before, "Being evaluated" in after] == [True, False]


def test_a_member_is_warned_before_taking_part_if_too_few_would_be_left_for_an_appeal(sign_in: Sign):
    stage = Stage("decision")
    newcomers = [member(name) for name in ("Ana", "Bo", "Cid", "Dee")]
    User.objects.filter(pk__in=[one.pk for one in newcomers]).update(country="XS")
    newcomers = list(User.objects.filter(country="XS", name__in=("Ana", "Bo", "Cid", "Dee")).order_by("name"))
    warning = "Too few members would be left to hear an appeal"
    declaring = sign_in(Client(), newcomers[0])
    page = text(declaring.get(url_of("declare", stage.evaluation.uid)))
    assert warning not in page
    declaring.post(url_of("declare", stage.evaluation.uid), {"no_stake": "1"})
    assert warning not in text(declaring.get(url_of("deliberation", stage.evaluation.uid)))
    others = ", ".join(one.name for one in find_hearers(stage.evaluation, without=newcomers[1]).members)
    page = text(sign_in(Client(), newcomers[1]).get(url_of("declare", stage.evaluation.uid)))
    assert [warning in page, f"They are: {others}." in page, others] == [True, True, "Cid, Dee"]
    decisions.declare(stage.evaluation, by=newcomers[1])
    assert warning in text(sign_in(Client(), newcomers[1]).get(url_of("deliberation", stage.evaluation.uid)))


@pytest.mark.usefixtures("in_time")
def test_an_appeal_says_who_may_hear_it_and_mce_seats_substitutes(sign_in: Sign):
    stage = Stage("decided")
    one, two = member("Ana"), member("Bo")
    hotline, mce = sign_in(Client(), stage.coordinator), sign_in(Client(), stage.people.mce)
    lodging = text(hotline.get(url_of("lodge_appeal", stage.decision.uid)))
    assert ["Too few members may hear the appeal" in lodging, "They are: Ana, Bo." in lodging] == [True, True]
    address = url_of("appeal", stage.appeal.uid)
    page = text(mce.get(address))
    assert [url_of("invite") in page, "They are: Ana, Bo." in page] == [True, True]
    assert url_of("invite") not in text(hotline.get(address))
    three = member("Cid")
    assert find_hearers(stage.evaluation, stage.appeal).members == (one, two, three)
    assert {user for user in new(User) if is_allowed("appeal.declare", user, stage.appeal)} == {
        one,
        two,
        three,
    }
    page = text(mce.get(address))
    assert ["Too few members" in page, "They are: Ana, Bo, Cid." in page] == [False, True]


def test_finding_the_hearers_takes_the_same_queries_for_many_members():
    stage = Stage("decided")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            find_hearers(Evaluation.objects.get(pk=stage.evaluation.pk))
        return len(queries)

    for name in ("Ana", "Bo"):
        member(name)
    few = asked()
    for name in ("Cid", "Dee", "Eva", "Flo"):
        member(name)
    assert asked() == few


def test_an_appeal_past_its_time_is_late_on_today_for_mce_and_the_panel(sign_in: Sign, monkeypatch: pytest.MonkeyPatch):
    stage = Stage("decided")
    day, hearer = stage.appeal.rule_by, member("Ana")
    assert not stage.appeal.is_late
    late = datetime.combine(day + timedelta(days=4), time(12), UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    for user in (stage.people.mce, hearer):
        page = text(sign_in(Client(), user).get(url_of("home")))
        assert f"The ruling was due by {day.day} {day:%B %Y}." in page, user
    assert f"The ruling was due by {day.day} {day:%B %Y}." in text(
        sign_in(Client(), stage.people.mce).get(url_of("appeal", stage.appeal.uid))
    )


# --- A correction ----------------------------------------------------------------------------------------------------


def test_two_members_correct_a_decision_on_the_page_and_the_letters_follow(sign_in: Sign):
    stage = Stage("published")
    one, two = stage.people.panel, stage.people.second
    address = url_of("correction", stage.evaluation.uid)
    sent = {"outcome": "not_accredited", "reasons": SUBSTANCE, "rows": "2"}
    other = sign_in(Client(), one).post(address, sent)
    assert (other.status_code, "A correction keeps the outcome" in text(other)) == (409, True)
    assert not Correction.objects.exists()
    sign_in(Client(), one).post(address, sent | {"outcome": "accredited"})
    correction = Correction.objects.get()
    assert "A second member must confirm this" in text(sign_in(Client(), one).get(address))
    assert [name for name, _subject in letters_to(*new(User))] == [two.name, stage.people.third.name]
    new(Letter).delete()
    client = sign_in(Client(), two)
    assert "Confirm the correction" in text(client.get(address))
    confirmed = client.post(url_of("confirm_correction", stage.evaluation.uid, correction.uid))
    assert confirmed.url == f"{url_of('deliberation', stage.evaluation.uid)}#dec1"
    result = text(client.get(confirmed.url)).partition('id="dec1"')[2].partition("</section>")[0]
    assert ["Accredited" in result, SUBSTANCE in result] == [True, True]
    assert Decision.objects.get(kind="correction").replaces == stage.decision
    subject = "Land XA: the decision is corrected"
    assert sorted(letters_to(*new(User))) == sorted(
        [(stage.coordinator.name, subject), ("Anouk Peeters", subject), ("Rūta Žukaitė", subject)]
    )
    body = " ".join(Letter.objects.get(to_user=stage.coordinator).body.split())
    last = timezone.localdate() + timedelta(days=30)
    zone = stage.round.clock_on(last)
    assert f"can appeal against the decision, once, until {last.day} {last:%B %Y}, 23:59 (time zone {zone})" in body
    assert (f"The reasons: {SUBSTANCE}" in body, "The outcome: Accredited" in body) == (True, True)


def test_what_was_written_stays_when_a_correction_is_refused(sign_in: Sign):
    stage = Stage("decided")
    client = sign_in(Client(), stage.people.panel)
    sent = {"outcome": "conditional", "reasons": SUBSTANCE, "rows": "2"}
    answer = client.post(url_of("correction", stage.evaluation.uid), sent)
    page = text(answer)
    assert (answer.status_code, "A correction keeps the outcome" in page, sent["reasons"] in page) == (409, True, True)
    empty = client.post(url_of("correction", stage.evaluation.uid), {"outcome": "conditional", "reasons": ""})
    assert empty.status_code == 422


@pytest.mark.usefixtures("quick_printer")
def test_the_report_is_issued_again_with_the_next_number():
    stage = Stage("published", is_printed=False)
    first = make_issue(stage.decision, "en")
    from evaluation.panel import corrections
    from evaluation.panel.decisions import Verdict

    verdict = Verdict("accredited", "The number was of another year.")
    today = timezone.localdate()
    correction = corrections.propose(stage.evaluation, verdict, by=stage.people.panel, on=today)
    perform(correction, "confirm", by=stage.people.second, on=today)
    decision = new(Decision).first()
    assert [make_issue(decision, "en").number, make_issue(decision, "en").number] == [2, 2]
    assert (first.number, new(Issue).count()) == (1, 2)


# --- The accreditation -----------------------------------------------------------------------------------------------


def test_publishing_on_the_page_begins_the_accreditation(sign_in: Sign):
    stage = Stage("decided")
    publish_on_page(sign_in(Client(), stage.people.mce), stage.evaluation)
    assert new(Accreditation).get().state == "valid"


def test_a_suspension_is_public_since_its_day_and_its_grounds_are_not(sign_in: Sign, client: Client):
    stage = Stage("published")
    accreditation = stage.decision.accreditation
    grounds = "The line was silent for a month."
    sign_in(Client(), stage.people.mce).post(
        url_of("move_accreditation", accreditation.uid, "suspend"), {"note": grounds}
    )
    day = timezone.localdate()
    day_text = f"{day.day} {day:%B %Y}"
    page, register = text(client.get("/en/register/XA/")), text(client.get("/en/register/"))
    assert f"has been suspended since {day_text}" in page
    assert f"suspended since {day_text}" in register
    assert grounds not in page + register
    assert grounds in Letter.objects.get(to_user=stage.coordinator).body
    row = client.get("/en/register/hotlines.csv").content.decode().splitlines()[1]
    assert row.split(",")[3:7] == ["suspended", "Suspended", "", day.isoformat()]


def test_what_is_withdrawn_reads_so_in_public_and_its_report_is_gone(sign_in: Sign, client: Client):
    stage = Stage("published")
    paper = reverse("pages:paper", args=["XA", stage.paper.uid])
    assert status_of(client, paper) == 200
    withdraw(stage.decision.accreditation, by=stage.people.mce)
    page = text(client.get("/en/register/XA/"))
    assert "Accreditation withdrawn" in page
    assert "What was looked at" not in page
    assert status_of(client, paper) == 404


@pytest.mark.usefixtures("quick_printer")
def test_a_corrected_report_takes_the_place_of_the_former_one_in_public(client: Client):
    stage = Stage("published", is_printed=False)
    first = make_issue(stage.decision, "en", extent="whole")
    stage.decision.publication.extents.create(extent="whole")
    paper = reverse("pages:paper", args=["XA", first.uid])
    from evaluation.panel import corrections
    from evaluation.panel.decisions import Verdict

    today = timezone.localdate()
    verdict = Verdict("accredited", "The number was of another year.")
    correction = corrections.propose(stage.evaluation, verdict, by=stage.people.panel, on=today)
    perform(correction, "confirm", by=stage.people.second, on=today)
    decision = new(Decision).first()
    assert status_of(client, paper) == 200
    make_issue(decision, "en")
    second = make_issue(decision, "en", extent="whole")
    assert status_of(client, reverse("pages:paper", args=["XA", second.uid])) == 404
    perform(new(Evaluation).get(), "publish", by=stage.people.mce, extent="whole")
    found = [status_of(client, reverse("pages:paper", args=["XA", issue.uid])) for issue in (first, second)]
    assert found == [404, 200]


def test_the_status_page_answers_for_any_day_and_names_the_step(sign_in: Sign):
    stage = Stage("published")
    perform(stage.decision.accreditation, "suspend", by=stage.people.mce, note="The line is dead.")
    client = sign_in(Client(), stage.people.mce)
    address = url_of("status", "XA")
    before = text(client.get(address, {"on": "2026-05-03"}))
    assert "No accreditation: nothing was published until then." in before
    then = text(client.get(address, {"on": "2026-05-04"}))
    assert "until 4 May 2029." in then
    assert "From the decision of 4 May 2026, published on 4 May 2026." in then
    today = timezone.localdate()
    now = text(client.get(address))
    assert f"Suspended since {today.day} {today:%B %Y}" in now
    assert "From the step “suspended” of" in now
    assert "The accreditation ended with 4 May 2029." in text(client.get(address, {"on": "2029-05-05"}))
    assert "This day is to come" in text(client.get(address, {"on": "2029-05-05"}))
    wrong = client.get(address, {"on": "soon"})
    assert (wrong.status_code, "Give a day, such as 2027-03-01." in text(wrong)) == (422, True)


def test_the_public_page_answers_for_any_day_without_a_word_too_many(client: Client):
    stage = Stage("published")
    withdraw(stage.decision.accreditation, by=stage.people.mce)
    found = {day: text(client.get("/en/register/XA/", {"on": day})) for day in ("2026-05-04", "2099-01-01", "soon")}
    assert "until 4 May 2029." in found["2026-05-04"]
    assert "From the decision published on 4 May 2026." in found["2026-05-04"]
    today = timezone.localdate()
    withdrawn = f"At the end of 1 January 2099:</span>Withdrawn on {today.day} {today:%B %Y}."
    assert withdrawn in found["2099-01-01"]
    assert "Give a day, such as 2027-03-01." in found["soon"]
    assert "The line is dead." not in "".join(found.values())


# --- Renewal ---------------------------------------------------------------------------------------------------------


def test_mce_renews_on_the_page_and_the_hotline_finds_its_last_answers(sign_in: Sign):
    stage = Stage("published")
    round_ = RoundFactory(name="The next round", edition=released_edition(stage.framework), state=Round.State.OPEN)
    mce = sign_in(Client(), stage.people.mce)
    uid = stage.decision.accreditation.uid
    assert "The next round" in text(mce.get(url_of("accreditation", uid)))
    assert mce.post(url_of("renew", uid), {"round": "nonsense"}).status_code == 404
    renewed = mce.post(url_of("renew", uid), {"round": str(round_.uid)})
    evaluation = Evaluation.objects.get(round=round_)
    assert renewed.url == url_of("evaluation", evaluation.uid)
    again = mce.post(url_of("renew", uid), {"round": str(round_.uid)})
    assert (again.status_code, "The hotline is in this round already" in text(again)) == (422, True)
    hotline = sign_in(Client(), stage.coordinator)
    page = text(hotline.get(url_of("answers", evaluation.uid, "1.1")))
    assert "From last time. It does not count yet." in page
    assert "The assessors found" in page
    assert "Seen in one shift of two." in page
    assert "0 of " in page
    before = Answer.objects.get(evaluation=evaluation, code="1.1.2")
    sent = {"version": "0", "level": str(before.level), "words": before.words}
    hotline.post(url_of("save_answer", evaluation.uid, "1.1", "1.1.2"), sent)
    assert Answer.objects.get(evaluation=evaluation, code="1.1.2").is_given
    overview = text(hotline.get(url_of("evaluation", evaluation.uid)))
    assert "answers from last time have not been looked at again" in overview


def test_no_renewal_is_opened_into_a_round_whose_last_day_is_over(sign_in: Sign):
    stage, today = Stage("published"), timezone.localdate()
    over = RoundFactory(
        name="The round that is over",
        edition=released_edition(stage.framework),
        state=Round.State.OPEN,
        answers_until=today - timedelta(days=1),
    )
    mce = sign_in(Client(), stage.people.mce)
    uid = stage.decision.accreditation.uid
    assert "The round that is over" not in text(mce.get(url_of("accreditation", uid)))
    page = mce.post(url_of("renew", uid), {"round": str(over.uid)})
    assert page.status_code == 422
    assert "Move its last day first, or plan a new round." in text(page)
    assert not over.evaluations.exists()


def renewed_with(
    sign_in: Sign, words: dict[str, str], *, is_confirmed: bool = False, **structure: Any
) -> tuple[Answer, str]:
    """Return the answer to 1.1.2 in the next round by an edition with other texts, and its page for the hotline."""
    stage = Stage("published")
    edition = released_edition(replace(stage.framework, code="next", **structure), words=words)
    if is_confirmed:
        confirm(edition, ("1.1.2", "1.1.2"), by=stage.people.mce)
    round_ = RoundFactory(name="The next round", edition=edition, state=Round.State.OPEN)
    sign_in(Client(), stage.people.mce).post(
        url_of("renew", stage.decision.accreditation.uid), {"round": str(round_.uid)}
    )
    evaluation = Evaluation.objects.get(round=round_)
    page = text(sign_in(Client(), stage.coordinator).get(url_of("answers", evaluation.uid, "1.1")))
    return Answer.objects.get(evaluation=evaluation, code="1.1.2"), page


def test_other_words_stand_beside_the_answer_that_is_carried(sign_in: Sign):
    """MCE confirmed that an earlier answer is still valid."""
    answer, page = renewed_with(sign_in, {"indicator/1.1.2/wording": "Calls are <answered>"}, is_confirmed=True)
    assert answer.is_carried
    assert page.count("data-changed") == 1
    assert "The Guide says it in other words now." in page
    assert "(removed: 1.1.2 wording (en))" in without_blanks(page)
    assert "(added: Calls are &lt;answered&gt;)" in without_blanks(page)
    assert "The Guide asks something else now." not in page


def test_another_meaning_opens_the_answer_and_shows_the_former_one(sign_in: Sign):
    answer, page = renewed_with(
        sign_in, {"indicator/1.1.2/evidence": "A signed list", "indicator/1.1.2/wording": "Else"}
    )
    assert (answer.has_judgement, answer.words, answer.version) == (False, "", 0)
    assert "The Guide asks something else now. Answer it anew." in page
    assert "it is not confirmed that an earlier answer still fits" in page
    assert "(added: A signed list)" in without_blanks(page)
    assert "You said" in page
    assert page.count("data-changed") == 1


def without_blanks(page: str) -> str:
    """Return the text of a page, without spaces inside brackets."""
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    return words.replace("( ", "(").replace(" )", ")")


def test_other_points_leave_what_a_level_means(sign_in: Sign):
    answer, page = renewed_with(sign_in, {}, scale=Scale(lowest=0, highest=3, points=(0, 1, 2, 9)))
    assert answer.is_carried
    assert "The Guide asks something else now." not in page


def test_another_scale_opens_every_answer_and_says_so(sign_in: Sign):
    answer, page = renewed_with(sign_in, {}, scale=Scale(lowest=0, highest=3, falling=True))
    assert not answer.has_judgement
    assert "The scale" in page
    assert "from 3 to 0, with 0, 1, 2, 3 points" in page


def test_a_new_round_comes_prefilled_for_a_renewal(sign_in: Sign):
    stage = Stage("published")
    page = sign_in(Client(), stage.people.mce).get(url_of("new_round"), {"renew": "XA"})
    form = page.context["form"]
    assert (form["hotlines"].value(), form["is_renewing"].value()) == ([stage.hotline.pk], True)
    plain = sign_in(Client(), stage.people.mce).get(url_of("new_round"), {"renew": "ZZ"})
    assert plain.context["form"]["is_renewing"].value() is False


# --- Lists -----------------------------------------------------------------------------------------------------------


def test_the_lists_take_as_many_questions_for_three_hotlines_as_for_one(sign_in: Sign):
    people, fresh = Participants(), member("Fresh")
    one = Stage("published", people, country="XA")
    assert one.appeal.is_open

    def asked() -> dict[str, int]:
        found = {}
        for user, names in ((people.mce, ("accreditations", "appeals")), (fresh, ("panel",))):
            client = sign_in(Client(), user)
            for name in names:
                client.get(url_of(name))
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(url_of(name)).status_code == 200
                found[name] = len(queries)
        return found

    alone = asked()
    for country in ("XB", "XC"):
        other = Stage("published", people, country=country, round=one.round)
        AppealFactory(decision=other.decision, lodged_by=other.coordinator)
    assert asked() == alone


def test_the_list_shows_what_ends_first_and_what_ends_soon(sign_in: Sign, monkeypatch: pytest.MonkeyPatch):
    stage = Stage("published")
    client = sign_in(Client(), stage.people.mce)
    assert "ends soon" not in text(client.get(url_of("accreditations")))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2028, 8, 4, 12, tzinfo=UTC))
    client = sign_in(Client(), stage.people.mce)
    assert "ends soon" in text(client.get(url_of("accreditations")))
    assert stage.decision.valid_until == date(2029, 5, 4)
    assert "No accreditation here" in text(client.get(url_of("accreditations"), {"state": "withdrawn"}))


@pytest.mark.parametrize(
    ("moves", "subject"),
    [
        (["suspend", "reinstate"], "Land XA: the accreditation is reinstated"),
        (["check_midterm"], "Land XA: the mid-term check is made"),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_the_hotline_is_told_of_everything_that_is_done_about_its_accreditation(
    sign_in: Sign, monkeypatch: pytest.MonkeyPatch, moves: list[str], subject: str
):
    stage = Stage("published")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 12, 4, 12, tzinfo=UTC))
    client = sign_in(Client(), stage.people.mce)
    for name in moves:
        client.post(url_of("move_accreditation", stage.decision.accreditation.uid, name), {"note": "As we saw it."})
    newest = new(Letter).order_by("pk").last()
    told = Letter.objects.filter(subject=newest.subject)
    assert {letter.to_user for letter in told} == {stage.coordinator, stage.people.lead}
    assert (newest.subject, "As we saw it." in newest.body) == (subject, True)


def test_mce_is_told_when_a_hotline_gives_its_accreditation_up(sign_in: Sign):
    stage = Stage("published")
    address = url_of("move_accreditation", stage.decision.accreditation.uid, "give_up")
    sign_in(Client(), stage.coordinator).post(address, {"note": "We close the line."})
    letter = Letter.objects.get(to_user=stage.people.mce)
    assert (letter.subject, "We close the line." in letter.body) == ("Land XA: the accreditation is given up", True)


def test_what_was_typed_stays_when_a_move_is_refused(sign_in: Sign):
    stage = Stage("published")
    client = sign_in(Client(), stage.people.mce)
    uid = stage.decision.accreditation.uid
    client.post(url_of("move_accreditation", uid, "reinstate"), {"note": "Nothing is suspended."})
    assert "Nothing is suspended." in text(client.get(url_of("accreditation", uid)))


def test_what_was_said_before_the_decision_is_read_after_it_is_scored_again(sign_in: Sign):
    stage = decided_and_scored_again()
    panel, lead, hotline = (
        sign_in(Client(), user) for user in (stage.people.panel, stage.people.lead, stage.coordinator)
    )
    pages = ((panel, "deliberation"), (lead, "replies"), (hotline, "response"))
    for client, name in pages:
        shown = text(client.get(url_of(name, stage.evaluation.uid)))
        assert "The second was ill." in shown, name
        assert OBSERVED_WORDS in shown, name
    assert len(panel.get(url_of("deliberation", stage.evaluation.uid)).context["votes"]) == 3
