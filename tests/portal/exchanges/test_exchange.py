"""Visits between hotlines in the workspace: offers, matches, requests, reports, the programme of the network."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.exchanges.visits import offer_to_host
from evaluation.models import Exchange, Finding, HostOffer, Hotline, User
from portal.letters.models import Letter
from tests.evaluation.exchanges.test_visits import Two
from tests.factories import ExchangeFactory, HotlineFactory, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

State = Exchange.State


@pytest.fixture
def two() -> Two:
    return Two()


@pytest.fixture
def near(two: Two) -> Two:
    """Return the two hotlines in neighbouring countries: a visit to a distant one may cost more than it gains."""
    for hotline, country in ((two.weak.hotline, "PT"), (two.strong.hotline, "ES")):
        Hotline.objects.filter(pk=hotline.pk).update(country=country)
        hotline.country = country
    return two


@pytest.fixture
def as_(sign_in: Callable[..., Client]) -> Callable[[User], Client]:
    return lambda user: sign_in(Client(), user)


def url(name: str, *args: Any) -> str:
    return reverse(f"workspace:{name}", args=args)


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def letters_to(user: User) -> list[str]:
    return list(Letter.objects.filter(to_user=user).order_by("pk").values_list("subject", flat=True))


def test_a_visit_is_requested_accepted_held_and_closed(two: Two, as_: Any):
    visitor, host = as_(two.weak.coordinator), as_(two.strong.coordinator)
    name = two.strong.hotline.name
    page = text_of(visitor, url("exchanges"))
    assert name in page
    request = url("request_exchange", two.weak.hotline.country, two.strong.hotline.country)
    assert request in page
    assert two.weak.hotline.name not in text_of(host, url("exchanges"))
    sent = visitor.post(request, {"keys": ["1.1.2"], "message": "Two of us, in spring."})
    exchange = Exchange.objects.get()
    assert sent.url == url("exchange", exchange.uid)
    home = text_of(host, url("evaluation", two.strong.evaluation.uid))
    assert f"The hotline of {two.weak.hotline.name} would like to visit you" in home
    assert "Two of us, in spring." in text_of(host, sent.url)
    host.post(url("move_exchange", exchange.uid, "accept"))
    held = url("hold_exchange", exchange.uid)
    late = visitor.post(held, {"held_on": timezone.localdate() + timedelta(days=9), "report": "We saw it."})
    assert (late.status_code, "is to come" in late.content.decode(), "We saw it." in late.content.decode()) == (
        *(422, True, True),
    )
    early = visitor.post(held, {"held_on": "1926-11-28", "report": "We saw it."})
    assert (early.status_code, list(early.context["wrong"].errors)) == (422, ["held_on"])
    visitor.post(held, {"held_on": timezone.localdate(), "report": "We saw the rota."})
    assert "We saw the rota." in text_of(host, sent.url)
    host.post(url("move_exchange", exchange.uid, "close"))
    exchange.refresh_from_db()
    assert exchange.state == State.CLOSED
    weak = two.weak.hotline.name
    assert letters_to(two.strong.coordinator) == [f"{weak} would like to visit you", f"{weak} reports on its visit"]
    assert letters_to(two.weak.coordinator) == [f"{name} accepts your visit", f"{name} has read your report"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"message": "May we?"}, "keys"),
        ({"keys": ["none"], "message": "May we?"}, "keys"),
        ({"keys": ["1.1.2"], "message": " "}, "message"),
        ({"keys": ["1.1.2"], "message": "x" * 4001}, "message"),
    ],
)
def test_a_request_that_cannot_be_is_refused_at_its_field(two: Two, as_: Any, sent: dict[str, Any], field: str):
    address = url("request_exchange", two.weak.hotline.country, two.strong.hotline.country)
    answer = as_(two.weak.coordinator).post(address, sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Exchange.objects.exists()


def test_a_second_request_says_that_there_is_one(two: Two, as_: Any):
    ExchangeFactory(visitor=two.weak.hotline, host=two.strong.hotline)
    address = url("request_exchange", two.weak.hotline.country, two.strong.hotline.country)
    answer = as_(two.weak.coordinator).post(address, {"keys": ["1.1.2"], "message": "Again, in spring."})
    page = answer.content.decode()
    assert "You have requested a visit there already" in page
    assert "Again, in spring." in page
    assert Exchange.objects.count() == 1


def test_a_hotline_offers_changes_and_withdraws(two: Two, as_: Any):
    HostOffer.objects.all().delete()
    client, address = as_(two.strong.coordinator), url("host_offer", two.strong.hotline.country)
    page = text_of(client, address)
    assert "Other hotlines may see where we are strong" in page
    given = {"most": 2, "domains": two.domains, "languages": ["en"]}
    assert client.post(address, given).status_code == 422  # without the consent
    for wrong in ({"most": 0}, {"most": 99}, {"domains": ["none"]}, {"languages": ["mt"]}):
        assert client.post(address, {**given, "agreed": "on", **wrong}).status_code == 422
    assert not HostOffer.objects.exists()
    client.post(address, {**given, "agreed": "on"})
    assert "You host 2 hotlines a year." in text_of(client, url("exchanges"))
    client.post(url("withdraw_host_offer", two.strong.hotline.country))
    assert "You have not offered to host." in text_of(client, url("exchanges"))


def test_mce_sees_the_programme_with_its_gain_and_a_map(near: Two, as_: Any):
    answer = as_(near.weak.people.mce).get(url("exchange_programme"))
    page = " ".join(answer.content.decode().split())
    (row,) = answer.context["rows"]
    assert (row["visitor"], row["host"]) == (near.weak.hotline.name, near.strong.hotline.name)
    assert "It is proved that no other programme leaves more." in page
    assert page.count("<line ") == 1
    HostOffer.objects.all().delete()
    assert "Nothing to propose yet" in text_of(as_(near.weak.people.mce), url("exchange_programme"))


def test_more_hotlines_ask_no_more(near: Two, as_: Any, django_assert_max_num_queries: Any):
    mce, visitor = as_(near.weak.people.mce), as_(near.weak.coordinator)
    pages = [(mce, url("exchanges")), (visitor, url("exchanges")), (mce, url("exchange_programme"))]

    def count(client: Client, address: str) -> int:
        client.get(address)
        with django_assert_max_num_queries(60) as found:
            client.get(address)
        return len(found)

    before = [count(*page) for page in pages]
    for _more in range(3):
        ExchangeFactory(host=near.strong.hotline, visitor=HotlineFactory(languages="en"))
    another = Stage("published", near.weak.people, country="", round=near.weak.round, for_pages=False)
    write_answer(another.evaluation, "1.1.2", Finding, level=3, words="Seen.")
    offer_to_host(another.hotline, most=1, domains=near.domains, languages=["en"], by=another.coordinator)
    assert [count(*page) for page in pages] == before
    assert len(visitor.get(url("exchanges")).context["hotlines"][0]["matches"]) == 2
