"""The approval of pages: who may take which step, what the release screen shows of it, and its letters."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, WorkflowState

from evaluation.models import Role, User
from portal.approval.models import authors_of
from portal.approval.workflow import APPROVAL, REVIEW
from portal.letters.models import Letter
from standards.editions.approvals import read_approvals
from standards.editions.next_edition import begin_edition
from standards.editions.page_reader import read_tree
from standards.editions.release import NotReady, prepare, release
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage
from tests.bystander import new
from tests.factories import person
from tests.portal.handbook.conftest import Written, handbook  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    return {
        "editor": person(Role.GUIDE_EDITOR, name="Maud"),
        "anna": person(Role.MCE_COORDINATOR, name="Anna"),
        "berta": person(Role.MCE_COORDINATOR, name="Berta"),
    }


def submit(page: Page, by: User) -> WorkflowState:
    """Save a new version of a page and submit it."""
    page = page.specific
    page.save_revision(user=by)
    state: WorkflowState = page.get_workflow().start(page, by)
    return state


def take_step(page: Page, by: User, action: str = "approve") -> None:
    """Take the present step of the workflow of a page, as its view does."""
    page = Page.objects.get(pk=page.pk).specific
    task = page.current_workflow_task
    assert action in {name for name, _label, _asks in task.get_actions(page, by)}
    task.on_action(page.current_workflow_task_state, by, action)


def approve(page: Page, people: dict[str, User], by: str = "berta") -> None:
    submit(page, people["editor"])
    take_step(page, people["editor"])
    take_step(page, people[by])


def actions(page: Page, user: User) -> set[str]:
    page = Page.objects.get(pk=page.pk).specific
    return {name for name, _label, _asks in page.current_workflow_task.get_actions(page, user)}


# --- The two steps --------------------------------------------------------------------------------------------------


def test_an_editor_reviews_and_another_coordinator_approves(draft: EditionPage, people: dict[str, User]) -> None:
    page = DomainPage.objects.first()
    state = submit(page, people["anna"])
    assert [task.name for task in state.workflow.tasks] == [REVIEW, APPROVAL]
    assert actions(page, people["editor"]) == {"approve", "reject"}
    assert actions(page, person(Role.ASSESSOR)) == set()
    take_step(page, people["editor"])
    assert actions(page, people["editor"]) == set()
    assert actions(page, people["anna"]) == set()
    assert actions(page, people["berta"]) == {"approve", "reject"}
    take_step(page, people["berta"])
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_APPROVED


def test_nobody_approves_what_they_wrote_and_somebody_else_submitted(
    draft: EditionPage, people: dict[str, User]
) -> None:
    page = DomainPage.objects.first()
    page.save_revision(user=people["anna"])
    submit(page, people["editor"])
    assert authors_of(Page.objects.get(pk=page.pk)) == {people["anna"].pk, people["editor"].pk}
    take_step(page, people["editor"])
    assert actions(page, people["anna"]) == set()
    take_step(page, people["berta"])
    assert authors_of(Page.objects.get(pk=page.pk)) == set()
    submit(page, people["editor"])
    take_step(page, people["editor"])
    assert actions(page, people["anna"]) == {"approve", "reject"}


def test_nobody_approves_what_they_wrote_below_the_page(draft: EditionPage, people: dict[str, User]) -> None:
    domain, indicator = DomainPage.objects.get(code="D1"), IndicatorPage.objects.get(code="1.2.1")
    indicator.save_revision(user=people["anna"])
    submit(domain, people["editor"])
    take_step(domain, people["editor"])
    assert actions(domain, people["anna"]) == set()
    take_step(domain, people["berta"])
    assert authors_of(Page.objects.get(pk=indicator.pk)) == set()
    submit(draft, people["editor"])
    take_step(draft, people["editor"])
    assert actions(draft, people["anna"]) == {"approve", "reject"}


def test_a_superuser_does_not_approve_their_own_either(draft: EditionPage, people: dict[str, User]) -> None:
    anna = people["anna"]
    anna.is_superuser = True
    anna.save()
    page = DomainPage.objects.first()
    submit(page, anna)
    take_step(page, people["editor"])
    assert actions(page, anna) == set()


def test_a_changed_page_is_reviewed_again(draft: EditionPage, people: dict[str, User]) -> None:
    page = DomainPage.objects.first()
    submit(page, people["editor"])
    take_step(page, people["editor"])
    page = Page.objects.get(pk=page.pk).specific
    page.save_revision(user=people["anna"])
    assert page.current_workflow_state.get_next_task().name == REVIEW


def test_the_views_of_wagtail_take_the_steps_and_show_the_history(
    sign_in: Callable[..., Client],
    handbook: Written,  # noqa: F811
    people: dict[str, User],
) -> None:
    page = handbook.term
    editor, berta = sign_in(Client(), people["editor"]), sign_in(Client(), people["berta"])
    typed = {"title": "caller", "definition": "Whoever dials.", "text": "null", "synonyms": "", "belongs_to": ""}
    editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {**typed, "action-submit": "1"})

    def post(client: Client) -> int:
        task_state = Page.objects.get(pk=page.pk).current_workflow_task_state
        address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task_state.pk])
        return client.post(address, {"comment": "Good."}).status_code

    post(editor)
    post(editor)  # the second step is not theirs
    page.refresh_from_db()
    assert page.definition == "Whoever calls the hotline."
    post(berta)
    page.refresh_from_db()
    assert page.definition == "Whoever dials."
    history = berta.get(reverse("wagtailadmin_pages:workflow_history", args=[page.pk]))
    assert history.status_code == 200
    assert "Review and approval" in history.content.decode()
    for report in ("workflow", "workflow_tasks"):
        assert berta.get(reverse(f"wagtailadmin_reports:{report}")).status_code == 200


# --- Letters --------------------------------------------------------------------------------------------------------


def test_letters_go_through_the_outbox_to_who_may_act(draft: EditionPage, people: dict[str, User]) -> None:
    page = DomainPage.objects.first()
    other = person(Role.GUIDE_EDITOR, name="Nora")
    submit(page, people["anna"])
    assert set(new(Letter).values_list("to_user__name", flat=True)) == {"Maud", "Nora", "Berta"}
    new(Letter).delete()
    take_step(page, other)
    assert list(new(Letter).values_list("to_user__name", flat=True)) == ["Berta"]
    new(Letter).delete()
    take_step(page, people["berta"])
    letter = new(Letter).get()
    assert (letter.to_user, letter.subject) == (people["anna"], f"Approved: {page.get_admin_display_title()}")
    assert "by Berta" in letter.body
    assert mail.outbox == []


def test_who_submitted_reads_why_a_page_came_back(draft: EditionPage, people: dict[str, User]) -> None:
    page = DomainPage.objects.first()
    submit(page, people["editor"])
    new(Letter).delete()
    task_state = Page.objects.get(pk=page.pk).current_workflow_task_state
    task_state.reject(user=people["anna"], comment="Too long.")
    letter = new(Letter).get()
    assert letter.to_user == people["editor"]
    assert "Too long." in letter.body
    assert mail.outbox == []


def test_nobody_who_left_has_letters(draft: EditionPage, people: dict[str, User]) -> None:
    page = DomainPage.objects.first()
    submit(page, people["anna"])
    User.objects.filter(pk=people["anna"].pk).update(is_active=False)
    new(Letter).delete()
    Page.objects.get(pk=page.pk).current_workflow_task_state.reject(user=people["berta"], comment="Too long.")
    assert not new(Letter).exists()


# --- On the release screen ------------------------------------------------------------------------------------------


def sections(draft: EditionPage) -> dict[str, tuple[int, int, int]]:
    """Return how many parts of each section are approved, changed since, and never approved."""
    found = read_approvals(read_tree(EditionPage.objects.get(pk=draft.pk)))
    return {section.where: (section.approved, len(section.changed), section.missing) for section in found}


def test_an_approval_of_a_domain_holds_for_what_is_below_it(draft: EditionPage, people: dict[str, User]) -> None:
    domain = DomainPage.objects.get(code="D1")
    parts = Page.objects.descendant_of(domain, inclusive=True).count()
    approve(domain, people)
    found = sections(draft)
    assert found["domain/D1"] == (parts, 0, 0)
    assert found["edition"] == (0, 0, 1)
    assert found["domain/D2"][:2] == (0, 0)
    section = read_approvals(read_tree(draft))[1]
    approval = section.approvals[0]
    assert (approval.by, approval.reviewers, approval.page_id) == ("Berta", ("Maud",), domain.pk)


def test_what_changed_since_is_compared_with_the_approved_version(draft: EditionPage, people: dict[str, User]) -> None:
    approve(DomainPage.objects.get(code="D1"), people)
    indicator = IndicatorPage.objects.get(code="1.2.1")
    before = indicator.latest_revision_id
    indicator.wording = "Open always"
    indicator.save_revision(user=people["editor"])
    section = read_approvals(read_tree(draft))[1]
    assert [(part.page_id, part.revision_id) for part in section.changed] == [(indicator.pk, before)]
    approve(StandardPage.objects.get(code="1.2"), people, by="anna")
    section = read_approvals(read_tree(draft))[1]
    assert section.is_approved
    assert [approval.by for approval in section.approvals] == ["Anna", "Berta"]


def test_what_is_saved_while_the_approver_reads_is_not_approved(draft: EditionPage, people: dict[str, User]) -> None:
    domain, indicator = DomainPage.objects.get(code="D1"), IndicatorPage.objects.get(code="1.2.1")
    submit(domain, people["editor"])
    take_step(domain, people["editor"])
    indicator.save_revision(user=people["anna"])
    take_step(domain, people["berta"])
    assert sections(draft)["domain/D1"][1:] == (1, 0)
    assert authors_of(Page.objects.get(pk=domain.pk)) == {people["anna"].pk}


def test_what_is_gone_is_a_change_of_what_it_stood_below(draft: EditionPage, people: dict[str, User]) -> None:
    approve(draft, people)
    indicator = IndicatorPage.objects.get(code="1.2.1")
    standard = indicator.get_parent()
    indicator.delete()
    section = read_approvals(read_tree(EditionPage.objects.get(pk=draft.pk)))[1]
    assert [part.page_id for part in section.changed] == [standard.pk]


def test_a_part_that_was_moved_is_not_approved_by_its_new_place(draft: EditionPage, people: dict[str, User]) -> None:
    approve(DomainPage.objects.get(code="D2"), people)
    parts = sections(draft)["domain/D2"][0]
    standard = StandardPage.objects.get(code="1.2")
    moved = Page.objects.descendant_of(standard, inclusive=True).count()
    standard.move(DomainPage.objects.get(code="D2"), "last-child")
    assert sections(draft)["domain/D2"] == (parts, moved, 0)
    approve(DomainPage.objects.get(code="D2"), people)
    assert sections(draft)["domain/D2"] == (parts + moved, 0, 0)


def test_another_order_is_a_change(draft: EditionPage, people: dict[str, User]) -> None:
    approve(draft, people)
    domain = DomainPage.objects.get(code="D1")
    first, *_others, last = domain.get_children()
    first.move(last, "right")
    section = read_approvals(read_tree(EditionPage.objects.get(pk=draft.pk)))[1]
    assert domain.pk in [part.page_id for part in section.changed]


def test_a_new_part_needs_an_approval_of_its_own_only(draft: EditionPage, people: dict[str, User]) -> None:
    approve(draft, people)
    standard = StandardPage.objects.get(code="1.2")
    former = IndicatorPage.objects.get(code="1.2.1")
    names = ("wording", "guidance", "obligation", "measure", "evidence")
    fields = {name: getattr(former, name) for name in names}
    new = standard.add_child(instance=IndicatorPage(code="1.2.9", slug="new", title=former.title, **fields))
    new.save_revision(user=people["editor"])
    approved = sections(draft)["domain/D1"][0]
    assert sections(draft)["domain/D1"] == (approved, 1, 0)
    approve(new, people)
    assert sections(draft)["domain/D1"] == (approved + 1, 0, 0)


def test_a_page_that_was_sent_back_is_not_approved(draft: EditionPage, people: dict[str, User]) -> None:
    submit(draft, people["editor"])
    take_step(draft, people["editor"])
    take_step(draft, people["berta"], "reject")
    assert sections(draft)["edition"] == (0, 0, 1)


def test_a_release_depends_on_it_only_if_the_edition_says_so(draft: EditionPage, people: dict[str, User]) -> None:
    assert prepare(draft).framework.code == "small"
    draft.requires_approval = True
    draft.save_revision(user=people["editor"]).publish()
    with pytest.raises(NotReady) as refused:
        release(draft)
    assert len(refused.value.problems) == len(sections(draft))
    assert all("not approved" in problem for problem in refused.value.problems)
    approve(draft, people)
    assert release(EditionPage.objects.get(pk=draft.pk)).code == "small"


def test_approvals_are_demanded_until_somebody_approves_that_they_are_not(
    draft: EditionPage, people: dict[str, User]
) -> None:
    draft.requires_approval = True
    draft.save_revision(user=people["editor"]).publish()
    draft = EditionPage.objects.get(pk=draft.pk)
    draft.requires_approval = False
    draft.save_revision(user=people["anna"])
    with pytest.raises(NotReady) as refused:
        release(draft)
    assert len(refused.value.problems) == 1
    approve(draft, people)
    assert release(EditionPage.objects.get(pk=draft.pk)).code == "small"


def test_the_next_edition_demands_what_the_former_one_did(draft: EditionPage, people: dict[str, User]) -> None:
    begun = begin_edition(draft, code="2031", title="Edition 2031")
    assert not read_tree(begun).edition.requires_approval
    draft.requires_approval = True
    begun = begin_edition(draft, code="2032", title="Edition 2032", user=people["editor"])
    assert read_tree(begun).edition.requires_approval
    assert EditionPage.objects.get(pk=begun.pk).requires_approval


def test_the_release_screen_says_who_approved(
    sign_in: Callable[..., Client], draft: EditionPage, people: dict[str, User]
) -> None:
    approve(DomainPage.objects.get(code="D1"), people)
    client, address = sign_in(Client(), people["anna"]), reverse("release_edition", args=[draft.pk])

    def read() -> str:
        return re.sub(r"\s+", " ", client.get(address).content.decode())

    page = read()
    assert "Berta, " in page
    assert "(reviewed by Maud)" in page
    assert "The release does not depend on it." in page
    IndicatorPage.objects.get(code="1.2.1").save_revision(user=people["editor"])
    assert "1 part changed" in read()
    draft.requires_approval = True
    draft.save_revision(user=people["editor"]).publish()
    page = read()
    assert "The release does not depend on it." not in page
    assert "1 part is not approved as it is now." in page
    assert client.post(address).status_code == 200


def test_more_approvals_ask_no_more(draft: EditionPage, people: dict[str, User]) -> None:
    def count() -> int:
        tree = read_tree(draft)
        with CaptureQueriesContext(connection) as queries:
            read_approvals(tree)
        return len(queries)

    approve(DomainPage.objects.get(code="D1"), people)
    IndicatorPage.objects.get(code="1.2.1").save_revision()
    before = count()
    for page in (*DomainPage.objects.all(), *StandardPage.objects.all()):
        approve(page, people)
    for indicator in IndicatorPage.objects.all():
        indicator.save_revision()
    assert count() == before
