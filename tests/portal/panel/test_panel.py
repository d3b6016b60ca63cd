"""The panel's page: declare, read, vote, comment, and record the decision with its requirements."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluation import queries
from evaluation.answers.judgements import AnswerInput
from evaluation.models import Comment, Decision, Declaration, Evaluation, Recommendation, Role, Stake, User, Vote
from evaluation.panel import decisions
from evaluation.response.replies import save_reply
from evaluation.response.response import respond, save_remark
from evaluation.workflow import perform
from portal.letters.models import Letter
from tests.bystander import COUNTRY, new
from tests.factories import (
    SUBSTANCE,
    CommentFactory,
    DecisionFactory,
    DeclarationFactory,
    MembershipFactory,
    PublicationFactory,
    VoteFactory,
    end_roles,
    person,
    scorecard_of,
)
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SPRING = timezone.localdate() + timedelta(days=100)
"""A possible last day of a condition."""


@pytest.fixture
def stage() -> Stage:
    """Return a stage before the panel: all have declared, and two have voted. The third member opens the page."""
    return Stage("decision", votes=2)


@pytest.fixture
def third(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.people.third)


def screen(client: Client, stage: Stage, query: str = "") -> str:
    answer = client.get(reverse("workspace:deliberation", args=[stage.evaluation.uid]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, stage: Stage, name: str, **sent: Any) -> Any:
    return client.post(reverse(f"workspace:{name}", args=[stage.evaluation.uid]), sent, follow=True)


def cast_vote(client: Client, stage: Stage, outcome: str = "", **changes: Any) -> Any:
    sent = {"scorecard": stage.scorecard.uid, "outcome": outcome or stage.scorecard.proposal, "words": "It holds."}
    return post(client, stage, "vote", **(sent | changes))


def name_of(stage: Stage, outcome: str) -> str:
    return str(stage.round.edition.texts("en")[f"outcome/{outcome}"])


# --- Declaring -------------------------------------------------------------------------------------------------------


def undeclared() -> User:
    """Return a member who opens the page for the first time."""
    return person(Role.PANEL_MEMBER, name="Νίκος Παπαδάκης", country="XV")


def test_a_member_declares_before_anything_is_shown(stage: Stage, sign_in: Callable[..., Client]):
    newcomer = undeclared()
    client = sign_in(Client(), newcomer)
    wanted = reverse("workspace:deliberation", args=[stage.evaluation.uid])
    page = client.get(wanted, follow=True)
    text = page.content.decode()
    assert "Does anything tie you to this hotline?" in text
    assert "Domain by domain" not in text
    assert page.context["next"] == wanted
    after = post(client, stage, "declare", no_stake="1").content.decode()
    assert "It is noted that you have no stake." in after
    assert "Domain by domain" in after
    assert not Declaration.objects.get(user=newcomer).has_stake


def test_a_member_whose_country_is_not_known_says_it_before_declaring(stage: Stage, sign_in: Callable[..., Client]):
    newcomer = undeclared()
    User.objects.filter(pk=newcomer.pk).update(country="")
    client = sign_in(Client(), newcomer)
    refused = post(client, stage, "declare", no_stake="1").content.decode()
    assert "Nobody knows from which country you are. Say it in your account first" in refused
    assert not Declaration.objects.filter(user=newcomer).exists()
    User.objects.filter(pk=newcomer.pk).update(country="XV")
    post(client, stage, "declare", no_stake="1")
    assert Declaration.objects.filter(user=newcomer).exists()


def test_who_has_a_stake_steps_aside_and_does_not_see_the_hotline_again(stage: Stage, sign_in: Callable[..., Client]):
    newcomer = undeclared()
    client = sign_in(Client(), newcomer)
    assert (
        "Only MCE reads this." in client.get(reverse("workspace:declare", args=[stage.evaluation.uid])).content.decode()
    )
    empty = post(client, stage, "declare", stake="1", reason="  ")
    assert empty.status_code == 422
    assert "Say what ties you to it." in empty.content.decode()
    assert not Stake.objects.exists()
    after = post(client, stage, "declare", stake="1", reason="I trained their volunteers.")
    assert after.redirect_chain[-1][0] == reverse("workspace:panel")
    assert "You have stepped aside." in after.content.decode()
    assert stage.hotline.name not in after.content.decode()
    assert Stake.objects.get().reason == "I trained their volunteers."
    for name in ("deliberation", "scorecard", "evaluation", "response"):
        assert client.get(reverse(f"workspace:{name}", args=[stage.evaluation.uid])).status_code == 404


@pytest.mark.parametrize(("wanted", "lands"), [("scorecard", "scorecard"), ("//evil.example/", "deliberation")])
def test_declaring_leads_on_to_the_page_that_asked_for_it(
    stage: Stage, sign_in: Callable[..., Client], wanted: str, lands: str
):
    client = sign_in(Client(), undeclared())
    address = wanted if "/" in wanted else reverse(f"workspace:{wanted}", args=[stage.evaluation.uid])
    after = post(client, stage, "declare", no_stake="1", next=address)
    assert after.redirect_chain[0][0] == reverse(f"workspace:{lands}", args=[stage.evaluation.uid])


def test_a_list_shows_the_name_and_nothing_else_of_a_hotline_on_which_one_has_not_declared(
    stage: Stage, sign_in: Callable[..., Client]
):
    client = sign_in(Client(), undeclared())
    page = client.get(reverse("workspace:panel"))
    (row,) = page.context["waiting"]
    assert (row.evaluation, row.card, row.sign, row.is_due) == (stage.evaluation, None, None, True)
    assert "Declare, then vote" in page.content.decode()
    assert stage.hotline.name not in client.get(reverse("workspace:board", args=[stage.round.uid])).content.decode()


def test_a_script_of_somebody_who_has_not_declared_gets_no_redirect(stage: Stage, sign_in: Callable[..., Client]):
    client = sign_in(Client(), undeclared())
    card, vote = (reverse(f"workspace:{name}", args=[stage.evaluation.uid]) for name in ("scorecard", "vote"))
    for answer in (client.get(card, headers={"HX-Request": "true"}), client.post(vote)):
        assert answer.status_code == 403
        assert reverse("workspace:declare", args=[stage.evaluation.uid]) in answer.content.decode()


def test_who_stepped_aside_is_named_to_the_others_without_the_reason(stage: Stage, third: Client):
    decisions.declare(stage.evaluation, by=stage.people.second, stake="A private matter.")
    text = screen(third, stage)
    assert "Tomás Ó Súilleabháin: has a stake and stepped aside" in text
    assert "A private matter." not in text


# --- One screen ------------------------------------------------------------------------------------------------------


def test_everything_about_the_hotline_is_on_the_screen(stage: Stage, third: Client):
    text = screen(third, stage)
    for sentence in (
        "We do this.",
        "Seen in one shift of two.",
        "The second shift was ill that day.",
        "We thank the team.",
        stage.recommendation.title,
        "call guide.txt",
        name_of(stage, stage.scorecard.proposal),
    ):
        assert sentence in text, sentence


def test_the_response_stands_beside_the_indicator_it_is_about(stage: Stage, third: Client):
    articles = dict(
        re.findall(r'<article class="examined" id="r([\d.]+)"(.*?)</article>', screen(third, stage), re.DOTALL)
    )
    assert [code for code, text in articles.items() if "The second shift was ill that day." in text] == ["1.1.2"]
    assert [code for code, text in articles.items() if "seen otherwise" in text] == ["1.1.2"]


def test_the_screen_narrows_to_what_is_contested(stage: Stage, third: Client):
    text = screen(third, stage, "?show=contested")
    assert re.findall(r'<article class="examined" id="r([\d.]+)"', text) == ["1.1.2"]


# --- Votes and comments ----------------------------------------------------------------------------------------------


def test_a_vote_of_somebody_who_left_the_panel_does_not_count_and_the_page_says_so(stage: Stage, third: Client):
    Vote.objects.create(scorecard=stage.scorecard, user=stage.people.third, outcome="deferred", words="Later.")
    end_roles(stage.people.panel, Role.PANEL_MEMBER)
    text = " ".join(screen(third, stage).split())
    assert f"The vote of {stage.people.panel.name} does not count." in text
    assert "2 votes of at least 3 are cast, yours among them." in text


def test_the_others_votes_are_hidden_until_ones_own_is_cast(stage: Stage, third: Client):
    VoteFactory(scorecard=stage.scorecard, user=stage.people.second, words="My reading of the night shift.")
    before = screen(third, stage)
    assert "2 members have voted. You see their votes when you have given yours." in before
    assert "My reading of the night shift." not in before
    after = cast_vote(third, stage).content.decode()
    assert "My reading of the night shift." in after
    assert "3 votes of at least 3 are cast, yours among them." in after


def test_comments_are_seen_at_once(stage: Stage, third: Client):
    CommentFactory(scorecard=stage.scorecard, user=stage.people.panel, words="Has anybody seen the protocol?")
    assert "Has anybody seen the protocol?" in screen(third, stage)
    after = post(third, stage, "comment", scorecard=stage.scorecard.uid, words="I have.").content.decode()
    assert "Your comment is kept." in after
    assert Comment.objects.filter(user=stage.people.third).get().words == "I have."
    assert "You see their votes when you have given yours." in after


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("vote", {"words": "  "}, "Why: Write a few words on why."),
        ("vote", {"outcome": ""}, "Your vote: Choose an outcome."),
        ("vote", {"outcome": "canonised"}, "Your vote: "),
        ("comment", {"words": ""}, "Your comment: Write your comment first."),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    stage: Stage, third: Client, name: str, changes: dict[str, str], message: str
):
    sent = {"scorecard": stage.scorecard.uid, "outcome": "deferred", "words": "My own words."} | changes
    answer = post(third, stage, name, **sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text
    if "words" not in changes:
        assert "My own words." in text
    if name == "vote" and "outcome" not in changes:
        assert re.search(r'value="deferred"[^>]* checked', text)
    assert Vote.objects.filter(user=stage.people.third).count() == 0


def test_a_vote_on_a_scorecard_that_is_no_longer_the_newest_keeps_the_words(stage: Stage, third: Client):
    opened = stage.scorecard
    scorecard_of(stage.evaluation)
    answer = cast_vote(third, stage, scorecard=opened.uid, words="Written before the new one came.")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The findings were scored again since you opened the page" in text
    assert "Written before the new one came." in text


@pytest.mark.parametrize("scorecard", ["", "not-a-uid", "0f0e0d0c-0000-4000-8000-000000000000"])
def test_a_vote_on_no_scorecard_of_this_hotline_finds_nothing(stage: Stage, third: Client, scorecard: str):
    assert cast_vote(third, stage, scorecard=scorecard).status_code == 404


def test_a_member_may_think_again(stage: Stage, third: Client):
    cast_vote(third, stage)
    cast_vote(third, stage, "deferred", words="I looked at the evidence again.")
    assert stage.evaluation.tally.counts == {stage.scorecard.proposal: 2, "deferred": 1}
    assert Vote.objects.filter(user=stage.people.third).count() == 2


def test_mce_sees_how_many_have_voted_and_only_after_the_decision_what(stage: Stage, sign_in: Callable[..., Client]):
    VoteFactory(scorecard=stage.scorecard, user=stage.people.second, words="My reading of the night shift.")
    mce = sign_in(Client(), stage.people.mce)
    overview = reverse("workspace:evaluation", args=[stage.evaluation.uid])
    assert "2 of at least 3 members have voted." in mce.get(overview).content.decode()
    assert mce.get(reverse("workspace:deliberation", args=[stage.evaluation.uid])).status_code == 403
    DecisionFactory(scorecard=stage.scorecard, decided_by=stage.people.panel)
    new(Evaluation).update(state="decided")
    assert "My reading of the night shift." in screen(mce, stage)


# --- The decision ----------------------------------------------------------------------------------------------------


def record(client: Client, stage: Stage, outcome: str = "", **changes: Any) -> Any:
    """Record the decision, with the confirmation."""
    reasons = f"Two findings weigh.\nThey are named. {SUBSTANCE if outcome else ''}"
    sent = {"outcome": outcome or stage.scorecard.proposal, "reasons": reasons, "confirmed": "1"} | changes
    return post(client, stage, "decide", **{name: words for name, words in sent.items() if words is not None})


def test_until_the_panel_agrees_the_screen_lists_what_stands_in_the_way(stage: Stage, sign_in: Callable[..., Client]):
    first = sign_in(Client(), stage.people.panel)
    assert "2 of at least 3 members have voted" in screen(first, stage)
    assert "Record the decision" not in screen(first, stage)
    VoteFactory(scorecard=stage.scorecard, user=stage.people.second, outcome="deferred")
    assert "Members who declared can still vote until the end of" in screen(first, stage)
    refused = record(first, stage)
    assert refused.status_code == 409
    assert "The decision is not recorded" in refused.content.decode()
    assert not new(Decision).exists()


def part(text: str, heading: str) -> str:
    """Return the text of one section of the screen."""
    found = re.search(rf"<h2[^>]*>{heading}</h2>(.*?)</section>", text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found.group(1)).split())


def test_when_it_agrees_a_member_records_the_decision(stage: Stage, third: Client):
    text = cast_vote(third, stage).content.decode()
    name = name_of(stage, stage.scorecard.proposal)
    assert part(text, "Vote again").startswith(f"{name} It holds.")
    assert part(text, "Votes").count(name) == 3
    assert part(text, "The panel’s decision").startswith(f"{name} More than half of the votes are for it")
    after = record(third, stage).content.decode()
    assert "The decision is recorded and the recommendations are issued." in after
    assert "Two findings weigh.<br>They are named." in after
    decision = new(Decision).get()
    assert (decision.outcome, decision.departs, decision.decided_by) == (
        stage.scorecard.proposal,
        False,
        stage.people.third,
    )
    assert set(new(Recommendation).values_list("state", flat=True)) == {"issued"}
    people = stage.people
    bodies = {letter.to_user: letter.body for letter in new(Letter).select_related("to_user")}
    assert set(bodies) == {stage.coordinator, people.mce, people.lead}
    last_day = decision.last_day_to_appeal
    promised = (
        f"The outcome: {name}\n",
        f"It is valid until {date_format(decision.valid_until)}.\n",
        f"The reasons:\n{decision.reasons}\n",
        f"until {date_format(last_day)}, 23:59 (time zone {stage.round.clock_on(last_day)})",
    )
    for body in bodies.values():
        assert [words for words in promised if words not in body.replace("\r\n", "\n")] == []
    appeal = reverse("workspace:lodge_appeal", args=[decision.uid])
    assert {user for user, body in bodies.items() if appeal in body} == {stage.coordinator}


@pytest.fixture
def conditional(stage: Stage, third: Client) -> Client:
    """Let the whole jury vote for an accreditation with conditions. Return the third member's client."""
    for member in stage.people.jury:
        VoteFactory(scorecard=stage.scorecard, user=member, outcome="conditional")
    return third


