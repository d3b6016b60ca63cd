"""The assessors as an assignment sees them: what they stated, and what is known of them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from evaluation.models import Absence, AssessorProfile, Membership, Role, Stake
from evaluation.visits.assessors import primary_languages, read_assessors
from evaluation.visits.assignment import Assessor, Period
from tests.factories import HotlineFactory, RoundFactory, evaluation_of, person, visit_of

pytestmark = pytest.mark.django_db


def read(round_, *hotlines) -> dict[str, Assessor]:
    return {user.name: assessor for user, assessor in read_assessors(round_, hotlines)}


def test_who_said_nothing_has_the_language_of_the_account_and_two_visits():
    person(Role.ASSESSOR, name="New", country="XS", language="pl")
    person(Role.ASSESSOR, name="Gone", is_active=False)
    person(Role.PANEL_MEMBER, name="Judge")
    found = read(RoundFactory())
    assert list(found) == ["New"]
    new = found["New"]
    assert (new.country, new.languages, new.domains, new.can_lead, new.most_visits) == ("XS", {"pl"}, set(), True, 2)
    assert (new.visits, new.is_experienced, new.absences, new.busy) == (0, False, (), ())


def test_what_an_assessor_said_counts_and_absences_that_are_over_do_not():
    user = person(Role.ASSESSOR, name="Anna")
    AssessorProfile.objects.create(
        user=user, languages=["fr-BE", "nl"], domains=["care"], can_lead=False, most_visits=5
    )
    today = timezone.localdate()
    Absence.objects.create(user=user, starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    Absence.objects.create(user=user, starts_on=today, ends_on=today + timedelta(days=3))
    anna = read(RoundFactory())["Anna"]
    assert (anna.languages, anna.domains, anna.can_lead, anna.most_visits) == ({"fr", "nl"}, {"care"}, False, 5)
    assert anna.absences == (Period(today, today + timedelta(days=3)),)
    assert primary_languages(["PT-br", "en"]) == {"pt", "en"}


def test_ties_last_visits_and_visits_of_the_round_are_known():
    hotline, other = HotlineFactory(country="XA"), HotlineFactory(country="XB")
    anna, bert, carl = (person(Role.ASSESSOR, name=name) for name in ("Anna", "Bert", "Carl"))
    Stake.objects.create(user=anna, hotline=other, reason="My sister works there.")
    Membership.objects.create(
        user=bert, role=Role.CONTRIBUTOR, hotline=other, until=date(2021, 1, 1), since=date(2020, 1, 1)
    )
    long_ago, before, now = RoundFactory(), RoundFactory(), RoundFactory()
    day = timezone.localdate()
    past = {"starts_on": day - timedelta(days=400), "ends_on": day - timedelta(days=399)}
    visit_of(
        evaluation_of(hotline, round=long_ago, state="published"),
        lead=carl,
        starts_on=date(2020, 5, 4),
        ends_on=date(2020, 5, 5),
    )
    visit_of(evaluation_of(hotline, round=before, state="published"), lead=anna, members=[bert], **past)
    ahead = {"starts_on": day + timedelta(days=10), "ends_on": day + timedelta(days=11)}
    visit_of(evaluation_of(other, round=now), lead=carl, **ahead)
    visit_of(evaluation_of(HotlineFactory(), round=now, state="excused"), lead=carl, **ahead)
    visit_of(evaluation_of(round=now), lead=carl, state="cancelled", **ahead)
    visit_of(evaluation_of(round=now), lead=bert, state="proposed", **ahead)
    found = read(now, hotline, other)
    assert {name: one.tied for name, one in found.items()} == {"Anna": {"XB"}, "Bert": {"XB"}, "Carl": set()}
    assert {name: one.last_visited for name, one in found.items()} == {"Anna": {"XA"}, "Bert": {"XA"}, "Carl": set()}
    assert {name: one.visits for name, one in found.items()} == {"Anna": 0, "Bert": 1, "Carl": 1}
    assert all(one.is_experienced for one in found.values())
    assert found["Carl"].busy == (Period(ahead["starts_on"], ahead["ends_on"]),)
    assert found["Bert"].busy == (), "its days are not agreed on any more"


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    round_, hotline = RoundFactory(), HotlineFactory(country="XA")
    people = [person(Role.ASSESSOR) for _number in range(5)]
    for user in people:
        Stake.objects.create(user=user, hotline=hotline, reason="Advised it.")
        AssessorProfile.objects.create(user=user)
    visit_of(evaluation_of(hotline, round=RoundFactory()), lead=people[0], members=people[1:])
    with django_assert_num_queries(6):
        read_assessors(round_, [hotline])
