"""Letters about pages that wait for an approval, are approved or sent back, written to the outbox.

Each receiver has the `dispatch_uid` of Wagtail's own receiver, which is connected later and therefore ignored. Wagtail
would send its letters within the request and store no row of them.
"""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from evaluation.models import User
from portal.letters.declaration import PAGE, Letter, declare_letters
from portal.letters.outbox import address_of, write_letter

declare_letters(
    "approvals",
    Letter(
        name="page_waits",
        subject=_("A page waits for you: %(title)s"),
        body=(_("The page “%(title)s” was submitted and waits for you to approve it or to send it back."), PAGE),
    ),
    Letter(
        name="page_approved",
        subject=_("Approved: %(title)s"),
        body=(_("The page “%(title)s”, which you submitted, was approved by %(by)s."), PAGE),
    ),
    Letter(
        name="page_sent_back",
        subject=_("Sent back: %(title)s"),
        body=(_("%(by)s sent back the page “%(title)s”, which you submitted."), "{note}", PAGE),
    ),
)


@receiver(task_submitted, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification")
def write_waiting_letters(instance: TaskState, user: User | None, **_sent: Any) -> None:
    """Write to every user who can take the step that begins, except the one who submitted the page."""
    page, task = instance.workflow_state.content_object.specific, instance.task.specific
    people = User.objects.filter(groups__in=task.groups.all(), is_active=True).order_by("pk").distinct()
    for person in people:
        if (user is None or person.pk != user.pk) and task.get_actions(page, person):
            _write("page_waits", person, page, user)


@receiver(workflow_approved, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")
def write_approval_letter(instance: WorkflowState, user: User | None, **_sent: Any) -> None:
    _write_to_submitter("page_approved", instance, user)


@receiver(workflow_rejected, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
def write_rejection_letter(instance: WorkflowState, user: User | None, **_sent: Any) -> None:
    _write_to_submitter("page_sent_back", instance, user, instance.current_task_state.comment)


@receiver(workflow_submitted, sender=WorkflowState, dispatch_uid="workflow_state_submitted_email_notification")
def write_no_letter(**_sent: Any) -> None:
    """Do nothing: users who can take the first step get the letter of that step."""


def _write_to_submitter(letter: str, state: WorkflowState, by: User | None, comment: str = "") -> None:
    """Write to the user who submitted the page, unless they took the step themselves or have left."""
    to = state.requested_by
    if to and to.is_active and (by is None or to.pk != by.pk):
        _write(letter, to, state.content_object.specific, by, comment)


def _write(letter: str, to: User, page: Any, by: User | None, comment: str = "") -> None:
    values = {
        "title": page.get_admin_display_title(),
        "by": by.name if by else "",
        "note": comment.strip(),
        "page": address_of(reverse("wagtailadmin_pages:edit", args=[page.pk])),
    }
    write_letter(letter, values, to=to)
