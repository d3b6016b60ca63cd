"""Good practice for the library: proposed, consented to, published, withdrawn; thanks and questions."""

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.models import Finding, GoodPractice, PracticeConsent, Role
from evaluation.models.people.permissions import is_allowed
from evaluation.practices import (
    add_thanks,
    answer_question,
    ask_question,
    hide_question,
    practices_of,
    proposable_findings,
    propose_practice,
    readable_questions,
    waiting_questions,
    withdraw_thanks,
)
from evaluation.workflow import Refusal, perform
from portal.handbook.practice import GoodPracticePage
from tests.evaluation.workflow.random_walks import walks
from tests.factories import HotlineFactory, StakeFactory, person, practice_of, write_answer
from tests.frozen_rows import assert_frozen
from tests.stage import Stage

pytestmark = pytest.mark.django_db

State = GoodPractice.State
TEXTS = {"title": "Two deputies", "summary": "Never alone.", "text": "The rota names two."}


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("published")


@pytest.fixture
def other():
    return person(Role.CONTRIBUTOR, hotline=HotlineFactory())


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# --- Proposing -------------------------------------------------------------------------------------------------------


def finding_with_practice(stage: Stage, **fields) -> Finding:
    write_answer(stage.evaluation, "1.1.2", Finding, level=3, **({"words": "Seen.", "good_practice": True} | fields))
    return stage.evaluation.findings.get(code="1.1.2")


def test_a_note_of_a_published_outcome_is_proposed_once(stage: Stage):
    finding = finding_with_practice(stage)
    assert list(proposable_findings(stage.people.mce)) == [finding]
    practice = propose_practice(finding, title="Is there a deputy?", by=stage.people.assessor)
    assert (practice.state, practice.text, practice.key) == ("proposed", "Seen.", "1.1.2")
    assert propose_practice(finding, title="Again", by=stage.people.mce) == practice
    assert list(proposable_findings(stage.people.mce)) == []


def test_the_text_begins_without_the_names_of_the_assessors(stage: Stage):
    lead, assessor = stage.people.lead, stage.people.assessor
    words = f"{lead.name}: A rota.\nOn paper.\n\n{assessor.name}: A deputy.\n\nEleni: not of the team."
    practice = propose_practice(finding_with_practice(stage, words=words), title="Deputies", by=stage.people.mce)
    assert practice.text == "A rota.\nOn paper.\n\nA deputy.\n\nEleni: not of the team."


def test_only_the_team_and_mce_propose(stage: Stage, other):
    finding = finding_with_practice(stage)
    tied = stage.people.lead
    StakeFactory(user=tied, hotline=stage.hotline)
    for user in (stage.coordinator, other, stage.people.elsewhere, stage.people.panel, tied):
        with pytest.raises(Refusal):
            propose_practice(finding, title="No", by=user)
    assert list(proposable_findings(stage.people.elsewhere)) == []
    assert list(proposable_findings(stage.people.assessor)) == [finding]
    assert list(proposable_findings(tied)) == []


def test_what_is_no_good_practice_or_not_published_is_not_proposed(stage: Stage):
    for finding, by in (
        (finding_with_practice(stage, good_practice=False), stage.people.mce),
        (finding_with_practice(early := Stage.minimal("decided")), early.people.mce),
    ):
        with pytest.raises(Refusal) as refused:
            propose_practice(finding, title="No", by=by)
        assert codes(refused) == ["no_good_practice"]


# --- Consent ---------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_a_consent_keeps_the_text_that_was_read_and_is_frozen(stage: Stage):
    practice = practice_of(stage, State.CONSENTED)
    consent = practice.consents.get()
    assert (consent.content["text"], consent.sha256) == (practice.text, practice.digest)
    assert consent.step.words.by == stage.coordinator
    assert_frozen(PracticeConsent)


def test_a_consent_is_to_the_text_that_was_read_and_no_other(stage: Stage):
    practice = practice_of(stage, State.ASKED)
    read = practice.digest
    perform(practice, "revise", by=stage.people.mce, read=read, texts=TEXTS)
    perform(practice, "ask", by=stage.people.mce)
    with pytest.raises(Refusal) as refused:
        perform(practice, "consent", by=stage.coordinator, read=read)
    assert (codes(refused), practice.consents.count()) == (["text_changed"], 0)


