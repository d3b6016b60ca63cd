"""A figure that was corrected after the submission, on every page that shows it, and the form that lets it count."""

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.crm.confirming import accept
from evaluation.models import StatisticsImport, Step
from evaluation.workflow import move
from tests.evaluation.stages import stage
from tests.evaluation.test_pinning import correct

pytestmark = pytest.mark.django_db

BESIDE = "It does not count."


def pages(uid) -> dict[str, str]:
    return {
        "overview": reverse("workspace:evaluation", args=[uid]),
        "answers": reverse("workspace:answers", args=[uid, "3.1"]),
        "why": reverse("workspace:why", args=[uid, "3.1.1"]),
        "scorecard": reverse("workspace:scorecard", args=[uid]),
    }


def test_every_page_shows_what_was_submitted_with_the_correction_beside_it(sign_in):
    here = stage("self_assessment")
    uid = here.evaluation.uid
    move(here.evaluation, "submit", by=here.coordinator)
    correct(here.evaluation, here.coordinator)
    client = sign_in(Client(), here.coordinator)
    for name, url in pages(uid).items():
        page = client.get(url).content.decode()
        assert BESIDE not in page, name
        assert "72.9" not in page, name
    accept(StatisticsImport.objects.get(state="confirmed"), here.mce)
    for name, url in pages(uid).items():
        page = client.get(url).content.decode()
        assert BESIDE in page, name
        assert "to 72.9" in page.replace("\u00a0", " "), name
        assert "91.6" in page, name
    assert reverse("workspace:count_corrections", args=[uid]) not in client.get(pages(uid)["overview"]).content.decode()


def test_mce_lets_it_count_with_a_reason_that_stands_in_the_log(sign_in):
    here = stage("self_assessment")
    uid = here.evaluation.uid
    move(here.evaluation, "submit", by=here.coordinator)
    correct(here.evaluation, here.coordinator, here.mce)
    client, count = sign_in(Client(), here.mce), reverse("workspace:count_corrections", args=[uid])
    assert count in client.get(pages(uid)["overview"]).content.decode()
    page = client.post(count, {"note": "  "}, follow=True).content.decode()
    assert "Say why" in page
    assert not Step.objects.filter(move="count_corrections").exists()
    page = client.post(count, {"note": "Calls were counted twice."}, follow=True).content.decode()
    assert "Corrected figures count from here on" in page
    assert "Calls were counted twice." in page
    assert count not in page
    for name, url in pages(uid).items():
        assert BESIDE not in client.get(url).content.decode(), name
    assert "72.9" in client.get(pages(uid)["why"]).content.decode()
    page = client.post(count, {"note": "Once more."}, follow=True).content.decode()
    assert "No figure was corrected since the submission" in page
