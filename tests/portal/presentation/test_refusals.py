"""A refusal names the role or the stage that is required, and links to the next page."""

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.models import Accreditation, Evaluation, Role, StatisticsImport
from evaluation.models.people.permissions import HOLDERS, TABLE, holders_of
from evaluation.people import end_role
from evaluation.workflow import write_step
from portal.presentation.refusals import HOLDER_WORDS
from tests.factories import MembershipFactory, StakeFactory, person
from tests.stage import Stage

pytestmark = pytest.mark.django_db

State = Accreditation.State
Sign = Callable[..., Client]
ROLE, STAGE = "Your role does not allow this", "This is not the stage for it"


def url_of(name: str, *args: Any) -> str:
    return reverse(f"workspace:{name}", args=args)


def text(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def test_who_lacks_the_right_is_told_who_has_it_and_led_to_where_it_stands(sign_in: Sign):
    stage = Stage("self_assessment")
    client = sign_in(Client(), stage.contributor)
    refused = client.post(url_of("declaration", stage.evaluation.uid))
    page = text(refused)
    assert (refused.status_code, ROLE in page, STAGE in page) == (403, True, False)
    assert "This is done by:</p>" in page
    assert "<li>the coordinator of the hotline</li>" in page
    assert f'href="{url_of("evaluation", stage.evaluation.uid)}"' in page


def test_who_took_part_in_the_decision_is_told_so_at_its_appeal(sign_in: Sign):
    stage = Stage.minimal("decided")
    appeal = stage.appeal
    assert stage.people.panel.pk in appeal.took_part
    for name in ("appeal", "declare_on_appeal"):
        page = text(sign_in(Client(), stage.people.panel).get(url_of(name, appeal.uid)))
        assert "You had a part in what is contested" in page
        assert ROLE not in page


def test_a_role_that_ended_is_named_with_its_last_day(sign_in: Sign):
    other = Stage.minimal("self_assessment")
    former = person(Role.ASSESSOR)
    MembershipFactory(user=former, role=Role.MCE_COORDINATOR, since=date(2024, 5, 3), until=date(2025, 5, 3))
    refused = sign_in(Client(), former).get(url_of("outbox"))
    assert refused.status_code == 403
    assert "Your role “MCE coordinator” ended on 3 May 2025" in text(refused)
    assert ROLE not in text(refused)
    assert ROLE in text(sign_in(Client(), other.people.assessor).get(url_of("outbox")))
    today = person(Role.MCE_COORDINATOR, Role.ASSESSOR)
    end_role(today.memberships.get(role=Role.MCE_COORDINATOR))
    assert f"ended on {date_format(timezone.localdate())}" in text(sign_in(Client(), today).get(url_of("outbox")))


def test_who_declared_a_tie_later_is_told_of_it(sign_in: Sign):
    stage = Stage("decision")
    member = stage.people.panel
    StakeFactory(user=member, hotline=stage.evaluation.hotline)
    page = text(sign_in(Client(), member).get(url_of("declare", stage.evaluation.uid)))
    assert ROLE not in page


def test_who_has_the_right_is_told_the_stage_and_not_the_role(sign_in: Sign):
    stage = Stage("desk_review")
    client = sign_in(Client(), stage.coordinator)
    refused = client.post(url_of("declaration", stage.evaluation.uid), follow=True)
    page = text(refused)
    assert refused.redirect_chain == [(url_of("submissions", stage.evaluation.uid), 302)]
    assert "This can be done while it stands at “Self-assessment”. It now stands at “Desk review”." in page
    assert ROLE not in page


def test_who_never_has_the_right_hears_of_the_role_at_another_stage_too(sign_in: Sign):
    stage = Stage("decided")
    refused = sign_in(Client(), stage.contributor).post(url_of("declaration", stage.evaluation.uid))
    assert (refused.status_code, ROLE in text(refused), STAGE in text(refused)) == (403, True, False)


def test_a_page_of_a_later_stage_says_when_it_opens(sign_in: Sign):
    stage = Stage("decision")
    address = url_of("deliberation", stage.evaluation.uid)
    client = sign_in(Client(), stage.people.mce)
    refused = client.get(address)
    page = text(refused)
    assert (refused.status_code, STAGE in page, ROLE in page) == (403, True, False)
    assert "while it stands at one of these: “Decided”, “Published”. It now stands at “Decision”." in page
    assert f'href="{url_of("evaluation", stage.evaluation.uid)}"' in page
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="decided")
    assert client.get(address).status_code == 200