def test_an_accreditation_with_conditions_asks_for_them(stage: Stage, conditional: Client):
    assert "Condition 2" in screen(conditional, stage)
    without = record(conditional, stage, "conditional")
    assert (without.status_code, "Name at least one condition" in without.content.decode()) == (409, True)
    assert "Two findings weigh." in without.content.decode()
    more = {"r1-text": "Name a deputy.", "r1-due_on": SPRING.isoformat(), "r1-code": "1.1.2"}
    after = record(conditional, stage, "conditional", **more).content.decode()
    assert "Name a deputy." in after
    assert f"by {date_format(SPRING)}" in after
    decision = new(Decision).get()
    assert (decision.departs, list(decision.requirements.values_list("text", "due_on", "code"))) == (
        stage.scorecard.proposal != "conditional",
        [("Name a deputy.", SPRING, "1.1.2")],
    )
    body = Letter.objects.get(to_user=stage.coordinator).body
    assert f"The conditions:\n1. 1.1.2 Name a deputy. (by {date_format(SPRING)})\n" in body


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reasons": " "}, "Reasons: Write why the panel decides so."),
        ({"r1-text": "", "r1-due_on": SPRING.isoformat()}, "Condition 1, What must be so: Write what must be so."),
        ({"r1-text": "Train.", "r1-due_on": ""}, "Condition 1, By: Give a day"),
        ({"r1-text": "Train.", "r1-due_on": "2020-01-01"}, "Condition 1, By: Give a day"),
        ({"r1-text": "Train.", "r1-due_on": "soon"}, "Condition 1, By: "),
        (
            {"r2-text": "Train.", "r2-due_on": SPRING.isoformat(), "r2-code": "7.7.7"},
            "Condition 1, About the indicator: ",
        ),
    ],
)
def test_a_condition_that_is_not_whole_says_so_and_everything_stays(
    stage: Stage, conditional: Client, changes: dict[str, str], message: str
):
    answer = record(conditional, stage, "conditional", **changes)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text
    if changes.get("r1-text"):
        assert "Train." in text
    if "reasons" not in changes:
        assert "Two findings weigh.\nThey are named." in text.replace("\r", "")
    assert not new(Decision).exists()


