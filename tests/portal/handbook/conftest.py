"""A handbook with one entry of each kind."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from portal.handbook.models import CountryPage, HandbookPage, ProcedurePage, TermPage
from portal.public.models import HomePage


@dataclass
class Written:
    """The pages of a handbook, all public."""

    front: HandbookPage
    procedure: ProcedurePage
    term: TermPage
    country: CountryPage


def publish(parent: Page, page: Page) -> Page:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def write_handbook() -> Written:
    front = publish(HomePage.objects.get(), HandbookPage(title="Handbook", introduction="How hotlines work together."))
    return Written(
        front,
        publish(
            front,
            ProcedurePage(
                title="A child across a border",
                summary="When a child may have left the country.",
                steps=[
                    {
                        "type": "step",
                        "value": {
                            "who": "Shift lead",
                            "what": '<p>Calls the other hotline. <a href="https://example.org/how">How</a></p>',
                            "by_when": "within one hour",
                        },
                    }
                ],
                contacts=[
                    {"type": "contact", "value": {"role": "Duty officer", "reached": "https://example.org/duty"}}
                ],
                belongs_to=["1.1.2"],
            ),
        ),
        publish(
            front,
            TermPage(
                title="caller",
                definition="Whoever calls the hotline.",
                text="<p>A parent, a child or a neighbour.</p>",
                synonyms="callers\nperson who calls",
                belongs_to=["1.1"],
            ),
        ),
        publish(
            front,
            CountryPage(
                title="Aldermark",
                country="XA",
                hours="Day and night",
                legal_facts="<p>The police begin at once.</p>",
                checked_on=timezone.localdate() - timedelta(days=30),
                belongs_to=["1.1"],
            ),
        ),
    )


@pytest.fixture
def handbook(db: None) -> Written:
    """A scene."""
    models = (HandbookPage, ProcedurePage, TermPage, CountryPage)
    return Written(*(model.objects.get() for model in models))
