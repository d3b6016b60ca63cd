"""What prevents a hotline from submitting: for each of its people, by standard, and who submits."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import Evaluation, Membership, Role
from portal.answers.submission_status import SubmissionStatus, find_submission_status
from tests.bystander import new
from tests.factories import (
    GOOD_FIGURES,
    HotlineFactory,
    confirmed_figures,
    evaluation_of,
    person,
    released_edition,
    write_all_answers,
)
from tests.portal.test_queries import BIGGER
from tests.small_edition import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of(HotlineFactory(), round__edition=released_edition(SMALL))


def seen_by(evaluation: Evaluation, role: Role, **details: str) -> SubmissionStatus | None:
    user = person(role, hotline=evaluation.hotline, **details)
    people = new(Membership).today().filter(hotline=evaluation.hotline).select_related("user")
    return find_submission_status(new(Evaluation).get(), user, people, evaluation.round.edition.texts("en"))


def test_each_indicator_is_linked_to_its_place_under_the_title_of_its_standard(evaluation: Evaluation):
    found = seen_by(evaluation, Role.COORDINATOR)
    assert found is not None
    unanswered, figures = found.reasons
    assert (figures.codes, found.blocking, found.needs_reason) == (("3.1.1",), (unanswered,), True)
    asked = [i.code for i in SMALL.indicators.values() if i.is_scored and not i.from_figures]
    places = [place for standard in unanswered.standards for place in standard.places]
    assert [code for code, _url in places] == asked
    assert unanswered.count == len(asked)
    first = unanswered.standards[0]
    assert (first.code, str(first.title)) == ("1.1", str(evaluation.round.edition.texts("en")["standard/1.1/title"]))
    assert all(url.endswith(f"/answers/{SMALL.standard_of[code].code}/#i{code}") for code, url in places)
    assert unanswered.url == places[0][1]


def test_a_contributor_sees_the_same_and_who_submits(evaluation: Evaluation):
    alone = seen_by(evaluation, Role.CONTRIBUTOR)
    coordinator = seen_by(evaluation, Role.COORDINATOR, name="Ilze Kalniņa")
    contributor = seen_by(evaluation, Role.CONTRIBUTOR)
    assert alone
    assert coordinator
    assert contributor
    assert contributor.reasons == coordinator.reasons != ()
    assert (alone.submitters, contributor.submitters, coordinator.submitters) == ((), ("Ilze Kalniņa",), ())
    assert (contributor.may_submit, coordinator.may_submit) == (False, True)


def test_nothing_stands_there_for_others_and_once_it_is_complete_or_submitted(evaluation: Evaluation):
    assert seen_by(evaluation, Role.MCE_COORDINATOR) is None
    write_all_answers(evaluation, level=1)
    found = seen_by(evaluation, Role.CONTRIBUTOR)
    assert found is not None
    assert (found.blocking, found.needs_reason) == ((), True)
    confirmed_figures(evaluation.hotline, GOOD_FIGURES)
    complete = seen_by(evaluation, Role.CONTRIBUTOR)
    assert complete is not None
    assert (complete.reasons, complete.needs_reason) == ((), False)
    new(Evaluation).update(state=Evaluation.State.DESK_REVIEW)
    assert seen_by(evaluation, Role.COORDINATOR) is None


def test_it_asks_no_more_for_thirty_indicators_more():
    asked = []
    for framework in (SMALL, BIGGER):
        evaluation = evaluation_of(HotlineFactory(), round__edition=released_edition(framework))
        user = person(Role.COORDINATOR, hotline=evaluation.hotline)
        texts = evaluation.round.edition.texts("en")
        with CaptureQueriesContext(connection) as queries:
            assert find_submission_status(evaluation, user, [], texts)
        asked.append(len(queries))
    assert asked[0] == asked[1]
