"""The whole Guide as PDF: an edition in one published language, which the worker prints once and stores, or a draft."""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django_tasks import task

from reports.document.labels import NUMBER, PUBLISHER, SYSTEM
from reports.language import GettextLocale
from reports.models import GuidePrinting
from reports.numbering import printed_number
from reports.printed_files import give_up, make_in_background, store_pdf
from reports.texts.reading import read_text
from reports.texts.report import key_of
from standards.models import EditionPage, EditionWording
from standards.presentation.reading_language import active_language, content_language, interface_language
from standards.public_guide.contexts import EditionView
from standards.public_guide.reader import Reading, count, show_edition

log = logging.getLogger(__name__)


def request_guide(wording: EditionWording) -> GuidePrinting:
    """Return the printing of an edition in a language. Enqueue its task unless it is printed or being printed.

    It needs no permission: each wording is printed once, and after a failure not again within `FAILED_FOR`.
    """
    known = GuidePrinting.objects.filter(wording=wording).first()
    if known is not None and not known.may_be_retried:
        return known  # without a lock, as most requests are for a printed file
    with transaction.atomic():
        printing, is_new = GuidePrinting.objects.select_for_update().get_or_create(wording=wording)
        if is_new or printing.may_be_retried:
            printing.report_stage(GuidePrinting.State.WAITING)
            print_guide.enqueue(printing.pk)
    return printing


def request_draft(page: EditionPage) -> GuidePrinting:
    """Enqueue the task that prints the present text of a draft, unless it is being printed. Return its printing.

    The file of an earlier request stays until the new one is printed.
    """
    with transaction.atomic():
        printing, is_new = GuidePrinting.objects.select_for_update().get_or_create(draft=page)
        if is_new or not printing.is_running or printing.is_lost:
            printing.report_stage(GuidePrinting.State.WAITING)
            print_guide.enqueue(printing.pk)
    return printing


@task()
def print_guide(printing_pk: int) -> None:
    """Print the requested edition, and store the progress. On any error the printing is marked as failed."""
    printing = GuidePrinting.objects.select_related("wording__edition").get(pk=printing_pk)
    if not printing.is_running:
        return
    make_in_background(printing, make_guide)


def mark_guide_failed(printing_pk: int) -> None:
    """Mark a printing as failed whose task will not be run again."""
    give_up(GuidePrinting.objects.select_for_update().filter(pk=printing_pk).first())


def make_guide(printing: GuidePrinting) -> bool:
    """Print an edition, unless an identical page is printed and its file exists. Return whether it was printed.

    Raises PrintingFailed.
    """
    html, name = _write(printing)
    return store_pdf(printing, html, f"guide/{name}.pdf")


def _write(printing: GuidePrinting) -> tuple[str, str]:
    """Return the page to print, and the name of its file."""
    if printing.draft is not None:
        return write_draft(printing.draft), f"draft-{printing.draft.code}"
    assert printing.wording is not None  # by the constraint of the table
    return write_guide(printing.wording), f"{printing.wording.edition.code}-{printing.wording.language}"


def write_guide(wording: EditionWording) -> str:
    """Return the page to print of an edition in one language."""
    language = active_language(wording.language)
    with override(language):
        reading, code = Reading.of(wording.edition, language), wording.edition.code
        released = GettextLocale(language).day(timezone.localdate(wording.edition.released_at))
        address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("pages:guide_edition", args=[code])
        return _compose(
            reading,
            language,
            {
                "subtitle": _("The whole text of edition %(code)s") % {"code": code},
                "facts": [
                    _fact(_("Released"), released),
                    _describe_contents(reading),
                    _fact(_("To be read at"), address),
                ],
            },
            foot=_("Edition %(code)s") % {"code": code} + f" · sha256 {printed_number(wording.edition.sha256)}",
        )


def write_draft(page: EditionPage) -> str:
    """Return the page to print of the present text of a draft. Each printed page and the metadata say “draft”."""
    language = active_language(page.locale.language_code)
    with override(language):
        reading = Reading.of_draft(page.get_latest_revision_as_object())
        day = GettextLocale(language).day(timezone.localdate())
        subtitle = _("Draft of edition %(code)s, not released") % {"code": reading.code}
        facts = [_fact(_("As it read on"), day), _describe_contents(reading)]
        cover = {"subtitle": subtitle, "facts": facts}
        return _compose(reading, language, cover, foot=f"{subtitle} · {day}", draft=_("Draft"))


def _compose(reading: Reading, language: str, cover: dict[str, Any], *, foot: str, draft: str = "") -> str:
    """Return the whole text as a page, in the active language. `draft` is the mark of a draft, empty for a release."""
    context = show_edition(reading)
    edition: EditionView = context["edition"]
    marks = (draft, _("Sample text") if edition.is_sample else "")
    return render_to_string(
        "reports/guide.html",
        {
            **context,
            "language": interface_language(language),
            "draft": draft,
            "d": {"sample": " · ".join(filter(None, marks))},
            "w": {"system": SYSTEM, "number": NUMBER},
            "author": PUBLISHER,
            "motto": read_text(key_of("motto"), content_language(language)).parts[0],
            "cover": {"title": str(edition.title), "publisher": PUBLISHER, **cover},
            "foot": foot,
        },
    )


def _describe_contents(reading: Reading) -> dict[str, str]:
    """Return the line of the cover with the numbers of domains, standards and indicators, in the active language."""
    number = count(reading.framework)
    parts = (
        ngettext("%(count)s domain", "%(count)s domains", number["domains"]) % {"count": number["domains"]},
        ngettext("%(count)s standard", "%(count)s standards", number["standards"]) % {"count": number["standards"]},
        ngettext("%(count)s indicator", "%(count)s indicators", number["indicators"]) % {"count": number["indicators"]},
    )
    return _fact(_("Contents"), ", ".join(parts))


def _fact(label: str, text: str) -> dict[str, str]:
    return {"label": label, "text": text}
