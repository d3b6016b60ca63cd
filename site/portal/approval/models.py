"""The second step of the workflow: an approval by somebody who did not write what is approved."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, TaskState, WorkflowState


class IndependentApprovalTask(AbstractGroupApprovalTask):
    """Members of the groups approve, except those who wrote the page since it was last approved, or submitted it."""

    class Meta:
        verbose_name = _("approval by another person")

    def get_actions(self, page: Page, user: Any) -> list[tuple[str, str, bool]]:
        if not self._user_in_groups(user) or user.pk in authors_of(page):
            return []
        actions: list[tuple[str, str, bool]] = super().get_actions(page, user)
        return actions

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        found = super().get_task_states_user_can_moderate(user, **kwargs)
        return found.exclude(Q(revision__user=user) | Q(workflow_state__requested_by=user))

    @classmethod
    def get_description(cls) -> str:
        return str(_("Members of the groups approve what others wrote."))


def authors_of(page: Page) -> set[int]:
    """Return the keys of who submitted a page, and of who wrote it since it was last approved."""
    state = page.current_workflow_state
    approved = TaskState.objects.filter(
        workflow_state__base_content_type=ContentType.objects.get_for_model(Page),
        workflow_state__object_id=str(page.pk),
        workflow_state__status=WorkflowState.STATUS_APPROVED,
    )
    last = approved.order_by("-revision__created_at").values_list("revision__created_at", flat=True).first()
    revisions = Revision.page_revisions.filter(object_id=str(page.pk), user__isnull=False)
    if last:
        revisions = revisions.filter(created_at__gt=last)
    submitted = {state.requested_by_id} if state and state.requested_by_id else set()
    return submitted | set(revisions.values_list("user", flat=True))
