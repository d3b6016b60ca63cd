"""What an assessor can do on visits: their own page, and MCE's."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Absence, AssessorProfile
from tests.factories import released_edition
from tests.small_edition import SMALL
from tests.stage import Participants

pytestmark = pytest.mark.django_db
OWN = "/work/visits/me/"


@pytest.fixture
def people() -> Participants:
    released_edition()
    return Participants()


def test_an_assessor_says_what_they_can_do_and_it_is_shown(people, sign_in):
    client = sign_in(Client(), people.assessor)
    assert "Nothing is said yet" in client.get(OWN).content.decode()
    assert reverse("workspace:own_assessor_profile") in client.get(reverse("workspace:visits")).content.decode()
    key = SMALL.domains[0].permanent_key
    sent = {"act": "save", "languages": ["pl", "fr"], "domains": [key], "most_visits": "4"}
    assert client.post(OWN, sent).url == OWN
    saved = AssessorProfile.objects.get(user=people.assessor)
    assert (saved.languages, saved.domains, saved.can_lead, saved.most_visits) == (["pl", "fr"], [key], False, 4)
    page = client.get(OWN).content.decode()
    assert "Nothing is said yet" not in page
    client.post(OWN, {**sent, "can_lead": "on"})  # twice: the same row
    assert AssessorProfile.objects.get().can_lead


def test_its_forms_go_to_the_page_on_which_they_stand(people, sign_in):
    pages = {OWN: people.assessor, reverse("workspace:assessor_profile", args=[people.assessor.uid]): people.mce}
    for address, reader in pages.items():
        page = sign_in(Client(), reader).get(address).content.decode()
        forms = re.findall(r'<form method="post"[^>]*>', page.partition("<main")[2])
        assert len(forms) == 2
        assert not any("action=" in form for form in forms)


def test_a_domain_that_the_newest_edition_has_no_more_is_kept(people, sign_in):
    AssessorProfile.objects.create(user=people.assessor, languages=["en"], domains=["of-an-older-edition"])
    sign_in(Client(), people.assessor).post(OWN, {"act": "save", "languages": ["en"], "most_visits": "1"})
    assert AssessorProfile.objects.get().domains == ["of-an-older-edition"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"languages": [], "most_visits": "2"}, "languages"),
        ({"languages": ["tlh"], "most_visits": "2"}, "languages"),
        ({"languages": ["en"], "most_visits": "-1"}, "most_visits"),
        ({"languages": ["en"], "most_visits": "21"}, "most_visits"),
        ({"languages": ["en"], "most_visits": "9" * 40}, "most_visits"),
        ({"languages": ["en"], "domains": ["nothing"], "most_visits": "2"}, "domains"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_written(people, sign_in, sent, field):
    answer = sign_in(Client(), people.assessor).post(OWN, {"act": "save", **sent})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not AssessorProfile.objects.exists()


def test_days_are_added_and_removed(people, sign_in):
    client, today = sign_in(Client(), people.assessor), timezone.localdate()
    days = {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=4)).isoformat()}
    client.post(OWN, {"act": "add", **days})
    away = Absence.objects.get(user=people.assessor)
    assert (away.starts_on, (away.ends_on - away.starts_on).days) == (today, 4)
    twice = client.post(OWN, {"act": "add", **days})
    assert (twice.status_code, list(twice.context["absence"].errors)) == (422, ["starts_on"])
    turned = client.post(OWN, {"act": "add", "starts_on": days["ends_on"], "ends_on": days["starts_on"]})
    assert (turned.status_code, list(turned.context["absence"].errors)) == (422, ["ends_on"])
    over = (today - timedelta(days=1)).isoformat()
    late = client.post(OWN, {"act": "add", "starts_on": over, "ends_on": over})
    assert "These days are over" in late.content.decode()
    assert client.post(OWN, {"act": "add"}).status_code == 422
    other = Absence.objects.create(user=people.lead, starts_on=today, ends_on=today)
    client.post(OWN, {"act": f"remove-{other.pk}"})
    for act in ("remove-x", "remove-" + "9" * 5000):
        assert client.post(OWN, {"act": act}).status_code == 302
    assert Absence.objects.count() == 2
    client.post(OWN, {"act": f"remove-{away.pk}"})
    assert Absence.objects.get() == other


def test_mce_edits_anybody_and_a_colleague_finds_nothing(people, sign_in):
    page = reverse("workspace:assessor_profile", args=[people.assessor.uid])
    sent = {"act": "save", "languages": ["de"], "most_visits": "0", "can_lead": "on"}
    assert sign_in(Client(), people.mce).post(page, sent).url == page
    assert AssessorProfile.objects.get(user=people.assessor).most_visits == 0
    assert sign_in(Client(), people.lead).get(page).status_code == 404
    assert (
        sign_in(Client(), people.mce).get(reverse("workspace:assessor_profile", args=[people.panel.uid])).status_code
        == 404
    )
    assert sign_in(Client(), people.mce).get(OWN).url == reverse("workspace:people")
    assert sign_in(Client(), people.panel).get(OWN).status_code == 403
