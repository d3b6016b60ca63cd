"""Discussions of an indicator: who reads them, who is mentioned, what is stored, and at which stages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.answers.judgements import Closed, Conflict
from evaluation.discussions.discussions import (
    InvalidComment,
    add_comment,
    comments_of,
    delete_comment,
    edit_comment,
    find_discussion,
    find_open_mentions,
    find_summaries,
    note_read,
    readable_by,
    readers_of,
    reopen,
    resolve,
    sent_back_codes,
)
from evaluation.models import (
    Audience,
    Discussion,
    DiscussionComment,
    DiscussionCommentVersion,
    Evaluation,
    Mention,
    Role,
    User,
)
from evaluation.models.people.permissions import is_allowed
from evaluation.rounds.planning import has_begun
from tests.bystander import new
from tests.evaluation.models.people.relations import create_users_by_relation
from tests.factories import MembershipFactory, StakeFactory, end_roles, evaluation_of, person, visit_of

pytestmark = pytest.mark.django_db

State = Evaluation.State
OWN, REVIEW = Audience.HOTLINE, Audience.REVIEW


class Talk:
    """A hotline in self-assessment with two people, MCE and an assessor."""

    def __init__(self, state: str = State.SELF_ASSESSMENT) -> None:
        self.evaluation = evaluation_of(state=state)
        self.ana = person(Role.CONTRIBUTOR, hotline=self.evaluation.hotline, name="Ana")
        self.marek = person(Role.COORDINATOR, hotline=self.evaluation.hotline, name="Marek")
        self.mce = person(Role.MCE_COORDINATOR, name="Anouk")
        self.lead = person(Role.ASSESSOR, name="Rūta")
        visit_of(self.evaluation, lead=self.lead)

    def reach(self, state: str) -> None:
        Evaluation.objects.filter(pk=self.evaluation.pk).update(state=state)
        self.evaluation = Evaluation.objects.get(pk=self.evaluation.pk)

    def say(self, words: str = "Is this so?", audience: str = OWN, by: User | None = None, asks: tuple = (), **how):
        uids = [one.uid for one in asks]
        by = by or self.ana
        return add_comment(self.evaluation, "1.1.1", audience, words=words, mentioned=uids, by=by, **how)

    def found(self, audience: str = OWN) -> Discussion:
        return find_discussion(self.evaluation, "1.1.1", audience)


@pytest.fixture
def talk() -> Talk:
    return Talk()


# --- Who reads -------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
@pytest.mark.parametrize("audience", Audience)
def test_readers_and_lists_are_the_same_as_asking_of_each(audience: str):
    scene = create_users_by_relation()
    users = {name: user for name, user in scene.people.items() if user.pk}
    users["MCE with a stake"] = person(Role.MCE_COORDINATOR)
    StakeFactory(user=users["MCE with a stake"], hotline=scene.evaluation.hotline)
    users["MCE who worked there"] = person(Role.MCE_COORDINATOR)
    left = timezone.localdate() - timedelta(days=1)
    MembershipFactory(
        user=users["MCE who worked there"], role=Role.CONTRIBUTOR, hotline=scene.evaluation.hotline, until=left
    )
    users["gone"] = person(Role.CONTRIBUTOR, hotline=scene.evaluation.hotline, is_active=False)
    for evaluation in new(Evaluation):
        discussion = Discussion.objects.create(evaluation=evaluation, code="1.1.1", audience=audience)
        may = {name for name, user in users.items() if is_allowed(f"discussion.{audience}", user, discussion)}
        readers = set(readers_of(evaluation, audience))
        assert {name for name, user in users.items() if user in readers} == may
        listed = {name for name, user in users.items() if discussion in readable_by(user)}
        assert listed == may


def test_the_two_discussions_are_never_mixed(talk: Talk):
    talk.say("Between us.")
    talk.reach(State.DESK_REVIEW)
    talk.say("To you.", REVIEW, talk.mce)
    assert [comment.words for comment in comments_of(talk.found(OWN))] == ["Between us."]
    assert [comment.words for comment in comments_of(talk.found(REVIEW))] == ["To you."]
    seen = {one.name: find_summaries(talk.evaluation, one, ["1.1.1"]) for one in (talk.ana, talk.mce)}
    assert [summary.audience for summary in seen["Ana"]["1.1.1"]] == [OWN, REVIEW]
    assert [summary.audience for summary in seen["Anouk"]["1.1.1"]] == [REVIEW]


@pytest.mark.parametrize(
    ("state", "opens"),
    [(State.SELF_ASSESSMENT, [OWN]), (State.RESPONSE, [REVIEW]), (State.DECISION, []), (State.EXCUSED, [])],
)
def test_the_stage_says_which_discussion_takes_comments(talk: Talk, state: str, opens: list[str]):
    talk.reach(state)
    assert [audience for audience in Audience if not isinstance(talk.say(audience=audience), Closed)] == opens


def test_what_is_discussed_with_the_reviewers_goes_on_while_it_is_sent_back(talk: Talk):
    talk.reach(State.DESK_REVIEW)
    talk.say("Which document?", REVIEW, talk.mce)
    talk.reach(State.SELF_ASSESSMENT)
    assert talk.say("This one.", REVIEW).comment.words == "This one."
    assert sent_back_codes(talk.evaluation) == {"1.1.1"}
    resolve(talk.found(REVIEW), by=talk.mce)
    assert sent_back_codes(talk.evaluation) == set()
    reopen(talk.found(REVIEW), by=talk.mce)
    for comment in comments_of(talk.found(REVIEW)):
        delete_comment(comment, by=comment.by)
    assert sent_back_codes(talk.evaluation) == set()


def test_a_stranger_and_a_tied_assessor_say_nothing(talk: Talk):
    talk.reach(State.DESK_REVIEW)
    StakeFactory(user=talk.lead, hotline=talk.evaluation.hotline)
    assert [talk.say(audience=REVIEW, by=one) for one in (person(), talk.lead)] == [Closed(), Closed()]
    assert talk.say(by=talk.mce) == Closed()


# --- Comments --------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_a_comment_is_edited_and_deleted_by_its_author_and_every_version_is_kept(talk: Talk):
    comment = talk.say("First.").comment
    assert edit_comment(comment, words="Second.", version=1, by=talk.ana).comment.is_edited
    assert edit_comment(comment, words="Mine.", version=2, by=talk.marek) == Closed()
    assert not delete_comment(comment, by=talk.marek)
    assert delete_comment(comment, by=talk.ana)
    comment.refresh_from_db()
    assert (comment.is_deleted, comment.words, comment.is_edited) == (True, "", False)
    assert list(comment.versions.values_list("version", "words")) == [(3, ""), (2, "Second."), (1, "First.")]
    assert edit_comment(comment, words="Again.", version=3, by=talk.ana) == Closed()


def test_two_edits_of_one_comment_conflict(talk: Talk):
    comment = talk.say("First.").comment
    edit_comment(comment, words="From the phone.", version=1, by=talk.ana)
    result = edit_comment(comment, words="From the desk.", version=1, by=talk.ana)
    assert isinstance(result, Conflict)
    assert result.theirs.words == "From the phone."
    assert edit_comment(comment, words="From the phone.", version=1, by=talk.ana).comment.version == 2


@pytest.mark.everywhere
def test_a_repeated_request_is_saved_once(talk: Talk):
    uid = uuid4()
    first, again = talk.say(save_uid=uid, asks=(talk.marek,)), talk.say(save_uid=uid, asks=(talk.marek,))
    assert (first.comment, first.asked, again.asked) == (again.comment, (talk.marek,), ())
    edited = uuid4()
    for _ in range(2):
        edit_comment(first.comment, words="Better.", version=1, by=talk.ana, save_uid=edited)
    assert DiscussionCommentVersion.objects.count() == 2
    assert talk.say(save_uid=uid, by=talk.marek).comment != first.comment


@pytest.mark.everywhere
def test_the_history_of_a_comment_is_frozen(talk: Talk):
    talk.say()
    for change in (lambda rows: rows.update(words="Other."), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="the history of a comment is frozen"), transaction.atomic():
            change(DiscussionCommentVersion.objects.all())


def test_a_comment_has_words(talk: Talk):
    with pytest.raises(InvalidComment, match="no_words"):
        talk.say("  \n ")
    assert new(DiscussionComment).count() == 0


def test_a_hotline_that_has_discussed_has_begun(talk: Talk):
    talk.evaluation.visit.delete()
    assert not has_begun(talk.evaluation)
    talk.say()
    assert has_begun(talk.evaluation)


# --- Mentions --------------------------------------------------------------------------------------------------------


def test_somebody_who_may_not_read_it_cannot_be_asked(talk: Talk):
    with pytest.raises(InvalidComment, match="no_reader"):
        talk.say(asks=(talk.mce,))
    assert Mention.objects.count() == new(DiscussionComment).count() == 0


def test_a_comment_asks_until_it_is_answered_read_resolved_or_deleted(talk: Talk):
    ends = {
        "answered": lambda comment: talk.say("Yes.", by=talk.marek),
        "read": lambda comment: note_read(comment.discussion, talk.marek),
        "resolved": lambda comment: resolve(comment.discussion, by=talk.ana),
        "deleted": lambda comment: delete_comment(comment, by=talk.ana),
        "not asked any more": lambda comment: edit_comment(comment, words=comment.words, version=1, by=talk.ana),
    }
    for end in ends.values():
        comment = talk.say(asks=(talk.marek, talk.ana)).comment
        assert [mention.comment for mention in find_open_mentions(talk.marek)] == [comment]
        assert find_open_mentions(talk.ana) == []  # nobody mentions themselves
        end(comment)
        assert find_open_mentions(talk.marek) == []


def test_who_left_is_asked_no_more(talk: Talk):
    talk.say(asks=(talk.marek,))
    end_roles(talk.marek)
    assert find_open_mentions(User.objects.get(pk=talk.marek.pk)) == []


def test_an_edit_asks_only_the_new_ones_for_the_first_time(talk: Talk):
    zofia = person(Role.CONTRIBUTOR, hotline=talk.evaluation.hotline, name="Zofia")
    comment = talk.say(asks=(talk.marek,)).comment
    both = [talk.marek.uid, zofia.uid]
    assert edit_comment(comment, words="Better.", mentioned=both, version=1, by=talk.ana).asked == (zofia,)
    assert {mention.person for mention in comment.mentions.all()} == {talk.marek, zofia}


def test_who_is_asked_again_after_the_question_was_taken_back_is_not_asked_for_the_first_time(talk: Talk):
    comment = talk.say(asks=(talk.marek,)).comment

    def ask(*people: User) -> tuple[User, ...]:
        uids = [one.uid for one in people]
        return edit_comment(comment, words=comment.words, mentioned=uids, version=1, by=talk.ana).asked

    assert (ask(), find_open_mentions(talk.marek)) == ((), [])
    assert (ask(talk.marek), len(find_open_mentions(talk.marek))) == ((), 1)
    [summary] = find_summaries(talk.evaluation, talk.marek, ["1.1.1"])["1.1.1"]
    assert summary.asking == 1
    note_read(comment.discussion, talk.marek)
    assert (ask(), ask(talk.marek), find_open_mentions(talk.marek)) == ((), (), [])
    ask()
    [summary] = find_summaries(talk.evaluation, talk.marek, ["1.1.1"])["1.1.1"]
    assert summary.asking == 0
    end_roles(talk.marek)
    with pytest.raises(InvalidComment, match="no_reader"):
        ask(talk.marek)


def test_resolved_is_reopened_by_hand_and_by_a_new_comment(talk: Talk):
    discussion = talk.say().comment.discussion
    states = []
    for act in (resolve, reopen, resolve):
        act(discussion, by=talk.marek)
        states.append(talk.found().is_resolved)
    talk.say("One thing more.")
    assert [*states, talk.found().is_resolved] == [True, False, True, False]
    assert not resolve(discussion, by=talk.mce)
    assert not resolve(find_discussion(talk.evaluation, "1.1.2", OWN), by=talk.ana)


def test_the_queries_do_not_grow_with_comments_indicators_and_people(talk: Talk):
    codes = list(talk.evaluation.framework.indicators)

    def asked() -> list[int]:
        counted = []
        for read in (
            lambda: find_summaries(talk.evaluation, talk.marek, codes),
            lambda: comments_of(talk.found()),
            lambda: readers_of(talk.evaluation, REVIEW),
            lambda: find_open_mentions(talk.marek),
        ):
            with CaptureQueriesContext(connection) as queries:
                read()
            counted.append(len(queries))
        return counted

    talk.say(asks=(talk.marek,))
    assert is_allowed("discussion.review", talk.marek, talk.evaluation)
    before = asked()
    for number in range(5):
        other = person(Role.CONTRIBUTOR, hotline=talk.evaluation.hotline, name=f"P{number}")
        talk.say(asks=(talk.marek, other))
        add_comment(talk.evaluation, codes[number], OWN, words="Also.", mentioned=[talk.marek.uid], by=other)
    assert asked() == before
