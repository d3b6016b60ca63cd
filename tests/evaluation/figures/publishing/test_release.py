"""MCE publishes a year of the network as reviewed; a release is never changed."""

import json
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from evaluation.figures.publishing.release import draft_release, find_release, public_years, publish
from evaluation.figures.publishing.year_data import from_text
from evaluation.models import NetworkRelease, NetworkYear, StatisticsImport, Step
from evaluation.models.people.roles import Role
from evaluation.models.reasons import Reason
from evaluation.workflow import LACKS_RIGHT, Refusal, perform, verify_chain
from standards.framework import digest
from tests.evaluation.figures.accepted_years import accepted, coordinator_of_mce, correct, release, three
from tests.evaluation.workflow.racing import at_once
from tests.factories import person

pytestmark = pytest.mark.django_db


def calls_in(one: NetworkRelease) -> int | None:
    tables = {table.code: table for table in from_text(one.document).tables}
    return tables["calls"].cells["received", "calls"].value


def reasons_now() -> tuple[Reason, ...]:
    return draft_release(2025, invented=False).reasons


def test_what_is_accepted_is_not_public_before_it_is_released():
    three()
    assert public_years(invented=False) == []
    assert find_release(2025, invented=False) is None
    first = release()
    assert public_years(invented=False) == [2025]
    assert (find_release(2025, invented=False), calls_in(first)) == (first, 1200)


def test_a_release_says_what_it_was_made_of_and_the_log_who_made_it():
    three()
    mce = coordinator_of_mce()
    first = release(by=mce)
    assert (digest(first.document), digest(first.basis)) == (first.sha256, first.basis_sha256)
    assert [one["hotline"] for one in json.loads(first.basis)] == ["116000-BE", "116000-LU", "116000-NL"]
    steps = Step.objects.filter(kind="network_year", uid=first.network_year.uid)
    assert [(step.move, step.target, step.words.by) for step in steps] == [("publish", "public", mce)]
    assert verify_chain(steps) == []


@pytest.mark.everywhere
def test_the_database_keeps_a_release_as_it_is():
    three()
    first = release()
    for act in (
        lambda: NetworkRelease.objects.filter(pk=first.pk).update(document="{}"),
        lambda: NetworkRelease.objects.filter(pk=first.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="a released year of the network is frozen"), transaction.atomic():
            act()


def test_a_file_that_is_taken_back_changes_nothing_that_is_public():
    hotlines = three("BE FR LU NL")
    release()
    StatisticsImport.objects.filter(hotline=hotlines[0]).update(state="withdrawn")
    assert calls_in(find_release(2025, invented=False)) == 1600
    assert reasons_now() == (Reason("too_few_changed", have=1, need=3),)


def test_what_one_or_two_hotlines_brought_waits_for_a_third():
    three()
    release()
    assert reasons_now() == (Reason("nothing_new"),)
    accepted("FR")
    accepted("IT")
    assert reasons_now() == (Reason("too_few_changed", have=2, need=3),)
    accepted("PT")
    assert reasons_now() == ()
    assert calls_in(release()) == 2400


def test_a_correction_of_one_hotline_makes_a_new_release():
    hotlines = three()
    release()
    correct(hotlines[0], calls=460, criminal=2)
    second = release()
    assert (second.number, calls_in(second)) == (2, 1260)


def test_a_table_that_may_not_be_made_anew_stands_as_it_was_beside_one_that_may():
    """All three correct their calls, and a fourth adds its cases: only the calls are published anew."""
    hotlines = three()
    release()
    for hotline in hotlines:
        correct(hotline, calls=500, criminal=2)
    fourth = accepted("FR")
    fourth.statistics.get().figures.filter(item__in=["A03", "A04", "A05", "A06"]).delete()
    published = from_text(release().document)
    assert {table.code: table.release for table in published.tables} == {"calls": 2, "categories": 2}
    correct(hotlines[0], calls=550, criminal=2)
    StatisticsImport.objects.filter(hotline=fourth, state="accepted").update(state="withdrawn")
    published = from_text(release().document)
    assert {table.code: table.release for table in published.tables} == {"calls": 3, "categories": 2}


def test_fewer_than_three_hotlines_are_no_release():
    three("BE NL")
    assert reasons_now() == (Reason("too_few_hotlines", have=2, need=3),)
    with pytest.raises(Refusal):
        release()
    assert not NetworkYear.objects.exists()


def test_what_was_not_looked_at_is_not_released():
    three()
    seen = draft_release(2025, invented=False).sha256
    accepted("FR")
    with pytest.raises(Refusal) as refused:
        publish(2025, invented=False, sha256=seen, by=coordinator_of_mce())
    assert refused.value.reasons == (Reason("changed_meanwhile"),)
    assert not NetworkRelease.objects.exists()


def test_the_move_alone_releases_the_draft_of_its_year_and_no_other():
    three()
    mce, draft = coordinator_of_mce(), draft_release(2025, invented=False)
    made = {"by": mce, "draft": draft, "sha256": draft.sha256}
    for wrong in (NetworkYear(year=2024), NetworkYear(year=2025, is_invented=True)):
        wrong.save()
        with pytest.raises(Refusal, match="changed_meanwhile"):
            perform(wrong, "publish", **made)
    year = NetworkYear.objects.create(year=2025)
    with pytest.raises(TypeError, match="draft"):
        perform(year, "publish", by=mce)
    perform(year, "publish", **made)
    assert NetworkRelease.objects.get().sha256 == draft.sha256
    with pytest.raises(Refusal, match="changed_meanwhile"):  # created before the present release
        perform(year, "publish", **made)


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.PANEL_MEMBER, Role.GUIDE_EDITOR])
def test_only_mce_makes_a_year_public(role: Role):
    three()
    with pytest.raises(Refusal) as refused:
        release(by=person(role))
    assert refused.value.reasons[0].code in LACKS_RIGHT


def test_a_year_is_taken_from_the_site_and_its_releases_still_count_as_known():
    three()
    first = release()
    perform(first.network_year, "retract", by=coordinator_of_mce(), note="A hotline counted twice.")
    assert public_years(invented=False) == []
    assert find_release(2025, invented=False) is None
    assert reasons_now() == (Reason("nothing_new"),)
    accepted("FR")
    assert reasons_now() == (Reason("too_few_changed", have=1, need=3),)
    three("IT PT")
    assert release().number == 2
    assert public_years(invented=False) == [2025]
    assert find_release(2025, invented=False, number=1) == first


def test_invented_and_real_years_are_two():
    three()
    release()
    assert public_years(invented=True) == []


@pytest.mark.django_db(transaction=True)
def test_two_press_the_button_and_one_release_is_made():
    three()
    seen, by = draft_release(2025, invented=False).sha256, [coordinator_of_mce(), coordinator_of_mce()]
    results = at_once(*(partial(publish, 2025, invented=False, sha256=seen, by=one) for one in by))
    assert sorted(type(result).__name__ for result in results) == ["Refusal", "Step"], results
    assert NetworkRelease.objects.count() == 1
    assert [step.move for step in Step.objects.filter(kind="network_year")] == ["publish"]
