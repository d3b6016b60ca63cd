"""The page of a condition, and where else it is shown: Home, Today, the accreditation, the public page, letters."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import Fulfilment, Recommendation
from evaluation.workflow import perform
from portal.letters.models import Letter
from portal.reminders.calendar import keep_dates
from tests.factories import FulfilmentFactory, IssueFactory, RequirementFactory
from tests.follow_ups import CODE, Conditional
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db

TEXT = "Write the rota."


@pytest.fixture
def conditional(monkeypatch: pytest.MonkeyPatch) -> Conditional:
    found = Conditional(monkeypatch, demands=2, for_pages=True)
    Letter.objects.all().delete()
    return found


@pytest.fixture
def as_(sign_in: Callable[..., Client]) -> Callable[[Any], Client]:
    return lambda user: sign_in(Client(), user)


def address(found: Fulfilment, name: str = "condition", *more: Any) -> str:
    return reverse(f"workspace:{name}", args=[found.uid, *more])


def read(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def recipients() -> set[int]:
    return set(Letter.objects.values_list("to_user", flat=True))


# --- The way through the pages ---------------------------------------------------------------------------------------


def test_a_hotline_shows_mce_checks_and_the_panel_rules(conditional: Conditional, as_: Callable[..., Client]):
    found, people, stage = conditional.condition, conditional.people, conditional.stage
    coordinator, mce, member = as_(conditional.coordinator), as_(people.mce), as_(people.panel)
    sent = {"document": SimpleUploadedFile("rota.pdf", PDF), "address": "https://example.org/rota", "words": "Two."}
    answer = coordinator.post(address(found, "add_condition_proof"), sent, follow=True)
    assert "It is added." in answer.content.decode()
    assert found.proofs.count() == 2
    home = reverse("workspace:evaluation", args=[conditional.evaluation.uid])
    offered = [read(coordinator, home).count("Send evidence")]
    coordinator.post(address(found, "move_condition", "send"), {"note": "Two names a night."})
    offered.append(read(coordinator, home).count("Send evidence"))
    assert offered == [2, 1], "the other condition still waits for its evidence"
    assert recipients() == {people.mce.pk, people.lead.pk}
    document = found.proofs.exclude(document=None).get().document
    given = mce.get(address(found, "condition_document", document.uid))
    assert (given.status_code, b"".join(given.streaming_content)) == (200, PDF)
    assert "Conditions to check" in read(mce, reverse("workspace:home"))
    empty = mce.post(address(found, "check_condition"), {})
    assert (empty.status_code, "Choose yes or no." in empty.content.decode()) == (422, True)
    Letter.objects.all().delete()
    mce.post(address(found, "check_condition"), {"seems_met": "yes", "note": "We read it."})
    assert recipients() == {one.pk for one in (people.panel, people.second, people.third)}
    assert "Conditions to rule on" in read(member, reverse("workspace:home"))
    assert "We read it." in read(member, address(found))
    Letter.objects.all().delete()
    member.post(address(found, "move_condition", "meet"), {"note": "It is there."})
    found.refresh_from_db()
    assert found.state == "met"
    assert recipients() == {conditional.coordinator.pk, stage.contributor.pk, people.mce.pk, people.lead.pk}
    body = Letter.objects.filter(to_user=people.mce).get().body
    assert TEXT in body
    assert "It is there." in body


def test_an_extension_says_the_possible_days_and_keeps_what_was_typed(
    conditional: Conditional, as_: Callable[..., Client]
):
    found, member = conditional.check(seems_met=False), as_(conditional.people.panel)
    Letter.objects.all().delete()
    late = member.post(address(found, "extend_condition"), {"until": "2027-03-03", "note": "The summer."})
    words = " ".join(late.content.decode().split())
    assert (late.status_code, "Give a day from 22 May 2026 to 2 March 2027" in words, "The summer." in words) == (
        422,
        True,
        True,
    )
    member.post(address(found, "extend_condition"), {"until": "2027-03-02", "note": "The summer."})
    found.refresh_from_db()
    assert found.due_on.isoformat() == "2027-03-02"
    body = Letter.objects.filter(to_user=conditional.coordinator).get().body
    assert "2 March 2027" in body
    assert "The summer." in body
    assert "2026-05-21" not in body
    assert "extended; the decision said 21 May 2026" in read(member, address(found))


def test_the_last_met_condition_tells_everybody_what_the_outcome_becomes(
    conditional: Conditional, as_: Callable[..., Client]
):
    first, second = conditional.conditions
    conditional.meet(first)
    conditional.check(second)
    Letter.objects.all().delete()
    member = as_(conditional.people.panel)
    member.post(address(second, "move_condition", "meet"), {"note": "It is there."})
    letter = Letter.objects.filter(to_user=conditional.coordinator).get()
    assert "all conditions are met" in letter.subject
    assert "“Accredited (en)”" in letter.body
    decision = conditional.evaluation.current_decision
    IssueFactory(decision=decision)
    conditional.publish()
    country = conditional.stage.hotline.country
    page = read(Client(), reverse("pages:hotline", args=[country]))
    assert "Accredited (en)" in page
    assert page.count("Met</p>") + page.count("Met </p>") == 2


def test_the_panel_decides_anew_from_the_page_of_the_unmet_condition(
    conditional: Conditional, as_: Callable[..., Client]
):
    found, member = conditional.fail(), as_(conditional.people.panel)
    assert "Decide anew" in read(member, address(found))
    member.post(
        reverse("workspace:move", args=[conditional.evaluation.uid, "reconsider"]), {"note": "The night is open."}
    )
    assert conditional.evaluation.state == "decision"
    assert recipients() >= {conditional.coordinator.pk, conditional.people.mce.pk, conditional.people.second.pk}
    screen = read(member, reverse("workspace:deliberation", args=[conditional.evaluation.uid]))
    assert "Leave the decision as it is" in screen
    assert "because a condition is not met" in screen


# --- Where it is shown -----------------------------------------------------------------------------------------------


def test_home_the_accreditation_and_the_evaluation_show_it(conditional: Conditional, as_: Callable[..., Client]):
    evaluation = reverse("workspace:evaluation", args=[conditional.evaluation.uid])
    coordinator, mce = as_(conditional.coordinator), as_(conditional.people.mce)
    for page in (read(coordinator, evaluation), read(mce, evaluation)):
        assert page.count(f">Condition by 21 May 2026: {TEXT}</a>") == 1
    granted = read(mce, reverse("workspace:accreditation", args=[conditional.accreditation.uid]))
    assert address(conditional.condition) in granted
    assert TEXT in granted


def test_a_recommendation_on_the_same_indicator_leads_to_the_condition(
    conditional: Conditional, as_: Callable[..., Client]
):
    recommendation = Recommendation.objects.get(evaluation=conditional.evaluation, code=CODE)
    page = read(as_(conditional.coordinator), reverse("workspace:recommendation", args=[recommendation.uid]))
    assert "It is a condition of the decision" in page


def test_the_public_page_and_its_file_count_and_show_the_conditions(conditional: Conditional):
    perform(
        conditional.check(conditional.conditions[1], seems_met=False),
        "extend",
        by=conditional.people.panel,
        note="More.",
        until=conditional.first.valid_until,
    )
    country = conditional.stage.hotline.country
    page = read(Client(), reverse("pages:hotline", args=[country]))
    assert "The panel set 2 conditions that are not met yet" in page
    assert TEXT in page
    assert "To be met by 21 May 2026" in page
    assert "To be met by 2 March 2027, which the panel extended" in page
    file = Client().get(reverse("pages:result", args=[country, conditional.first.uid]))
    assert json.loads(file.content)["decision"]["conditions"] == [
        {"text": TEXT, "due_on": "2026-05-21", "state": "open"},
        {"text": "Name a deputy.", "due_on": "2027-03-02", "state": "extended"},
    ]


def test_what_is_sent_and_checked_is_not_public(conditional: Conditional):
    conditional.check(seems_met=False)
    page = read(Client(), reverse("pages:hotline", args=[conditional.stage.hotline.country]))
    assert "To be met by 21 May 2026" in page
    assert "https://example.org/rota" not in page
    assert "We read it." not in page


def test_the_calendar_file_follows_the_day(conditional: Conditional, as_: Callable[..., Client]):
    found, client = conditional.condition, as_(conditional.coordinator)
    first = client.get(address(found, "condition_calendar")).content.decode()
    assert "DTSTART;VALUE=DATE:20260521" in first
    assert "SEQUENCE:0" in first
    conditional.check(found, seems_met=False)
    perform(found, "extend", by=conditional.people.panel, note="More.", until=conditional.first.valid_until)
    second = client.get(address(found, "condition_calendar")).content.decode()
    assert "DTSTART;VALUE=DATE:20270302" in second
    assert "SEQUENCE:3" in second


@pytest.mark.parametrize("days", [60, 30, 7])
def test_the_hotline_alone_is_reminded_in_time(conditional: Conditional, days: int):
    conditional.conditions[1].proofs.create(words="There is none.", by=conditional.coordinator)
    perform(conditional.conditions[1], "send", by=conditional.coordinator, note="It is.")
    Letter.objects.all().delete()
    keep_dates(conditional.condition.due_on - timedelta(days=days))
    assert recipients() == {conditional.coordinator.pk, conditional.stage.contributor.pk}
    body = Letter.objects.filter(to_user=conditional.coordinator).get().body
    assert f"Days left: {days}." in body
    assert TEXT in body
    assert "21 May 2026" in body


def test_a_late_condition_is_told_to_the_hotline_mce_and_the_panel(conditional: Conditional):
    other = Stage("published", conditional.people, round=conditional.stage.round, country="XB")
    keep_dates(conditional.condition.due_on + timedelta(days=1))
    people = conditional.people
    told = set(Letter.objects.filter(subject__contains="overdue").values_list("to_user", flat=True))
    concerned = (people.mce, people.lead, people.panel, people.second, people.third)
    assert told >= {conditional.coordinator.pk, conditional.stage.contributor.pk, *(one.pk for one in concerned)}
    silent = (other.coordinator, other.contributor, people.assessor, people.judge, conditional.stage.neighbour)
    assert told.isdisjoint({one.pk for one in silent})


def test_eight_conditions_ask_no_more_than_two(conditional: Conditional, as_: Callable[..., Client]):
    pages = [
        (as_(conditional.people.panel), reverse("workspace:home")),
        (as_(conditional.people.mce), reverse("workspace:home")),
        (as_(conditional.coordinator), reverse("workspace:evaluation", args=[conditional.evaluation.uid])),
        (as_(conditional.people.mce), reverse("workspace:accreditation", args=[conditional.accreditation.uid])),
        (Client(), reverse("pages:hotline", args=[conditional.stage.hotline.country])),
    ]
    counts = []
    for more in (3, 6):
        for number in range(more):
            requirement = RequirementFactory(decision=conditional.first, text=f"Condition {number}.")
            FulfilmentFactory(requirement=requirement, state=("checked", "evidence_sent", "set")[number % 3])
        for client, url in pages:
            client.get(url)
        of_pages = []
        for client, url in pages:
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            of_pages.append(len(asked))
        counts.append(of_pages)
    assert counts[0] == counts[1]