def test_a_changed_text_needs_a_new_consent(stage: Stage):
    practice = practice_of(stage, State.CONSENTED)
    perform(practice, "revise", by=stage.people.mce, read=practice.digest, texts=TEXTS)
    perform(practice, "ask", by=stage.people.mce)
    GoodPractice.objects.filter(pk=practice.pk).update(state=State.CONSENTED)
    practice = GoodPractice.objects.get(pk=practice.pk)
    with pytest.raises(Refusal) as refused:
        perform(practice, "publish", by=stage.people.mce)
    assert codes(refused) == ["text_changed"]


def test_only_a_coordinator_of_the_hotline_consents_and_withdraws(stage: Stage, other):
    practice = practice_of(stage, State.ASKED)
    contributor = person(Role.CONTRIBUTOR, hotline=stage.hotline)
    elsewhere = person(Role.COORDINATOR, hotline=HotlineFactory())
    others = (stage.people.mce, stage.people.lead, contributor, other, elsewhere)
    for user in others:
        with pytest.raises(Refusal):
            perform(practice, "consent", by=user, read=practice.digest)
    perform(practice, "consent", by=stage.coordinator, read=practice.digest)
    for user in others:
        with pytest.raises(Refusal) as refused:
            perform(practice, "withdraw", by=user)
        assert "wrong_state" not in codes(refused)
    assert not is_allowed("practice.view", other, practice)
    perform(practice, "withdraw", by=stage.coordinator)


def test_two_people_who_write_at_once_lose_nothing(stage: Stage):
    practice = practice_of(stage)
    read = practice.digest
    perform(practice, "revise", by=stage.people.mce, read=read, texts=TEXTS)
    with pytest.raises(Refusal) as refused:
        perform(practice, "revise", by=stage.people.assessor, read=read, texts={**TEXTS, "title": "Mine"})
    assert (codes(refused), GoodPractice.objects.get().title) == (["text_changed"], "Two deputies")


def test_an_incomplete_text_is_not_asked_about(stage: Stage):
    practice = propose_practice(finding_with_practice(stage), title="Deputies", by=stage.people.mce)
    with pytest.raises(Refusal) as refused:
        perform(practice, "ask", by=stage.people.mce)
    assert codes(refused) == ["practice_incomplete"]


def test_who_follows_it_finds_it_in_any_state_and_others_only_once_it_is_published(stage: Stage, other):
    practice = practice_of(stage, State.ASKED)
    for user in (stage.people.mce, stage.people.assessor, stage.coordinator):
        assert list(practices_of(user)) == [practice]
    StakeFactory(user=stage.people.lead, hotline=stage.hotline)
    for user in (other, stage.people.elsewhere, stage.people.panel, stage.people.lead):
        assert list(practices_of(user)) == []
    assert [is_allowed("practice.view", user, practice) for user in (other, stage.coordinator)] == [False, True]
    perform(practice, "consent", by=stage.coordinator, read=practice.digest)
    perform(practice, "publish", by=stage.people.mce)
    assert is_allowed("practice.view", other, practice)


# --- Thanks and questions --------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_thanks_count_once_a_person_and_can_be_taken_back(stage: Stage, other):
    practice = practice_of(stage, State.PUBLISHED)
    for _again in range(2):
        add_thanks(practice, by=other)
    add_thanks(practice, by=person(Role.COORDINATOR, hotline=HotlineFactory()))
    assert practice.thanks.count() == 2
    for _again in range(2):
        withdraw_thanks(practice, by=other)
    assert practice.thanks.count() == 1


def test_nobody_thanks_or_asks_themselves_or_about_what_is_not_published(stage: Stage, other):
    practice = practice_of(stage, State.PUBLISHED)
    for user in (stage.coordinator, stage.people.mce, stage.people.assessor, person()):
        with pytest.raises(Refusal):
            add_thanks(practice, by=user)
        with pytest.raises(Refusal):
            ask_question(practice, "How?", by=user)
    perform(practice, "withdraw", by=stage.coordinator)
    with pytest.raises(Refusal):
        add_thanks(practice, by=other)
    assert not practice.thanks.exists()


