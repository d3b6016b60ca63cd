"""Documents, reports, recommendations, printings and files of figures are available to authorised users only."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import User
from tests.factories import StakeFactory
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db


def statuses(sign_in: Callable[..., Client], address: str, *users: User | None) -> list[int]:
    found = []
    for user in users:
        answer = (sign_in(Client(), user) if user else Client()).get(address)
        if answer.streaming:
            list(answer)
        found.append(answer.status_code)
    return found


def test_a_document_cannot_be_fetched_through_ones_own_evaluation(sign_in: Callable[..., Client]):
    people = Participants()
    theirs = Stage("decided", people, country="XA")
    mine = Stage("decided", people, country="XB", round=theirs.round)
    address = reverse("workspace:document", args=[mine.evaluation.uid, theirs.document.uid])
    assert statuses(sign_in, address, mine.coordinator, mine.contributor, people.mce) == [404, 404, 404]
    address = reverse("workspace:remove_evidence", args=[mine.evaluation.uid, theirs.link.code, theirs.link.uid])
    assert sign_in(Client(), mine.coordinator).post(address).status_code == 302
    assert theirs.evaluation.evidence.filter(uid=theirs.link.uid).exists()


def test_papers_of_another_hotline_cannot_be_fetched_by_uid(sign_in: Callable[..., Client]):
    people = Participants()
    theirs = Stage("decided", people, country="XA")
    mine = Stage("decided", people, country="XB", round=theirs.round)
    addresses = [
        reverse("workspace:recommendation", args=[theirs.recommendation.uid]),
        reverse("workspace:printing", args=[theirs.printing.uid]),
        reverse("workspace:report_pdf", args=[theirs.issue.uid]),
        reverse("workspace:statistics", args=[theirs.statistics.uid]),
        reverse("pages:paper", args=["XA", theirs.issue.uid]),
    ]
    strangers = (mine.coordinator, people.elsewhere, theirs.neighbour, people.user_without_role)
    found = {address: statuses(sign_in, address, *strangers) for address in addresses}
    assert found == {address: [404, 404, 404, 404] for address in addresses}


def test_a_published_report_is_only_under_its_own_hotline():
    stage = Stage("published")
    right, wrong = (reverse("pages:paper", args=[code, stage.paper.uid]) for code in ("XA", "XB"))
    answers = [Client().get(right), Client().get(wrong)]
    list(answers[0])
    assert [answer.status_code for answer in answers] == [200, 404]


def test_lists_show_only_what_one_may_open(sign_in: Callable[..., Client]):
    people = Participants()
    theirs = Stage("decision", people, country="XA")
    mine = Stage("decision", people, country="XB", round=theirs.round)
    StakeFactory(user=people.lead, hotline=theirs.hotline)

    def named(user: User, name: str, *arguments: Any) -> list[str]:
        page = sign_in(Client(), user).get(reverse(f"workspace:{name}", args=arguments), follow=True)
        return [country for country in ("Land XA", "Land XB") if country in page.content.decode()]

    found = {
        "home of a coordinator": named(mine.coordinator, "home"),
        "visits of a lead with a stake in one": named(people.lead, "visits"),
        "board for an assessor from elsewhere": named(people.elsewhere, "board", theirs.round.uid),
        "board for a lead with a stake in one": named(people.lead, "board", theirs.round.uid),
        "panel for a member from XA": named(theirs.neighbour, "panel"),
        "panel for a member": named(people.panel, "panel"),
        "board for MCE": named(people.mce, "board", theirs.round.uid),
    }
    assert found == {
        "home of a coordinator": ["Land XB"],
        "visits of a lead with a stake in one": ["Land XB"],
        "board for an assessor from elsewhere": [],
        "board for a lead with a stake in one": ["Land XB"],
        "panel for a member from XA": ["Land XB"],
        "panel for a member": ["Land XA", "Land XB"],
        "board for MCE": ["Land XA", "Land XB"],
    }
