"""Update Wagtail's indexes of an edition's pages in one background task."""

from django.db import transaction
from django_tasks import task
from wagtail.models import ReferenceIndex
from wagtail.search.backends import get_search_backends

from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage

BATCH = 50
"""The number of pages in a statement, and in a transaction, which locks the database on SQLite."""


@task()
def index_edition(edition_page: int) -> None:
    """Update the search index and the reference index for the pages of the edition whose page has this key."""
    edition = EditionPage.objects.filter(pk=edition_page).first()
    if edition is None:  # deleted since
        return
    for model in (DomainPage, StandardPage, IndicatorPage):
        keys = list(model.objects.descendant_of(edition).order_by("pk").values_list("pk", flat=True))
        for first in range(0, len(keys), BATCH):
            with transaction.atomic():
                # Pages may have changed since the task began.
                pages = list(model.objects.filter(pk__in=keys[first : first + BATCH]))
                for backend in get_search_backends(with_auto_update=True):
                    backend.add_bulk(model, pages)
                for page in pages:
                    ReferenceIndex.create_or_update_for_object(page)
