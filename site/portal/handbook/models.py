"""The pages of the handbook: procedures, terms and country sheets. Guide editors write them, MCE publishes them."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel, Panel
from wagtail.blocks import CharBlock, RichTextBlock, StreamValue, StructBlock, TextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import PagePermissionTester, Revision
from wagtail_localize.models import Translation

from evaluation.models.people.permissions import is_allowed
from portal.handbook.keys import KeysField
from portal.handbook.term_forms import FormsField, split_forms
from standards.drafts.control_characters import find_control_character
from standards.models.lookups import look_up
from standards.models.tree import PageOfGuide, same_in_every_language

FEATURES = ["bold", "link", "ul"]
"""What formatted text may contain, as on the home page."""
CHECKED_EVERY = timedelta(days=365)
"""After this time a country sheet is marked as not checked for a year."""


class HandbookPermissions(PagePermissionTester):
    """Permissions on a page of the handbook: users who may not publish write drafts. No page can be copied.

    Each page has one address, which a copy would need too.
    """

    permissions: set[str]

    def __init__(self, user: Any, page: Any) -> None:
        super().__init__(user, page)
        if user.is_active and not is_allowed("handbook.publish", user):
            self.permissions.discard("publish")

    def can_copy(self) -> bool:
        return False


class HandbookForm(WagtailAdminPageForm):
    """Refuses control characters, which are invisible."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for name, value in list(values.items()):
            text = "".join(_texts_in(value.get_prep_value() if isinstance(value, StreamValue) else value))
            if character := find_control_character(text.replace("\r\n", "\n")):
                sentence = _("There is a character here that cannot be seen (%(character)s). Delete it.")
                self.add_error(name, sentence % {"character": character})
        return values