def test_the_panels_page_names_the_panel_to_those_of_another_role(sign_in: Sign):
    stage = Stage("decision")
    for user in (stage.coordinator, stage.people.lead):
        page = text(sign_in(Client(), user).get(url_of("deliberation", stage.evaluation.uid)))
        assert (ROLE in page, "members of the panel whom nothing ties to the hotline" in page) == (True, True)


def test_findings_before_a_visit_is_arranged_say_so(sign_in: Sign):
    stage = Stage("self_assessment")
    refused = sign_in(Client(), stage.people.mce).get(url_of("findings", stage.evaluation.uid, "3.2"))
    assert (refused.status_code, "No study visit is arranged" in text(refused)) == (403, True)
    assert sign_in(Client(), stage.people.lead).get(url_of("findings", stage.evaluation.uid, "3.2")).status_code == 404


def test_a_right_about_the_network_names_who_has_it(sign_in: Sign):
    page = text(sign_in(Client(), Stage("self_assessment").coordinator).get(url_of("network")))
    assert (ROLE in page, "<li>the coordinators at Missing Children Europe</li>" in page) == (True, True)


def test_a_tie_is_named_as_the_reason_to_who_may_see_the_thing_and_nothing_to_others(sign_in: Sign):
    stage = Stage("decided")
    StatisticsImport.objects.filter(pk=stage.statistics.pk).update(state="confirmed")
    for user in (stage.people.mce, stage.people.lead):
        StakeFactory(user=user, hotline=stage.hotline)
    refused = sign_in(Client(), stage.people.mce).post(url_of("move_statistics", stage.statistics.uid, "accept"))
    assert (refused.status_code, "You have a tie with this hotline" in text(refused)) == (403, True)
    unknown = sign_in(Client(), stage.people.lead).get(url_of("evaluation", stage.evaluation.uid))
    assert (unknown.status_code, stage.hotline.name in text(unknown), "stands at" in text(unknown)) == (
        404,
        False,
        False,
    )


def test_words_that_come_too_early_are_not_said_to_be_too_late(sign_in: Sign):
    stage = Stage("response")
    client = sign_in(Client(), stage.coordinator)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="report")  # the draft was taken back meanwhile
    refused = client.post(
        url_of("save_remark", stage.evaluation.uid, "1.1.2"),
        {"words": "Not so.", "version": "0"},
        headers={"HX-Request": "true", "Accept": "application/json"},
    )
    assert refused.status_code == 423
    assert refused.json()["problem"].startswith("This cannot be changed yet: it now stands at “Report”.")


def test_everybody_who_is_refused_can_be_told_who_does_it():
    assert [name for name in TABLE if not holders_of(name)] == []
    assert HOLDER_WORDS.keys() == HOLDERS.keys()


@pytest.mark.parametrize(
    ("before", "pressed", "what"),
    [
        (State.SUSPENDED, "take_back_expiry", "The accreditation was suspended when it expired"),
        (State.VALID, "take_back_expiry_suspended", "The accreditation was valid when it expired"),
    ],
)
def test_an_expiry_that_is_taken_back_the_wrong_way_says_how_it_stood_before(
    sign_in: Sign, before: str, pressed: str, what: str
):
    stage = Stage("published")
    accreditation = stage.decision.accreditation
    Accreditation.objects.filter(pk=accreditation.pk).update(state=State.EXPIRED)
    accreditation.refresh_from_db()
    write_step(accreditation, "expire", before, by=None)
    client = sign_in(Client(), stage.people.mce)
    address = url_of("move_accreditation", accreditation.uid, pressed)
    page = text(client.post(address, {"note": "The clock was wrong."}, follow=True))
    assert (what in page, STAGE in page) == (True, False)
