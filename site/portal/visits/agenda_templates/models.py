"""Templates of the agendas of study visits, as pages of the CMS. Guide editors write, MCE publishes."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import Block, CharBlock, FieldBlock, IntegerBlock, StructBlock, TextBlock
from wagtail.fields import StreamField

from evaluation.visits.agendas import (
    LONGEST_GUIDANCE,
    LONGEST_PEOPLE,
    LONGEST_SESSION,
    LONGEST_TITLE,
    SHORTEST_SESSION,
    Template,
    TemplateSession,
)
from portal.handbook.keys import CodesField
from portal.handbook.models import PublishedByMCE
from portal.visits.agenda_templates.shipped import shipped_sessions
from standards.models.tree import same_in_every_language, title_panel

MOST_DAYS = 14
SESSION, EACH_DOMAIN = "session", "each_domain"


class KeysBlock(FieldBlock):
    """Permanent keys of standards and indicators, also of domains if `with_domains`, edited as newest codes."""

    def __init__(self, required: bool = False, help_text: Any = None, with_domains: bool = True, **kwargs: Any) -> None:
        self.field = CodesField(required=required, help_text=help_text, with_domains=with_domains, max_length=1000)
        super().__init__(**kwargs)

    class Meta:
        default: ClassVar[list[str]] = []


def _length_and_day() -> list[tuple[str, Block]]:
    return [
        (
            "minutes",
            IntegerBlock(
                label=gettext_lazy("minutes"), min_value=SHORTEST_SESSION, max_value=LONGEST_SESSION, default=60
            ),
        ),
        (
            "day",
            IntegerBlock(
                label=gettext_lazy("day"),
                required=False,
                min_value=1,
                max_value=MOST_DAYS,
                help_text=gettext_lazy(
                    "Such as 2. Empty: that of the session before. If no session has a day, they are spread evenly."
                ),
            ),
        ),
    ]


def _people_and_guidance() -> list[tuple[str, Block]]:
    return [
        (
            "people",
            CharBlock(
                label=gettext_lazy("who takes part"),
                required=False,
                default="",
                max_length=LONGEST_PEOPLE,
                help_text=gettext_lazy("Roles, such as “shift lead”."),
            ),
        ),
        (
            "guidance",
            TextBlock(
                label=gettext_lazy("what to look at"),
                required=False,
                default="",
                max_length=LONGEST_GUIDANCE,
                rows=3,
                help_text=gettext_lazy("For the team; the hotline does not see it."),
            ),
        ),
    ]


def write_shipped_sessions() -> list[dict[str, Any]]:
    """Return the default sessions of a new template: those of the shipped one."""
    return [
        {"type": EACH_DOMAIN, "value": {"minutes": one.minutes, "people": one.people, "guidance": one.guidance}}
        if one.is_each_domain
        else {
            "type": SESSION,
            "value": {
                "title": one.title,
                "minutes": one.minutes,
                "people": one.people,
                "examines": [],
                "guidance": one.guidance,
            },
        }
        for one in shipped_sessions()
    ]


class AgendaTemplatePage(PublishedByMCE):
    """A template of agendas, without a public address. Editing it does not change agendas begun from it."""

    days = models.PositiveSmallIntegerField(
        gettext_lazy("days"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=gettext_lazy("How many days a visit with this agenda has."),
    )
    is_default = models.BooleanField(
        gettext_lazy("chosen unless another one is"),
        default=False,
        help_text=gettext_lazy(
            "Of several such templates the one that was published last. While there is none, it is the shipped one."
        ),
    )
    sessions = StreamField(
        [
            (
                SESSION,
                StructBlock(
                    [
                        ("title", CharBlock(label=gettext_lazy("title"), max_length=LONGEST_TITLE)),
                        *_length_and_day(),
                        (
                            "examines",
                            KeysBlock(
                                label=gettext_lazy("what it examines"),
                                help_text=gettext_lazy(
                                    "Codes of the newest edition with commas between, such as “D2, 5.1”. "
                                    "They stay linked when a later edition changes the code."
                                ),
                            ),
                        ),
                        *_people_and_guidance(),
                    ],
                    label=gettext_lazy("Session"),
                ),
            ),
            (
                EACH_DOMAIN,
                StructBlock(
                    [*_length_and_day(), *_people_and_guidance()],
                    label=gettext_lazy("A session for each domain that no other one examines"),
                ),
            ),
        ],
        verbose_name=gettext_lazy("sessions"),
        default=write_shipped_sessions,
        block_counts={EACH_DOMAIN: {"max_num": 1}},
    )

    content_panels = [
        title_panel(gettext_lazy("By this name it is chosen for a visit.")),
        FieldPanel("days"),
        FieldPanel("is_default"),
        FieldPanel("sessions"),
    ]
    parent_page_types = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    override_translatable_fields = same_in_every_language("slug", "days", "is_default")
    template = "visits/agenda_templates/template.html"

    class Meta:
        verbose_name = gettext_lazy("agenda of visits")

    def clean(self) -> None:
        super().clean()
        late = [block.value["day"] for block in self.sessions if (block.value.get("day") or 0) > (self.days or 0)]
        if late and self.days:
            sentence = _("A session is on day %(day)s, and the agenda has %(days)s. Change one of them.")
            raise ValidationError({"sessions": sentence % {"day": late[0], "days": self.days}})

    def get_url_parts(self, request: Any = None) -> None:
        """Return None: it has no public address."""

    def as_template(self) -> Template:
        return Template(
            name=self.title,
            language=self.locale.language_code,
            days=self.days,
            sessions=tuple(
                TemplateSession(
                    title=block.value.get("title", ""),
                    minutes=block.value["minutes"],
                    day=block.value.get("day"),
                    people=block.value["people"],
                    keys=tuple(block.value.get("examines") or ()),
                    guidance=block.value["guidance"],
                    is_each_domain=block.block_type == EACH_DOMAIN,
                )
                for block in self.sessions
            ),
            published_at=self.last_published_at,
        )
