"""The teams of all visits of a round: proposed with reasons, changed by hand, and written all or none."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import AssessorProfile, Evaluation, Role, Stake, Visit
from evaluation.visits import teams_task
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import end_roles, person, scorecard_of
from tests.letters_first import post_as_shown
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> list[Stage]:
    """Return two hotlines at the desk review and one in self-assessment, with four assessors from four countries."""
    first = Stage("desk_review", country="XA")
    more = {"XB": "desk_review", "XC": "self_assessment"}
    found = [first, *(Stage(state, first.people, country=code, round=first.round) for code, state in more.items())]
    people = first.people
    spoken = {people.lead: ["en", "lt"], people.assessor: ["de"], people.judge: ["en"]}
    for user, languages in spoken.items():
        AssessorProfile.objects.create(user=user, languages=languages, most_visits=3)
    return found


@pytest.fixture
def mce(stages: list[Stage], sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stages[0].people.mce)


def address(stages: list[Stage]) -> str:
    return reverse("workspace:round_teams", args=[stages[0].round.uid])


def read_page(mce: Client, url: str) -> tuple[Any, str]:
    """Return the response, and its text with single spaces."""
    answer = mce.get(url)
    return answer, html.unescape(" ".join(answer.content.decode().split()))


def propose(mce: Client, url: str, wanted: str | None = None) -> Any:
    sent = mce.get(url).context["wanted"] if wanted is None else wanted
    return post_as_shown(mce, url, {"wanted": sent})


def change(mce: Client, stages: list[Stage], country: str, **sent: Any) -> Any:
    url = reverse("workspace:change_round_team", args=[stages[0].round.uid, country])
    return mce.get(url, {f"v-{name}" if name != "take" else name: value for name, value in sent.items()})


def test_each_visit_has_a_team_with_reasons_and_nothing_is_written(mce: Client, stages: list[Stage]):
    answer, page = read_page(mce, address(stages))
    rows = answer.context["rows"]
    assert [row.evaluation.hotline.country for row in rows] == ["XA", "XB", "XC"]
    for row in rows:
        people = [seat.person for seat in row.seats]
        assert len({person.country for person in people} | {row.evaluation.hotline.country}) == 3
        assert all(
            "visit 1 of at most" in ", ".join(seat.reasons) or "visit 2" in ", ".join(seat.reasons)
            for seat in row.seats
        )
    assert "this is proven" in page
    assert "said nothing yet" in page
    assert "1 hotline still answers" in page
    assert (new(Visit).count(), new(Letter).count()) == (0, 0)
    board = mce.get(reverse("workspace:board", args=[stages[0].round.uid])).content.decode()
    assert address(stages) in board


def test_all_that_can_be_proposed_are_and_those_concerned_get_letters(mce: Client, stages: list[Stage]):
    rows = mce.get(address(stages)).context["rows"]
    wanted = {row.evaluation.pk: [seat.person.pk for seat in row.seats] for row in rows if row.is_proposable}
    assert propose(mce, address(stages)).url == address(stages)
    written = {
        visit.evaluation_id: [member.user_id for member in visit.team.all()]
        for visit in new(Visit).prefetch_related("team")
    }
    assert written == wanted
    assert len(written) == 2
    recipients = set(new(Letter).values_list("to_address", flat=True))
    assert {stages[0].coordinator.email, stages[1].coordinator.email} <= recipients
    assert stages[2].coordinator.email not in recipients
    answer, _page = read_page(mce, address(stages))
    assert [row.evaluation.hotline.country for row in answer.context["rows"]] == ["XC"]
    assert sum(row.arranged for row in answer.context["people"]) == 4


def test_a_follow_up_visit_that_was_cancelled_stays_limited_when_it_is_proposed_anew(mce: Client, stages: list[Stage]):
    evaluation = stages[0].evaluation
    scorecard_of(evaluation)
    Visit.objects.create(evaluation=evaluation, state=Visit.State.CANCELLED, only_codes=["1.1.2"])
    assert propose(mce, address(stages)).status_code == 302
    assert {visit.evaluation_id: visit.only_codes for visit in new(Visit)} == {
        evaluation.pk: ["1.1.2"],
        stages[1].evaluation.pk: [],
    }


def test_what_changed_since_the_page_was_shown_is_refused_and_nothing_is_written(mce: Client, stages: list[Stage]):
    answer, _page = read_page(mce, address(stages))
    lead = answer.context["rows"][0].seats[0].person
    Stake.objects.create(user=lead, hotline=stages[0].hotline, reason="Advised it.")
    refused = post_as_shown(mce, address(stages), {"wanted": answer.context["wanted"]})
    assert refused.status_code == 422
    assert f"{stages[0].hotline.name}: {lead.name} has a tie to this hotline." in refused.context["refused"]
    assert not new(Visit).exists()
    assert refused.context["rows"][0].seats[0].person != lead


@pytest.mark.everywhere
def test_two_who_propose_at_once_write_it_once(mce: Client, stages: list[Stage]):
    wanted = mce.get(address(stages)).context["wanted"]
    assert post_as_shown(mce, address(stages), {"wanted": wanted}).status_code == 302
    letters = new(Letter).count()
    again = post_as_shown(mce, address(stages), {"wanted": wanted})
    assert again.status_code == 422
    assert "Somebody proposed a visit meanwhile" in again.context["refused"][0]
    assert (new(Visit).count(), new(Letter).count()) == (2, letters)


@pytest.mark.parametrize("sent", ["", "nothing", "eyJYQSI6W119:forged"])
def test_what_was_not_shown_is_not_proposed(mce: Client, stages: list[Stage], sent: str):
    answer = propose(mce, address(stages), sent)
    assert (answer.status_code, new(Visit).count()) == (422, 0)
    assert "Nothing is proposed. Look at the teams below" in answer.context["refused"][0]


def test_somebody_who_is_no_assessor_any_more_is_refused(mce: Client, stages: list[Stage]):
    wanted = mce.get(address(stages)).context["wanted"]
    for user in (stages[0].people.lead, stages[0].people.assessor, stages[0].people.judge, stages[0].people.elsewhere):
        end_roles(user, Role.ASSESSOR)
    answer = post_as_shown(mce, address(stages), {"wanted": wanted})
    assert (answer.status_code, new(Visit).count()) == (422, 0)
    assert "no longer an assessor" in answer.context["refused"][0]
    assert "Nobody can go" in answer.content.decode()


# --- By hand ---------------------------------------------------------------------------------------------------------


def test_a_choice_is_looked_at_then_taken_over_into_the_address(mce: Client, stages: list[Stage]):
    people: Participants = stages[0].people
    AssessorProfile.objects.create(user=people.elsewhere, languages=["en"], most_visits=3)
    proposed = [seat.person for seat in mce.get(address(stages)).context["rows"][0].seats]
    team = [people.judge, people.elsewhere]
    team = team if team != proposed else team[::-1]
    chosen = {"lead": team[0].uid, "second": team[1].uid}
    seen = change(mce, stages, "XA", **chosen)
    assert "This choice breaks no rule. It costs" in seen.context["cost"]
    taken = change(mce, stages, "XA", **chosen, take="1")
    assert taken.url == f"{address(stages)}?team=XA.{team[0].uid}.{team[1].uid}#XA"
    answer, page = read_page(mce, taken.url)
    assert [seat.person for seat in answer.context["rows"][0].seats] == team
    assert "chosen by you" in page
    propose(mce, taken.url.partition("#")[0])
    visit = Visit.objects.get(evaluation=stages[0].evaluation)
    assert [member.user for member in visit.team.all()] == team


def test_what_a_choice_breaks_is_said_at_its_field(mce: Client, stages: list[Stage]):
    people: Participants = stages[0].people
    AssessorProfile.objects.create(user=people.elsewhere, languages=["en"], most_visits=3)
    Stake.objects.create(user=people.judge, hotline=stages[0].hotline, reason="Advised it.")
    tied = change(mce, stages, "XA", lead=people.judge.uid, second=people.elsewhere.uid, take="1")
    assert tied.status_code == 422
    assert tied.context["form"].errors == {"lead": ["Both Hats has a tie to this hotline."]}
    twice = change(mce, stages, "XA", lead=people.elsewhere.uid, second=people.elsewhere.uid, take="1")
    assert list(twice.context["form"].errors) == ["second"]
    nobody = change(mce, stages, "XA", lead="", second="somebody", take="1")
    assert (nobody.status_code, set(nobody.context["form"].errors)) == (422, {"lead", "second"})
    assert "tied to this hotline" in nobody.content.decode()


def test_a_choice_that_breaks_a_rule_elsewhere_stops_the_proposal(mce: Client, stages: list[Stage]):
    people: Participants = stages[0].people
    AssessorProfile.objects.filter(user=people.judge).update(most_visits=1)
    both = "&".join(f"team={code}.{people.judge.uid}.{people.elsewhere.uid}" for code in ("XA", "XB"))
    answer, page = read_page(mce, f"{address(stages)}?{both}")
    assert "Both Hats goes on no more visits in this round." in page
    assert answer.context["wanted"] == ""


def test_wanted_days_are_kept_apart_and_suggested_to_the_hotline(mce: Client, stages: list[Stage]):
    people: Participants = stages[0].people
    first = stages[0].round.today + timedelta(days=30)
    days = {"starts_on": first.isoformat(), "ends_on": (first + timedelta(days=1)).isoformat()}
    kept = change(mce, stages, "XA", lead=people.lead.uid, second=people.judge.uid, take="1", **days)
    assert f"days=XA.{days['starts_on']}.{days['ends_on']}" in kept.url
    _answer, page = read_page(mce, kept.url)
    assert "Days: " in page
    people.lead.absences.create(starts_on=first, ends_on=first)
    away = change(mce, stages, "XA", lead=people.lead.uid, second=people.judge.uid, take="1", **days)
    assert away.context["form"].errors == {"lead": ["Rūta Žukaitė is not free on these days."]}
    people.lead.absences.all().delete()
    propose(mce, kept.url.partition("#")[0])
    visit = Visit.objects.get(evaluation=stages[0].evaluation)
    assert [(one.starts_on, one.ends_on) for one in visit.suggested_dates.all()] == [(first, first + timedelta(days=1))]


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"starts_on": "2026-01-05"}, "ends_on"),
        ({"ends_on": "2030-01-05"}, "starts_on"),
        ({"starts_on": "2030-01-05", "ends_on": "2030-01-04"}, "ends_on"),
        ({"starts_on": "2020-01-05", "ends_on": "2020-01-06"}, "starts_on"),
        ({"starts_on": "soon", "ends_on": "2030-01-04"}, "starts_on"),
    ],
)
def test_days_that_cannot_be_are_said_at_their_field(
    mce: Client, stages: list[Stage], days: dict[str, str], field: str
):
    people = stages[0].people
    answer = change(mce, stages, "XA", lead=people.lead.uid, second=people.judge.uid, **days)
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)


def test_an_address_that_somebody_wrote_is_read_as_far_as_it_can_be(mce: Client, stages: list[Stage]):
    uid = stages[0].people.lead.uid
    odd = ["team=XA", "team=XA.a.b", f"team=ZZ.{uid}.{uid}", "team=..", "days=XA.x.y", "days=XA.2030-01-02.2030-01-01"]
    plain = mce.get(address(stages)).context
    answer = mce.get(f"{address(stages)}?{'&'.join(odd)}&page=x&people=-1")
    assert (answer.status_code, answer.context["changes"]) == (200, "")
    assert answer.context["found"] == plain["found"]


# --- Many ------------------------------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_hotlines_and_assessors(mce: Client, stages: list[Stage]):
    def count() -> int:
        mce.get(address(stages))  # cached values are computed
        with CaptureQueriesContext(connection) as asked:
            assert mce.get(address(stages)).status_code == 200
        return len(asked)

    Stake.objects.create(user=stages[0].people.lead, hotline=stages[0].hotline, reason="Advised it.")
    before = count()
    for country in ("XD", "XE", "XF"):
        Stage("desk_review", stages[0].people, country=country, round=stages[0].round)
    for number in range(6):
        user = person(Role.ASSESSOR, country=f"X{'STUVYZ'[number]}")
        Stake.objects.create(user=user, hotline=stages[0].hotline, reason="Advised it.")
    assert count() == before


def test_many_are_computed_by_the_worker_and_the_page_waits(
    mce: Client, stages: list[Stage], monkeypatch: pytest.MonkeyPatch
):
    asked = []
    monkeypatch.setattr(teams_task, "AT_ONCE", 0)
    monkeypatch.setattr(teams_task, "compute_teams", Recorded(asked))
    for _twice in range(2):
        _answer, page = read_page(mce, address(stages))
        assert "The teams are being computed." in page
    (name,) = asked
    polled = mce.get(address(stages), headers={"HX-Request": "true"})
    assert "<html" not in polled.content.decode()
    teams_task.compute_teams.func(name)
    assert mce.get(address(stages), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    answer, _page = read_page(mce, address(stages))
    assert len(answer.context["rows"]) == 3
    assert len(asked) == 1


class Recorded:
    """A substitute for the task, which records the calls and queues nothing."""

    def __init__(self, asked: list[str]) -> None:
        self.enqueue = asked.append
        self.func = teams_task.compute_teams.func


def test_without_a_visit_that_needs_a_team_there_is_nothing_to_propose(mce: Client, stages: list[Stage]):
    new(Evaluation).update(state="published")
    _answer, page = read_page(mce, address(stages))
    assert "No visit of this round needs a team" in page
    assert propose(mce, address(stages), "").status_code == 422


def test_in_polish_the_page_stands_too(mce: Client, stages: list[Stage]):
    stages[0].people.mce.language = "pl"
    stages[0].people.mce.save()
    assert mce.get(address(stages)).status_code == 200
    assert re.search(r"<html[^>]*lang=\"pl\"", mce.get(address(stages)).content.decode())
    form = reverse("workspace:change_round_team", args=[stages[0].round.uid, "XA"])
    assert 'name="v-starts_on" value="2099-01-02"' in read_page(mce, f"{form}?days=XA.2099-01-02.2099-01-03")[1]
