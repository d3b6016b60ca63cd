"""Recommendations in the workspace: drafts, the page of one, its moves and letters, good practice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Finding, Recommendation, Step
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import ProofFactory, StakeFactory, write_answer
from tests.move_letters import write_letters
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db

State = Recommendation.State


@pytest.fixture
def as_(sign_in: Callable[..., Client]) -> Callable[[Any], Client]:
    return lambda user: sign_in(Client(), user)


def stage_at(state: str, **of_it: Any) -> Stage:
    """Return a decided evaluation whose recommendation is in `state`, without a proof."""
    stage = Stage("decided")
    stage.proof.delete()
    Recommendation.objects.filter(pk=stage.recommendation.pk).update(state=state, **of_it)
    stage.recommendation.refresh_from_db()
    return stage


def list_of(client: Client, stage: Stage) -> str:
    return client.get(reverse("workspace:recommendations", args=[stage.evaluation.uid])).content.decode()


def page_of(client: Client, stage: Stage) -> str:
    return client.get(reverse("workspace:recommendation", args=[stage.recommendation.uid])).content.decode()


def press(client: Client, stage: Stage, name: str, note: str = "", **more: str) -> Any:
    address = reverse("workspace:move_recommendation", args=[stage.recommendation.uid, name])
    return client.post(address, {"note": note} | more, follow=True)


# --- Drafts ----------------------------------------------------------------------------------------------------------


def edit(client: Client, stage: Stage, **changes: Any) -> Any:
    typed = {
        "title": "Put a deputy on the rota",
        "text": "Name one.",
        "priority": "1",
        "due_on": "2027-03-01",
    } | changes
    return client.post(reverse("workspace:edit_recommendation", args=[stage.recommendation.uid]), typed, follow=True)


@pytest.mark.parametrize("reaches", ["response", "decision"])
def test_a_recommendation_is_edited_by_the_lead(as_: Callable[..., Client], reaches: str):
    stage = Stage(reaches)
    page = edit(as_(stage.people.lead), stage, owner="The board")
    assert "The recommendation is saved." in page.content.decode()
    recommendation = new(Recommendation).get()
    assert (recommendation.title, recommendation.owner, str(recommendation.due_on)) == (
        "Put a deputy on the rota",
        "The board",
        "2027-03-01",
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Fill this in."),
        ({"title": "x" * 121}, "120"),
        ({"due_on": "next year"}, "By: "),
        ({"priority": "9"}, "Priority: "),
    ],
)
def test_a_mistake_in_a_recommendation_is_named(as_: Callable[..., Client], changes: dict[str, Any], message: str):
    stage = Stage("decision")
    page = edit(as_(stage.people.lead), stage, **changes)
    assert page.status_code == 422
    assert message in page.content.decode()
    assert "Name one." in page.content.decode()


def test_two_people_on_one_draft_see_each_others_words_and_overwrite_nothing_unseen(as_: Callable[..., Client]):
    stage = Stage("decision")
    lead, mce = as_(stage.people.lead), as_(stage.people.mce)
    url = reverse("workspace:edit_recommendation", args=[stage.recommendation.uid])
    mark = lead.get(url).context["draft"].mark
    edit(mce, stage, title="By MCE", mark=mark)
    page = edit(lead, stage, title="By the lead", mark=mark)
    text = page.content.decode()
    assert page.status_code == 409
    assert ("By MCE" in text, "By the lead" in text, "Nothing is lost." in text) == (True, True, True)
    assert new(Recommendation).get().title == "By MCE"
    edit(lead, stage, title="By the lead", mark=page.context["draft"].mark)
    assert new(Recommendation).get().title == "By the lead"


def test_an_issued_recommendation_stays_as_it_is(as_: Callable[..., Client]):
    stage = Stage("decided")
    page = edit(as_(stage.people.lead), stage)
    assert "It is issued with the decision and can no longer be changed." in page.content.decode()
    assert new(Recommendation).get().title == stage.recommendation.title


@pytest.mark.parametrize(("reaches", "reads"), [("response", True), ("decision", False), ("decided", True)])
def test_the_hotline_reads_drafts_while_it_responds_and_then_what_is_issued(
    as_: Callable[..., Client], reaches: str, reads: bool
):
    stage = Stage(reaches)
    assert (stage.recommendation.title in list_of(as_(stage.coordinator), stage)) == reads


def test_what_is_left_out_is_shown_to_its_editors_only(as_: Callable[..., Client]):
    stage = Stage("decision")
    edit(as_(stage.people.lead), stage, is_dropped="on")
    for user in (stage.people.lead, stage.people.assessor, stage.people.mce):
        assert "left out" in list_of(as_(user), stage)
    assert "Put a deputy on the rota" not in list_of(as_(stage.people.panel), stage)


# --- The page --------------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_asked_why_and_who_acts_next(as_: Callable[..., Client]):
    stage = stage_at(State.ISSUED, look_for="The rota on the wall", text="Name a deputy.")
    page = page_of(as_(stage.coordinator), stage)
    for words in (
        "The rota on the wall",
        "Name a deputy.",
        "1.1.2 wording (en)",
        "Seen in one shift of two.",
        "The hotline accepts or contests it.",
        "Accept",
        "Contest",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("state", "who", "offered"),
    [
        (State.ISSUED, "coordinator", ["Accept", "Contest"]),
        (State.ISSUED, "contributor", []),
        (State.ISSUED, "mce", []),
        (State.CONTESTED, "mce", ["Insist", "Take back"]),
        (State.ACCEPTED, "contributor", ["Start"]),
        (State.IN_PROGRESS, "contributor", ["Submit the evidence"]),
        (State.EVIDENCE_SUBMITTED, "assessor", ["Verify", "Send back"]),
        (State.EVIDENCE_SUBMITTED, "panel", []),
        (State.NOT_VERIFIED, "coordinator", ["Go on working"]),
        (State.VERIFIED, "mce", ["Close"]),
        (State.CLOSED, "mce", []),
    ],
)
def test_each_person_is_offered_exactly_the_open_moves(
    as_: Callable[..., Client], state: str, who: str, offered: list[str]
):
    stage = stage_at(state)
    ProofFactory(recommendation=stage.recommendation)
    user = stage.user(who)
    page = as_(user).get(reverse("workspace:recommendation", args=[stage.recommendation.uid]))
    assert [str(move.words.act) for move in page.context["moves"]] == offered
    assert all(move.is_open for move in page.context["moves"])


def test_what_stands_in_the_way_of_submitting_is_named(as_: Callable[..., Client]):
    stage = stage_at(State.IN_PROGRESS)
    page = page_of(as_(stage.contributor), stage)
    assert "Nothing is shown yet" in page
    assert "Add a document or an address, or say why there can be neither." in page


def test_the_hotline_says_who_does_it(as_: Callable[..., Client]):
    stage = stage_at(State.ACCEPTED)
    address = reverse("workspace:name_owner", args=[stage.recommendation.uid])
    page = as_(stage.contributor).post(address, {"owner": "Contributor XA"}, follow=True)
    assert "It is written down who does it." in page.content.decode()
    assert new(Recommendation).get().owner == "Contributor XA"
    page = as_(stage.contributor).post(address, {"owner": "x" * 121})
    assert page.status_code == 422
    assert "x" * 121 in page.content.decode()
    assert new(Recommendation).get().owner == "Contributor XA"


def test_a_settled_recommendation_names_nobody_else(as_: Callable[..., Client]):
    stage = stage_at(State.CLOSED, owner="Ilze")
    address = reverse("workspace:name_owner", args=[stage.recommendation.uid])
    page = as_(stage.contributor).post(address, {"owner": "Somebody"}, follow=True)
    assert "This is not the stage for it." in page.content.decode()
    assert new(Recommendation).get().owner == "Ilze"


# --- Moves and letters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "name", "who", "notified"),
    [
        (State.ISSUED, "accept", "coordinator", set()),
        (State.ISSUED, "contest", "coordinator", {"mce", "lead"}),
        (State.CONTESTED, "insist", "mce", {"coordinator", "contributor"}),
        (State.CONTESTED, "withdraw", "mce", {"coordinator", "contributor"}),
        (State.ACCEPTED, "start", "contributor", set()),
        (State.IN_PROGRESS, "submit_evidence", "contributor", {"mce", "lead"}),
        (State.EVIDENCE_SUBMITTED, "verify", "mce", {"coordinator", "contributor"}),
        (State.EVIDENCE_SUBMITTED, "refuse", "lead", {"coordinator", "contributor"}),
        (State.NOT_VERIFIED, "resume", "contributor", set()),
        (State.VERIFIED, "close", "mce", set()),
    ],
)
def test_each_move_is_walked_and_told_to_those_it_concerns(
    as_: Callable[..., Client], state: str, name: str, who: str, notified: set[str]
):
    stage = stage_at(state)
    ProofFactory(recommendation=stage.recommendation)
    people = {"mce": stage.people.mce, "lead": stage.people.lead}
    people |= {"coordinator": stage.coordinator, "contributor": stage.contributor}
    page = press(as_(people[who]), stage, name, note="Because of the night shift.")
    assert "This is recorded in the log." in page.content.decode()
    step = Step.objects.get(uid=stage.recommendation.uid)
    assert (step.move, step.source, step.words.by) == (name, state, people[who])
    letters = new(Letter)
    assert {letter.to_user for letter in letters} == {people[one] for one in notified}
    address = reverse("workspace:recommendation", args=[stage.recommendation.uid])
    for letter in letters:
        assert "{{" not in letter.subject + letter.body
        assert ("Land XA" in letter.subject, stage.recommendation.title in letter.body) == (True, True)
        assert ("Because of the night shift." in letter.body, address in letter.body) == (True, True)


def test_a_move_without_its_words_is_not_walked_and_one_with_words_that_comes_too_late_keeps_them(
    as_: Callable[..., Client],
):
    stage = stage_at(State.ISSUED)
    coordinator = as_(stage.coordinator)
    assert "Say why." in press(coordinator, stage, "contest", " ").content.decode()
    new(Recommendation).update(state=State.ACCEPTED)
    page = press(coordinator, stage, "contest", "It took me an hour to write this.")
    assert "This is not the stage for it." in page.content.decode()
    assert "It took me an hour to write this." in page.content.decode()
    assert not new(Step).exists()


def test_the_last_words_stand_on_top_for_whoever_must_answer(as_: Callable[..., Client]):
    stage = stage_at(State.ISSUED)
    press(as_(stage.coordinator), stage, "contest", "This is in place since spring.")
    page = page_of(as_(stage.people.mce), stage)
    assert page.index("This is in place since spring.") < page.index("What is asked")


def test_names_and_words_are_shown_as_they_were_written_and_never_run(as_: Callable[..., Client]):
    stage = stage_at(State.ISSUED, owner='<i id="x">"Ilze"</i>')
    stage.coordinator.name = '"O\'Neill" <script>alert(1)</script>'
    stage.coordinator.save()
    press(as_(stage.coordinator), stage, "contest", '"> <script>alert(2)</script> {{ request }}')
    plan = as_(stage.people.mce).get(reverse("workspace:plan", args=[stage.evaluation.uid])).content.decode()
    for page in (page_of(as_(stage.people.mce), stage), plan):
        assert "<script>alert" not in page
        assert '<i id="x">' not in page
    assert "{{ request }}" in page_of(as_(stage.people.mce), stage)


def test_from_the_board_one_comes_back_to_the_board(as_: Callable[..., Client]):
    stage = stage_at(State.ISSUED)
    plan = reverse("workspace:plan", args=[stage.evaluation.uid])
    answer = press(as_(stage.coordinator), stage, "accept", **{"from": "plan"})
    assert answer.redirect_chain == [(f"{plan}#r1.1.2", 302)]
    answer = press(as_(stage.coordinator), stage, "accept", **{"from": "plan"})
    assert answer.redirect_chain == [(reverse("workspace:recommendation", args=[stage.recommendation.uid]), 302)]


def test_mce_with_a_stake_verifies_nothing_and_is_offered_nothing(as_: Callable[..., Client]):
    stage = stage_at(State.EVIDENCE_SUBMITTED)
    StakeFactory(user=stage.people.mce, hotline=stage.hotline)
    client = as_(stage.people.mce)
    assert "Verify" not in page_of(client, stage)
    assert press(client, stage, "verify").status_code == 403
    assert new(Recommendation).get().state == State.EVIDENCE_SUBMITTED


def test_a_decision_says_in_its_letter_how_much_comes_with_it():
    stage = Stage("decided")
    (letter,) = [x for x in write_letters(stage.evaluation, "decide") if x.to_user == stage.coordinator]
    assert "One recommendation comes with it." in letter.body


# --- What others do well ---------------------------------------------------------------------------------------------


@pytest.fixture
def practised(as_: Callable[..., Client]) -> tuple[Stage, Finding]:
    """Return a decided evaluation, and a finding with good practice at the same indicator of another hotline."""
    people = Participants()
    other = Stage("published", people, country="XB")
    write_answer(other.evaluation, "1.1.2", Finding, level=3, words="A deputy is named each month.", good_practice=True)
    stage = Stage("decided", people, country="XA", round=other.round)
    return stage, other.evaluation.findings.get(code="1.1.2")


def test_an_assessor_lets_good_practice_go_with_it_and_the_hotline_reads_it(
    practised: tuple[Stage, Finding], as_: Callable[..., Client]
):
    stage, finding = practised
    assessor, coordinator = as_(stage.people.assessor), as_(stage.coordinator)
    assert "A deputy is named each month." in page_of(assessor, stage)
    assert "A deputy is named each month." not in page_of(coordinator, stage)
    address = reverse("workspace:lend_practices", args=[stage.recommendation.uid])
    assessor.post(address, {"practice": [finding.pk]})
    page = page_of(coordinator, stage)
    assert ("A deputy is named each month." in page, "Land XB" in page) == (True, True)
    assessor.post(address, {})
    assert "A deputy is named each month." not in page_of(coordinator, stage)


@pytest.mark.parametrize("odd", ["x", "-1", "99999999999999999999", "\x00"])
def test_good_practice_that_does_not_exist_is_left_out(
    practised: tuple[Stage, Finding], as_: Callable[..., Client], odd: str
):
    stage, _finding = practised
    address = reverse("workspace:lend_practices", args=[stage.recommendation.uid])
    assert as_(stage.people.mce).post(address, {"practice": [odd]}).status_code == 302
    assert stage.recommendation.practices.count() == 0


def test_work_that_is_not_published_is_lent_to_nobody(as_: Callable[..., Client]):
    people = Participants()
    other = Stage("decided", people, country="XB")
    write_answer(other.evaluation, "1.1.2", Finding, level=3, words="A deputy is named each month.", good_practice=True)
    stage = Stage("decided", people, country="XA", round=other.round)
    assert "A deputy is named each month." not in page_of(as_(people.mce), stage)
    finding = other.evaluation.findings.get(code="1.1.2")
    as_(people.mce).post(reverse("workspace:lend_practices", args=[stage.recommendation.uid]), {"practice": finding.pk})
    assert stage.recommendation.practices.count() == 0
