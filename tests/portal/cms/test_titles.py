"""The title of a new page: Wagtail shows its label to screen readers only, and no border."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Role
from portal.public.models import HomePage
from standards.models import DomainPage, EditionPage, GuidePage
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("app", "model", "above"),
    [
        ("standards", "editionpage", GuidePage),
        ("standards", "domainpage", EditionPage),
        ("standards", "standardpage", DomainPage),
        ("portal", "agendatemplatepage", HomePage),
        ("portal", "sheettemplatepage", HomePage),
    ],
)
def test_an_empty_title_says_what_it_is_in_the_editors_language(
    loaded: EditionPage, sign_in: Callable[..., Client], app: str, model: str, above: type
):
    editor = sign_in(Client(), person(Role.MCE_COORDINATOR, language="pl"))
    address = reverse("wagtailadmin_pages:add", args=[app, model, above.objects.first().pk])
    page = editor.get(address).content.decode()
    assert re.search(r'<input type="text" name="title"[^>]* placeholder="Tytuł"', page)