def test_a_question_is_asked_and_answered_once(stage: Stage, other):
    practice = practice_of(stage, State.PUBLISHED)
    question, is_new = ask_question(practice, "How many people? ", by=other)
    assert ask_question(practice, "How many people?", by=other) == (question, False)
    assert (is_new, list(waiting_questions({stage.hotline.pk}))) == (True, [question])
    assert answer_question(question, "Two.", by=stage.coordinator)
    assert answer_question(question, "Two.", by=stage.coordinator)
    assert not answer_question(question, "Three.", by=stage.coordinator)
    question.refresh_from_db()
    assert (question.answer, list(waiting_questions({stage.hotline.pk}))) == ("Two.", [])
    with pytest.raises(Refusal):
        answer_question(question, "Five.", by=other)


def test_a_practice_that_is_not_public_any_more_has_no_question_to_answer(stage: Stage, other):
    practice = practice_of(stage, State.PUBLISHED)
    ask_question(practice, "How many?", by=other)
    perform(practice, "withdraw", by=stage.coordinator)
    assert list(waiting_questions({stage.hotline.pk})) == []


def test_a_hidden_question_is_read_by_its_author_the_hotline_and_mce(stage: Stage, other):
    practice = practice_of(stage, State.PUBLISHED)
    question, _new = ask_question(practice, "Who is Anna?", by=other)
    neighbour = person(Role.CONTRIBUTOR, hotline=HotlineFactory())
    with pytest.raises(Refusal):
        hide_question(question, is_hidden=True, by=neighbour)
    hide_question(question, is_hidden=True, by=stage.coordinator)
    readers = (neighbour, other, stage.coordinator, stage.people.mce)
    assert [readable_questions(practice, user).count() for user in readers] == [0, 1, 1, 1]
    assert list(waiting_questions({stage.hotline.pk})) == []
    hide_question(question, is_hidden=False, by=stage.people.mce)
    assert readable_questions(practice, neighbour).count() == 1


# --- Random moves ----------------------------------------------------------------------------------------------------


class Consenting(RuleBasedStateMachine):
    """The state machine of one good practice, moved at random by everybody, with an old or the present text."""

    @initialize(state=st.sampled_from((State.ASKED, State.CONSENTED, State.PUBLISHED)))
    def begin(self, state):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.stage = Stage.minimal("published")
        self.practice = practice_of(self.stage, state)
        self.read = [self.practice.digest]
        self.consented = "" if state == State.ASKED else self.practice.digest

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def move(self, name: str, who: str, **needs) -> bool:
        try:
            perform(self.practice, name, by=self.stage.user(who), note="For a reason.", **needs)
        except Refusal:
            self.practice.refresh_from_db()
            return False
        return True

    @rule(who=st.sampled_from(("mce", "assessor", "coordinator")), title=st.sampled_from("AB"), old=st.booleans())
    def revise(self, who, title, old):
        read = self.read[0] if old else self.practice.digest
        self.move("revise", who, read=read, texts={**TEXTS, "title": title})
        self.read.append(self.practice.digest)

    @rule(who=st.sampled_from(("mce", "coordinator")), old=st.booleans())
    def consent(self, who, old):
        read = self.read[0] if old else self.practice.digest
        if self.move("consent", who, read=read):
            assert who == "coordinator"
            self.consented = read

    @rule(
        name=st.sampled_from(("ask", "publish", "publish", "refuse", "take_down", "withdraw")),
        who=st.sampled_from(("mce", "coordinator")),
    )
    def any_other(self, name, who):
        if self.move(name, who) and name == "withdraw":
            self.consented = ""

    @invariant()
    def what_is_public_is_what_the_hotline_consents_to(self):
        public = list(GoodPracticePage.public())
        assert len(public) == (self.practice.state == State.PUBLISHED)
        for page in public:
            shown = {name: getattr(page, name) for name in GoodPractice.TEXTS}
            assert shown == {name: getattr(self.practice, name) for name in GoodPractice.TEXTS}
            assert page.sha256 == self.practice.digest == self.consented


@pytest.mark.everywhere
def test_nothing_is_ever_public_without_the_present_consent_to_it():
    run_state_machine_as_test(Consenting, settings=walks(6, steps=14))