def test_one_more_condition_is_one_more_row_with_everything_in_place(stage: Stage, conditional: Client):
    answer = record(conditional, stage, "conditional", more="1", rows="2", **{"r2-text": "Train the night shift."})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Condition 3" in text
    assert "Train the night shift." in text
    assert "Two findings weigh." in text
    assert "to put right" not in text


def test_a_decision_on_votes_that_have_changed_keeps_the_words(stage: Stage, conditional: Client):
    answer = record(conditional, stage, "deferred", reasons=f"Written for the deferral. {SUBSTANCE}")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The votes have changed since you opened the page" in text
    assert "Written for the deferral." in text


def test_a_decision_that_comes_second_keeps_the_words_and_says_what_happened(
    stage: Stage, third: Client, sign_in: Callable[..., Client]
):
    cast_vote(third, stage)
    record(third, stage)
    second = record(sign_in(Client(), stage.people.panel), stage, reasons="My own words, written at the same time.")
    assert second.status_code == 409
    assert "This is not the stage for it" in second.content.decode()
    assert "My own words, written at the same time." in second.content.decode()
    assert new(Decision).count() == 1


def test_a_decision_is_read_back_before_it_is_recorded(stage: Stage, conditional: Client):
    more = {"r1-text": "Name a deputy.", "r1-due_on": SPRING.isoformat(), "r1-code": "1.1.2"}
    answer = record(conditional, stage, "conditional", confirmed=None, **more)
    text = answer.content.decode()
    assert (answer.status_code, new(Decision).exists()) == (200, False)
    today = stage.round.today
    for sentence in (
        "Nothing is recorded yet.",
        name_of(stage, "conditional"),
        f"which is “{name_of(stage, stage.scorecard.proposal)}”",
        f"Valid until {date_format(today + relativedelta(months=12))}.",
        "Two findings weigh.<br>They are named.",
        '<span class="num strong">1.1.2</span>Name a deputy.',
        f"by {date_format(SPRING)}",
    ):
        assert sentence in text, sentence
    brought = {
        name: unescape(words) for name, words in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text)
    }
    brought.pop("csrfmiddlewaretoken")
    changed = post(conditional, stage, "decide", **brought, change="1").content.decode()
    assert "Name a deputy." in part(changed, "The panel’s decision")
    assert not new(Decision).exists()
    post(conditional, stage, "decide", **brought, confirmed="1")
    decision = new(Decision).get()
    assert decision.reasons.startswith("Two findings weigh.\nThey are named.")
    assert list(decision.requirements.values_list("text", "code")) == [("Name a deputy.", "1.1.2")]


