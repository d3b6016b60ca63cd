"""An appeal in the browser: a hotline contests its outcome, three others hear it, and the new one becomes public."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Appeal, Decision, Evaluation, Publication, Role, User
from portal.accounts.adapters import sync_groups
from reports.printing import make_issue
from tests.browsing import follow, resize
from tests.bystander import new
from tests.factories import PASSWORD, SUBSTANCE, person
from tests.stage import Stage

pytestmark = pytest.mark.browser

PHONE, WIDE, SMALLEST = {"width": 390, "height": 844}, {"width": 1280, "height": 900}, {"width": 320, "height": 640}
GROUNDS = "The decision speaks of two nights with one person. The rota shows two, and we sent it with our response."


def member(name: str, country: str) -> User:
    user = person(Role.PANEL_MEMBER, password=PASSWORD, name=name, country=country)
    sync_groups(user)
    return user


@pytest.fixture
def in_time(live: Any) -> Stage:
    """Return a published outcome of today, which the hotline may contest."""
    stage = Stage("published", is_printed=False)
    newest = Decision.objects.create(
        evaluation=stage.evaluation,
        scorecard=stage.scorecard,
        kind="correction",
        replaces=stage.decision,
        outcome="not_accredited",
        reasons="Two nights were covered by one person only.",
        departs=True,
        decided_by=stage.people.panel,
        decided_on=timezone.localdate(),
    )
    Publication.objects.create(decision=newest)
    stage.decision.accreditation.delete()
    return stage


@pytest.fixture
def check_widths(axe: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return a function that checks a page at three widths: accessible, and no wider than the screen."""

    def check_widths(page: Any) -> None:
        for size in (WIDE, PHONE):
            resize(page, size)
            axe(page)
        resize(page, SMALLEST)
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"], page.url
        resize(page, WIDE)

    return check_widths


@pytest.mark.long
def test_an_appeal_from_its_grounds_to_the_register(in_time: Stage, page_of: Any, check_widths: Any, live: Any):
    stage = in_time
    register = reverse("pages:hotline", args=["XA"])

    hotline = page_of(stage.coordinator)
    hotline.goto(reverse("workspace:evaluation", args=[stage.evaluation.uid]))
    follow(hotline.get_by_role("link", name="You may contest the decision"))
    check_widths(hotline)
    follow(hotline.get_by_role("button", name="Lodge the appeal"))
    hotline.get_by_text("There is one thing to put right").wait_for()
    check_widths(hotline)
    hotline.get_by_label("Grounds").fill(GROUNDS)
    follow(hotline.get_by_role("button", name="Lodge the appeal"))
    hotline.get_by_text("The appeal is lodged.").wait_for()
    check_widths(hotline)
    appeal = new(Appeal).get()

    hotline.goto(register)
    assert "appeal" not in hotline.locator("main").inner_text().lower()

    members = [member("Ioana Ștefănescu", "XV"), member("Luka Kovačević", "XC"), member("Nikos Pappas", "XG")]
    for number, one in enumerate(members):
        page = page_of(one)
        page.goto(reverse("workspace:panel"))
        follow(page.get_by_role("link", name=stage.hotline.name, exact=True).first)
        follow(page.get_by_role("button", name="I have no stake and took no part in assessing it"))
        page.wait_for_url(f"**{reverse('workspace:appeal', args=[appeal.uid])}")
        page.get_by_text("It is noted that you have no stake.").wait_for()
        if number:
            assert page.get_by_text("So the rota says.").count() == 0
        check_widths(page)
        page.get_by_role("radio", name=re.compile("^Accredited")).first.check()
        page.get_by_label("Why").fill("So the rota says.")
        follow(page.get_by_role("button", name="Vote", exact=True))
        page.get_by_text("Your vote is kept.").wait_for()
        assert page.get_by_text("So the rota says.").count() > number
    check_widths(page)
    page.get_by_text("the appeal is upheld, and this takes the place of the contested decision").wait_for()
    page.get_by_label("Reasons").fill(SUBSTANCE)
    follow(page.get_by_role("button", name="Record the ruling"))
    follow(page.get_by_role("button", name="Record the ruling for good"))
    page.get_by_text("The ruling is recorded").wait_for()
    check_widths(page)

    newest = new(Decision).first()
    assert (newest.kind, newest.outcome, newest.replaces.outcome) == ("appeal", "accredited", "not_accredited")
    hotline.reload()
    assert "No accreditation" in hotline.locator("main").inner_text()
    hotline.goto(reverse("workspace:appeal", args=[appeal.uid]))
    hotline.get_by_text(SUBSTANCE).wait_for()
    assert hotline.get_by_text("So the rota says.").count() == 0

    make_issue(newest, "en")
    mce = page_of(stage.people.mce)
    mce.goto(reverse("workspace:appeals"))
    check_widths(mce)
    mce.goto(reverse("workspace:evaluation", args=[stage.evaluation.uid]))
    follow(mce.get_by_role("link", name="Publish the outcome"))
    mce.get_by_label("The outcome alone").check()
    follow(mce.get_by_role("button", name="Show what becomes public"))
    check_widths(mce)
    follow(mce.get_by_role("button", name="Publish the outcome"))
    mce.get_by_text("Outcome published. This is recorded in the log.").wait_for()
    mce.goto(reverse("workspace:evaluation", args=[stage.evaluation.uid]))
    follow(mce.get_by_role("link", name="Accreditation: valid"))
    check_widths(mce)
    mce.goto(reverse("workspace:accreditations"))
    check_widths(mce)
    assert new(Evaluation).get().state == "published"
    hotline.goto(register)
    assert "Accredited" in hotline.locator("main").inner_text()
    check_widths(hotline)


