"""Data that many tests begin with, created once per process and restored for each test."""

import os
from collections.abc import Callable
from pathlib import Path

from tests.template_database import EMPTY, PLAIN

SMALL_EDITION = Path(__file__).parent / "standards" / "editions" / "small"
SMALL_DEMONSTRATION = ("XA", "XB", "XD", "XI", "XR", "XN", "XC", "XK", "XZ")
"""The hotlines of a small demonstration: what a test needs to walk each role's first minutes."""


def small_edition() -> None:
    """The pages of the small edition, as its files say."""
    from standards.editions.page_loader import load_guide

    load_guide(SMALL_EDITION)


def small_edition_in_french() -> None:
    """The same, and its pages in French by hand: live, and each text still as in English."""
    from wagtail.models import Locale

    from standards.models import DomainPage, EditionPage, GuidePage, IndicatorPage, StandardPage

    small_edition()
    locale = Locale.objects.get(language_code="fr")
    for model in (GuidePage, EditionPage, DomainPage, StandardPage, IndicatorPage):
        for page in list(model.objects.all()):
            translation = page.copy_for_translation(locale, copy_parents=True)
            translation.save_revision(clean=False).publish(skip_permission_checks=True)


def small_edition_translated() -> None:
    """The same with every text in French, by an unknown translator."""
    from standards.models import EditionPage
    from tests.standards.conftest import translate_all

    small_edition_in_french()
    translate_all(EditionPage.objects.get(locale__language_code="fr"))


def next_edition() -> None:
    """The small edition, released, and the draft of the next one, 2031."""
    from standards.editions.next_edition import begin_edition
    from standards.editions.release import release
    from standards.models import EditionPage

    small_edition()
    draft = EditionPage.objects.get()
    release(draft)
    begin_edition(draft, code="2031", title="Edition 2031")


def small_edition_localised() -> None:
    """The same, and its pages in French by wagtail-localize, no segment of which is answered."""
    small_edition()
    localise()


def localise() -> None:
    """Make French pages of all there are, kept by wagtail-localize."""
    from wagtail.models import Locale
    from wagtail_localize.operations import translate_object

    from standards.models import GuidePage

    locale = Locale.objects.get(language_code="fr")
    home = GuidePage.objects.get().get_parent()
    home.copy_for_translation(locale).save_revision().publish()
    for page in home.get_descendants().order_by("path"):
        translate_object(page.specific, [locale])


def edition_with_everything() -> None:
    """The pages of the edition that uses everything an edition can have."""
    from standards.editions.page_loader import load_guide

    load_guide(SMALL_EDITION.parent / "everything")


def handbook() -> None:
    """A public handbook with one entry of each kind."""
    from tests.portal.handbook.conftest import write_handbook

    write_handbook()


def demonstration() -> None:
    """A small demonstration: a hotline at each stage that somebody does something at. `./go prove` builds the whole."""
    from portal.demonstration.building import build

    build(
        only=None if os.environ.get("WHOLE_DEMONSTRATION") else SMALL_DEMONSTRATION, report_progress=lambda _text: None
    )


def empty() -> None:
    """Nothing: what an installation has before anybody enters a hotline."""


def followed() -> None:
    """A hotline whose accreditation with a condition is published, for tests of what follows."""
    from tests.follow_ups import Followed, keep

    keep(Followed)


def one_condition() -> None:
    """The same forty days later, for tests of the steps of its condition."""
    from tests.follow_ups import Conditional, keep

    keep(Conditional)


def marked_network() -> None:
    """Hotlines in every situation, with each text marked. The tests take the objects from `marked_network`."""
    from tests.portal.marked_network import keep_network

    keep_network()


def with_bystander() -> None:
    from tests.bystander import bystander

    bystander()


SCENES: dict[str, Callable[[], None]] = {
    EMPTY: empty,
    "localised": small_edition_localised,
    "translated": small_edition_translated,
    "french": small_edition_in_french,
    "following": next_edition,
    "loaded": small_edition,
    "full_edition": edition_with_everything,
    "handbook": handbook,
    "demonstration": demonstration,
    "marked_network": marked_network,
    "followed": followed,
    "one_condition": one_condition,
    PLAIN: with_bystander,
}
"""By the fixture that stands for it; the first that a test names is taken."""
WITHOUT_BYSTANDER = {EMPTY, "demonstration"}
"""The scenes that do not add to the plain one. The demonstration is what it builds and no more."""
