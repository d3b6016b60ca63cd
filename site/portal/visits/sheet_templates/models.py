"""The sheets of study visits, as pages of the CMS. Guide editors write their criteria, MCE publishes."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, StructBlock
from wagtail.fields import StreamField

from evaluation.visits.sheets.templates import LONGEST_CRITERION, MOST_ASKED, MOST_CRITERIA, WITH_CRITERIA, Kind
from portal.handbook.keys import KeysField
from portal.handbook.models import PublishedByMCE
from portal.visits.agenda_templates.models import KeysBlock
from portal.visits.sheet_templates.shipped import SHARE_TO_PASS, TEST_CONTACTS, shipped_sheet
from standards.models.tree import same_in_every_language, title_panel


def write_shipped_criteria() -> list[dict[str, Any]]:
    """Return the default criteria of a new sheet: the shipped ones of test contacts."""
    return [
        {"type": "criterion", "value": {"text": criterion.texts[settings.LANGUAGE_CODE], "examines": []}}
        for criterion in shipped_sheet(Kind.CONTACTS).criteria
    ]


class SheetTemplatePage(PublishedByMCE):
    """A sheet of visits, without a public address. Editing it does not change sheets that are being filled in."""

    kind = models.CharField(
        gettext_lazy("kind of sheet"),
        max_length=12,
        choices=[(kind.value, kind.label) for kind in WITH_CRITERIA],
        default=Kind.CONTACTS,
        help_text=gettext_lazy(
            "Visits use the sheet of each kind that was published last; while there is none, the shipped one. What "
            "somebody has begun to fill in stays as it is."
        ),
    )
    asked = models.PositiveSmallIntegerField(
        gettext_lazy("how many are asked"),
        default=TEST_CONTACTS,
        validators=[MaxValueValidator(MOST_ASKED)],
        help_text=gettext_lazy("Such as 10 test contacts. 0: no number is asked."),
    )
    threshold = models.PositiveSmallIntegerField(
        gettext_lazy("share that meets each criterion, in per cent"),
        default=SHARE_TO_PASS,
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=gettext_lazy(
            "Of those to which the criterion applies. Empty: no share is asked, and counts are shown."
        ),
    )
    belongs_to = KeysField(
        gettext_lazy("standards and indicators"),
        help_text=gettext_lazy(
            "Codes with commas between, such as “3.3.1”: the result of the whole sheet stands beside them."
        ),
    )
    criteria = StreamField(
        [
            (
                "criterion",
                StructBlock(
                    [
                        (
                            "text",
                            CharBlock(
                                label=gettext_lazy("criterion"),
                                max_length=LONGEST_CRITERION,
                                help_text=gettext_lazy("A sentence that is met, not met or does not apply."),
                            ),
                        ),
                        (
                            "examines",
                            KeysBlock(
                                with_domains=False,
                                label=gettext_lazy("standards and indicators"),
                                help_text=gettext_lazy("Codes with commas between: the result stands beside them."),
                            ),
                        ),
                    ],
                    label=gettext_lazy("Criterion"),
                ),
            )
        ],
        verbose_name=gettext_lazy("criteria"),
        default=write_shipped_criteria,
        min_num=1,
        max_num=MOST_CRITERIA,
    )

    content_panels = [
        title_panel(gettext_lazy("By this name editors find it.")),
        FieldPanel("kind"),
        FieldPanel("asked"),
        FieldPanel("threshold"),
        FieldPanel("belongs_to"),
        FieldPanel("criteria"),
    ]
    parent_page_types = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    preview_modes: ClassVar[list[tuple[str, str]]] = []
    override_translatable_fields = same_in_every_language("slug", "kind", "asked", "threshold", "belongs_to")

    class Meta:
        verbose_name = gettext_lazy("sheet of visits")

    def get_url_parts(self, request: Any = None) -> None:
        """Return None: it has no public address."""
