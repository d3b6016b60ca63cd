"""The criteria of sheets: shipped in every language, edited in the CMS, published by MCE, fixed where a visit uses them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from evaluation.models import Role
from evaluation.visits.sheets.templates import Kind, SheetTemplate
from portal.public.models import HomePage
from portal.visits.sheet_templates.models import SheetTemplatePage, write_shipped_criteria
from portal.visits.sheet_templates.reader import find_templates
from portal.visits.sheet_templates.shipped import shipped_sheet
from tests.factories import person
from tests.stage import Stage

pytestmark = pytest.mark.django_db

CALM = {"type": "criterion", "value": {"text": "They stay calm.", "examines": ["3.2.1"]}}


def publish(title: str = "Ours", **fields: Any) -> SheetTemplatePage:
    page = SheetTemplatePage(**{"title": title, "criteria": [CALM], "kind": Kind.LISTENING, "asked": 3, **fields})
    HomePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    return SheetTemplatePage.objects.get(pk=page.pk)


def test_what_is_shipped_has_every_language_and_the_numbers_of_the_source():
    templates = find_templates()
    assert [*templates] == ["contacts", "listening", "files", "interviews"]
    contacts = templates[Kind.CONTACTS]
    assert (contacts.asked, contacts.threshold, contacts.keys) == (10, 80, ("3.3.1",))
    languages = {code for code, _name in settings.INTERFACE_LANGUAGES}
    for template in templates.values():
        assert template == SheetTemplate.read(template.write())
        assert all({*criterion.texts} == languages for criterion in template.criteria)
        keys = [criterion.key for criterion in template.criteria]
        assert len(keys) == len({*keys})
    assert [one["value"]["text"] for one in write_shipped_criteria()] == [one.texts["en"] for one in contacts.criteria]


def test_the_sheet_that_was_published_last_is_used(django_assert_num_queries: Any):
    first = publish(threshold=None)
    publish("Newer", asked=5, belongs_to=["3.3.2"])
    with django_assert_num_queries(1):
        templates = find_templates()
    used = templates[Kind.LISTENING]
    (criterion,) = used.criteria
    assert (used.asked, used.threshold, used.keys, used.source_language) == (5, 80, ("3.3.2",), "en")
    assert (criterion.texts, criterion.keys) == ({"en": "They stay calm."}, ("3.2.1",))
    assert templates[Kind.CONTACTS] == shipped_sheet(Kind.CONTACTS)
    SheetTemplatePage.objects.exclude(pk=first.pk).get().unpublish()
    assert (find_templates()[Kind.LISTENING].asked, find_templates()[Kind.LISTENING].threshold) == (3, None)


@pytest.mark.django_db(transaction=True)
def test_a_translation_adds_its_words_to_the_same_criteria():
    page = publish()
    locale = Locale.objects.get(language_code="fr")
    translate_object(page, [locale])
    found = Translation.objects.get(source__object_id=page.translation_key, target_locale=locale)
    texts = {"Ours": "La nôtre", "They stay calm.": "Ils restent calmes."}
    for segment in StringSegment.objects.filter(source=found.source).select_related("string", "context"):
        StringTranslation.objects.create(
            translation_of=segment.string, context=segment.context, locale=locale, data=texts[segment.string.data]
        )
    found.save_target(user=person(Role.MCE_COORDINATOR), publish=True)
    (criterion,) = find_templates()[Kind.LISTENING].criteria
    assert criterion.texts == {"en": "They stay calm.", "fr": "Ils restent calmes."}


def test_a_sheet_that_was_begun_stays_as_it_was(sign_in: Callable[..., Client]):
    stage = Stage.minimal("study_visit", visit_state="under_way", has_findings=False)
    page = publish()
    client = sign_in(Client(), stage.people.lead)
    address = reverse("workspace:sheet", args=[stage.evaluation.uid, Kind.LISTENING])
    assert "They stay calm." in client.get(address).content.decode()
    page.criteria = [{"type": "criterion", "value": {"text": "Other.", "examines": []}}]
    page.save_revision().publish()
    assert "Other." in client.get(address).content.decode()
    key = find_templates()[Kind.LISTENING].criteria[0].key
    sent = {
        "channel": "chat",
        "language": "fr",
        "day": stage.round.today.isoformat(),
        "starts": "9",
        f"mark-{key}": "met",
    }
    assert client.post(f"{address}add/", sent).status_code == 302
    page.delete()
    shown = client.get(address).content.decode()
    assert "Other." in shown
    assert "1 of 3 are recorded: 2 are missing." in " ".join(shown.split())


def test_editors_find_the_sheets_beside_the_texts_and_mce_publishes(sign_in: Callable[..., Client]):
    page = publish()
    assert page.get_url() is None
    editor = person(Role.GUIDE_EDITOR)
    assert not page.permissions_for_user(editor).can_publish()
    client = sign_in(Client(), editor)
    listed = " ".join(client.get(reverse("texts")).content.decode().split())
    add = reverse("wagtailadmin_pages:add", args=["portal", "sheettemplatepage", HomePage.objects.get().pk])
    for text in ("Sheets of study visits", "Ours", add, reverse("wagtailadmin_pages:edit", args=[page.pk])):
        assert text in listed
    form = client.get(add)
    assert form.status_code == 200
    assert "They said how to reach the hotline again." in form.content.decode()
