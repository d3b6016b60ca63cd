"""The second step of the workflow: an approval by somebody who did not write what is approved."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page

from standards.editions.approvals import find_authors


class IndependentApprovalTask(AbstractGroupApprovalTask):
    """An approval by members of the groups who did not submit the page and wrote none of its unapproved changes.

    Changes to the pages below it count too.
    """

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
    """Return the primary keys of the user who submitted a page and of the authors of what its approval would cover."""
    state = page.current_workflow_state
    submitted = {state.requested_by_id} if state and state.requested_by_id else set()
    return submitted | find_authors(page)