def _texts_in(value: Any) -> Iterator[str]:
    """Yield every text in the value of a form field, also within nested blocks."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_in(part)


class PublishedByMCE(PageOfGuide):
    """A page that guide editors write and MCE publishes, each language when it is complete."""

    base_form_class = HandbookForm
    # without the schedule: nothing here runs scheduled publishing
    settings_panels: ClassVar[list[Panel]] = [CommentPanel()]

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> HandbookPermissions:
        return HandbookPermissions(user, self)

    @property
    def is_translated(self) -> bool:
        """Whether every text of the page is in its language. Always true for a page that is no translation."""
        translation = Translation.objects.filter(
            source__object_id=self.translation_key, target_locale=self.locale_id, enabled=True
        ).first()
        if translation is None:
            return True
        texts, translated = translation.get_progress()
        return bool(texts == translated)

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """Publish a revision, unless its translation is incomplete or the user may not publish.

        An incomplete translation would show readers texts in two languages. The right is checked here because
        wagtail-localize publishes translations without checking any.
        """
        by = user or revision.user
        if self.is_translated and (by is None or is_allowed("handbook.publish", by)):
            super().publish(revision, user=user, **kwargs)


class PageOfHandbook(PublishedByMCE):
    """A page of the handbook. Like those of the Guide, its address stays the same in every language."""

    class Meta:
        abstract = True

    public_view: ClassVar[str]

    def public_arguments(self) -> list[str]:
        return []

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        parts = look_up(("handbook site", self.locale_id), partial(super().get_url_parts, request))
        if not parts:
            return None
        with override(self.locale.language_code):
            return (*parts[:2], reverse(self.public_view, args=self.public_arguments()))


class HandbookPage(PageOfHandbook):
    """The front page of the handbook, with everything else below it."""

    introduction = models.TextField(
        gettext_lazy("introduction"),
        blank=True,
        help_text=gettext_lazy("Two or three sentences on what readers find here."),
    )

    content_panels = [*PageOfHandbook.content_panels, FieldPanel("introduction")]
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["portal.ProcedurePage", "portal.TermPage", "portal.CountryPage", "portal.GoodPracticePage"]
    max_count_per_parent = 1
    template = "handbook/front.html"
    override_translatable_fields = same_in_every_language("slug")
    public_view = "pages:handbook"

    class Meta:
        verbose_name = gettext_lazy("handbook")


class HandbookEntry(PageOfHandbook):
    """A procedure, a term or a country sheet, with the standards and indicators it belongs to."""

    belongs_to = KeysField(
        gettext_lazy("standards and indicators"),
        help_text=gettext_lazy(
            "Codes of the newest edition with commas between, such as “5.1, 5.1.2”. "
            "They stay linked when a later edition changes the code."
        ),
    )
    is_sample = models.BooleanField(
        gettext_lazy("sample text"),
        default=False,
        help_text=gettext_lazy("Tick this if the text only stands in for the real one. The page then says so."),
    )

    belonging_panel = MultiFieldPanel(
        [FieldPanel("belongs_to"), FieldPanel("is_sample")], heading=gettext_lazy("In the Guide")
    )
    parent_page_types = ["portal.HandbookPage"]
    subpage_types: ClassVar[list[str]] = []
    override_translatable_fields = same_in_every_language("slug", "belongs_to", "is_sample")

    class Meta:
        abstract = True

    @classmethod
    def public(cls) -> models.QuerySet[Self]:
        """Return the public entries: none while the front page of the handbook is not public in any language."""
        found: models.QuerySet[Self] = cls.objects.live().filter(models.Exists(HandbookPage.objects.live()))
        return found

    def public_arguments(self) -> list[str]:
        return [self.slug]

    def searched_texts(self) -> list[str]:
        """Return the texts that a search reads besides the title, formatted or plain."""
        raise NotImplementedError


class ProcedurePage(HandbookEntry):
    """A procedure for cross-border cooperation: who does what and by when."""

    summary = models.TextField(
        gettext_lazy("summary"),
        blank=True,
        help_text=gettext_lazy("When the procedure is used, in one or two sentences."),
    )
    steps = StreamField(
        [
            (
                "step",
                StructBlock(
                    [
                        ("who", CharBlock(label=gettext_lazy("who"), max_length=120)),
                        ("what", RichTextBlock(label=gettext_lazy("does what"), features=FEATURES)),
                        ("by_when", CharBlock(label=gettext_lazy("by when"), max_length=120, required=False)),
                    ],
                    label=gettext_lazy("Step"),
                ),
            )
        ],
        verbose_name=gettext_lazy("steps"),
        blank=True,
    )
    contacts = StreamField(
        [
            (
                "contact",
                StructBlock(
                    [
                        ("role", CharBlock(label=gettext_lazy("role"), max_length=120)),
                        ("reached", TextBlock(label=gettext_lazy("how the role is reached"), rows=2)),
                    ],
                    label=gettext_lazy("Contact"),
                ),
            )
        ],
        verbose_name=gettext_lazy("contacts"),
        blank=True,
        help_text=gettext_lazy("Roles and offices, never the name or the own number of a person."),
    )

    content_panels = [
        *HandbookEntry.content_panels,
        FieldPanel("summary"),
        FieldPanel("steps"),
        FieldPanel("contacts"),
        HandbookEntry.belonging_panel,
    ]
    template = "handbook/procedure.html"
    public_view = "pages:procedure"

    class Meta:
        verbose_name = gettext_lazy("procedure")

    def searched_texts(self) -> list[str]:
        steps = [getattr(text, "source", text) for step in self.steps for text in step.value.values() if text]
        return [self.summary, *steps, *(text for one in self.contacts for text in one.value.values())]


class TermPage(HandbookEntry):
    """A term of the glossary."""

    definition = models.TextField(
        gettext_lazy("short definition"), max_length=400, help_text=gettext_lazy("One sentence, up to 400 characters.")
    )
    text = RichTextField(gettext_lazy("longer text"), blank=True, features=FEATURES)
    synonyms = FormsField(
        gettext_lazy("other forms"),
        blank=True,
        help_text=gettext_lazy(
            "Synonyms, plurals and other forms by which the term is found in the Guide, one on each line or with "
            "semicolons between."
        ),
    )
    is_marked = models.BooleanField(
        gettext_lazy("marked in the Guide"),
        default=True,
        help_text=gettext_lazy("Its first place on each page of the public Guide leads to the glossary."),
    )

    content_panels = [
        *HandbookEntry.content_panels,
        FieldPanel("definition"),
        FieldPanel("text"),
        FieldPanel("synonyms"),
        FieldPanel("is_marked"),
        HandbookEntry.belonging_panel,
    ]
    override_translatable_fields = [*HandbookEntry.override_translatable_fields, *same_in_every_language("is_marked")]
    template = "handbook/term.html"
    public_view = "pages:term"

    class Meta:
        verbose_name = gettext_lazy("term")

    @property
    def other_forms(self) -> list[str]:
        return split_forms(self.synonyms)

    def searched_texts(self) -> list[str]:
        return [self.definition, " · ".join(self.other_forms), self.text]


class CountryPage(HandbookEntry):
    """A country sheet: what colleagues of another hotline need to know. The hotline itself comes from the register."""

    country = models.CharField(
        gettext_lazy("country code"),
        max_length=2,
        validators=[RegexValidator("^[A-Z]{2}$", gettext_lazy("Two capital letters, such as “BE”."))],
        help_text=gettext_lazy("Two letters, such as “BE”. The hotline of this country comes from the register."),
    )
    hours = models.CharField(
        gettext_lazy("hours"), max_length=200, blank=True, help_text=gettext_lazy("When the hotline is answered.")
    )
    legal_facts = RichTextField(
        gettext_lazy("legal facts"),
        blank=True,
        features=FEATURES,
        help_text=gettext_lazy(
            "What the law says on missing children, with its source. Never anything about a person."
        ),
    )
    partners = RichTextField(
        gettext_lazy("partners"),
        blank=True,
        features=FEATURES,
        help_text=gettext_lazy("Authorities and organisations the hotline works with. No names of persons."),
    )
    links = RichTextField(gettext_lazy("links"), blank=True, features=FEATURES)
    checked_on = models.DateField(
        gettext_lazy("last checked on"), help_text=gettext_lazy("The day on which somebody last compared all of this.")
    )

    content_panels = [
        *HandbookEntry.content_panels,
        FieldPanel("country"),
        FieldPanel("hours"),
        FieldPanel("legal_facts"),
        FieldPanel("partners"),
        FieldPanel("links"),
        FieldPanel("checked_on"),
        HandbookEntry.belonging_panel,
    ]
    override_translatable_fields = [
        *HandbookEntry.override_translatable_fields,
        *same_in_every_language("country", "checked_on"),
    ]
    template = "handbook/country.html"
    public_view = "pages:country"

    class Meta:
        verbose_name = gettext_lazy("country sheet")

    def clean(self) -> None:
        super().clean()
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": _("This day is to come.")})
        if self.locale_id and CountryPage.objects.filter(country=self.country, locale=self.locale_id).exclude(
            pk=self.pk
        ):
            raise ValidationError({"country": _("There is a sheet for this country already.")})

    def get_admin_display_title(self) -> str:
        """Return the title, with a warning if the sheet was not checked for a year."""
        title = super().get_admin_display_title()
        return _("%(title)s (not checked for a year)") % {"title": title} if self.is_overdue else title

    @property
    def is_overdue(self) -> bool:
        return bool(self.checked_on and timezone.localdate() - self.checked_on > CHECKED_EVERY)

    def searched_texts(self) -> list[str]:
        return [self.hours, self.legal_facts, self.partners, self.links]