def test_a_decision_that_would_be_refused_is_not_read_back(stage: Stage, conditional: Client):
    answer = record(conditional, stage, "conditional", confirmed=None)
    assert (answer.status_code, "Name at least one condition" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("confirmed", [None, "1"])
def test_a_departure_says_more_than_that_it_departs(stage: Stage, conditional: Client, confirmed: str | None):
    assert "at least 20 different words" in part(screen(conditional, stage), "The panel’s decision")
    more = {"r1-text": "Name a deputy.", "r1-due_on": SPRING.isoformat(), "reasons": "We see it otherwise. " * 9}
    answer = record(conditional, stage, "conditional", confirmed=confirmed, **more)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "takes at least 20 different words of the panel’s own; this has 4." in text
    assert "We see it otherwise. We see it otherwise." in text
    assert not new(Decision).exists()


def test_a_deferral_tells_its_last_day_and_mce_takes_it_up_again(stage: Stage, third: Client, sign_in: Any):
    for member in stage.people.jury:
        VoteFactory(scorecard=stage.scorecard, user=member, outcome="deferred")
    text = record(third, stage, "deferred").content.decode()
    day = new(Decision).get().hand_in_by
    assert f"What is missing must be handed in by {day.day} " in text
    body = Letter.objects.get(to_user=stage.coordinator).body
    assert f"handed in by the end of {date_format(day)}." in body
    assert "The reasons:\nTwo findings weigh." in body
    mce = sign_in(Client(), stage.people.mce)
    overview = reverse("workspace:evaluation", args=[stage.evaluation.uid])
    assert "Take the evaluation up again" in mce.get(overview).content.decode()
    mce.post(reverse("workspace:move", args=[stage.evaluation.uid, "resume"]), {"note": "Hand in the figures."})
    assert new(Evaluation).get().state == "self_assessment"
    assert "Hand in the figures." in Letter.objects.filter(to_user=stage.coordinator).latest("pk").body
    hotline = sign_in(Client(), stage.coordinator)
    scorecard = hotline.get(reverse("workspace:scorecard", args=[stage.evaluation.uid])).content.decode()
    assert "as things stand, not kept" in scorecard
    assert "The decision below is the earlier one." in scorecard


def test_the_panel_sends_back_and_votes_anew_on_the_new_scorecard(stage: Stage, third: Client, sign_in: Any):
    cast_vote(third, stage)
    address = reverse("workspace:move", args=[stage.evaluation.uid, "send_back_to_assessors"])
    third.post(address, {"note": "Why is 1.1.2 so low?"})
    assert new(Evaluation).get().state == "report"
    assert third.get(reverse("workspace:deliberation", args=[stage.evaluation.uid])).status_code == 404
    lead = sign_in(Client(), stage.people.lead)
    overview = lead.get(reverse("workspace:evaluation", args=[stage.evaluation.uid])).content.decode()
    assert "Why is 1.1.2 so low?" in overview
    lead.post(reverse("workspace:judge", args=[stage.evaluation.uid]))
    coordinator = sign_in(Client(), stage.coordinator)
    coordinator.post(reverse("workspace:give_response", args=[stage.evaluation.uid]), {"accept_others": "on"})
    assert "0 votes of at least 3 are cast. Yours is awaited." in screen(third, stage)


# --- The list --------------------------------------------------------------------------------------------------------


def test_the_list_says_what_each_member_has_still_to_do(stage: Stage, sign_in: Callable[..., Client]):
    tasks = {}
    for who in (stage.people.panel, stage.people.third, undeclared()):
        text = sign_in(Client(), who).get(reverse("workspace:panel")).content.decode()
        tasks[who.name] = next(w for w in ("You have voted", "Your vote is awaited", "Declare, then vote") if w in text)
    assert list(tasks.values()) == ["You have voted", "Your vote is awaited", "Declare, then vote"]


def test_what_is_decided_shows_the_decision_and_not_the_proposal(stage: Stage, sign_in: Callable[..., Client]):
    scorecard = stage.scorecard
    DecisionFactory(scorecard=scorecard, outcome="conditional", departs=True, decided_by=stage.people.panel)
    newest = DecisionFactory(
        scorecard=scorecard, outcome="deferred", departs=True, kind="correction", decided_by=stage.people.panel
    )
    scorecard_of(stage.evaluation)
    new(Evaluation).update(state="decided")
    page = sign_in(Client(), stage.people.panel).get(reverse("workspace:panel"))
    row, bystander = page.context["decided"]
    assert bystander.evaluation.hotline.country == COUNTRY
    assert (row.decision, row.card, page.context["waiting"]) == (newest, scorecard, [])
    shown = re.search(r'<section\s+aria-labelledby="dd">(.*?)</section>', page.content.decode(), re.DOTALL).group(1)
    proposed = name_of(stage, scorecard.proposal)
    assert "The panel decided" in shown
    assert name_of(stage, "deferred") in shown
    assert name_of(stage, "conditional") not in shown
    assert (shown.count(proposed), f"The rules proposed “{proposed}”." in shown) == (1, True)


def test_before_its_stage_a_member_sees_nothing_of_a_hotline(sign_in: Callable[..., Client]):
    stage = Stage("response")
    text = sign_in(Client(), stage.people.panel).get(reverse("workspace:panel")).content.decode()
    assert stage.hotline.name not in text


def test_an_outcome_in_a_sentence_is_marked_where_the_edition_is_not_in_the_readers_language(
    stage: Stage, client: Client, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
):
    """This also holds for an outcome with a name of the edition's own, which has no translation."""
    monkeypatch.setattr("standards.presentation.outcome_names._USUAL", {})
    User.objects.filter(pk=stage.people.panel.pk).update(language="pl")
    decision = DecisionFactory(
        scorecard=stage.scorecard, outcome="conditional", departs=True, decided_by=stage.people.panel
    )
    PublicationFactory(decision=decision)
    new(Evaluation).update(state="published")
    page = sign_in(Client(), stage.people.panel).get(reverse("workspace:panel")).content.decode()
    assert f'„<span lang="en">{name_of(stage, stage.scorecard.proposal)}</span>”' in page
    public = client.get("/pl/register/XA/", {"on": timezone.localdate().isoformat()}).content.decode()
    assert f'</span><span lang="en">{name_of(stage, "conditional")}</span>, do ' in public


# --- Before the assessors' replies -----------------------------------------------------------------------------------


def test_the_panel_reads_and_votes_when_the_assessors_have_answered_the_hotline(sign_in: Callable[..., Client]):
    waiting = Stage("response")
    evaluation, panel = waiting.evaluation, sign_in(Client(), waiting.people.panel)
    save_remark(evaluation, "1.1.2", "Nobody asked the night shift.", version=0, by=waiting.coordinator)
    respond(evaluation, by=waiting.coordinator)
    declared = post(panel, waiting, "declare", no_stake="1")
    assert "You read and vote when the assessors’ answers are in." in declared.content.decode()
    (row,) = declared.context["waiting"]
    assert (row.is_locked, row.card, row.sign, row.is_due) == (True, None, None, False)
    assert reverse("workspace:deliberation", args=[evaluation.uid]) not in declared.content.decode()
    assert reverse("workspace:deliberation", args=[evaluation.uid]) not in panel.get("/work/").content.decode()
    names = ("deliberation", "response", "evaluation", "scorecard", "recommendations", "report", "submissions")
    for name in (*names, "vote", "comment"):
        address = reverse(f"workspace:{name}", args=[evaluation.uid])
        page = panel.get(address) if name in names else panel.post(address, {"words": "It holds."})
        assert (name, page.status_code) == (name, 403)
        assert "The assessors have not answered 1 remark of the hotline yet" in page.content.decode()
        assert "Nobody asked the night shift." not in page.content.decode()
    assert not queries.visible_to(waiting.people.panel).exists()
    save_reply(evaluation, "1.1.2", AnswerInput(words="It was at night."), version=0, by=waiting.people.lead)
    perform(evaluation, "answer_remarks", by=waiting.people.lead)
    text = panel.get(reverse("workspace:deliberation", args=[evaluation.uid])).content.decode()
    assert "Nobody asked the night shift." in text
    assert "To your vote" in text


# --- Ties ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tied(
    third: Client, stage: Stage, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Return the screen of the third member after two of four voted for another outcome, by an edition's procedure."""

    def tie(**procedure: bool) -> str:
        edited = replace(stage.framework, procedure=replace(stage.framework.procedure, **procedure))
        monkeypatch.setattr(type(stage.round.edition), "framework", property(lambda _edition: edited))
        fourth = person(Role.PANEL_MEMBER)
        DeclarationFactory(evaluation=stage.evaluation, user=fourth)
        cast_vote(third, stage, "not_accredited")
        assert "Members who declared can still vote until the end of" in screen(third, stage)
        cast_vote(sign_in(Client(), fourth), stage, "not_accredited")
        return " ".join(screen(third, stage).split())

    return tie


def test_on_a_tie_the_page_says_that_the_vote_of_the_chair_counted_double(tied: Any, stage: Stage):
    MembershipFactory(user=stage.people.panel, role=Role.PANEL_CHAIR)
    text = tied(chair_breaks_ties=True)
    assert f"{stage.people.panel.name} is the chair: on a tie this vote counts double." in text
    assert "The vote of the panel’s chair counted double." in text


def test_on_a_tie_without_a_chair_the_page_says_which_rule_holds(tied: Any):
    text = tied(chair_breaks_ties=True)
    assert "No vote of a chair counts here." in text
    assert "The less favourable one holds, as the edition says." in text


def test_after_a_tie_a_member_opens_the_second_vote_which_shows_the_first_one(tied: Any, third: Client, stage: Stage):
    assert "Vote once more" in tied(votes_again_on_ties=True)
    third.post(reverse("workspace:move", args=[stage.evaluation.uid, "vote_again"]))
    text = " ".join(screen(third, stage).split())
    assert "This is the second and last vote" in text
    assert "The first vote, which was a tie" in text
    assert stage.evaluation.hotline.name in third.get(reverse("workspace:home"), follow=True).content.decode(), (
        "it waits for this vote again"
    )
    cast_vote(third, stage, "not_accredited")
    again = cast_vote(third, stage, "accredited")
    assert "You have voted in the second vote" in again.content.decode()
