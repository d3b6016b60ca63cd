"""Base classes of an edition's pages: their place in the tree, and the lock after a release."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.admin.panels import FieldPanel
from wagtail.locks import BaseLock
from wagtail.models import Page, PagePermissionTester
from wagtail_localize.fields import SynchronizedField

from standards.framework import LONGEST_KEY
from standards.models.edition import Edition
from standards.models.forms import GuidePageForm
from standards.models.lookups import look_up
from standards.models.rows import WithRows

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that cannot be confused with one another."""


def same_in_every_language(*names: str) -> list[SynchronizedField]:
    """Return fields whose value translations copy and translators cannot change."""
    return [SynchronizedField(name, overridable=False) for name in names]


def title_panel(help_text: Any = "") -> FieldPanel:
    """Return the panel of a title with its label as a placeholder. Unlike Wagtail's own, it does not write a slug."""
    widget = forms.TextInput(attrs={"placeholder": gettext_lazy("Title")})
    return FieldPanel("title", classname="title", widget=widget, help_text=help_text)


def slug_of(code: str) -> str:
    """Return the slug of a domain, a standard or an indicator."""
    return code.lower().replace(".", "-")


def weight_of(help_text: Any) -> models.PositiveSmallIntegerField[int | str, int]:
    return models.PositiveSmallIntegerField(
        gettext_lazy("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=help_text,
    )


def best_of(help_text: Any) -> models.PositiveSmallIntegerField[int | str | None, int | None]:
    return models.PositiveSmallIntegerField(
        gettext_lazy("only the best"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=help_text,
    )


def cap_of_part() -> models.PositiveSmallIntegerField[int | str | None, int | None]:
    return models.PositiveSmallIntegerField(
        gettext_lazy("how much may be excused here"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=gettext_lazy(
            "The percentage that “not applicable” may take out of this score, such as 25. Empty: that of the edition."
        ),
    )


class ReleasedLock(BaseLock):
    """A lock of a released page for every user. Its message says what to do instead."""

    object: "PartOfEdition"

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return self.object.why_frozen()

    def get_locked_by(self, user: Any) -> str:
        return _("Released")

    def get_description(self, user: Any) -> str:
        return self.object.why_frozen()


class GuidePermissions(PagePermissionTester):
    """Permissions on a page of the Guide. Pages cannot be copied; the next edition is created instead."""

    def can_copy(self) -> bool:
        return False


Context = Callable[[Any], dict[str, Any]]
_contexts: dict[type[Page], Context] = {}


def context_of(model: type[Page]) -> Callable[[Context], Context]:
    """Register the function that returns the template context of a kind of page."""

    def register(context: Context) -> Context:
        _contexts[model] = context
        return context

    return register


Show = Callable[[Any, HttpRequest], HttpResponse]
_previews: dict[type[Page], dict[str, tuple[Any, Show]]] = {}


def preview_of(model: type[Page], mode: str, label: Any) -> Callable[[Show], Show]:
    """Register a function that renders another preview of an unsaved page, with its mode and its label."""

    def register(show: Show) -> Show:
        _previews.setdefault(model, {})[mode] = label, show
        return show

    return register


class PageOfGuide(Page):
    """A page of the Guide. Wagtail's form for copying is disabled.

    Released parts have addresses with their codes, which never change. Slugs are therefore not edited, Wagtail's
    promote panel is not used, and the title is a plain field, as Wagtail's own would write a slug.
    """

    content_panels: ClassVar[list[Any]] = [title_panel()]
    promote_panels: ClassVar[list[Any]] = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> GuidePermissions:
        return GuidePermissions(user, self)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **_contexts[type(self)](self)}

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The preview as the Guide, and those that are registered for this kind of page."""
        others = ((mode, label) for mode, (label, _show) in _previews.get(type(self), {}).items())
        return [("", gettext_lazy("Guide")), *others]

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """Render the preview in the language of the page, as there is no address with a language."""
        _label, show = _previews.get(type(self), {}).get(mode_name, ("", None))
        with override(self.locale.language_code):
            return show(self, request) if show else super().serve_preview(request, mode_name).render()


class PartOfEdition(WithRows, PageOfGuide):
    """A page inside an edition, including the edition itself."""

    code: Any
    base_form_class = GuidePageForm

    show_in_menus_default: ClassVar[bool] = False

    class Meta:
        abstract = True

    @property
    def edition_page(self) -> "PartOfEdition | None":
        """The page of the edition of this page, or None for a page that has no place yet."""
        raise NotImplementedError

    @property
    def parent_path(self) -> str:
        return str(self.path[: -self.steplen])

    @property
    def edition(self) -> Edition | None:
        """The release of the edition of this page, or None."""
        page = self.edition_page
        if not page or not page.code:
            return None
        return look_up(("edition", page.code), Edition.objects.filter(code=page.code).first)

    def why_frozen(self) -> str:
        """Return why the page cannot be changed and what to do instead, or an empty text if it can."""
        edition = self.edition
        if edition is None:
            return ""
        language = self.locale.language_code
        if language == edition.source_language:
            return _(
                "Edition %(code)s is released, and a released edition does not change. "
                "To change the Guide, begin the next edition."
            ) % {"code": edition.code}
        if look_up(("wording", edition.pk, language), edition.wordings.filter(language=language).exists):
            return _(
                "The wording of edition %(code)s in this language is published, "
                "and a published wording does not change."
            ) % {"code": edition.code}
        return ""

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Return the parts of the public address of a released part. None for a draft, which has no public address."""
        if not self.edition:
            return None
        parts = look_up(("site", self.parent_path), partial(super().get_url_parts, request))
        if not parts:
            return None
        with override(self.locale.language_code):
            return (*parts[:2], reverse(self.public_view, args=self.public_codes()))

    public_view: ClassVar[str]

    def public_codes(self) -> list[str]:
        """Return the codes in the public address of this part."""
        raise NotImplementedError

    def get_lock(self) -> BaseLock | None:
        return ReleasedLock(self) if self.why_frozen() else super().get_lock()

    def get_admin_default_ordering(self) -> str:
        """Return the order in which parts are listed: theirs, in which only those of drafts can be dragged."""
        return "path" if self.why_frozen() else "ord"

    def find_problems_under(self, parent: Page, form: GuidePageForm) -> list[tuple[str, str]]:
        """Return the problems of the page under a parent, by field."""
        raise NotImplementedError


class PartBelowEdition(PartOfEdition):
    """A domain, a standard or an indicator. Editors see its code before its title."""

    slug: Any
    key = models.CharField(
        gettext_lazy("permanent key"),
        max_length=LONGEST_KEY,
        blank=True,
        help_text=gettext_lazy(
            "By what it is known from one edition to the next. It is made by itself, and stays when the code changes."
        ),
    )
    exclude_fields_in_copy: ClassVar[list[str]] = ["key"]

    class Meta:
        abstract = True

    @cached_property
    def edition_page(self) -> PartOfEdition | None:
        if not self.path:
            return None
        ancestors = apps.get_model("standards.EditionPage").objects.ancestor_of(self)
        found: PartOfEdition | None = look_up(("edition page", self.parent_path), ancestors.first)
        return found

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self.key = self.key or self._make_key()
        return super().save(*args, **kwargs)

    def _make_key(self) -> str:
        """Return the key of a new page: that of the page that it translates, or else a random one."""
        others = type(self)._default_manager.filter(translation_key=self.translation_key).exclude(key="")
        return others.values_list("key", flat=True).first() or get_random_string(10, _LETTERS)

    def with_content_json(self, content: Any) -> Any:
        """Return the page with the content of a revision, but with its present key."""
        page = super().with_content_json(content)
        page.key = self.key
        return page

    def get_admin_display_title(self) -> str:
        return f"{self.code} {super().get_admin_display_title()}"

    def public_codes(self) -> list[str]:
        return [*self.codes_above(), slug_of(self.code)]

    def codes_above(self) -> list[str]:
        """Return the codes in the public address of its parent."""
        return look_up(("codes", self.parent_path), self._ask_codes_above)

    def _ask_codes_above(self) -> list[str]:
        codes: list[str] = self.get_parent().specific.public_codes()
        return codes


def refuse_to_move(*, instance: Page, **_other: Any) -> None:
    """Refuse to move parts of a released edition. Raises PermissionDenied, whoever moves them."""
    page = instance.specific
    if isinstance(page, PartOfEdition) and page.edition_page != page and (why := page.why_frozen()):
        raise PermissionDenied(why)
