"""Every page of the workspace in its main states: WCAG 2.2 AA in light and dark, on desktop and phone, by keyboard."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.answers.judgements import AnswerInput, save_answer
from evaluation.answers.returned_answers import send_answers_back
from evaluation.answers.workbook.layout import Column
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.answers.workbook.writing import write_workbook
from evaluation.discussions.assignments import assign
from evaluation.discussions.discussions import add_comment, delete_comment, edit_comment
from evaluation.figures.intake.imports import examine_spooled, receive
from evaluation.figures.intake.spool import spool
from evaluation.figures.publishing import draft_task
from evaluation.figures.publishing.draft_task import version_of
from evaluation.figures.publishing.release import read_source
from evaluation.models import Answer, Assignment, Audience, Evaluation, GoodPractice, Role, User, Visit
from evaluation.response.replies import save_reply
from evaluation.response.response import add_remark_proof
from evaluation.visits.dates import suggest_dates
from evaluation.visits.desk_review import MarkInput, save_marks, send_questions
from evaluation.workflow import perform
from portal.demonstration.exports import generate
from portal.handbook.models import TermPage
from portal.handbook.practice import GoodPracticePage
from portal.recommendations.rows import COLUMNS
from reports.models import Printing
from tests.browsing import follow, resize, unfold
from tests.bystander import new
from tests.evaluation.answers.test_pinned_figures import correct
from tests.evaluation.answers.workbook.filled import fill_in
from tests.evaluation.exchanges.test_visits import Two
from tests.evaluation.figures.accepted_years import coordinator_of_mce, three
from tests.factories import (
    SIGNED,
    CommentFactory,
    FulfilmentFactory,
    PrintingFactory,
    RecommendationFactory,
    RequirementFactory,
    VoteFactory,
    person,
    practice_of,
    write_answer,
)
from tests.portal.handbook.conftest import write_handbook
from tests.portal.response.test_replies import contested
from tests.stage import Participants, Stage

pytestmark = pytest.mark.browser

WIDE, PHONE, SMALLEST = {"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 640}

MEASURE = """() => {
    const over = [...document.querySelectorAll('body *')].filter(element => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.right > innerWidth + 1 && !element.closest('.scroll, .visually-hidden, [hidden]');
    });
    return [document.documentElement.scrollWidth, over.slice(0, 3).map(e => e.outerHTML.slice(0, 120))];
}"""


UNFOLD = "document.querySelectorAll('[data-fold]').forEach(fold => { fold.open = true; })"


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.long)])
def look_at(
    request: pytest.FixtureRequest,
    browser_page: Any,
    as_user: Callable[..., Any],
    axe: Callable[..., None],
    tolerated: list[str],
) -> Any:
    """Return `look_at(user, address)`, which opens a page and checks it, then unfolded at 320 px.

    Once light and wide, with all rules; in a separate run dark, unfolded and narrow, with the rules about appearance.
    """
    tolerated += ["status of 422", "status of 409", "status of 404", "status of 403"]
    signed_in: list[User] = []
    theme: str = request.param
    is_dark = theme == "dark"
    size = PHONE if is_dark else WIDE
    browser_page.emulate_media(color_scheme=theme, reduced_motion="reduce")

    def look() -> None:
        page = browser_page
        assert page.evaluate("document.querySelectorAll('h1').length") == 1
        if is_dark:
            page.evaluate(UNFOLD)
            resize(page, size)
        # As high as the page: a bar fixed to the edge covers some content at each scroll position.
        page.set_viewport_size({**size, "height": page.evaluate("document.documentElement.scrollHeight")})
        assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
        axe(page, only_appearance=is_dark)
        page.evaluate(UNFOLD)
        resize(page, SMALLEST)
        width, over = page.evaluate(MEASURE)
        assert width <= 320, (page.url, over)
        resize(page, WIDE)

    def look_at(user: User, *addresses: str) -> Any:
        if signed_in[-1:] != [user]:
            as_user(browser_page, user)
            signed_in.append(user)
        for address in addresses:
            browser_page.goto(address)
            look()
        return browser_page

    look_at.again = look
    return look_at


def of(stage: Stage, *names: str) -> Iterator[str]:
    for name in names:
        yield reverse(f"workspace:{name}", args=[stage.evaluation.uid])


def test_pages_of_what_a_hotlines_people_do_together(look_at: Any):
    """Assignments, some late, a wrong choice; comments in every state, a conflict; versions; after the submission."""
    stage = Stage("self_assessment")
    uid, evaluation = stage.evaluation.uid, stage.evaluation
    standard, everything = (
        reverse("workspace:answers", args=[uid, "1.1"]),
        reverse("workspace:indicators", args=[uid]),
    )
    assign(evaluation, ["1.1.1", "1.1.2"], to=stage.contributor, until=stage.round.today, by=stage.coordinator)
    Assignment.objects.filter(code="1.1.2").update(until=stage.round.today - timedelta(days=1))
    write_answer(evaluation, "1.1.2", level=None)
    asks = {"mentioned": [stage.coordinator.uid]}
    add_comment(evaluation, "1.1.2", Audience.HOTLINE, words="Who answers at night?", by=stage.contributor, **asks)
    own = add_comment(evaluation, "1.1.2", Audience.HOTLINE, words="We ask.", by=stage.coordinator).comment
    gone = add_comment(evaluation, "1.1.2", Audience.HOTLINE, words="No.", by=stage.contributor).comment
    delete_comment(gone, by=stage.contributor)
    add_comment(evaluation, "1.1.1", Audience.HOTLINE, words="Which?", by=stage.contributor, **asks)
    talk = reverse("workspace:discussion", args=[uid, "hotline", "1.1.2"])
    page = look_at(
        stage.coordinator,
        reverse("workspace:evaluation", args=[uid]),
        standard,
        everything,
        f"{everything}?show=mine&show=commented",
        reverse("workspace:versions", args=[uid, "answer", "1.1.2"]),
        talk,
    )
    page.get_by_text("Edit or delete").click()
    edit_comment(own, words="From the phone.", version=1, by=stage.coordinator)
    page.locator(f"#words-{own.pk}").fill("From the desk.")
    follow(page.locator(f"#c{own.pk}").get_by_role("button", name="Save"))
    look_at.again()
    follow(page.get_by_role("button", name="Add the comment"))
    look_at.again()
    page.goto(standard)
    page.get_by_text("Give this standard to someone").click()
    follow(page.get_by_role("button", name="Give 1.1", exact=True))
    look_at.again()
    page.goto(everything)
    follow(page.get_by_role("button", name="Give chosen"))
    look_at.again()
    new(Evaluation).update(state=Evaluation.State.DESK_REVIEW)
    look_at(stage.coordinator, talk, reverse("workspace:discussion", args=[uid, "review", "1.1.2"]))


def test_pages_of_a_hotline(look_at: Any):
    stage = Stage("self_assessment")
    write_answer(stage.evaluation, "1.1.2", Answer, level=None)
    write_answer(stage.evaluation, "1.2.1", Answer, level=None, not_applicable=True, words="")
    answers = [reverse("workspace:answers", args=[stage.evaluation.uid, code]) for code in ("1.1", "1.2", "3.1", "3.2")]
    look_at(stage.coordinator, *of(stage, "evaluation", "visit", "scorecard", "recommendations", "report"), *answers)
    page = look_at(
        stage.coordinator,
        reverse("workspace:hotline_figures", args=["XA"]),
        reverse("workspace:system_keys", args=["XA"]),
        reverse("workspace:statistics", args=[stage.statistics.uid]),
        reverse("workspace:account"),
    )
    content = generate("116000-XA", 2025, seed=1)
    broken = content.replace(b",quality\n", b",quality,child_name\n", 1)
    strange = b"\n".join(line for line in content.split(b"\n") if b",A10," not in line)
    for name, buffer, shown in (("broken.csv", broken, ".error-summary"), ("strange.csv", strange, "#explain")):
        page.goto(reverse("workspace:hotline_figures", args=["XA"]))
        page.locator("input[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": buffer})
        follow(page.get_by_role("button", name="Read and check"))
        page.locator(shown).wait_for()
        look_at.again()


def test_the_declaration_unsigned_and_signed(look_at: Any):
    stage = Stage("self_assessment")
    write_answer(stage.evaluation, "9.1.1", Answer, level=None, not_applicable=True, words="The police do it.")
    page = look_at(stage.coordinator, *of(stage, "declaration"))
    page.goto(reverse("workspace:declaration", args=[stage.evaluation.uid]))
    follow(page.get_by_role("button", name="Sign and submit"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    page.get_by_role("checkbox", name="have read this declaration").check()
    follow(page.get_by_role("button", name="Sign and submit"))
    page.locator("summary", has_text="Signed by").click()
    look_at.again()


def test_the_pages_of_evidence(look_at: Any):
    stage = Stage("self_assessment")
    uid = stage.evaluation.uid
    look_at(
        stage.coordinator,
        reverse("workspace:evidence", args=[uid]),
        reverse("workspace:evidence_item", args=[uid, stage.link.uid]),
        reverse("workspace:use_evidence", args=[uid, "1.2.1"]),
    )


def test_the_pages_of_the_workbook(look_at: Any):
    stage = Stage("self_assessment")
    address = reverse("workspace:workbook", args=[stage.evaluation.uid])
    page = look_at(stage.coordinator, address)
    made = write_workbook(SelfAssessment(stage.evaluation), "en")
    wrong = {("1.1.2", Column.ANSWER): "5", ("3.2.2", Column.ANSWER): "1,234", ("1.2.1", Column.WORDS): "=1+1"}
    right = {("1.1.2", Column.ANSWER): "1", ("1.1.2", Column.WORDS): "We did this once, in " + "winter" * 20 + "."}
    more = {("1.2.1", Column.ANSWER): "Not applicable", ("1.1.1", Column.ADDRESSES): "https://example.org/" + "a" * 90}
    save_answer(stage.evaluation, "1.1.2", AnswerInput(level=2, words="Since May."), version=1, by=stage.contributor)
    for cells, shown in ((wrong, "#wrong"), (right | more, "#conflicts")):
        page.goto(address)
        file = {"name": "filled.xlsx", "mimeType": "application/octet-stream", "buffer": fill_in(made, cells)}
        page.locator("input[name=file]").set_input_files(file)
        follow(page.get_by_role("button", name="Read and compare"))
        page.locator(shown).wait_for()
        look_at.again()
    follow(page.get_by_role("button", name="Confirm and save"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    page.get_by_label("Use the answer of the workbook").check()
    follow(page.get_by_role("button", name="Confirm and save"))
    expect(page.get_by_text("3 answers were saved from the workbook.")).to_be_visible()


def test_the_page_that_matches_columns(look_at: Any):
    stage = Stage("self_assessment")
    export = b"Monat;Anrufe;Chat;Unklares\n03/04/2025;89.340;7;3\n"
    own, _is_new = receive(stage.hotline, spool([export]), "own.csv", by=stage.coordinator, way="upload")
    examine_spooled(own)
    page = look_at(stage.coordinator, reverse("workspace:match_columns", args=[own.uid]))
    page.goto(reverse("workspace:match_columns", args=[own.uid]))
    page.locator("#id_use_3").select_option("A11")
    follow(page.get_by_role("button", name="Show how it will be read"))
    page.locator("#id_part_3_1").wait_for()
    look_at.again()


def test_pages_that_look_at_figures(look_at: Any):
    stage = Stage("self_assessment")
    stage.hotline.statistics.filter(state="confirmed").update(state="accepted")
    page = look_at(
        stage.coordinator,
        reverse("workspace:hotline_trends", args=["XA"]),
        reverse("workspace:hotline_item", args=["XA", "A03"]),
    )
    page.goto(reverse("workspace:hotline_trends", args=["XA"]))
    page.get_by_text("The numbers as a table").first.click()
    look_at.again()
    names = ("network", "comparison", "recorded", "trends")
    addresses = [*(reverse(f"workspace:statistics_{name}") for name in names), reverse("workspace:network_releases")]
    look_at(stage.people.mce, *(f"{address}?of=invented" for address in addresses))


def test_a_year_of_the_network_that_waits_is_public_and_cannot_be_made_anew(
    look_at: Any, monkeypatch: pytest.MonkeyPatch
):
    """While its draft is computed, when that failed, and afterwards."""
    three()
    mce = coordinator_of_mce()
    address = reverse("workspace:network_release", args=[2025])
    with monkeypatch.context() as without_worker:
        without_worker.setattr(draft_task, "compute_draft", Mock())
        page = look_at(mce, address)
        draft_task.mark_draft_failed(2025, False, version_of(read_source(2025, invented=False)))
        page.get_by_role("button", name="Try again").wait_for()
        look_at.again()
    follow(page.get_by_role("button", name="Try again"))
    page.get_by_role("button", name="Make it public").wait_for()  # without loading the page again
    expect(page.get_by_role("status").first).to_have_text("The first release, as it would be now.")
    look_at.again()
    page.get_by_role("button", name="Make it public").click()
    page.get_by_text("Year made public. This is recorded in the log.").wait_for()
    page.locator("summary", has_text="Take it from the site").click()
    look_at.again()


def test_pages_that_say_no(look_at: Any):
    stage = Stage("self_assessment")
    look_at(stage.coordinator, "/work/nothing/", reverse("workspace:rounds"))
    look_at(stage.people.user_without_role, "/work/", "/work/figures/")


def test_a_clash_on_the_page_without_and_with_script(look_at: Any, browser: Any, live: Any, as_user: Any):
    stage = Stage("self_assessment")
    address = reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]) + "#i1.1.2"
    page = look_at(stage.coordinator, address)
    unfold(page, "1.1.2")
    write_answer(stage.evaluation, "1.1.2", Answer, level=1, words="Theirs.", by=stage.contributor)
    page.locator("#i1\\.1\\.2").get_by_label("In your words").fill("Mine.")
    page.locator("[data-conflict]:not([hidden])").wait_for()
    look_at.again()
    plain = as_user(browser.new_context(base_url=live.url, java_script_enabled=False).new_page(), stage.coordinator)
    plain.goto(address)
    write_answer(stage.evaluation, "1.1.2", Answer, level=2, words="Theirs again.", by=stage.contributor)
    plain.locator("#i1\\.1\\.2").get_by_label("In your words").fill("Mine without a script.")
    follow(plain.get_by_role("button", name="Save 1.1.2"))
    assert plain.locator("#i1\\.1\\.2 textarea").input_value() == "Mine without a script."
    follow(plain.get_by_role("button", name="Take theirs").last)
    assert plain.locator("#i1\\.1\\.2 textarea").input_value() == "Theirs again."
    plain.context.close()


def test_a_condition_of_the_panel_for_each_who_acts(look_at: Any):
    stage = Stage("published")
    due_on = stage.round.today + timedelta(days=9)
    found = FulfilmentFactory(requirement=RequirementFactory(decision=stage.decision, due_on=due_on))
    address = reverse("workspace:condition", args=[found.uid])
    page = look_at(stage.coordinator, address)
    follow(page.get_by_role("button", name="Add", exact=True))
    page.locator(".error-summary").wait_for()
    look_at.again()
    page.get_by_label("What it shows").fill("There is no paper yet.")
    follow(page.get_by_role("button", name="Add", exact=True))
    page.get_by_text("Send the evidence", exact=True).first.click()
    page.get_by_label("What did you do").fill("Two names a night.")
    follow(page.get_by_role("button", name="Send the evidence"))
    page = look_at(stage.people.mce, address)
    page.get_by_label("Yes").check()
    page.get_by_label("What did you see?").fill("We read it.")
    follow(page.get_by_role("button", name="Record the check"))
    look_at(stage.people.panel, address)
    look_at(stage.coordinator, reverse("workspace:plan", args=[stage.evaluation.uid]))


def test_findings_accepted_and_contested_with_evidence(look_at: Any):
    stage = Stage("response")
    add_remark_proof(stage.evaluation, "1.1.2", by=stage.coordinator, thing="https://example.org/rota")
    proofs = reverse("workspace:remark_proofs", args=[stage.evaluation.uid, "1.1.2"])
    page = look_at(stage.coordinator, proofs)
    follow(page.get_by_role("button", name="Add"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    page.goto(f"{reverse('workspace:response', args=[stage.evaluation.uid])}#r1.1.1")
    follow(page.get_by_role("button", name="Accept the finding 1.1.1"))
    page.get_by_text("accepted by the hotline").wait_for()
    look_at.again()


def test_replies_with_a_clash_and_what_could_not_be_looked_at(look_at: Any):
    stage = contested()
    address = reverse("workspace:replies", args=[stage.evaluation.uid])
    page = look_at(stage.people.lead, address)
    page.goto(address)
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="Theirs."), version=0, by=stage.people.assessor)
    page.get_by_label("Your answer on 1.1.2").fill("Mine.")
    page.locator("[data-conflict]:not([hidden])").wait_for()
    look_at.again()
    page.get_by_role("button", name="Keep mine").click()
    page.locator("[data-saved].ok").wait_for()
    page.locator("input[name='level-1.1.2'][value='0']").check()
    follow(page.get_by_role("button", name="Save, and hand the answers to the panel"))
    page.get_by_text("The panel has your answers").wait_for()
    look_at.again()
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="study_visit")
    new(Visit).update(state="findings_entered")
    page.goto(reverse("workspace:findings", args=[stage.evaluation.uid, "3.2"]))
    block = page.locator("[data-code='3.2.1']")
    block.get_by_label("Could not be looked at").check()
    block.get_by_text("Still missing: the reason why it could not be looked at.").wait_for()
    look_at.again()


def test_figures_that_were_corrected_later(look_at: Any):
    stage = Stage.minimal("self_assessment")
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    correct(stage.evaluation, stage.coordinator, stage.people.mce)
    page = look_at(stage.people.mce, reverse("workspace:evaluation", args=[stage.evaluation.uid]))
    page.goto(reverse("workspace:evaluation", args=[stage.evaluation.uid]))
    page.get_by_label("Reason").fill("Calls were counted twice.")
    follow(page.get_by_role("button", name="Let the corrected figures count"))
    page.get_by_text("The corrected figures count from now on.").wait_for()


def test_pages_of_mce(look_at: Any):
    stage = Stage("desk_review")
    people = stage.people
    Stage("decided", people, country="XB", round=stage.round)
    board = reverse("workspace:board", args=[stage.round.uid])
    names = ("write_to", "extend_several")
    more = reverse("workspace:home"), *(reverse(f"workspace:{name}", args=[stage.round.uid]) for name in names)
    page = look_at(
        people.mce, reverse("workspace:rounds"), *more, board, *of(stage, "evaluation", "visit", "arrange_visit")
    )
    follow(page.get_by_role("button", name="Arrange the visit"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    page = look_at(people.mce, reverse("workspace:new_round"))
    follow(page.get_by_role("button", name="Save the round"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    names = ("hotlines", "people", "invite", "outbox", "panel", "visits")
    look_at(people.mce, *(reverse(f"workspace:{name}") for name in names), reverse("workspace:hotline", args=["XA"]))


def test_pages_of_planning_a_visit(look_at: Any):
    stage = Stage("desk_review", visit_state="proposed")
    day = stage.round.today + timedelta(days=9)
    suggest_dates(stage.evaluation.visit, [(day, day)], by=stage.people.mce, words="Not on Fridays.")
    page = look_at(stage.coordinator, *of(stage, "visit", "suggest_dates"))
    follow(page.get_by_role("button", name="Suggest these days"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    new(Visit).update(state=Visit.State.DATES_AGREED)
    look_at(stage.people.mce, *of(stage, "visit", "change_team", "move_dates"))
    look_at(stage.people.lead, *of(stage, "declare_interests"))


def test_pages_of_what_is_sent_back(look_at: Any):
    stage = Stage("desk_review")
    send_answers_back(stage.evaluation, {"1.1.2": "Who answers at night?"}, by=stage.people.mce)
    look_at(stage.people.mce, *of(stage, "send_back"))
    look_at(stage.coordinator, reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]))


def test_pages_of_the_handbook(look_at: Any):
    stage, written = Stage("self_assessment"), write_handbook()
    TermPage.objects.update(title="call", is_sample=True)
    entries = (written.front, written.procedure, written.term, written.country)
    code = stage.round.edition.code
    page = look_at(
        stage.coordinator,
        *(entry.get_url() for entry in entries),
        reverse("pages:glossary"),
        reverse("pages:guide_standard", args=[code, "d1", "1-1"]),
        f"{reverse('pages:guide_search', args=[code])}?q=call",
    )
    assert page.get_by_text("Handbook: Glossary").count() == 1


def test_pages_of_good_practice(look_at: Any):
    stage, states = Stage("published"), GoodPractice.State
    published, asked = practice_of(stage, states.PUBLISHED), practice_of(stage, states.ASKED, "1.1.1")
    other = Stage("self_assessment", stage.people, country="XB", round=stage.round)
    published.questions.create(by=other.coordinator, hotline=other.hotline, words="How many people?")
    one, waiting = (reverse("workspace:practice", args=[found.uid]) for found in (published, asked))
    texts = reverse("workspace:edit_practice", args=[asked.uid])
    look_at(stage.people.mce, reverse("workspace:practices"), one, texts)
    look_at(stage.coordinator, waiting, one)
    answers = reverse("workspace:answers", args=[other.evaluation.uid, "1.1"])
    public = reverse("pages:practice", args=[GoodPracticePage.objects.get().slug])
    page = look_at(other.coordinator, answers, reverse("pages:practices"), public, one)
    page.get_by_label("Your question to the hotline").fill(" ")
    follow(page.get_by_role("button", name="Ask"))
    page.locator(".error-summary").wait_for()
    look_at.again()


def test_pages_of_visits_between_hotlines(look_at: Any):
    two = Two()
    for stage, country in ((two.weak, "PT"), (two.strong, "ES")):
        stage.hotline.country = country
        stage.hotline.save()
    exchange = two.request()
    one = reverse("workspace:exchange", args=[exchange.uid])
    look_at(two.weak.people.mce, reverse("workspace:exchange_programme"), one)
    look_at(two.strong.coordinator, reverse("workspace:exchanges"), reverse("workspace:host_offer", args=["ES"]))
    perform(exchange, "accept", by=two.strong.coordinator)
    request = reverse("workspace:request_exchange", args=["PT", "ES"])
    page = look_at(two.weak.coordinator, reverse("workspace:exchanges"), one, request)
    follow(page.get_by_role("button", name="Send the request"))
    page.locator(".error-summary").wait_for()
    look_at.again()


def test_pages_of_the_team(look_at: Any):
    stage = Stage("study_visit")
    write_answer(stage.evaluation, "1.2.1", Answer, level=None, not_applicable=True, words="The law says so.")
    findings = [reverse("workspace:findings", args=[stage.evaluation.uid, code]) for code in ("1.2", "3.1", "3.2")]
    look_at(stage.people.lead, reverse("workspace:visits"), *of(stage, "visit", "evaluation"), *findings)
    page = look_at(stage.people.lead, f"{next(of(stage, 'agenda'))}?template=shipped&language=en")
    page.locator(".agenda-row summary").first.click()
    page.get_by_label("Begins at").first.fill("late")
    follow(page.get_by_role("button", name="Save the agenda"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    page.get_by_label("Begins at").first.fill("9")
    follow(page.get_by_role("button", name="Save the agenda"))
    page.get_by_role("heading", name="Day 1").wait_for()
    look_at.again()


def test_pages_of_a_desk_review(look_at: Any):
    stage = Stage("study_visit", visit_state=Visit.State.DATES_AGREED)
    save_marks(stage.evaluation, {"1.1.1": MarkInput("ask", "Who?"), "1.2.1": MarkInput("see")}, by=stage.people.lead)
    send_questions(stage.evaluation)
    save_marks(stage.evaluation, {"1.1.2": MarkInput("ask", "Since when?")}, by=stage.people.lead)
    standard = reverse("workspace:desk_standard", args=[stage.evaluation.uid, "1.1"])
    page = look_at(stage.people.lead, *of(stage, "desk_review"), standard)
    page.get_by_label("See on site").first.check()
    page.get_by_label("Ask", exact=True).last.check()
    page.get_by_label("Question to the hotline, or a note for the team").last.fill("")
    follow(page.get_by_role("button", name="Save the marks"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    question = stage.evaluation.desk_questions.get(code="1.1.1")
    look_at(stage.coordinator, *of(stage, "questions"), reverse("workspace:question", args=[question.uid]))


def test_pages_of_the_teams_of_a_round(look_at: Any):
    stage = Stage("desk_review")
    change = reverse("workspace:change_round_team", args=[stage.round.uid, "XA"])
    page = look_at(stage.people.mce, reverse("workspace:round_teams", args=[stage.round.uid]), change)
    page.get_by_label("Last day").fill("2030-01-01")
    follow(page.get_by_role("button", name="See what it costs"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    look_at(stage.people.lead, reverse("workspace:own_assessor_profile"))


def test_pages_of_a_response(look_at: Any):
    stage = Stage("response")
    page = look_at(stage.coordinator, *of(stage, "evaluation", "response"))
    for fold in page.locator("details.domain-fold > summary").all():
        if not fold.evaluate("summary => summary.parentElement.open"):
            fold.click()
    page.locator("summary", has_text="Contest 1.1.2").click()
    look_at.again()
    follow(page.get_by_role("button", name="Give the response"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    look_at(stage.people.mce, *of(stage, "response", "evaluation"))


def test_pages_of_the_panel(look_at: Any):
    stage = Stage("decision", votes=2)
    newcomer = person(Role.PANEL_MEMBER, name="Νίκος Παπαδάκης")
    page = look_at(newcomer, *of(stage, "deliberation"))
    page.locator("summary", has_text="step aside").click()
    follow(page.get_by_role("button", name="Step aside"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    for member in stage.people.jury:
        VoteFactory(scorecard=stage.scorecard, user=member, outcome="conditional")
    CommentFactory(scorecard=stage.scorecard, user=stage.people.second)
    page = look_at(stage.people.panel, reverse("workspace:panel"), *of(stage, "scorecard", "deliberation"))
    for fold in page.locator("details:not(.rail-short, .with-note, header details) > summary:visible").all():
        if not fold.evaluate("summary => summary.parentElement.open"):
            fold.click()
    look_at.again()
    page.goto(next(of(stage, "deliberation")))
    follow(page.get_by_role("button", name="Record the decision"))
    page.locator(".error-summary").wait_for()
    look_at.again()
    look_at(
        stage.people.lead,
        *of(stage, "recommendations"),
        reverse("workspace:recommendation", args=[stage.recommendation.uid]),
        reverse("workspace:edit_recommendation", args=[stage.recommendation.uid]),
    )


def test_pages_that_say_why_and_what_if(look_at: Any):
    stage = Stage("published")
    write_answer(stage.evaluation, "9.1.2", Answer, level=1)
    codes = ("overall", "D1", "1.1", "1.1.2", "3.1.1", "3.1.3", "outcome/accredited")
    look_at(stage.coordinator, *(reverse("workspace:why", args=[stage.evaluation.uid, code]) for code in codes))
    sandbox = reverse("workspace:what_if", args=[stage.evaluation.uid])
    page = look_at(stage.coordinator, sandbox, f"{sandbox}?show=all&9.1.2=0&1.1.2=3", f"{sandbox}?1.1.2=9&nothing=1")
    assert page.locator(".error-summary li").count() == 2
    look_at(stage.coordinator, *(f"/en/register/XA/why/{code}/" for code in ("overall", "3.1.1", "outcome/accredited")))


def test_pages_of_an_outcome(look_at: Any):
    stage = Stage("decided", Participants(), is_printed=False)
    PrintingFactory(decision=stage.decision, asked_by=stage.people.mce, state=Printing.State.FAILED, failure="no_pango")
    PrintingFactory(decision=stage.decision, asked_by=stage.people.mce, language="fr")
    look_at(stage.people.mce, *of(stage, "report", "scorecard"))
    printing = PrintingFactory(decision=stage.decision, asked_by=stage.people.mce, state=Printing.State.DRAWING)
    look_at(stage.people.mce, reverse("workspace:printing", args=[printing.uid]))
    new(Printing).update(state=Printing.State.DONE)
    published = Stage("published", stage.people, country="XB", round=stage.round)
    look_at(published.coordinator, *of(published, "report", "scorecard", "recommendations", "evaluation"))


def test_pages_of_a_plan(look_at: Any):
    stage = Stage("decided", Participants())
    today = stage.round.today
    rows = enumerate(zip(COLUMNS, ("1.1.1", "1.2.1", "3.1.1", "3.2.1", "3.2.2", "9.1.1", "9.1.2"), strict=False))
    for number, (state, code) in rows:
        RecommendationFactory(
            evaluation=stage.evaluation, code=code, state=state, due_on=today + timedelta(days=20 * number - 30)
        )
    plan = reverse("workspace:plan", args=[stage.evaluation.uid])
    page = look_at(stage.coordinator, plan, f"{plan}?view=calendar", f"{plan}?domain=D2")
    page.goto(plan)
    page.locator(".plan-card summary").first.click()
    look_at.again()
    page = look_at(
        stage.coordinator,
        *(
            reverse("workspace:recommendation", args=[recommendation.uid])
            for recommendation in stage.evaluation.recommendations.filter(state__in=("issued", "in_progress", "closed"))
        ),
    )
    under_way = stage.evaluation.recommendations.get(state="in_progress")
    page.goto(reverse("workspace:recommendation", args=[under_way.uid]))
    follow(page.get_by_role("button", name="Add", exact=True))
    page.locator(".error-summary").wait_for()
    look_at.again()
    contested = stage.evaluation.recommendations.get(state="contested")
    page = look_at(
        stage.people.mce,
        reverse("workspace:network"),
        reverse("workspace:network_indicator", args=["1.1.2"]),
        reverse("workspace:recommendation", args=[contested.uid]),
    )
    page.locator("summary", has_text="Insist").click()
    look_at.again()


# --- By keyboard -----------------------------------------------------------------------------------------------------


@pytest.fixture
def answers(browser_page: Any, as_user: Callable[..., Any]) -> Any:
    """Return the coordinator's browser on the page of a standard."""
    stage = Stage("self_assessment")
    browser_page.stage = stage
    as_user(browser_page, stage.coordinator)
    browser_page.goto(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]))
    return browser_page


