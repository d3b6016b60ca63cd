"""On a page in a language without a wording, each text of the edition is in an element of its own language."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from evaluation.models import Recommendation, Round, User
from standards.framework import Condition, Test
from tests.factories import RoundFactory, evaluation_of
from tests.languages import find_other_languages, walk
from tests.small_edition import SMALL, wording_of
from tests.stage import Stage

pytestmark = pytest.mark.django_db

ASKED = "Name two people who answer"
KNOWN = {**dict.fromkeys(wording_of(SMALL).values(), "en"), ASKED: "en"}
WHY = ("overall", "D1", "1.1", "1.1.1", "1.1.2", "3.1.1", "outcome/accredited", "outcome/conditional")


@pytest.fixture
def stage() -> Stage:
    """Return a published result whose standards have conditions; all users read Polish."""
    passing = (Condition(Test.EVERY, "essential", level=2), Condition(Test.SCORE, percent=50))
    stage = Stage("published", framework=replace(SMALL, rule=replace(SMALL.rule, passing=passing)))
    Recommendation.objects.update(title=ASKED, due_on=date(2027, 5, 1))
    User.objects.update(language="pl")
    return stage


def pages_of(stage: Stage) -> list[tuple[str, Any]]:
    """Return the URL names and arguments of the pages that name parts of the edition."""
    of_it = [stage.evaluation.uid]
    return [
        *((f"workspace:{name}", of_it) for name in ("scorecard", "evaluation", "response", "recommendations", "plan")),
        *((f"workspace:{name}", of_it) for name in ("replies", "deliberation", "report", "what_if", "visit")),
        *(("workspace:why", [*of_it, code]) for code in WHY),
        *(("workspace:answers", [*of_it, standard]) for standard in ("1.1", "3.2", "9.1")),
        *(("workspace:findings", [*of_it, standard]) for standard in ("1.1", "3.2")),
        ("workspace:versions", [*of_it, "answer", "1.1.2"]),
        ("workspace:recommendation", [stage.recommendation.uid]),
        ("workspace:board", [stage.round.uid]),
        ("workspace:network", []),
        ("workspace:network_indicator", [stage.recommendation.code]),
        ("workspace:hotline_trends", [stage.hotline.country]),
        ("pages:register", []),
        ("pages:hotline", [stage.hotline.country]),
        *(("pages:why", [stage.hotline.country, code]) for code in WHY),
        ("pages:guide_edition", [stage.round.edition.code]),
        ("pages:guide_standard", [stage.round.edition.code, "d1", "1-1"]),
    ]


def test_every_text_of_the_edition_says_its_language(stage: Stage, sign_in: Callable[..., Client]) -> None:
    client, seen, found = sign_in(Client(), stage.people.mce), set(), {}
    for name, args in pages_of(stage):
        with override("pl"):
            address = reverse(name, args=args)
        page = client.get(address)
        assert page.status_code == 200, address
        html = page.content.decode()
        assert "pl" in {spoken.language for spoken in walk(html)}, address
        # the title of a page has one language, which is the page's
        if unmarked := find_other_languages(html, KNOWN, unless=("title",)):
            found[address] = unmarked
        seen |= {text for text in KNOWN if text in html}
    assert found == {}
    assert {ASKED, *(f"{name} (en)" for name in ("Accredited", "Essential", "D1 title", "1.1.1 wording"))} <= seen


def test_what_was_asked_last_time_says_its_language(stage: Stage, sign_in: Callable[..., Client]) -> None:
    later = RoundFactory(edition=stage.round.edition, state=Round.State.OPEN)
    renewal = evaluation_of(stage.hotline, round=later, renews=stage.evaluation)
    address = reverse("workspace:answers", args=[renewal.uid, "1.1"])
    html = sign_in(Client(), stage.coordinator).get(address).content.decode()
    assert ASKED in html
    assert find_other_languages(html, KNOWN, unless=("title",)) == []