def test_a_correction_and_a_suspension_by_keyboard_and_without_script(
    browser: Any, live: Any, as_user: Any, check_widths: Any
):
    stage = Stage("published")

    def plain(user: User) -> Any:
        context = browser.new_context(base_url=live.url, java_script_enabled=False)
        return as_user(context.new_page(), user)

    one = plain(stage.people.panel)
    one.goto(reverse("workspace:correction", args=[stage.evaluation.uid]))
    one.get_by_label("Reasons").fill(SUBSTANCE)
    follow(one.get_by_role("button", name="Propose the correction"), "Enter")
    assert "The correction is proposed." in one.locator("body").inner_text()
    two = plain(stage.people.second)
    two.goto(reverse("workspace:correction", args=[stage.evaluation.uid]))
    follow(two.get_by_role("button", name="Confirm the correction"), "Enter")
    assert "The corrected decision is written." in two.locator("body").inner_text()
    mce = plain(stage.people.mce)
    mce.goto(reverse("workspace:accreditation", args=[stage.decision.accreditation.uid]))
    mce.locator("summary", has_text="Suspend").press("Enter")
    mce.get_by_label("On what grounds?", exact=True).fill("The line was silent for a month.")
    follow(mce.get_by_role("button", name="Suspend"), "Enter")
    assert "Accreditation suspended. This is recorded in the log." in mce.locator("body").inner_text()
    mce.goto(reverse("workspace:status", args=["XA"]))
    assert "Suspended since" in mce.locator("main").inner_text()
    for page in (one, two, mce):
        page.context.close()


def test_the_pages_of_corrections_and_status_are_within_reach(page_of: Any, check_widths: Any):
    stage = Stage("published")
    member_page, mce = page_of(stage.people.panel), page_of(stage.people.mce)
    member_page.goto(reverse("workspace:correction", args=[stage.evaluation.uid]))
    check_widths(member_page)
    assert stage.correction.state == "proposed"
    member_page.reload()
    check_widths(member_page)
    for address in (f"{reverse('workspace:status', args=['XA'])}?on=2030-01-01", "/en/register/XA/?on=2027-03-01"):
        mce.goto(address)
        check_widths(mce)
