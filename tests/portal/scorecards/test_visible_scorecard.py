"""Which scorecard a person reads at each stage, when the evidence has moved since it was stored."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Answer, Evaluation, Finding
from portal.presentation.scorecard.visible_scorecard import read_card
from tests.factories import write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

State = Evaluation.State


def moved(state: str) -> Stage:
    """Return a stage whose evidence has changed since the scorecard; beside it a second hotline in the same state."""
    Stage.minimal(state)
    stage = Stage.minimal(state)
    is_visited = state not in (State.SELF_ASSESSMENT, State.DESK_REVIEW)
    write_answer(stage.evaluation, "1.1.2", Finding if is_visited else Answer, level=0)
    stage.evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    return stage


@pytest.mark.parametrize("state", [State.RESPONSE, State.DECISION, State.DECIDED, State.PUBLISHED])
def test_once_the_draft_was_sent_the_stored_scorecard_is_read(sign_in: Callable[..., Client], state: str):
    stage = moved(state)
    stored = stage.evaluation.scorecards.get()
    for reader in (stage.coordinator, stage.people.mce):
        card = read_card(stage.evaluation, reader)
        assert (card.stored, card.shows_findings, card.is_decided) == (stored, True, False)
        page: Any = sign_in(Client(), reader).get(reverse("workspace:scorecard", args=[stage.evaluation.uid]))
        assert (page.context["stored"], page.context["card"]) == (stored, card.card)
    now = read_card(stage.evaluation, stage.people.mce, of_current_evidence=True)
    assert (now.stored, now.card == card.card) == (None, False)


@pytest.mark.parametrize("state", [State.SELF_ASSESSMENT, State.DESK_REVIEW, State.STUDY_VISIT, State.REPORT])
def test_before_that_nothing_stored_is_read_and_findings_only_by_who_works_on_them(state: str):
    stage = moved(state)
    of_hotline = read_card(stage.evaluation, stage.coordinator)
    of_mce = read_card(stage.evaluation, stage.people.mce)
    assert [of_hotline.stored, of_mce.stored] == [None, None]
    is_visit = state in (State.STUDY_VISIT, State.REPORT)
    assert [of_hotline.shows_findings, of_mce.shows_findings] == [not is_visit, True]
    seen = [card.evidence.findings.get("1.1.2") for card in (of_hotline, of_mce)]
    assert [one is not None and one.level == 0 for one in seen] == [False, is_visit]