def test_the_first_key_offers_to_skip_to_the_content(answers: Any):
    answers.keyboard.press("Tab")
    assert answers.evaluate("document.activeElement.textContent") == "Skip to the content"
    box = answers.locator("a.skip").bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    answers.keyboard.press("Enter")
    expect(answers.locator("#main")).to_be_focused()


def test_keys_0_to_3_choose_a_level_inside_its_picker_and_nowhere_else(answers: Any):
    unfold(answers, "1.1.2")
    block = answers.locator("#i1\\.1\\.2")
    for key in "0123":
        block.locator("input[type=radio]").first.focus()
        answers.keyboard.press(key)
        assert block.locator("input[type=radio]:checked").input_value() == key
        block.locator("[data-saved].ok").wait_for()
    answers.keyboard.press("7")
    assert block.locator("input[type=radio]:checked").input_value() == "3"
    block.get_by_label("In your words").fill("")
    block.get_by_label("In your words").press("1")
    assert block.get_by_label("In your words").input_value() == "1"
    assert block.locator("input[type=radio]:checked").input_value() == "3"


SEEN = """() => {
    const here = document.activeElement;
    const frame = here.matches('input[type=radio], input[type=checkbox]') ? here.closest('label') || here : here;
    const ringed = [here, frame].some(e => {
        const style = getComputedStyle(e);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow.includes('3px');
    });
    const box = frame.getBoundingClientRect();
    const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const covered = middle && !frame.contains(middle) && !middle.contains(frame);
    return [here === document.body, ringed, Boolean(covered), here.outerHTML.slice(0, 100)];
}"""


