"""A follow-up visit of an accredited hotline: planned, limited, decided on, or ended without a decision."""

from datetime import date

import pytest

from tests.follow_ups import Followed

pytestmark = pytest.mark.django_db


def test_walk(monkeypatch):
    here = Followed(monkeypatch)
    here.follow_up()
    assert (here.evaluation.state, here.visit.state) == ("desk_review", "proposed")
    here.visit_again()
    assert here.evaluation.state == "decision"
    decision = here.decide("accredited")
    assert decision.kind == "follow_up"
    assert (decision.counts_from, decision.valid_until) == (date(2026, 3, 2), date(2029, 3, 2))
    here.publish()
    assert here.accreditation.state == "valid"
    here.follow_up(date(2027, 9, 1))
    here.begin_visit("9.1.2")
    here.record(level=0)
    here.finish()
    here.propose()
    here.end()
    assert here.evaluation.state == "published"
