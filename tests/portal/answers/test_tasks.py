"""Where a user of the hotline continues: what was sent back, the next open indicator, and what each user has left."""

import pytest

from evaluation.discussions.assignments import assign
from evaluation.models import Evaluation, Membership, Role, User
from portal.answers.sharing import count_left, sharing_for
from portal.answers.tasks import lines_of_answers
from portal.home.what_next import most_urgent_first
from portal.tasks import Line
from tests.bystander import new
from tests.factories import HotlineFactory, evaluation_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of(HotlineFactory())


@pytest.fixture
def me(evaluation: Evaluation) -> User:
    return person(Role.CONTRIBUTOR, hotline=evaluation.hotline, name="Marek")


def acts(evaluation: Evaluation, user: User, *unanswered: str, sent_back: tuple[str, ...] = ()) -> list[Line]:
    left = [evaluation.framework.indicators[code] for code in unanswered]
    texts = evaluation.round.edition.texts("en")
    return lines_of_answers(evaluation, sharing_for(evaluation, user), left, sent_back, texts)


def test_ones_own_indicators_come_before_the_first_open_one(evaluation: Evaluation, me: User):
    (first,) = acts(evaluation, me, "1.1.2", "1.2.1")
    assert (first.what, first.url.split("/")[-2:]) == ("Go on with 1.1.2", ["1.1", "#i1.1.2"])
    assign(evaluation, ["1.2.1"], to=me, by=me)
    go_on, own = acts(evaluation, me, "1.1.2", "1.2.1")
    assert (go_on.what, own.what) == ("Go on with 1.2.1", "Yours: 1 indicator left")


def test_what_came_back_with_a_question_is_said_even_if_nothing_is_left(evaluation: Evaluation, me: User):
    (returned,) = acts(evaluation, me, sent_back=("3.2.1", "1.1.1", "of no indicator that is asked"))
    assert returned.what == "Look again at 2 answers that came back with a question"
    assert [standard.code for standard in returned.standards] == ["1.1", "3.2"]
    assert returned.url.endswith("/answers/1.1/#i1.1.1")
    go_on, back = acts(evaluation, me, "1.1.2", sent_back=("1.1.1",))[::-1]
    ordered = most_urgent_first([go_on, Line(what="of a kind that waits"), back])
    assert [act.what for act in ordered] == [back.what, go_on.what, "of a kind that waits"]
    assert [act.is_main for act in ordered] == [True, False, False]


def test_nobody_else_is_told_to_go_on(evaluation: Evaluation, me: User):
    assert acts(evaluation, person(Role.MCE_COORDINATOR), "1.1.2", sent_back=("1.1.1",)) == []
    assert acts(evaluation, me) == []


def test_each_has_a_number_and_only_ones_own_is_a_link(evaluation: Evaluation, me: User):
    colleague = person(Role.COORDINATOR, hotline=evaluation.hotline, name="Ilze")
    assign(evaluation, ["1.1.1", "1.1.2"], to=colleague, by=colleague)
    assign(evaluation, ["1.2.1"], to=me, by=me)
    sharing = sharing_for(evaluation, me)
    assert sharing is not None
    left = [evaluation.framework.indicators[code] for code in ("1.1.2", "1.2.1", "3.2.1", "9.1.2")]
    memberships = new(Membership).select_related("user").order_by("user__name")
    people, with_nobody = count_left(sharing, memberships, left)
    assert [(one.person.name, one.count, bool(one.url)) for one in people] == [("Ilze", 1, False), ("Marek", 1, True)]
    assert with_nobody == 2
