"""A domain of the Guide: a field of the work with its standards."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page

from standards.drafts.fields import SCORED_PART
from standards.drafts.part_checks import DOMAIN_CODE
from standards.models.forms import GuidePageForm
from standards.models.tree import PartBelowEdition, best_of, cap_of_part, same_in_every_language, weight_of


class DomainPage(PartBelowEdition):
    """One domain of an edition."""

    code = models.CharField(
        _("code"),
        max_length=12,
        validators=[RegexValidator(DOMAIN_CODE, _("Write D and a number, such as “D5”."))],
        help_text=_("D and a number, such as “D5”. Keep it from one edition to the next, so that results compare."),
    )
    short_title = models.CharField(
        _("short title"), max_length=30, help_text=_("One word for narrow tables, at most 12 letters if it can be.")
    )
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("What the domain is about and why it matters to a family.")
    )

    weight = weight_of(
        _("How many times the domain counts, such as 2, where the overall score is the mean of the domains.")
    )
    best = best_of(_("How many of its standards count, such as 3: the best ones, each once. Empty: all of them."))
    excused_at_most = cap_of_part()

    content_panels = [
        *PartBelowEdition.content_panels,
        FieldRowPanel([FieldPanel("code"), FieldPanel("short_title"), FieldPanel("weight")]),
        FieldRowPanel([FieldPanel("best"), FieldPanel("excused_at_most")]),
        FieldPanel("key", read_only=True),
        FieldPanel("introduction"),
    ]
    parent_page_types = ["standards.EditionPage"]
    subpage_types = ["standards.StandardPage"]
    override_translatable_fields = same_in_every_language("code", "key", "slug", *SCORED_PART)

    class Meta:
        verbose_name = _("domain")

    def find_problems_under(self, parent: Page, form: GuidePageForm) -> list[tuple[str, str]]:
        if DomainPage.objects.child_of(parent).filter(code=self.code).exclude(pk=self.pk).exists():
            return [("code", _("There is a domain %(code)s in this edition already.") % {"code": self.code})]
        return []

    public_view = "pages:guide_domain"
