"""The period in which an edition counted: from its first round to the day on which the last one was closed."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.accreditation.edition_periods import periods_of
from evaluation.models import Accreditation, Evaluation, Role, Round
from evaluation.workflow import perform
from standards.models import Edition
from standards.public_guide.contexts import EditionPeriod
from tests.bystander import new
from tests.factories import PublicationFactory, RoundFactory, person, released_edition
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]


def period(edition: Edition) -> EditionPeriod:
    return periods_of([edition])[edition.pk]


def test_an_edition_without_an_open_round_has_not_counted_yet() -> None:
    edition = released_edition()
    assert period(edition) == EditionPeriod()
    RoundFactory(edition=edition)
    assert period(edition) == EditionPeriod()


def test_an_edition_counts_from_its_first_round_on_for_as_long_as_one_is_open() -> None:
    edition = released_edition()
    RoundFactory(edition=edition, opens_on=date(2024, 2, 1), answers_until=date(2024, 4, 1), state="closed")
    RoundFactory(edition=edition, opens_on=date(2025, 2, 1), state="open")
    assert period(edition) == EditionPeriod(since=date(2024, 2, 1))


def test_an_edition_counted_until_the_day_on_which_its_last_round_was_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The date is that of the round's time zone: half past eleven at night in Brussels is the next day in Helsinki."""
    round_ = RoundFactory(opens_on=date(2024, 2, 1), state="open", time_zone="Europe/Helsinki")
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2024, 12, 10, 22, 30, tzinfo=UTC))
    perform(Round.objects.get(pk=round_.pk), "close", by=person(Role.MCE_COORDINATOR))
    assert period(round_.edition) == EditionPeriod(since=date(2024, 2, 1), until=date(2024, 12, 11))


def test_outcomes_by_an_edition_are_valid_as_long_as_an_accreditation_by_it_is_in_force() -> None:
    stage = Stage("decided")
    edition = stage.round.edition
    PublicationFactory(decision=stage.decision)
    assert period(edition).valid_until == stage.decision.valid_until
    new(Accreditation).update(state="withdrawn")
    assert period(edition).valid_until is None


def test_the_queries_do_not_grow_with_the_editions() -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            periods_of(new(Edition))
        return len(queries)

    RoundFactory(state="open")
    few = count()
    for number in range(3):
        first = released_edition()
        Edition.objects.create(code=f"e{number}", structure=first.structure, sha256=f"{number}" * 64)
    for edition in new(Edition):
        RoundFactory(edition=edition, state="closed")
    assert new(Evaluation).count() == 0
    assert count() == few == 4  # the editions, and three of the periods
