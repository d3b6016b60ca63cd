"""A follow-up visit of an accredited hotline: what hotline, team, MCE and the public read from first to last day."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from evaluation.models import Finding, User
from evaluation.recommendations.progress import set_owner
from evaluation.workflow import perform
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import IssueFactory
from tests.follow_ups import CODE, OCCASION, Followed
from tests.publishing import publish_on_page

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 1)
STANDS = "Follow-up visit: the accreditation stays in force until 2 March 2027"


class Reader:
    """The pages that each user reads during a follow-up visit."""

    def __init__(self, followed: Followed, sign_in: Callable[[Client, User], Client]) -> None:
        self.followed, self.sign_in = followed, sign_in

    def read(self, view: str, *args: object, by: User | None = None, status: int = 200) -> str:
        client = self.sign_in(Client(), by) if by else Client()
        answer = client.get(reverse(view, args=args))
        assert answer.status_code == status, (view, answer.status_code)
        return " ".join(answer.content.decode().split())

    def move(self, name: str, by: User, note: str = "") -> None:
        uid = self.followed.evaluation.uid
        address = reverse("workspace:move", args=[uid, name])
        assert self.sign_in(Client(), by).post(address, {"note": note}).status_code == 302

    def home(self, by: User) -> str:
        return self.read("workspace:evaluation", self.followed.evaluation.uid, by=by)

    def public_says(self, label: str) -> None:
        """Assert that register and hotline's public page show this status, and not that it is being evaluated."""
        for text in (self.read("pages:register"), self.read("pages:hotline", "XA")):
            assert label in text
            assert "We looked again." not in text
        assert "Being evaluated</" not in self.read("pages:hotline", "XA")

    def hotline_reads_what_was_decided(self) -> None:
        uid, by = self.followed.evaluation.uid, self.followed.coordinator
        assert STANDS in self.home(by)
        assert f"“{escape(OCCASION)}”" in self.home(by)
        for view in ("report", "plan", "recommendations"):
            self.read(f"workspace:{view}", uid, by=by)
        scorecard = self.read("workspace:scorecard", uid, by=by)
        assert "This scorecard and the decision below stand until there is another decision." in scorecard
        assert "We looked again." not in self.read("workspace:why", uid, CODE, by=by)
        assert reverse("workspace:report", args=[uid]) in scorecard


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, sign_in: Callable[[Client, User], Client]) -> Reader:
    followed = Followed(monkeypatch, for_pages=True)
    followed.go_to(ON)
    return Reader(followed, sign_in)


