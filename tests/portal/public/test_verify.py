"""The number on a report's pages leads to the issue and its present validity."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from evaluation.models import Accreditation
from reports.numbering import printed_number
from reports.pdf import _foot
from standards.framework import canonical, digest
from tests.factories import (
    DecisionFactory,
    IssueFactory,
    PublicationFactory,
    RoundFactory,
    ScorecardFactory,
    evaluation_of,
)
from tests.stage import Stage

pytestmark = pytest.mark.django_db

STANDS = "This report is ours, and it stands."


@pytest.fixture
def stage() -> Stage:
    stage = Stage("published", is_printed=False)
    printed = {"extent": "whole", "printed_at": timezone.now() - timedelta(hours=1)}
    IssueFactory(decision=stage.decision, document_sha256="3f2a90bc11de7704" + "0" * 48, **printed)
    return stage


def asked(number: str) -> tuple[int, str]:
    answer = Client().get("/en/verify/", {"number": number})
    return answer.status_code, " ".join(strip_tags(answer.content.decode()).split())


@pytest.mark.parametrize(
    "typed",
    ["3f2a 90bc 11de 7704", "3F2A90BC11DE7704", "sha256 3f2a 90bc 11de 7704", " 3f2a90bc11de7704" + "0" * 48],
)
def test_the_number_is_understood_as_people_write_it(stage: Stage, typed: str) -> None:
    status, text = asked(typed)
    assert (status, STANDS in text, "3f2a 90bc 11de 7704" in text, "issue 1, English" in text) == (200,) + (True,) * 3


def test_the_paper_the_public_page_and_the_workspace_show_the_same_number(stage: Stage, sign_in) -> None:
    written = {"foot": "XA, Round, issue 1"}
    assert _foot(written).endswith(f"sha256 {printed_number(digest(canonical(written)))}")
    public = Client().get(reverse("pages:hotline", args=["XA"])).content.decode()
    address = reverse("workspace:report", args=[stage.evaluation.uid])
    own = sign_in(Client(), stage.coordinator).get(address).content.decode()
    for page in (public, own):
        assert "sha256 3f2a 90bc 11de 7704" in " ".join(page.split())
        assert "/en/verify/3f2a90bc11de7704/" in page
    assert Client().get("/verify/3f2a90bc11de7704/").url == "/en/verify/3f2a90bc11de7704/"
    assert STANDS in Client().get("/en/verify/3f2a90bc11de7704/").content.decode()


def test_what_is_no_number_and_what_nobody_printed_is_said_and_stays_typed(stage: Stage) -> None:
    for typed, status, message in (("12", 422, "has 16 digits"), ("0" * 16, 404, "No report of ours has this number")):
        answer = Client().get("/en/verify/", {"number": typed})
        page = answer.content.decode()
        assert (answer.status_code, message in page, f'value="{typed}"' in page) == (status, True, True)


def test_a_later_issue_takes_the_place_of_the_first(stage: Stage) -> None:
    IssueFactory(decision=stage.decision, number=3, document_sha256="ef" * 32)  # for the hotline
    assert STANDS in asked("3f2a90bc11de7704")[1]
    IssueFactory(decision=stage.decision, extent="whole", number=2, document_sha256="ab" * 32)
    assert "Issue 2, printed on" in asked("3f2a90bc11de7704")[1]
    assert STANDS in asked("ab" * 8)[1]


def test_a_correction_counts_once_it_is_published(stage: Stage) -> None:
    newer = DecisionFactory(scorecard=stage.scorecard, replaces=stage.decision, kind="correction")
    assert STANDS in asked("3f2a90bc11de7704")[1]
    PublicationFactory(decision=newer)
    text = asked("3f2a90bc11de7704")[1]
    assert ("Its decision was corrected on" in text, STANDS in text) == (True, False)


def test_what_is_over_or_not_published_does_not_stand(stage: Stage) -> None:
    Accreditation.objects.update(state=Accreditation.State.EXPIRED)
    assert "does not hold now" in asked("3f2a90bc11de7704")[1]
    decided = Stage("decided", stage.people, country="XB", round=stage.round, is_printed=False)
    IssueFactory(decision=decided.decision, document_sha256="cd" * 32)
    assert "Its decision is not published." in asked("cd" * 8)[1]


def test_an_accreditation_is_over_after_its_last_day_whether_the_calendar_was_kept_or_not(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert STANDS in asked("3f2a90bc11de7704")[1]
    last = stage.decision.valid_until
    monkeypatch.setattr(Accreditation, "today", property(lambda _: last + timedelta(days=1)))
    assert "does not hold now" in asked("3f2a90bc11de7704")[1]


def test_a_decision_of_a_later_round_takes_the_place_of_a_refusal(stage: Stage) -> None:
    refused = DecisionFactory(
        scorecard=stage.scorecard, replaces=stage.decision, outcome="not_accredited", valid_until=None
    )
    PublicationFactory(decision=refused)
    IssueFactory(decision=refused, document_sha256="cd" * 32)
    assert STANDS in asked("cd" * 8)[1]
    again = evaluation_of(stage.hotline, round=RoundFactory(name="The next round"))
    later = DecisionFactory(
        scorecard=ScorecardFactory(evaluation=again),
        outcome="not_accredited",
        valid_until=None,
        decided_on=refused.decided_on + timedelta(days=7),
    )
    PublicationFactory(decision=later)
    text = asked("cd" * 8)[1]
    assert ("Its decision was replaced on" in text, STANDS in text) == (True, False)
