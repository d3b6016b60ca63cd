"""The study visit: arranged without users who have a stake, findings with answers, signed off when complete."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from evaluation.models import Answer, Evaluation, Finding, Visit
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import StakeFactory, finish_recording, write_all_answers, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SCRIPT = {"Accept": "application/json"}


# --- Arranging -------------------------------------------------------------------------------------------------------


@pytest.fixture
def reviewed() -> Stage:
    return Stage("desk_review")


@pytest.fixture
def mce(client: Client, reviewed: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, reviewed.people.mce)


def day(count: int) -> str:
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def arrange(client: Client, stage: Stage, **changes: Any) -> Any:
    typed = {
        "starts_on": day(20),
        "ends_on": day(21),
        "mode": "on_site",
        "lead": stage.people.lead.pk,
        "members": [stage.people.assessor.pk],
        "agreed_with": "Ana at the hotline",
        "have_declared": "on",
    } | changes
    return client.post(reverse("workspace:arrange_visit", args=[stage.evaluation.uid]), typed, follow=True)


def change_team(client: Client, stage: Stage, **changes: Any) -> Any:
    typed = {"mode": "on_site", "lead": stage.people.lead.pk, "members": [stage.people.assessor.pk]} | changes
    return client.post(reverse("workspace:change_team", args=[stage.evaluation.uid]), typed, follow=True)


def test_a_visit_is_arranged_and_its_team_can_be_changed_until_it_begins(mce: Client, reviewed: Stage):
    page = arrange(mce, reviewed)
    assert "The visit is arranged. The team and the hotline have a letter with the days." in page.content.decode()
    again = arrange(mce, reviewed)
    assert "The visit is arranged already." in again.content.decode()
    change_team(mce, reviewed, members=[], mode="remote", alone_because="The second is ill.")
    visit = new(Visit).get()
    assert (visit.mode, [member.user.name for member in visit.team.all()]) == ("remote", ["Rūta Žukaitė"])
    assert new(Finding).count() == len(reviewed.framework.indicators)


def test_who_has_a_stake_is_refused_by_name_and_nothing_is_written(mce: Client, reviewed: Stage):
    StakeFactory(user=reviewed.people.assessor, hotline=reviewed.hotline)
    page = arrange(mce, reviewed)
    assert page.status_code == 422
    assert "Declared a tie with this hotline: Jürgen Großmann" in page.content.decode()
    assert not new(Visit).exists()
    assert f'value="{day(20)}"' in page.content.decode()


def test_the_team_and_the_hotline_get_a_letter_with_the_days_each_in_their_language(mce: Client, reviewed: Stage):
    Letter.objects.all().delete()
    first = timezone.localdate() + timedelta(days=20)
    reviewed.coordinator.language = "pl"
    reviewed.coordinator.save()
    arrange(mce, reviewed)
    letters = {letter.to_user: letter for letter in new(Letter).select_related("to_user")}
    assert set(letters) == {reviewed.people.lead, reviewed.people.assessor, reviewed.coordinator, reviewed.contributor}
    assert "You are on the team" in letters[reviewed.people.assessor].body
    for reader, letter in letters.items():
        with translation.override(reader.language):
            assert date_format(first) in letter.body
        assert "Brussels" in letter.body
        assert "Rūta Žukaitė, Jürgen Großmann" in letter.body
        assert f"/work/evaluations/{reviewed.evaluation.uid}/visit/" in letter.body


def test_only_assessors_of_today_are_offered(mce: Client, reviewed: Stage):
    reviewed.people.elsewhere.memberships.update(until=timezone.localdate() - timedelta(days=1))
    page = mce.get(reverse("workspace:arrange_visit", args=[reviewed.evaluation.uid]))
    offered = set(page.context["form"].fields["members"].queryset)
    assert offered == {reviewed.people.lead, reviewed.people.assessor, reviewed.people.judge}


def test_whoever_no_longer_goes_is_told_and_who_is_new_is_asked_to_declare(mce: Client, reviewed: Stage):
    arrange(mce, reviewed)
    new(Letter).delete()
    change_team(mce, reviewed, members=[reviewed.people.elsewhere.pk])
    left = Letter.objects.get(to_user=reviewed.people.assessor)
    assert "You are no longer on the team" in left.body
    bodies = Letter.objects.filter(to_user=reviewed.people.elsewhere).values_list("body", flat=True)
    assert ["Declare on its page whether something ties you" in body for body in bodies].count(True) == 1
    assert new(Visit).get().state == "dates_agreed"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"starts_on": day(-1), "ends_on": day(-1)}, "which is over. Give today or a later day."),
        ({"members": []}, "The team is one person. A lead and a second go together."),
        ({"starts_on": day(21), "ends_on": day(20)}, "The last day lies before the first. Give a later one."),
    ],
)
def test_what_cannot_be_arranged_is_refused_in_words(
    mce: Client, reviewed: Stage, changes: dict[str, Any], message: str
):
    page = arrange(mce, reviewed, **changes)
    assert page.status_code == 422
    assert message in page.content.decode()
    assert not new(Visit).exists()


def test_whoever_is_elsewhere_on_a_day_is_named_with_the_place(mce: Client, reviewed: Stage):
    arrange(mce, reviewed)
    other = Stage("desk_review", reviewed.people, country="XB", round=reviewed.round)
    Visit.objects.filter(evaluation=other.evaluation).delete()
    page = arrange(mce, other)
    assert page.status_code == 422
    assert f"Jürgen Großmann visits {reviewed.hotline.name} from" in page.content.decode()


def test_who_has_no_country_does_not_go_and_the_page_says_so(mce: Client, reviewed: Stage):
    type(reviewed.people.assessor).objects.filter(pk=reviewed.people.assessor.pk).update(country="")
    page = arrange(mce, reviewed)
    assert "Nobody knows from which country they are: Jürgen Großmann" in page.content.decode()
    assert not new(Visit).exists()


def test_a_stake_declared_after_arranging_stops_the_accepting(mce: Client, reviewed: Stage):
    arrange(mce, reviewed)
    StakeFactory(user=reviewed.people.lead, hotline=reviewed.hotline)
    page = mce.post(reverse("workspace:move", args=[reviewed.evaluation.uid, "accept"]), follow=True)
    assert "Declared a tie with this hotline: Rūta Žukaitė" in page.content.decode()
    assert new(Evaluation).get().state == Evaluation.State.DESK_REVIEW


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ends_on": "2026-11-30"}, "Last day: The last day lies before the first. Give a later one."),
        ({"lead": ""}, "Lead assessor: Fill this in."),
        ({"starts_on": ""}, "First day: Give the first day too."),
        ({"starts_on": "", "ends_on": ""}, "First day: Give the days that are agreed on."),
        ({"mode": "by pigeon"}, "On site or remote: "),
    ],
)
def test_a_mistake_is_named_at_its_field(mce: Client, reviewed: Stage, changes: dict[str, Any], message: str):
    page = arrange(mce, reviewed, **changes)
    assert page.status_code == 422
    assert message in page.content.decode()
    assert not new(Visit).exists()


def test_somebody_who_is_no_assessor_cannot_be_chosen(mce: Client, reviewed: Stage):
    page = arrange(mce, reviewed, lead=reviewed.people.panel.pk)
    assert page.status_code == 422
    assert not new(Visit).exists()


def test_accepting_tells_the_team(mce: Client, reviewed: Stage):
    arrange(mce, reviewed)
    new(Letter).delete()
    mce.post(reverse("workspace:move", args=[reviewed.evaluation.uid, "accept"]))
    assert set(new(Letter).values_list("to_user__name", flat=True)) == {"Rūta Žukaitė", "Jürgen Großmann"}


# --- Findings --------------------------------------------------------------------------------------------------------


@pytest.fixture
def visited() -> Stage:
    return Stage("study_visit")


@pytest.fixture
def lead(client: Client, visited: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, visited.people.lead)


def save(client: Client, stage: Stage, code: str = "3.2.1", *, by_script: bool = False, **fields: Any) -> Any:
    standard = stage.framework.standard_of[code].code
    address = reverse("workspace:save_finding", args=[stage.evaluation.uid, standard, code])
    fields.setdefault("version", Finding.objects.get(evaluation=stage.evaluation, code=code).version)
    return client.post(address, fields, headers=SCRIPT if by_script else {})


def test_a_finding_stands_beside_the_answer_and_never_changes_it(lead: Client, visited: Stage):
    before = new(Answer).values().get(evaluation=visited.evaluation, code="3.2.1")
    answer = save(lead, visited, level="1", words="One shift of three.", good_practice="on")
    assert (answer.status_code, answer.url) == (302, f"/work/evaluations/{visited.evaluation.uid}/findings/3.2/#i3.2.1")
    finding = Finding.objects.get(evaluation=visited.evaluation, code="3.2.1")
    assert (finding.level, finding.words, finding.good_practice) == (1, "One shift of three.", True)
    assert new(Answer).values().get(evaluation=visited.evaluation, code="3.2.1") == before


def test_two_assessors_at_once_both_keep_their_words(lead: Client, visited: Stage, sign_in: Callable[..., Client]):
    save(sign_in(Client(), visited.people.assessor), visited, level="2", words="Seen by night.", version=0)
    by_form = save(lead, visited, level="1", words="Seen by day.", version=0, good_practice="on")
    page = by_form.content.decode()
    assert by_form.status_code == 409
    assert page.count("Seen by <mark>night</mark>.") == 1
    assert (page.count("Seen by <mark>day</mark>."), page.count("Seen by day.")) == (1, 1)  # theirs, and the form
    assert 'name="good_practice-3.2.1" form="page-form" checked' in " ".join(page.split())
    by_script = save(lead, visited, by_script=True, level="1", words="Seen by day.", version=0)
    assert (by_script.status_code, by_script.json()["version"]) == (409, 1)


def test_what_does_not_fit_comes_back_with_the_words(lead: Client, visited: Stage):
    page = save(lead, visited, "3.2.2", value="a lot", words="Counted on the rota.", good_practice="on")
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="a lot"' in text
    assert "Counted on the rota." in text
    assert 'name="good_practice-3.2.2" form="page-form" checked' in " ".join(text.split())


def test_after_signing_off_nothing_slips_in_and_the_words_stay_on_the_screen(
    client: Client, sign_in: Callable[..., Client]
):
    stage = Stage("report")
    lead = sign_in(client, stage.people.lead)
    before = new(Finding).values().get(evaluation=stage.evaluation, code="3.2.1")
    by_script = save(lead, stage, by_script=True, level="0", words="One more thing.")
    by_form = save(lead, stage, level="0", words="One more thing.")
    assert (by_script.status_code, by_form.status_code) == (423, 423)
    assert "One more thing." in by_form.content.decode()
    assert new(Finding).values().get(evaluation=stage.evaluation, code="3.2.1") == before


def test_findings_wait_until_all_have_finished_recording(
    client: Client, visited: Stage, sign_in: Callable[..., Client]
):
    new(Visit).update(state=Visit.State.TEAM_CONFIRMED)
    lead = sign_in(client, visited.people.lead)
    assert save(lead, visited, by_script=True, level="1", words="Too early.").status_code == 423
    move = reverse("workspace:move_visit", args=[visited.evaluation.uid, "begin_on_another_day"])
    assert "Say why" in lead.post(move, {"note": " "}, follow=True).content.decode()
    begun = lead.post(move, {"note": "The trains strike."}, follow=True).content.decode()
    assert "Visit begun on another day than agreed. This is recorded in the log." in begun
    assert "The trains strike." in begun
    back = reverse("workspace:move_visit", args=[visited.evaluation.uid, "take_back_beginning"])
    assert back in begun
    lead.post(back, {"note": "It is next week."})
    assert lead.post(move, {"note": "Now it is."}, follow=True).status_code == 200
    assert save(lead, visited, by_script=True, level="1", words="Still too early.").status_code == 423
    finish_recording(visited.visit)
    assert save(lead, visited, by_script=True, level="1", words="In time.").status_code == 200


# --- Signing off -----------------------------------------------------------------------------------------------------


def reasons(client: Client, stage: Stage) -> list[tuple[str, str]]:
    page = client.get(reverse("workspace:visit", args=[stage.evaluation.uid]))
    sign_off = next(move for move in page.context["moves"] if move.name == "sign_off")
    assert "What stands in the way: Sign off the findings" in page.content.decode()
    return [(line.what, line.url) for line in sign_off.reasons]


def test_what_stands_between_the_lead_and_signing_off_is_listed_with_links(lead: Client, visited: Stage):
    base = f"/work/evaluations/{visited.evaluation.uid}/findings"
    assert reasons(lead, visited) == [("3 indicators have no finding", f"{base}/3.2/#i3.2.1")]
    write_all_answers(visited.evaluation, model=Finding)
    write_answer(visited.evaluation, "9.1.2", Finding, level=1)
    assert reasons(lead, visited) == [("1 finding differs from the answer and does not say why", f"{base}/9.1/#i9.1.2")]
    refused = lead.post(reverse("workspace:move_visit", args=[visited.evaluation.uid, "sign_off"]), follow=True)
    assert "1 finding differs from the answer and does not say why. 9.1.2" in refused.content.decode()
    assert new(Visit).get().state == Visit.State.FINDINGS_ENTERED


def test_an_exception_that_the_hotline_claims_needs_eyes(lead: Client, visited: Stage):
    write_answer(
        visited.evaluation, "1.2.1", Answer, level=None, not_applicable=True, words="The law leaves this to the police."
    )
    assert reasons(lead, visited)[0] == (
        "4 indicators have no finding",
        f"/work/evaluations/{visited.evaluation.uid}/findings/1.2/#i1.2.1",
    )


def test_signing_off_leads_to_the_report(lead: Client, visited: Stage):
    write_all_answers(visited.evaluation, model=Finding)
    lead.post(reverse("workspace:move_visit", args=[visited.evaluation.uid, "sign_off"]))
    assert new(Evaluation).get().state == Evaluation.State.REPORT


def test_an_assessor_who_does_not_lead_is_not_offered_the_signing_off(
    client: Client, visited: Stage, sign_in: Callable[..., Client]
):
    write_all_answers(visited.evaluation, model=Finding)
    assessor = sign_in(client, visited.people.assessor)
    page = assessor.get(reverse("workspace:visit", args=[visited.evaluation.uid]))
    assert [move.name for move in page.context["moves"]] == []
    assert "Sign off the findings" not in page.content.decode()