@pytest.mark.long
def test_a_condition_is_seen_to_be_met_and_the_accreditation_becomes_a_full_one(reader: Reader):
    followed = reader.followed
    mce, coordinator, lead = followed.people.mce, followed.coordinator, followed.people.lead
    uid = followed.evaluation.uid
    reader.public_says("conditional")
    assert "Plan a follow-up visit for a condition" in reader.read("workspace:plan", uid, by=mce)
    assert "Plan a follow-up visit" not in reader.read("workspace:plan", uid, by=coordinator)

    # It is planned: the hotline and the team get letters, and the accreditation stays in force.
    new(Letter).all().delete()
    reader.move("follow_up", mce, OCCASION)
    notified = set(
        Letter.objects.filter(subject__contains="a follow-up visit is planned").values_list("to_user", flat=True)
    )
    assert notified == {person.pk for person in (coordinator, followed.stage.contributor, *followed.people.team)}
    reader.hotline_reads_what_was_decided()
    assert "Follow-up visits to prepare" in reader.read("workspace:home", by=mce)
    assert "Submitted self-assessments" not in reader.read("workspace:home", by=mce)
    assert "follow-up visit</" in reader.read("workspace:board", followed.evaluation.round.uid, by=mce)
    reader.public_says("conditional")

    # The visit, limited to the condition: the hotline works on, and reads no finding.
    followed.begin_visit(CODE)
    assert f"The visit is about {CODE}." in reader.home(lead)
    followed.record(level=3)
    followed.finish()
    reader.hotline_reads_what_was_decided()
    assert "as things stand, not kept" in reader.read("workspace:scorecard", uid, by=lead)
    recommendation = followed.evaluation.recommendations.in_the_plan().get()
    set_owner(recommendation, owner="Ana", by=coordinator)
    perform(recommendation, "accept", by=coordinator)
    reader.read("workspace:recommendation", recommendation.uid, by=coordinator)
    reader.public_says("conditional")

    # The draft, the response, the panel.
    followed.propose()
    assert "We looked again." in reader.read("workspace:response", uid, by=coordinator)
    assert STANDS in reader.home(coordinator)
    followed.respond()
    reader.public_says("conditional")
    assert "decision after a follow-up visit" not in reader.read("workspace:scorecard", uid, by=coordinator)
    decision = followed.decide("accredited")
    reader.public_says("conditional")
    assert reverse("workspace:accreditation", args=[followed.accreditation.uid]) in reader.home(coordinator)

    # It is public: the register, the page and the history show it; the earlier accreditation is replaced.
    IssueFactory(decision=decision, number=9, extent="whole")
    publish_on_page(reader.sign_in(Client(), mce), followed.evaluation, "whole")
    reader.public_says("accredited")
    assert (decision.valid_until, followed.accreditation.state) == (date(2029, 3, 2), "valid")
    page = reader.read("workspace:accreditation", followed.accreditation.uid, by=coordinator)
    assert "decision after a follow-up visit" in page
    assert "decision after a follow-up visit" in reader.read("workspace:status", "XA", by=mce)
    reader.read("pages:result", "XA", decision.uid)
    reader.read("pages:result", "XA", followed.first.uid, status=404)


@pytest.mark.long
def test_a_visit_at_the_midterm_check_finds_nothing_to_decide(monkeypatch, sign_in):
    followed = Followed(monkeypatch, "accredited", for_pages=True)
    reader = Reader(followed, sign_in)
    mce, coordinator = followed.people.mce, followed.coordinator
    followed.go_to(date(2027, 11, 2))
    page = reader.read("workspace:accreditation", followed.accreditation.uid, by=mce)
    assert "Plan a follow-up visit for it" in page
    reader.move("follow_up", mce, "The mid-term check.")
    page = reader.read("workspace:accreditation", followed.accreditation.uid, by=coordinator)
    assert ("under way; the accreditation stays as it is meanwhile" in page, "Plan a follow-up" in page) == (
        True,
        False,
    )
    followed.begin_visit()
    followed.record(level=0)
    followed.finish()
    perform(followed.accreditation, "check_midterm", by=mce, note="The nights are manned.")
    new(Letter).all().delete()
    reader.move("end_follow_up", mce, "The nights are manned.")
    letters = Letter.objects.filter(subject__contains="the follow-up is over")
    assert letters.count() == 2 + len(followed.visit.team.all())
    assert (followed.evaluation.state, new(Finding).get(code=CODE).level) == ("published", 3)
    reader.public_says("accredited")
    home = reader.home(coordinator)
    assert ("Follow-up ended without a new decision" in home, "stays in force" in home) == (True, False)
    assert "Plan a follow-up visit" in reader.home(mce)


def test_what_stands_in_the_way_of_one_is_said_with_the_day_on_which_it_can_be_planned(reader: Reader):
    followed = reader.followed
    mce = followed.people.mce
    followed.go_to(followed.first.last_day_to_appeal)
    assert "The hotline can contest the decision until the end of 1 April 2026" in reader.home(mce)
    client = reader.sign_in(Client(), mce)
    address = reverse("workspace:move", args=[followed.evaluation.uid, "follow_up"])
    answer = client.post(address, {"note": OCCASION}, follow=True)
    assert "A follow-up visit can be planned from the next day on." in " ".join(answer.content.decode().split())
    assert followed.evaluation.state == "published"