def test_whatever_has_the_focus_is_seen_to_have_it(answers: Any):
    """WCAG 2.4.7 and 2.4.11: a focus ring, and nothing covering it."""
    answers.keyboard.press("Tab")
    hidden = []
    for _ in range(60):
        answers.keyboard.press("Tab")
        is_out, is_ringed, is_covered, what = answers.evaluate(SEEN)
        if is_out:
            break
        if not is_ringed or is_covered:
            hidden.append((what, is_ringed, is_covered))
    assert hidden == []


def test_after_a_refused_form_the_focus_is_on_what_is_to_be_put_right(
    browser_page: Any, as_user: Callable[..., Any], tolerated: list[str]
):
    tolerated.append("status of 422")
    as_user(browser_page, Participants().mce)
    browser_page.goto(reverse("workspace:new_round"))
    follow(browser_page.get_by_role("button", name="Save the round"))
    summary = browser_page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("There are")
    summary.locator("a").first.click()
    expect(browser_page.locator("#id_name")).to_be_focused()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_says_its_language_and_that_of_words_in_another(
    browser_page: Any, as_user: Callable[..., Any], language: str
):
    stage = Stage("decision")
    stage.people.panel.language = language
    stage.people.panel.save()
    as_user(browser_page, stage.people.panel)
    browser_page.goto(reverse("workspace:scorecard", args=[stage.evaluation.uid]))
    assert browser_page.locator("html").get_attribute("lang") == language
    browser_page.goto(reverse("workspace:recommendations", args=[stage.evaluation.uid]))
    assert browser_page.locator("article h2").first.get_attribute("lang") == "en"
