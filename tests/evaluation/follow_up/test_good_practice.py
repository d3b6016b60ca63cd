"""Good practice for the library: proposed, consented to, published, withdrawn; thanks and questions."""

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.follow_up.good_practice import (
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
from evaluation.guards.permissions import is_allowed
from evaluation.models import Finding, GoodPractice, PracticeConsent, Role
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
def here() -> Stage:
    return Stage.minimal("published")


@pytest.fixture
def other():
    return person(Role.CONTRIBUTOR, hotline=HotlineFactory())


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# --- Proposing -------------------------------------------------------------------------------------------------------


def finding_with_practice(here: Stage, **fields) -> Finding:
    write_answer(here.evaluation, "1.1.2", Finding, level=3, **({"words": "Seen.", "good_practice": True} | fields))
    return here.evaluation.findings.get(code="1.1.2")


def test_a_note_of_a_published_outcome_is_proposed_once(here: Stage):
    finding = finding_with_practice(here)
    assert list(proposable_findings(here.people.mce)) == [finding]
    practice = propose_practice(finding, title="Is there a deputy?", by=here.people.assessor)
    assert (practice.state, practice.text, practice.key) == ("proposed", "Seen.", "1.1.2")
    assert propose_practice(finding, title="Again", by=here.people.mce) == practice
    assert list(proposable_findings(here.people.mce)) == []


def test_the_text_begins_without_the_names_of_the_assessors(here: Stage):
    lead, assessor = here.people.lead, here.people.assessor
    words = f"{lead.name}: A rota.\nOn paper.\n\n{assessor.name}: A deputy.\n\nEleni: not of the team."
    practice = propose_practice(finding_with_practice(here, words=words), title="Deputies", by=here.people.mce)
    assert practice.text == "A rota.\nOn paper.\n\nA deputy.\n\nEleni: not of the team."


def test_only_the_team_and_mce_propose(here: Stage, other):
    finding = finding_with_practice(here)
    tied = here.people.lead
    StakeFactory(user=tied, hotline=here.hotline)
    for user in (here.coordinator, other, here.people.elsewhere, here.people.panel, tied):
        with pytest.raises(Refusal):
            propose_practice(finding, title="No", by=user)
    assert list(proposable_findings(here.people.elsewhere)) == []
    assert list(proposable_findings(here.people.assessor)) == [finding]
    assert list(proposable_findings(tied)) == []


def test_what_is_no_good_practice_or_not_published_is_not_proposed(here: Stage):
    for finding, by in (
        (finding_with_practice(here, good_practice=False), here.people.mce),
        (finding_with_practice(early := Stage.minimal("decided")), early.people.mce),
    ):
        with pytest.raises(Refusal) as refused:
            propose_practice(finding, title="No", by=by)
        assert codes(refused) == ["no_good_practice"]


# --- Consent ---------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_a_consent_keeps_the_text_that_was_read_and_is_frozen(here: Stage):
    practice = practice_of(here, State.CONSENTED)
    consent = practice.consents.get()
    assert (consent.content["text"], consent.sha256) == (practice.text, practice.digest)
    assert consent.step.words.by == here.coordinator
    assert_frozen(PracticeConsent)


def test_a_consent_is_to_the_text_that_was_read_and_no_other(here: Stage):
    practice = practice_of(here, State.ASKED)
    read = practice.digest
    perform(practice, "revise", by=here.people.mce, read=read, texts=TEXTS)
    perform(practice, "ask", by=here.people.mce)
    with pytest.raises(Refusal) as refused:
        perform(practice, "consent", by=here.coordinator, read=read)
    assert (codes(refused), practice.consents.count()) == (["text_changed"], 0)


def test_a_changed_text_needs_a_new_consent(here: Stage):
    practice = practice_of(here, State.CONSENTED)
    perform(practice, "revise", by=here.people.mce, read=practice.digest, texts=TEXTS)
    perform(practice, "ask", by=here.people.mce)
    GoodPractice.objects.filter(pk=practice.pk).update(state=State.CONSENTED)
    practice = GoodPractice.objects.get(pk=practice.pk)
    with pytest.raises(Refusal) as refused:
        perform(practice, "publish", by=here.people.mce)
    assert codes(refused) == ["text_changed"]


def test_only_a_coordinator_of_the_hotline_consents_and_withdraws(here: Stage, other):
    practice = practice_of(here, State.ASKED)
    contributor = person(Role.CONTRIBUTOR, hotline=here.hotline)
    elsewhere = person(Role.COORDINATOR, hotline=HotlineFactory())
    others = (here.people.mce, here.people.lead, contributor, other, elsewhere)
    for user in others:
        with pytest.raises(Refusal):
            perform(practice, "consent", by=user, read=practice.digest)
    perform(practice, "consent", by=here.coordinator, read=practice.digest)
    for user in others:
        with pytest.raises(Refusal) as refused:
            perform(practice, "withdraw", by=user)
        assert "wrong_state" not in codes(refused)
    assert not is_allowed("practice.view", other, practice)
    perform(practice, "withdraw", by=here.coordinator)


def test_two_people_who_write_at_once_lose_nothing(here: Stage):
    practice = practice_of(here)
    read = practice.digest
    perform(practice, "revise", by=here.people.mce, read=read, texts=TEXTS)
    with pytest.raises(Refusal) as refused:
        perform(practice, "revise", by=here.people.assessor, read=read, texts={**TEXTS, "title": "Mine"})
    assert (codes(refused), GoodPractice.objects.get().title) == (["text_changed"], "Two deputies")


def test_an_incomplete_text_is_not_asked_about(here: Stage):
    practice = propose_practice(finding_with_practice(here), title="Deputies", by=here.people.mce)
    with pytest.raises(Refusal) as refused:
        perform(practice, "ask", by=here.people.mce)
    assert codes(refused) == ["practice_incomplete"]


def test_who_follows_it_finds_it_in_any_state_and_others_only_once_it_is_published(here: Stage, other):
    practice = practice_of(here, State.ASKED)
    for user in (here.people.mce, here.people.assessor, here.coordinator):
        assert list(practices_of(user)) == [practice]
    StakeFactory(user=here.people.lead, hotline=here.hotline)
    for user in (other, here.people.elsewhere, here.people.panel, here.people.lead):
        assert list(practices_of(user)) == []
    assert [is_allowed("practice.view", user, practice) for user in (other, here.coordinator)] == [False, True]
    perform(practice, "consent", by=here.coordinator, read=practice.digest)
    perform(practice, "publish", by=here.people.mce)
    assert is_allowed("practice.view", other, practice)


# --- Thanks and questions --------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_thanks_count_once_a_person_and_can_be_taken_back(here: Stage, other):
    practice = practice_of(here, State.PUBLISHED)
    for _again in range(2):
        add_thanks(practice, by=other)
    add_thanks(practice, by=person(Role.COORDINATOR, hotline=HotlineFactory()))
    assert practice.thanks.count() == 2
    for _again in range(2):
        withdraw_thanks(practice, by=other)
    assert practice.thanks.count() == 1


def test_nobody_thanks_or_asks_themselves_or_about_what_is_not_published(here: Stage, other):
    practice = practice_of(here, State.PUBLISHED)
    for user in (here.coordinator, here.people.mce, here.people.assessor, person()):
        with pytest.raises(Refusal):
            add_thanks(practice, by=user)
        with pytest.raises(Refusal):
            ask_question(practice, "How?", by=user)
    perform(practice, "withdraw", by=here.coordinator)
    with pytest.raises(Refusal):
        add_thanks(practice, by=other)
    assert not practice.thanks.exists()


def test_a_question_is_asked_and_answered_once(here: Stage, other):
    practice = practice_of(here, State.PUBLISHED)
    question, is_new = ask_question(practice, "How many people? ", by=other)
    assert ask_question(practice, "How many people?", by=other) == (question, False)
    assert (is_new, list(waiting_questions({here.hotline.pk}))) == (True, [question])
    assert answer_question(question, "Two.", by=here.coordinator)
    assert answer_question(question, "Two.", by=here.coordinator)
    assert not answer_question(question, "Three.", by=here.coordinator)
    question.refresh_from_db()
    assert (question.answer, list(waiting_questions({here.hotline.pk}))) == ("Two.", [])
    with pytest.raises(Refusal):
        answer_question(question, "Five.", by=other)


def test_a_practice_that_is_not_public_any_more_has_no_question_to_answer(here: Stage, other):
    practice = practice_of(here, State.PUBLISHED)
    ask_question(practice, "How many?", by=other)
    perform(practice, "withdraw", by=here.coordinator)
    assert list(waiting_questions({here.hotline.pk})) == []


def test_a_hidden_question_is_read_by_its_author_the_hotline_and_mce(here: Stage, other):
    practice = practice_of(here, State.PUBLISHED)
    question, _new = ask_question(practice, "Who is Anna?", by=other)
    neighbour = person(Role.CONTRIBUTOR, hotline=HotlineFactory())
    with pytest.raises(Refusal):
        hide_question(question, is_hidden=True, by=neighbour)
    hide_question(question, is_hidden=True, by=here.coordinator)
    readers = (neighbour, other, here.coordinator, here.people.mce)
    assert [readable_questions(practice, user).count() for user in readers] == [0, 1, 1, 1]
    assert list(waiting_questions({here.hotline.pk})) == []
    hide_question(question, is_hidden=False, by=here.people.mce)
    assert readable_questions(practice, neighbour).count() == 1


# --- Random moves ----------------------------------------------------------------------------------------------------


class Consenting(RuleBasedStateMachine):
    """The state machine of one good practice, moved at random by everybody, with an old or the present text."""

    @initialize(state=st.sampled_from((State.ASKED, State.CONSENTED, State.PUBLISHED)))
    def begin(self, state):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.here = Stage.minimal("published")
        self.practice = practice_of(self.here, state)
        self.read = [self.practice.digest]
        self.consented = "" if state == State.ASKED else self.practice.digest

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def move(self, name: str, who: str, **needs) -> bool:
        try:
            perform(self.practice, name, by=self.here.user(who), note="For a reason.", **needs)
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
