"""Pairs of indicators that are confirmed after self-assessments began: answers are carried over where there is none."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.answers.carrying import NotCarried, list_carried
from evaluation.answers.declaration import find_declaration
from evaluation.models import Answer, Evaluation, Evidence, Round
from evaluation.workflow import perform
from standards.models import Edition, EditionPage
from tests.evaluation.rounds.test_renewal import answer_fields
from tests.factories import EvidenceFactory, RoundFactory, open_round, released_edition, write_answer
from tests.letters_first import post_as_shown
from tests.small_edition import SMALL
from tests.stage import Participants, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

CODES = ("1.1.2", "1.2.1")


@pytest.fixture
def now(draft: EditionPage) -> Edition:
    """Return an edition in which two indicators of the small one read differently."""
    return released_edition(
        replace(SMALL, code="T4"), words={f"indicator/{code}/wording": f"{code} in other words." for code in CODES}
    )


@pytest.fixture
def stage(now: Edition) -> Stage:
    return published("XA")


def published(country: str, stage: Stage | None = None) -> Stage:
    """Return a published evaluation of the small edition with an answer and evidence for both indicators."""
    stage = Stage("published", stage.people if stage else Participants(), country=country, name=f"Round of {country}")
    for code, level in zip(CODES, (2, 3), strict=True):
        write_answer(stage.evaluation, code, level=level, words=f"As {code} says.")
        EvidenceFactory(evaluation=stage.evaluation, code=code, address=f"https://example.org/{code}")
    return stage


def begin(now: Edition, *stages: Stage) -> list[Evaluation]:
    """Open a round for the hotlines that renew, and return their evaluations."""
    round_ = RoundFactory(edition=now)
    opened = open_round(round_, [stage.hotline for stage in stages], by=stages[0].people.mce, renewing=True)
    return sorted(opened, key=lambda evaluation: evaluation.hotline.country)


def decide(client: Client, code: str, act: str = "confirm") -> str:
    address = f"{reverse('guide_mapping', args=[EditionPage.objects.get(locale__language_code='en').pk])}?before={SMALL.code}&now=T4"
    page = client.get(f"{address}&show=all").content.decode()
    value = next(part for part in page.split(f'name="{act}" value="')[1:] if part.startswith(f"{code} ")).partition(
        '"'
    )[0]
    return " ".join(client.post(address, {act: value}, follow=True).content.decode().split())


def not_offered(evaluation: Evaluation) -> dict[str, NotCarried]:
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    return {one.code: one.reason for one in list_carried(evaluation) if one.reason and one.code in CODES}


def board_of(client: Client, evaluation: Evaluation) -> str:
    page = client.get(reverse("workspace:board", args=[evaluation.round.uid]))
    return " ".join(page.content.decode().split())


def test_a_pair_confirmed_after_the_round_opened_brings_answers_where_there_is_none(
    sign_in: Callable[..., Client], now: Edition, stage: Stage
):
    client, second = sign_in(Client(), stage.people.mce), published("XB", stage)
    first, other = begin(now, stage, second)
    write_answer(other, "1.1.2", level=0, words="Written before it was confirmed.")
    EvidenceFactory(evaluation=first, code="1.1.2", address="https://example.org/new")
    assert not_offered(first) == dict.fromkeys(CODES, NotCarried.OPEN)
    assert f"2 indicators changed since edition {SMALL.code}" in board_of(client, first)
    told = decide(client, "1.1.2")
    assert "1 answer was carried over to open self-assessments, where there was none yet." in told
    assert answer_fields(first, "1.1.2") == (2, None, False, "As 1.1.2 says.", 0, None)
    assert answer_fields(other, "1.1.2")[:5] == (0, None, False, "Written before it was confirmed.", 1)
    addresses = Evidence.objects.filter(evaluation=first, code="1.1.2").values_list("address", flat=True)
    assert sorted(addresses) == ["https://example.org/1.1.2", "https://example.org/new"]
    assert not Evidence.objects.filter(evaluation=other, code__in=CODES).exists()
    assert (not_offered(first), not_offered(other)) == ({"1.2.1": NotCarried.OPEN},) * 2
    assert f"1 indicator changed since edition {SMALL.code}" in board_of(client, first)
    decide(client, "1.2.1")
    assert "Some earlier answers are not offered yet" not in board_of(client, first)
    assert not_offered(other) == {}


def test_the_evidence_of_two_pairs_is_attached_once_and_keeps_its_days(
    sign_in: Callable[..., Client], now: Edition, stage: Stage
):
    shared = "https://example.org/both"
    for code in CODES:
        EvidenceFactory(evaluation=stage.evaluation, code=code, address=shared)
    client, (evaluation,) = sign_in(Client(), stage.people.mce), begin(now, stage)
    decide(client, "1.1.2")
    Evidence.objects.filter(evaluation=evaluation, address=shared).update(ends_on="2031-01-31")
    decide(client, "1.2.1")
    links = Evidence.objects.filter(evaluation=evaluation, address=shared).values_list("code", "ends_on")
    assert sorted((code, str(day)) for code, day in links) == [(code, "2031-01-31") for code in CODES]
    decide(client, "1.2.1", "reject")
    assert "0 " not in decide(client, "1.2.1").partition("carried over to open")[0][-3:]
    assert Evidence.objects.filter(evaluation=evaluation, address=shared).count() == 2


def test_a_later_rejection_takes_back_nothing_that_was_carried_over(
    sign_in: Callable[..., Client], now: Edition, stage: Stage
):
    client, (evaluation,) = sign_in(Client(), stage.people.mce), begin(now, stage)
    decide(client, "1.1.2")
    decide(client, "1.1.2", "reject")
    decide(client, "1.2.1")
    assert answer_fields(evaluation, "1.1.2")[:2] == (2, None)
    assert not_offered(evaluation) == {}
    again = Evaluation.objects.get(pk=evaluation.pk)
    assert not {"1.1.2", "1.2.1"} & set(find_declaration(again).since_last_round.not_comparable)


@pytest.mark.parametrize("state", ["submitted", "excused", "first"])
def test_only_an_open_self_assessment_that_renews_gets_answers(
    sign_in: Callable[..., Client], now: Edition, stage: Stage, state: str
):
    client, (evaluation,) = sign_in(Client(), stage.people.mce), begin(now, stage)
    if state == "submitted":
        Evaluation.objects.filter(pk=evaluation.pk).update(state=Evaluation.State.DESK_REVIEW)
    elif state == "excused":
        perform(evaluation, "excuse", by=stage.people.mce, note="They closed.")
    else:
        Evaluation.objects.filter(pk=evaluation.pk).update(renews=None)
    assert "carried over to open self-assessments" not in decide(client, "1.1.2")
    assert not Answer.objects.get(evaluation=evaluation, code="1.1.2").is_carried
    assert "Some earlier answers are not offered yet" not in board_of(client, evaluation)


def test_an_answer_that_is_fixed_stays_blank(sign_in: Callable[..., Client], now: Edition, stage: Stage):
    client, (evaluation,) = sign_in(Client(), stage.people.mce), begin(now, stage)
    Evaluation.objects.filter(pk=evaluation.pk).update(fixed_codes=["1.1.2"])
    decide(client, "1.1.2")
    assert not Answer.objects.get(evaluation=evaluation, code="1.1.2").is_carried


def test_the_queries_do_not_grow_with_hotlines(sign_in: Callable[..., Client], now: Edition, stage: Stage):
    client = sign_in(Client(), stage.people.mce)
    begin(now, stage)
    with CaptureQueriesContext(connection) as one:
        decide(client, "1.1.2")
    begin(now, published("XB", stage), published("XC", stage))
    with CaptureQueriesContext(connection) as more:
        decide(client, "1.2.1")
    assert len(more) <= len(one)


def test_a_round_that_opens_today_says_what_is_to_be_decided_and_loses_nothing(
    sign_in: Callable[..., Client], now: Edition, stage: Stage
):
    client = sign_in(Client(), stage.people.mce)
    address = reverse("workspace:new_round")
    fields = {name: field.initial for name, field in client.get(address).context["form"].fields.items()}
    days = {"opens_on": "2026-12-01", "answers_until": "2027-03-01"}
    sent = fields | days | {"name": "Today", "edition": now.pk, "hotlines": [stage.hotline.pk], "is_renewing": "on"}
    figures = {"figures_from": "2025-01-01", "figures_until": "2025-12-31", "time_zone": "Europe/Brussels"}
    page = post_as_shown(client, address, {k: v for k, v in (sent | figures).items() if v}, follow=True)
    assert f"2 indicators changed since edition {SMALL.code}" in " ".join(page.content.decode().split())
    evaluation = Evaluation.objects.get(round=Round.objects.get(name="Today"))
    decide(client, "1.1.2")
    assert Answer.objects.get(evaluation=evaluation, code="1.1.2").is_carried
