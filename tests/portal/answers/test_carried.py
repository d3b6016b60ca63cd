"""The page of what a renewal took over: the links to it, what is not taken over, and its texts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from evaluation.answers.carrying import NotCarried
from evaluation.models import Answer, Evaluation, Round, User
from evaluation.rounds.planning import add_hotline
from portal.answers.last_round import find_previous_answers
from portal.answers.words import describe_not_carried
from standards.framework import Measure
from standards.framework.asking import read_askings
from tests.browsing import WIDTHS
from tests.evaluation.rounds.test_renewal import confirm, renewed
from tests.factories import RoundFactory, released_edition, write_answer
from tests.small_edition import SMALL, wording_of
from tests.stage import Stage

pytestmark = pytest.mark.django_db

WORDS = {"indicator/1.1.2/wording": "Something else is asked.", "indicator/1.1.1/guidance": "Meant otherwise."}


@pytest.fixture
def renewal() -> tuple[Stage, Evaluation]:
    """Return a renewal in which two indicators changed, of which one is confirmed, and one is no longer asked."""
    stage = Stage.minimal("published")
    write_answer(stage.evaluation, "1.1.2", level=2, words="We do most of it.")
    write_answer(stage.evaluation, "1.2.1", level=1, words="By day only.")
    first = SMALL.domains[0]
    one, two = first.standards
    new = replace(two.indicators[0], code="1.2.2", key="new", measure=Measure.YES_NO)
    now = replace(
        SMALL, code="T4", domains=(replace(first, standards=(one, replace(two, indicators=(new,)))), *SMALL.domains[1:])
    )
    edition = released_edition(now, words={**WORDS, "indicator/1.2.2/wording": "Asked for the first time."})
    confirm(edition, ("1.1.1", "1.1.1"), by=stage.people.mce)
    return renewed(edition, stage)


def page_of(client: Client, evaluation: Evaluation) -> str:
    answer = client.get(reverse("workspace:carried", args=[evaluation.uid]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_it_lists_what_was_not_taken_over_and_why(renewal: tuple[Stage, Evaluation], sign_in: Callable[..., Client]):
    stage, evaluation = renewal
    page = page_of(sign_in(Client(), stage.coordinator), evaluation)
    anew, _title, rest = page.partition("Not asked any more")
    removed, _title, reworded = rest.partition("Taken over, with what the Guide says otherwise")
    assert "The Guide changed it, and it is not confirmed that an earlier answer still fits." in anew
    assert "If Missing Children Europe confirms that an earlier answer still fits, it is put there" in anew
    assert "The Guide asks this for the first time." in anew
    assert "We do most of it." in anew
    assert f"{reverse('workspace:answers', args=[evaluation.uid, '1.1'])}#i1.1.2" in anew
    assert "By day only." in removed
    assert "Meant otherwise." in reworded
    was = wording_of(SMALL)["indicator/1.1.2/wording"]
    assert f"(removed: </span>{was}" in anew


def test_what_is_not_asked_of_the_hotline_is_not_to_be_answered_anew(sign_in: Callable[..., Client]):
    stage = Stage.minimal("published")
    first, *others = SMALL.domains
    one, two = first.standards
    new = replace(two.indicators[0], code="1.2.2", key="new", asked_if=read_askings("own_number"))
    standard = replace(two, indicators=(*two.indicators, new))
    now = replace(
        SMALL, code="T4", traits=("own_number",), domains=(replace(first, standards=(one, standard)), *others)
    )
    _stage, evaluation = renewed(released_edition(now), stage)
    client, link = sign_in(Client(), stage.coordinator), "#i1.2.2"
    assert link not in page_of(client, evaluation)
    Evaluation.objects.filter(pk=evaluation.pk).update(traits=["own_number"])
    assert link in page_of(client, evaluation)


def test_the_questionnaire_and_the_evaluation_lead_to_it(
    renewal: tuple[Stage, Evaluation], sign_in: Callable[..., Client]
):
    stage, evaluation = renewal
    client, address = sign_in(Client(), stage.coordinator), reverse("workspace:carried", args=[evaluation.uid])
    for name, args in (("evaluation", []), ("answers", ["1.1"])):
        page = client.get(reverse(f"workspace:{name}", args=[evaluation.uid, *args])).content.decode()
        assert f'href="{address}"' in page
    first = client.get(reverse("workspace:evaluation", args=[stage.evaluation.uid])).content.decode()
    assert "/carried/" not in first


def test_the_questionnaire_shows_what_changed_beside_the_answer(
    renewal: tuple[Stage, Evaluation], sign_in: Callable[..., Client]
):
    stage, evaluation = renewal
    client = sign_in(Client(), stage.coordinator)
    page = " ".join(client.get(reverse("workspace:answers", args=[evaluation.uid, "1.1"])).content.decode().split())
    assert "The Guide asks something else now. Answer it anew." in page
    assert "The Guide says it in other words now." in page
    assert "(added: </span>Something else is asked." in page


@pytest.mark.everywhere
def test_the_last_time_is_shown_also_in_a_round_that_does_not_start_from_the_last_answers(
    sign_in: Callable[..., Client],
):
    stage, other = Stage.minimal("published"), Stage.minimal("published")
    for one, words in ((stage, "We do most of it."), (other, "Of another hotline.")):
        write_answer(one.evaluation, "1.1.2", level=2, words=words)
    write_answer(stage.evaluation, "1.2.1", level=1, words="By day only.")
    first = SMALL.domains[0]
    one, two = first.standards
    moved = replace(two.indicators[0], code="1.2.2", key="1.2.1")
    now = replace(SMALL, code="T4", domains=(replace(first, standards=(one, replace(two, indicators=(moved,)))),))
    round_ = RoundFactory(edition=released_edition(now, words=WORDS), state=Round.State.OPEN)
    evaluation = add_hotline(round_, stage.evaluation.hotline, renewing=False, by=stage.people.mce, note="Late.")
    blank = Answer.objects.filter(evaluation=evaluation, level=None, value=None, words="", version=0)
    assert (evaluation.renews, blank.count()) == (None, len(evaluation.framework.indicators))
    client = sign_in(Client(), stage.coordinator)

    def read(standard: str) -> str:
        page = client.get(reverse("workspace:answers", args=[evaluation.uid, standard])).content.decode()
        return " ".join(page.split())

    page = read("1.1")
    assert "We do most of it." in page
    assert "Of another hotline." not in page
    assert "The Guide asks something else now. Answer it anew." in page
    page = read("1.2")
    assert "By day only." in page
    assert "it was 1.2.1" in page
    assert "taken over" not in page
    assert find_previous_answers(stage.evaluation, ["1.1.2"]) == {}, "nothing comes before the first"
    found = find_previous_answers(evaluation, ["1.1.2"])["1.1.2"][0]
    assert (found.answer.words, found.round_name) == ("We do most of it.", stage.evaluation.round.name)


def test_an_answer_to_the_same_question_that_is_not_taken_over_has_a_title_of_its_own(sign_in: Callable[..., Client]):
    stage = Stage.minimal("published")
    write_answer(stage.evaluation, "1.1.2", level=2, words="We do most of it.")
    write_answer(stage.evaluation, "1.2.1", level=1, words="By day only.")
    first = SMALL.domains[0]
    now = replace(SMALL, code="T4", domains=(replace(first, standards=first.standards[:1]), *SMALL.domains[1:]))
    edition = released_edition(now)
    confirm(edition, ("1.2.1", "1.1.2"), by=stage.people.mce)
    _stage, evaluation = renewed(edition, stage)
    page = sign_in(Client(), stage.coordinator).get(reverse("workspace:answers", args=[evaluation.uid, "1.1"]))
    same, other = page.content.decode().split("data-changed")[1:]
    assert "Your earlier answer is not taken over." in same
    assert "they were not all answered alike" in same
    assert "The Guide asks something else now. Answer it anew." in other


@pytest.mark.parametrize(("asked_from", "expected"), [(None, 1), (date(2199, 1, 1), 0)])
def test_nothing_is_said_of_an_earlier_answer_while_its_indicator_is_not_asked(asked_from: date | None, expected: int):
    stage = Stage.minimal("published")
    write_answer(stage.evaluation, "1.2.1", level=2, words="We do most of it.")
    first = SMALL.domains[0]
    one, two = first.standards
    later = replace(two, indicators=(replace(two.indicators[0], asked_from=asked_from),))
    now = replace(SMALL, code="T4", domains=(replace(first, standards=(one, later)), *SMALL.domains[1:]))
    edition = released_edition(now, words={"indicator/1.2.1/guidance": "Meant otherwise."})
    _stage, evaluation = renewed(edition, stage)
    found = find_previous_answers(evaluation, ["1.2.1"]).get("1.2.1", [])
    assert sum(last.reopens and len(last.changed) == 1 for last in found) == expected
    assert [last for last in found if not last.reopens and last.changed] == []


def test_the_last_answer_stands_beside_the_one_that_took_it_over():
    stage = Stage.minimal("published")
    write_answer(stage.evaluation, "1.1.2", level=2, words="We do most of it.")
    _stage, evaluation = renewed(released_edition(replace(SMALL, code="T4")), stage)
    found = find_previous_answers(evaluation, ["1.1.2"])["1.1.2"]
    assert [(last.answer and last.answer.words, last.reopens) for last in found] == [("We do most of it.", False)]


def test_what_changed_takes_the_same_queries_for_one_indicator_and_for_four():
    stage = Stage.minimal("published")
    codes = ["1.1.2", "1.2.1", "3.2.1", "9.1.1"]
    for code in codes:
        write_answer(stage.evaluation, code, level=1, words="By day.")
    words = {f"indicator/{code}/guidance": "Meant otherwise." for code in codes}
    _stage, evaluation = renewed(released_edition(replace(SMALL, code="T4"), words=words), stage)

    def queries(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as asked:
            found = find_previous_answers(evaluation, codes)
        assert [last.changed for code in codes for last in found[code]].count(()) == 0
        return len(asked)

    queries(codes)
    assert queries(codes[:1]) == queries(codes)


def test_a_first_evaluation_takes_over_nothing(sign_in: Callable[..., Client]):
    stage = Stage.minimal("self_assessment")
    page = page_of(sign_in(Client(), stage.coordinator), stage.evaluation)
    assert "It starts from no earlier evaluation, so that there is nothing to take over." in page


@pytest.mark.parametrize("language", ["en", "fr", "it", "pl", "pt", "hr"])
def test_every_reason_has_its_words(language: str):
    with translation.override(language):
        words = {describe_not_carried(reason) for reason in NotCarried}
    assert len(words) == len(NotCarried)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_is_accessible_and_fits(
    renewal: tuple[Stage, Evaluation],
    browser_page: Any,
    as_user: Callable[..., Any],
    axe: Callable[..., None],
    width: int,
):
    stage, evaluation = renewal
    User.objects.filter(pk=stage.coordinator.pk).update(language="en")
    page = as_user(browser_page, stage.coordinator)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(reverse("workspace:carried", args=[evaluation.uid]))
    page.locator("ins").first.wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
