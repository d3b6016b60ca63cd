"""A follow-up visit that ends during a move of its visit: one waits for the other, on both databases."""

import threading
from collections.abc import Callable
from functools import partial

import pytest

from evaluation.models import Step
from evaluation.visits import planning
from evaluation.workflow import perform
from tests.evaluation.workflow.racing import at_once
from tests.follow_ups import CODE, Followed

pytestmark = pytest.mark.django_db(transaction=True)


def end_during(
    monkeypatch: pytest.MonkeyPatch, followed: Followed, move: Callable[[], Step], does: str
) -> list[Step | Exception]:
    """End the follow-up while a move of the visit has locked the visit and is in the function `does` of `planning`."""
    moving, wrapped = threading.Event(), getattr(planning, does)

    def do_slowly(*args: object) -> None:
        moving.set()
        threading.Event().wait(0.2)  # the other move has been sent to the database
        wrapped(*args)

    def end() -> Step:
        moving.wait(10)
        return perform(followed.evaluation, "end_follow_up", by=followed.people.mce, note="Nothing is to be decided.")

    monkeypatch.setattr(planning, does, do_slowly)
    return at_once(move, end)


def test_the_findings_are_signed_off_while_the_follow_up_is_ended(monkeypatch: pytest.MonkeyPatch):
    followed = Followed(monkeypatch)
    followed.follow_up()
    followed.begin_visit(CODE)
    followed.record()
    for by in (followed.people.lead, followed.people.assessor):
        perform(followed.visit, "finish_recording", by=by)
    sign_off = partial(perform, followed.visit, "sign_off", by=followed.people.lead)
    results = end_during(monkeypatch, followed, sign_off, "sign_off_sheets")
    assert [type(result) for result in results] == [Step, Step], results
    assert (followed.evaluation.state, followed.visit.state) == ("published", "closed")


def test_the_visit_is_cancelled_while_the_follow_up_is_ended(monkeypatch: pytest.MonkeyPatch):
    followed = Followed(monkeypatch)
    followed.follow_up()
    followed.begin_visit(CODE)
    cancel = partial(perform, followed.visit, "cancel", by=followed.people.mce, note="Strike.")
    results = end_during(monkeypatch, followed, cancel, "_store_earlier_visit")
    assert [type(result) for result in results] == [Step, Step], results
    assert (followed.evaluation.state, followed.visit.state) == ("published", "cancelled")
