"""The front page of the site, as a page of the CMS."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from portal.presentation.register import count_statuses, read_register
from standards.presentation.sentences import Passage


class HomePage(Page):
    """The front page: the purpose of the network, and links to the register and the Guide."""

    intro = RichTextField(
        _("introduction"),
        blank=True,
        features=["bold", "link", "ul"],
        help_text=_("Two or three short paragraphs, shown under the title."),
    )

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    template = "public/home.html"
    max_count = 1

    class Meta:
        verbose_name = _("home page")

    @property
    def title_passage(self) -> Passage:
        """The title with its language, which may be another than that of the interface."""
        return Passage(self.title, self.locale.language_code)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context(request, *args, **kwargs),
            "counts": count_statuses(read_register()),
        }
