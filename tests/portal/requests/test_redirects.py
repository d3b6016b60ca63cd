"""Opening the address of a form redirects to its page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.stage import Stage

pytestmark = pytest.mark.django_db


def test_opening_the_address_of_a_form_leads_to_its_page(sign_in: Callable[..., Client]):
    stage = Stage("decided")
    uid, client = stage.evaluation.uid, sign_in(Client(), stage.people.mce)
    expected = {
        ("move", uid, "publish"): ("evaluation", uid),
        ("move_visit", uid, "sign_off"): ("visit", uid),
        ("move_round", stage.round.uid, "close"): ("board", stage.round.uid),
        ("move_statistics", stage.statistics.uid, "confirm"): ("statistics", stage.statistics.uid),
        ("save_answer", uid, "1.1", "1.1.1"): ("answers", uid, "1.1"),
        ("save_finding", uid, "1.1", "1.1.1"): ("findings", uid, "1.1"),
        ("decide", uid): ("evaluation", uid),
        ("vote", uid): ("deliberation", uid),
        ("judge", uid): ("evaluation", uid),
        ("give_response", uid): ("response", uid),
        ("rule", stage.appeal.uid): ("appeal", stage.appeal.uid),
        ("confirm_correction", uid, stage.correction.uid): ("correction", uid),
        ("move_correction", uid, stage.correction.uid, "drop"): ("correction", uid),
    }
    found = {}
    for name, *args in expected:
        answer = client.get(reverse(f"workspace:{name}", args=args))
        assert answer.status_code == 302, name
        found[name, *args] = answer.url
    wanted = {key: reverse(f"workspace:{name}", args=args) for key, (name, *args) in expected.items()}
    assert found == wanted


def test_another_method_is_still_not_allowed(sign_in: Callable[..., Client]):
    stage = Stage("decided")
    client = sign_in(Client(), stage.people.mce)
    assert client.put(reverse("workspace:move", args=[stage.evaluation.uid, "publish"])).status_code == 405


def test_who_is_not_signed_in_is_asked_to_sign_in(client: Client):
    stage = Stage("decided")
    address = reverse("workspace:move", args=[stage.evaluation.uid, "publish"])
    assert client.get(address).url.startswith(reverse("account_login"))
