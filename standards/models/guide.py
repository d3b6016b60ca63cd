"""The Guide's front page: its introduction and its editions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from standards.models.tree import PageOfGuide, same_in_every_language


class GuidePage(PageOfGuide):
    """The Practical Guide as a whole."""

    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("Two or three sentences for somebody who has never heard of the Guide."),
    )

    content_panels = [*PageOfGuide.content_panels, FieldPanel("introduction")]
    subpage_types = ["standards.EditionPage"]
    override_translatable_fields = same_in_every_language("slug")

    class Meta:
        verbose_name = _("Guide")
