"""The Guide's front page: what it is, and its editions."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from standards.models.tree import NotCopied, same_in_every_language


class GuidePage(NotCopied):
    """The Practical Guide as a whole."""

    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("Two or three sentences for somebody who has never heard of the Guide."),
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types = ["standards.EditionPage"]
    override_translatable_fields = same_in_every_language("slug")

    class Meta:
        verbose_name = _("Guide")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from standards.models.edition import Edition  # noqa: PLC0415 - only a reader of the page needs it
        from standards.models.edition_page import EditionPage  # noqa: PLC0415 - it names this page as its parent

        pages = list(EditionPage.objects.child_of(self).live().order_by("-path"))
        released = {edition.code: edition for edition in Edition.objects.defer("structure")}
        editions = [(page, released.get(page.code)) for page in pages]
        return {**super().get_context(request, *args, **kwargs), "editions": editions}
