"""The page of a good practice in the handbook. Its text is written and consented to in the workspace."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.models import Revision

from evaluation.models import GoodPractice, PracticeConsent
from portal.handbook.models import HandbookEntry, HandbookPermissions
from standards.models.tree import same_in_every_language


class PracticePermissions(HandbookPermissions):
    """Permissions on a good practice. Its text is changed in the workspace, where the hotline consents to it."""

    def can_edit(self) -> bool:
        return bool(super().can_edit()) and not self.page.is_source

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False


class GoodPracticePage(HandbookEntry):
    """A good practice in the library. Its source text is exactly the one that the hotline consented to.

    It is written when the practice is published: see `portal.handbook.practice_pages`.
    """

    practice = models.ForeignKey(GoodPractice, on_delete=models.PROTECT, related_name="+", editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    """The digest of the text of this page, or of the text that it translates."""
    summary = models.TextField(gettext_lazy("summary"))
    text = models.TextField(gettext_lazy("text"))

    content_panels = [*HandbookEntry.content_panels, FieldPanel("summary"), FieldPanel("text")]
    is_creatable = False
    override_translatable_fields = [
        *HandbookEntry.override_translatable_fields,
        *same_in_every_language("practice", "sha256"),
    ]
    template = "handbook/practice.html"
    public_view = "pages:practice"

    class Meta:
        verbose_name = gettext_lazy("good practice")

    def permissions_for_user(self, user: Any) -> PracticePermissions:
        return PracticePermissions(user, self)

    @property
    def is_source(self) -> bool:
        return bool(self.locale.language_code == settings.LANGUAGE_CODE)

    @classmethod
    def public(cls) -> models.QuerySet[Self]:
        """Return the pages of published practices, in every language whose text belongs to the newest consent."""
        consents = PracticeConsent.objects.filter(practice=models.OuterRef("practice")).order_by("-pk")
        found = super().public().filter(practice__state=GoodPractice.State.PUBLISHED)
        return found.filter(sha256=models.Subquery(consents.values("sha256")[:1])).select_related(
            "practice__finding__evaluation__hotline"
        )

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """Publish a revision, unless its text differs from the practice. `public` checks translations by digest."""
        page = revision.as_object()
        if not self.is_source or all(
            getattr(page, name) == getattr(self.practice, name) for name in self.practice.TEXTS
        ):
            super().publish(revision, user=user, **kwargs)

    def searched_texts(self) -> list[str]:
        return [self.summary, self.text, self.practice.hotline.name]
