"""Base classes of an edition's pages: their place in the tree, and the lock after a release."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.admin.panels import FieldPanel
from wagtail.locks import BaseLock
from wagtail.models import Page, PagePermissionTester
from wagtail_localize.fields import SynchronizedField

from standards.models.edition import Edition
from standards.models.forms import GuidePageForm
from standards.models.rows import WithRows

if TYPE_CHECKING:
    from standards.models.edition_page import EditionPage


def same_in_every_language(*names: str) -> list[SynchronizedField]:
    """Fields that a translation copies and no translator may change."""
    return [SynchronizedField(name, overridable=False) for name in names]


def slug_of(code: str) -> str:
    """How a domain or a standard is called in an address."""
    return code.lower().replace(".", "-")


def weight_of(what_it_does: Any) -> models.PositiveSmallIntegerField[int | str, int]:
    return models.PositiveSmallIntegerField(
        gettext_lazy("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=what_it_does,
    )


class ReleasedLock(BaseLock):
    """Closes the editor of a released page to everybody and says what to do instead."""

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
    """What somebody may do with a page of the Guide. An edition is not copied: the next one is begun."""

    def can_copy(self) -> bool:
        return False


Context = Callable[[Any], dict[str, Any]]
_contexts: dict[type[Page], Context] = {}


def context_of(model: type[Page]) -> Callable[[Context], Context]:
    """Register what the template of a kind of page is given: a function of the page, above the models it reads."""

    def register(context: Context) -> Context:
        _contexts[model] = context
        return context

    return register


class PageOfGuide(Page):
    """A page on which the Guide is written. Wagtail's own form may not copy it.

    Readers get its released parts at addresses made of their codes, which never change: nobody edits a slug, and what
    else Wagtail offers to promote a page appears nowhere. The title is a plain field: Wagtail's own writes a slug beside.
    """

    content_panels: ClassVar[list[Any]] = [FieldPanel("title", classname="title")]
    promote_panels: ClassVar[list[Any]] = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> GuidePermissions:
        return GuidePermissions(user, self)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **_contexts[type(self)](self)}

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """The preview in the language of the page, which has no address to tell it by."""
        with override(self.locale.language_code):
            return super().serve_preview(request, mode_name).render()


class PartOfEdition(WithRows, PageOfGuide):
    """A page inside an edition, the edition itself included."""

    base_form_class = GuidePageForm

    show_in_menus_default: ClassVar[bool] = False

    class Meta:
        abstract = True

    @cached_property
    def edition_page(self) -> "EditionPage | None":
        if isinstance(self, model := apps.get_model("standards.EditionPage")):
            return self
        return model.objects.ancestor_of(self).first() if self.path else None

    @property
    def edition(self) -> Edition | None:
        """The release of the edition this page belongs to, if there is one."""
        page = self.edition_page
        return Edition.objects.filter(code=page.code).first() if page and page.code else None

    def why_frozen(self) -> str:
        """Empty while the page may change; else the sentence that says why not and what to do."""
        edition = self.edition
        if edition is None:
            return ""
        language = self.locale.language_code
        if language == edition.source_language:
            return _(
                "Edition %(code)s is released, and a released edition does not change. "
                "To change the Guide, begin the next edition."
            ) % {"code": edition.code}
        if edition.wordings.filter(language=language).exists():
            return _(
                "The wording of edition %(code)s in this language is published, "
                "and a published wording does not change."
            ) % {"code": edition.code}
        return ""

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """A draft has no public address; what is released has the one under which its readers find it."""
        parts = super().get_url_parts(request) if self.edition else None
        if not parts:
            return None
        with override(self.locale.language_code):
            return (*parts[:2], reverse(self.public_view, args=self.public_codes()))

    public_view: ClassVar[str]

    def public_codes(self) -> list[str]:
        """What the address of this part is made of in public."""
        raise NotImplementedError

    def get_lock(self) -> BaseLock | None:
        return ReleasedLock(self) if self.why_frozen() else super().get_lock()

    def find_problems_under(self, parent: Page, form: GuidePageForm) -> list[tuple[str, str]]:
        """Problems that depend on the place of the page, by field."""
        raise NotImplementedError


def refuse_to_move(*, instance: Page, **_other: Any) -> None:
    """The parts of a released edition stay where they are, whoever drags them and from wherever."""
    page = instance.specific
    if isinstance(page, PartOfEdition) and page.edition_page != page and (why := page.why_frozen()):
        raise PermissionDenied(why)
