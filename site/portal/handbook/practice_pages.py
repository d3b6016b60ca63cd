"""The effects of a good practice's moves on its pages: publishing writes them, all moves that end it unpublish them."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext, override
from wagtail.models import Locale, Page

from evaluation.models import GoodPractice, Step, User
from evaluation.workflow import Act, register_act
from portal.handbook.models import HandbookPage
from portal.handbook.practice import GoodPracticePage


def _publish_page(practice: GoodPractice, step: Step) -> None:
    """Write the page in the source language with the consented text; unpublish translations of former texts."""
    locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    by = step.words.by
    page = GoodPracticePage.objects.filter(practice=practice, locale=locale).first()
    if page is None:
        slug = (
            "" if slugify(practice.title, allow_unicode=True) else f"practice-{practice.pk}"
        )  # an empty slug is made from the title
        page = GoodPracticePage(practice=practice, locale=locale, slug=slug, **_content(practice))
        _find_front(locale, by).add_child(instance=page)
    else:
        for name, value in _content(practice).items():
            setattr(page, name, value)
    page.save_revision(user=by).publish()
    _unpublish(GoodPracticePage.objects.filter(practice=practice).exclude(sha256=practice.digest))


def _content(practice: GoodPractice) -> dict[str, object]:
    texts = {name: getattr(practice, name) for name in practice.TEXTS}
    is_sample = practice.hotline.is_invented
    return {**texts, "belongs_to": [practice.key], "sha256": practice.digest, "is_sample": is_sample}


def _find_front(locale: Locale, by: User | None) -> HandbookPage:
    """Return the front page of the handbook. Creates and publishes it if there is none."""
    found: HandbookPage | None = HandbookPage.objects.filter(locale=locale).first()
    if found is not None:
        return found
    with override(locale.language_code):
        front = HandbookPage(title=gettext("Handbook"), slug="handbook", locale=locale)
    home = Page.objects.filter(depth=2, locale=locale).first()
    assert home is not None  # created by a migration
    home.add_child(instance=front)
    front.save_revision(user=by).publish()
    return front


def _unpublish_pages(practice: GoodPractice, _step: Step, **_needs: object) -> None:
    """Unpublish the pages of the practice in every language."""
    _unpublish(GoodPracticePage.objects.filter(practice=practice))


def _unpublish(pages: QuerySet[GoodPracticePage]) -> None:
    """Unpublish pages without a user: the step records who did it, and users of hotlines have no rights in the CMS."""
    for page in pages.filter(live=True):
        page.unpublish()


register_act(GoodPractice.kind, "publish", act=Act(run=_publish_page))
register_act(GoodPractice.kind, "take_down", "withdraw", act=Act(run=_unpublish_pages))
