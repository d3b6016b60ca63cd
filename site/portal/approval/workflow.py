"""Creates the workflow with its two steps, and offers it for every page of the site."""

from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, Page, Task, Workflow, WorkflowPage, WorkflowTask

from portal.approval.models import IndependentApprovalTask

NAME = "Review and approval"
REVIEW, APPROVAL = "Content review", "Approval by Missing Children Europe"


def prepare_workflow(root: Page, editors: Group, coordinators: Group) -> None:
    """Create the workflow and deactivate all others, such as Wagtail's own. Does nothing if the workflow exists."""
    workflow, is_new = Workflow.objects.get_or_create(name=NAME)
    if not is_new:
        return
    review, _made = GroupApprovalTask.objects.get_or_create(name=REVIEW)
    approval, _made = IndependentApprovalTask.objects.get_or_create(name=APPROVAL)
    review.groups.add(editors, coordinators)
    approval.groups.add(coordinators)
    for place, task in enumerate((review, approval)):
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": place})
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    Workflow.objects.exclude(pk=workflow.pk).update(active=False)
    Task.objects.exclude(pk__in=[review.pk, approval.pk]).update(active=False)
