"""Create the next edition of the Guide as a copy of the former one, with new pages and rows."""

import re
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from standards.drafts.fields import EditionText, Part
from standards.drafts.part_checks import EDITION_CODE
from standards.editions.page_loader import draft_edition
from standards.editions.page_reader import read_tree
from standards.framework import MalformedEdition
from standards.models import Edition, EditionPage, LanguageSetting

BEGUN = "standards.begin_edition"
"""The action in Wagtail's log, whose entry has the user."""


def find_code_problem(code: str) -> str:
    """Return why a new edition may not have this code, or an empty text."""
    if not EDITION_CODE.fullmatch(code):
        return _("Use letters, digits, dots and hyphens, such as “2026”.")
    if EditionPage.objects.filter(code=code).exists() or Edition.objects.filter(code=code).exists():
        return _("There is an edition %(code)s already. Choose another code.") % {"code": code}
    return ""


def next_title(former: EditionPage, year: int) -> str:
    """Return the former title with another year, which replaces its year or is appended."""
    title, count = re.subn(r"\b(19|20)\d\d\b", str(year), former.title)
    return title if count else f"{former.title} {year}"


@transaction.atomic
def begin_edition(former: EditionPage, *, code: str, title: str, user: Any = None) -> EditionPage:
    """Create the pages of a new edition as drafts. It requires the same approvals and reviews as the former one.

    Raises MalformedEdition, and creates nothing, for an invalid code.
    """
    guide = Page.objects.select_for_update().get(pk=former.get_parent().pk).specific
    if problem := find_code_problem(code):
        raise MalformedEdition([problem])
    text = _unset_asked_anew(read_tree(former).text)
    page = draft_edition(replace(text, fields={**text.fields, "code": code, "title": title}), guide, user=user)
    if former.requires_approval:
        page.requires_approval = True
        page.save(update_fields=["requires_approval"])
        page.save_revision(user=user)
    LanguageSetting.objects.bulk_create(
        LanguageSetting(edition=page, language=one.language, demands_review=one.demands_review)
        for one in former.language_settings.all()
    )
    log(instance=page, action=BEGUN, user=user, data={"former": former.code})
    return page


def _unset_asked_anew(text: EditionText) -> EditionText:
    """Return the edition with `asked_anew` unset on every indicator."""
    return replace(
        text,
        domains=tuple(replace(domain, parts=tuple(map(_unset_in_standard, domain.parts))) for domain in text.domains),
    )


def _unset_in_standard(standard: Part) -> Part:
    return replace(
        standard,
        parts=tuple(replace(part, fields={**part.fields, "asked_anew": False}) for part in standard.parts),
    )
