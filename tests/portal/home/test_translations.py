"""Translations whose source has changed are listed on Today, by language, for users who may translate."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from evaluation.models import Role, User
from portal.cms.tasks import TASKS
from portal.tasks import Row, find_tasks
from reports.texts.declaration import text_of
from reports.texts.writing import save_text
from standards.editions.release import release
from standards.models import EditionPage
from tests.factories import person

pytestmark = pytest.mark.django_db

TEXT = "letters.removed.body"


@pytest.fixture
def localised(db: None) -> EditionPage:
    """Return the pages of the small edition in French, maintained by wagtail-localize: a scene."""
    return EditionPage.objects.get(locale__language_code="fr")


def rows(user: User) -> list[Row]:
    return find_tasks(user, TASKS)


def answer(locale: Locale) -> None:
    """Translate every segment into a language, as a translator would."""
    StringTranslation.objects.bulk_create(
        StringTranslation(
            translation_of_id=segment.string_id, context_id=segment.context_id, locale=locale, data="There."
        )
        for segment in StringSegment.objects.all()
    )


def french() -> Locale:
    return Locale.objects.get(language_code="fr")


def test_a_page_with_an_open_text_waits_once_somebody_has_begun_it(localised: EditionPage):
    editor = person(Role.GUIDE_EDITOR)
    assert rows(editor) == []
    answer(french())
    assert rows(editor) == []
    StringTranslation.objects.order_by("pk").last().delete()
    (row,) = rows(editor)
    assert (row.kind.code, row.waiting.title) == ("translations", "French")
    assert row.waiting.why == "1 page has texts without a translation."
    assert row.waiting.url.endswith("?target_locale=fr&waiting_for_translation=true")
    assert rows(person(Role.ASSESSOR)) == []


def test_a_page_that_was_published_since_leads_to_where_it_is_given_to_the_translators(localised: EditionPage):
    answer(french())
    source = TranslationSource.objects.order_by("pk").last()
    changed = Page.objects.filter(translation_key=source.object_id, locale=source.locale)
    changed.update(last_published_at=timezone.now() + timedelta(minutes=1))
    (row,) = rows(person(Role.MCE_COORDINATOR))
    assert (row.kind.code, row.waiting.title) == ("sources", "French")
    assert row.waiting.url == reverse("wagtail_localize:update_translations", args=[source.pk])
    source.last_updated_at = timezone.now() + timedelta(minutes=2)
    source.save()
    assert rows(person(Role.MCE_COORDINATOR)) == []


def test_what_is_released_waits_for_nobody(localised: EditionPage):
    answer(french())
    TranslationSource.objects.update(last_updated_at=timezone.now() - timedelta(days=9))
    editor = person(Role.MCE_COORDINATOR)
    edition = EditionPage.objects.get(locale__language_code="en")
    before = int(rows(editor)[0].waiting.why.split()[0])
    release(edition, user=editor)
    after = sum(int(row.waiting.why.split()[0]) for row in rows(editor))
    assert (before - after) == Translation.objects.filter(
        source__object_id__in=edition.get_descendants(inclusive=True).values("translation_key")
    ).count()


def test_an_edited_text_waits_in_a_language_that_says_something_else():
    mce, text = person(Role.MCE_COORDINATOR), text_of(TEXT)

    def write(language: str, word: str, seen: int) -> Any:
        return save_text(text, language, [f"{form} {word}" for form in text.default_forms(language)], seen=seen, by=mce)

    write("fr", "Merci.", 0)
    assert rows(mce) == []
    write("en", "Thank you.", 0)
    waiting = {row.waiting.title for row in rows(mce)}
    assert "French" in waiting
    write("fr", "Merci bien.", 1)
    assert {row.waiting.title for row in rows(mce)} == waiting - {"French"}
    assert {row.waiting.url for row in rows(mce)} == {f"{reverse('texts')}?state=behind"}


def test_it_asks_as_often_for_five_languages_as_for_one(localised: EditionPage):
    editor = person(Role.GUIDE_EDITOR)

    def asked() -> tuple[int, int]:
        Page.objects.filter(locale__language_code="en").update(last_published_at=timezone.now())
        TranslationSource.objects.update(last_updated_at=timezone.now() - timedelta(days=9))
        with CaptureQueriesContext(connection) as queries:
            found = len(rows(User.objects.get(pk=editor.pk)))
        return len(queries), found

    answer(french())
    asked()  # fills the caches of content types and sites
    once, one = asked()
    for language in ("it", "pl", "pt", "hr"):
        locale, _made = Locale.objects.get_or_create(language_code=language)
        Translation.objects.bulk_create(
            Translation(source=source, target_locale=locale) for source in TranslationSource.objects.all()
        )
        answer(locale)
    assert asked() == (once, 5 * one)
