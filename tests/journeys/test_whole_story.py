"""One invented hotline from the start of a round to its entry in the register, each step by its role."""

import io
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from evaluation.engine.scoring import as_percent
from evaluation.models import Decision, Evaluation, Evidence, Figure, Role, Step, User, Visit
from evaluation.models.answers.judgements import needs_a_finding
from evaluation.scorecards import read_result
from evaluation.workflow import verify_chain
from portal.accounts.adapters import sync_groups
from portal.demonstration.exports import generate
from standards.framework import Measure
from tests.browsing import PATIENCE, follow, sign_and_submit, unfold
from tests.bystander import new
from tests.factories import HotlineFactory, OperationFactory, OperatorFactory, person
from tests.uploads import PDF

pytestmark = [pytest.mark.browser, pytest.mark.long]

SCRIPT = {"Accept": "application/json"}


class Story:
    """The people of the story, the hotline, and the one browser that they share."""

    def __init__(self, page: Any, as_user: Any, sign_in: Any) -> None:
        self.page, self.as_user, self.sign_in = page, as_user, sign_in
        self.hotline = HotlineFactory(country="XQ", code="116000-XQ", name="Quillmark")
        operator = OperatorFactory(name="Quillmark Child Line")
        OperationFactory(hotline=self.hotline, operator=operator)
        self.coordinator = self._cast(Role.COORDINATOR, "Ilze Kalniņa", hotline=self.hotline, operator=operator)
        self.mce = self._cast(Role.MCE_COORDINATOR, "Anouk Peeters")
        self.lead = self._cast(Role.ASSESSOR, "Rūta Žukaitė", country="XT")
        self.colleague = self._cast(Role.ASSESSOR, "Jürgen Großmann", country="XI")
        self.tied = self._cast(Role.ASSESSOR, "Tied Tadić", country="XQ")
        self.member = self._cast(Role.PANEL_MEMBER, "Brigitta Szűcs", country="XS")
        self.second = self._cast(Role.PANEL_MEMBER, "Tomás Ó Súilleabháin", country="XD")
        self.third = self._cast(Role.PANEL_MEMBER, "Freja Østergård", country="XF")

    def _cast(self, role: Role, name: str, **details: Any) -> Any:
        user = person(role, name=name, **details)
        sync_groups(user)
        return user

    @property
    def evaluation(self) -> Evaluation:
        return Evaluation.objects.get(hotline=self.hotline)

    def open_as(self, user: Any, address: str = "/work/") -> Any:
        """Sign in as a user and open an address."""
        self.as_user(self.page, user)
        self.page.goto(address)
        return self.page

    def client(self, user: Any) -> Client:
        return self.sign_in(Client(), user)

    def address(self, name: str, *more: Any) -> str:
        return reverse(f"workspace:{name}", args=[self.evaluation.uid, *more])


@pytest.fixture
def story(browser_page: Any, as_user: Any, sign_in: Any, sample_edition: Any, tolerated: list[str]) -> Story:
    tolerated.append("status of 422")  # the pages that show what is to be corrected
    return Story(browser_page, as_user, sign_in)


def test_a_hotline_is_led_from_an_open_round_to_the_register(story: Story):
    open_the_round(story)
    answer_through_the_page(story)
    answer_the_rest(story)
    send_the_figures(story)
    submit_and_get_it_back(story)
    arrange_the_visit(story)
    record_what_was_seen(story)
    score_the_findings(story)
    respond_to_the_draft(story)
    answer_what_is_contested(story)
    edit_the_recommendations(story)
    decide(story)
    print_and_publish(story)
    read_the_register_and_the_paper(story)
    every_chain_is_whole()


def open_the_round(story: Story) -> None:
    page = story.open_as(story.mce)
    follow(page.get_by_role("link", name="Rounds").first)
    follow(page.get_by_role("link", name="Open a round").first)
    today = timezone.localdate()
    follow(page.get_by_role("button", name="Save the round"))
    assert "There are" in page.locator(".error-summary h2").inner_text()  # an empty form shows what it requires
    page.get_by_label("Name").fill("Round of the story")
    page.get_by_label("Edition").select_option(index=1)
    page.get_by_label("Opens on").fill(today.isoformat())
    page.get_by_label("Self-assessment until").fill((today + timedelta(days=60)).isoformat())
    page.get_by_label("Figures from").fill("2025-01-01")
    page.get_by_label("Figures until").fill("2025-12-31")
    page.get_by_label("Quillmark").check()
    follow(page.get_by_role("button", name="Save the round"))
    follow(page.get_by_role("button", name="and write to"))
    page.wait_for_url("**/work/rounds/*-*/")
    assert page.locator("h1").inner_text() == "Round of the story"
    assert story.evaluation.answers.count() == len(story.evaluation.framework.indicators)


def answer_through_the_page(story: Story) -> None:
    page = story.open_as(story.coordinator)
    assert page.locator("h1").inner_text() == "Self-assessment of Quillmark"
    follow(page.get_by_role("link", name="Go on with 1.1.1", exact=True))
    block = page.locator("#i1\\.1\\.1")
    block.get_by_role("radio", name="Yes").check()
    block.locator("[data-saved].part").get_by_text("Still missing: the evidence that a yes needs.").wait_for()
    block.get_by_label("In your words").fill("The regulator gave us the number in 2009.")
    block.locator("[data-saved].part").wait_for()
    block.locator("input[type=file]").set_input_files(
        {"name": "Assignment of the number.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    block.get_by_role("link", name="Assignment of the number.pdf", exact=True).wait_for()
    block.locator("[data-saved].ok").wait_for()
    assert block.get_by_label("In your words").input_value() == "The regulator gave us the number in 2009."
    assert block.get_by_role("radio", name="Yes").is_checked()

    page.goto(story.address("answers", "1.2") + "#i1.2.1")
    page.locator("#i1\\.2\\.1 input[type=radio]").first.focus()
    page.keyboard.press("2")
    page.locator("#i1\\.2\\.1 [data-saved].ok").wait_for()

    page.goto(story.address("answers", "4.4"))
    block = page.locator("#i4\\.4\\.3")
    block.get_by_role("radio", name="Not applicable").check()
    block.locator("[data-saved].part").wait_for()
    answers = {a.code: (a.level, a.not_applicable) for a in story.evaluation.answers.filter(version__gt=0)}
    assert answers == {"1.1.1": (3, False), "1.2.1": (2, False), "4.4.3": (None, True)}


def answer_the_rest(story: Story) -> None:
    """Answer by the endpoint of the script. Two essential indicators and another one stay open."""
    client, evaluation = story.client(story.coordinator), story.evaluation
    given = set(evaluation.answers.filter(version__gt=0).values_list("code", flat=True))
    for code, indicator in evaluation.framework.indicators.items():
        if code in given or indicator.from_figures or not indicator.is_scored or code in ("2.1.1", "10.4.1"):
            continue
        fields = {"value": "92.5"} if indicator.measure is Measure.NUMERIC else {"level": "3"}
        address = story.address("save_answer", evaluation.framework.standard_of[code].code, code)
        kept = client.post(address, fields | {"version": "0", "words": f"We do this. {code}"}, headers=SCRIPT)
        assert (kept.status_code, kept.json()["version"]) == (200, 1)
        if indicator.evidence_required:
            client.post(story.address("add_evidence", code), {"address": f"https://xq.example/{code}"})


def send_the_figures(story: Story) -> None:
    page = story.open_as(story.coordinator, "/work/figures/")
    assert page.locator("h1").inner_text() == "Figures of Quillmark"
    content = generate("116000-XQ", 2025, seed=116, quality=0.93)
    broken = content.replace(b",quality\n", b",quality,child_name\n", 1)
    page.locator("input[name=file]").set_input_files({"name": "broken.csv", "mimeType": "text/csv", "buffer": broken})
    follow(page.get_by_role("button", name="Read and check"))
    page.locator(".error-summary h2", has_text="The file was not taken").wait_for()
    assert not new(Figure).exists()
    follow(page.get_by_role("link", name="Send it again"))
    page.locator("input[name=file]").set_input_files({"name": "xq-2025.csv", "mimeType": "text/csv", "buffer": content})
    follow(page.get_by_role("button", name="Read and check"))
    page.get_by_text("A dry run: nothing is written yet.").wait_for()
    follow(page.get_by_role("button", name="Confirm the figures").first)
    page.locator(".notice.good", has_text="Figures confirmed").wait_for()


def submit_and_get_it_back(story: Story) -> None:
    page = story.open_as(story.coordinator)
    stands = page.get_by_role("region", name="What stands between you and submitting")
    assert stands.locator(".what").all_inner_texts() == [
        "2 indicators have no answer",
        "1 “not applicable” has no reason",
    ]
    assert page.get_by_role("link", name="Sign and submit").count() == 0
    follow(stands.get_by_role("link", name="2 indicators have no answer"))
    page.wait_for_url("**/answers/2.1/*")
    block = page.locator("#i2\\.1\\.1")
    block.get_by_role("radio", name="Yes").check()
    block.locator("[data-saved].part").wait_for()
    block.get_by_label("or address").fill("https://xq.example/rota")
    follow(block.get_by_role("button", name="Add 2.1.1"))
    page.locator("#i2\\.1\\.1").get_by_role("link", name="https://xq.example/rota", exact=True).wait_for()
    page.goto(story.address("answers", "10.4"))
    page.locator("#i10\\.4\\.1").locator("input[type=radio][value='0']").check()
    page.locator("#i10\\.4\\.1 [data-saved].ok").wait_for()
    page.goto(story.address("answers", "4.4"))
    block = page.locator("#i4\\.4\\.3")
    block.get_by_label("In your words").fill("The law leaves this to the police.")
    block.locator("[data-saved].ok").wait_for()
    page.goto(story.address("evaluation"))
    sign_and_submit(page)

    page = story.open_as(story.mce, story.address("evaluation"))
    page.locator("summary", has_text="Send back").click()
    page.get_by_label("What is to be completed?").fill("Say more on your rota in 2.1.1.")
    follow(page.get_by_role("button", name="Send back"))
    page.locator(".notice.good", has_text="Self-assessment sent back").wait_for()

    page = story.open_as(story.coordinator)
    assert page.get_by_text("Say more on your rota in 2.1.1.").count() == 2  # first on Home, and in the log
    page.goto(story.address("answers", "2.1"))
    unfold(page, "2.1.1")
    block = page.locator("#i2\\.1\\.1")
    block.get_by_label("In your words").fill("Two people at any hour; the rota is attached.")
    block.locator("[data-saved].ok").wait_for()
    page.goto(story.address("evaluation"))
    sign_and_submit(page)
    assert story.evaluation.state == Evaluation.State.DESK_REVIEW


def arrange_the_visit(story: Story) -> None:
    page = story.open_as(story.mce, story.address("evaluation"))
    stands = page.get_by_role("region", name="What stands in the way: Accept and send the team")
    follow(stands.get_by_role("link", name="No study visit is arranged"))
    today = timezone.localdate().isoformat()
    page.get_by_label("First day").fill(today)
    page.get_by_label("Last day").fill(today)
    page.get_by_label("Who agreed on the days at the hotline").fill("Ana at the hotline")
    page.get_by_label("Each of them has said that nothing ties them to this hotline").check()
    page.get_by_label("Lead assessor").select_option(label="Rūta Žukaitė")
    page.get_by_label("Tied Tadić").check()
    page.get_by_label("Jürgen Großmann").check()
    follow(page.get_by_role("button", name="Arrange the visit"))
    refused = page.locator(".error-summary")
    assert "From the country of this hotline: Tied Tadić" in refused.inner_text()
    assert not new(Visit).exists()
    assert page.get_by_label("Jürgen Großmann").is_checked()
    page.get_by_label("Tied Tadić").uncheck()
    follow(page.get_by_role("button", name="Arrange the visit"))
    follow(page.get_by_role("button", name="Accept and send the team"))
    page.locator(".notice.good", has_text="Self-assessment accepted").wait_for()


def record_what_was_seen(story: Story) -> None:
    page = story.open_as(story.lead, "/work/visits/")
    follow(page.get_by_role("link", name="Quillmark").first)
    page.goto(story.address("visit"))
    follow(page.get_by_role("button", name="Begin the visit"))
    page.locator(".notice.good").wait_for()
    page.goto(story.address("observations", "2.2"))
    block = page.locator("#i2\\.2\\.3")
    block.locator("input[type=radio][value='1']").check()
    block.locator("[data-saved].part").wait_for()
    block = page.locator("#i2\\.2\\.1")
    block.get_by_role("radio", name="Yes").check()
    block.get_by_label("Good practice").check()
    block.locator("[data-saved].ok").wait_for()
    record_the_same(story, story.lead, but=("2.2.1", "2.2.3"))
    record_the_same(story, story.colleague)
    page.goto(story.address("visit"))
    follow(page.get_by_role("button", name="I have finished"))
    story.client(story.colleague).post(story.address("finish_recording"))

    page.goto(story.address("visit"))
    stands = page.get_by_role("region", name="What stands in the way: Sign off the findings")
    assert stands.locator(".what").all_inner_texts() == ["1 indicator has no finding"]
    follow(page.get_by_role("link", name="Compare what was recorded"))
    block = page.locator("#i2\\.2\\.3")
    block.locator("input[type=radio][value='1']").check()
    block.locator("[data-saved].part").wait_for()
    page.goto(story.address("visit"))
    assert stands.locator(".what").all_inner_texts() == [
        "1 finding differs from the answer and does not say why",
        "1 finding on which the assessors differed does not say how they agreed",
    ]
    follow(stands.get_by_role("link", name="2.2.3", exact=True).first)
    block = page.locator("#i2\\.2\\.3")
    block.get_by_label("What you saw and heard").fill("Of five test calls, one from a roaming phone got through.")
    block.locator("[data-saved].ok").wait_for()
    page.goto(story.address("visit"))
    follow(page.get_by_role("button", name="Sign off the findings"))
    page.locator(".notice.good").first.wait_for()
    assert story.evaluation.state == Evaluation.State.REPORT


def record_the_same(story: Story, who: User, but: Iterable[str] = ()) -> None:
    """Record as one of the team that everything is as the hotline states."""
    client, evaluation = story.client(who), story.evaluation
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    for code, indicator in evaluation.framework.indicators.items():
        if not needs_a_finding(indicator, answers[code]) or code in but:
            continue
        answer = answers[code]
        fields = {"value": f"{answer.value}"} if answer.value is not None else {"level": f"{answer.level}"}
        fields = {"level": "na", "words": "Confirmed in the law."} if answer.not_applicable else fields
        address = story.address("save_observation", evaluation.framework.standard_of[code].code, code)
        assert client.post(address, fields | {"version": "0"}, headers=SCRIPT).status_code == 200


def score_the_findings(story: Story) -> None:
    page = story.open_as(story.mce, story.address("scorecard"))
    assert page.get_by_text("as things stand, not kept").count() == 1
    follow(page.get_by_role("button", name="Score and send the draft to the hotline"))
    page.locator(".notice.good").wait_for()
    assert story.evaluation.state == Evaluation.State.RESPONSE


def respond_to_the_draft(story: Story) -> None:
    page = story.open_as(story.coordinator)
    follow(page.get_by_role("link", name="Respond").first)
    follow(page.get_by_role("link", name="1 seen otherwise"))
    block = page.locator("#r2\\.2\\.3")
    assert "Of five test calls, one from a roaming phone got through." in block.inner_text()
    block.locator("summary", has_text="Contest 2.2.3").click()
    block.get_by_label("Your words on 2.2.3").fill("Our operator changed the routing the week after.")
    block.locator("[data-saved].ok").wait_for()
    page.reload()
    assert block.get_by_label("Your words on 2.2.3").input_value() == "Our operator changed the routing the week after."
    follow(page.get_by_role("button", name="Give the response"))
    page.locator(".notice.good", has_text="Your response is given").wait_for()
    assert story.evaluation.state == Evaluation.State.DECISION


def answer_what_is_contested(story: Story) -> None:
    page = story.open_as(story.lead, story.address("evaluation"))
    follow(page.get_by_role("link", name="To its remarks"))
    block = page.locator("#r2\\.2\\.3")
    assert "Our operator changed the routing the week after." in block.inner_text()
    block.get_by_label("Your answer on 2.2.3").fill("On our days the call did not get through.")
    block.locator("[data-saved].ok").wait_for()
    page.reload()
    assert block.get_by_label("Your answer on 2.2.3").input_value() == "On our days the call did not get through."
    follow(page.get_by_role("button", name="Save, and hand the answers to the panel"))
    page.locator(".notice.good", has_text="The panel has your answers").wait_for()


def edit_the_recommendations(story: Story) -> None:
    page = story.open_as(story.mce, story.address("recommendations"))
    before = page.locator("article").count()
    assert before == story.evaluation.recommendations.count() > 1
    follow(page.locator("article", has_text="2.2.3").get_by_role("link", name="Edit"))
    page.get_by_label("What to do").fill("Make roaming phones reach the line")
    page.get_by_label("Who", exact=False).fill("Ilze Kalniņa")
    page.get_by_label("By", exact=False).first.fill((timezone.localdate() + timedelta(days=200)).isoformat())
    follow(page.get_by_role("button", name="Save"))
    page.locator("#r2\\.2\\.3 h2", has_text="Make roaming phones reach the line").wait_for()
    follow(page.locator("article", has_text="10.4.1").get_by_role("link", name="Edit"))
    page.get_by_label("Leave it out of the report").check()
    follow(page.get_by_role("button", name="Save"))
    page.locator("#r10\\.4\\.1", has_text="left out").wait_for()


def decide(story: Story) -> None:
    proposal = story.evaluation.scorecards.get().proposal
    for member in (story.third, story.second, story.member):
        page = story.open_as(member)
        assert page.locator("h1").inner_text() == "Today"
        follow(page.get_by_role("link", name="Quillmark").first)
        follow(page.get_by_role("button", name="I have no stake"))
        follow(page.get_by_role("link", name="1 contested"))
        assert "Our operator changed the routing" in page.locator("#r2\\.2\\.3").inner_text()
        assert page.get_by_role("button", name="Record the decision").count() == 0
        page.locator(f"input[name=outcome][value={proposal}]").check()
        page.get_by_label("Why").fill("What was seen agrees with what was said.")
        follow(page.get_by_role("button", name="Vote"))
        page.locator(".notice.good", has_text="Your vote is kept").wait_for()
    follow(page.get_by_role("button", name="Record the decision"))
    assert "There is one thing to put right" in page.locator(".error-summary h2").inner_text()
    page.get_by_label("Reasons").fill("The panel follows the proposal: what was seen agrees with what was said.")
    if page.get_by_label("What must be so").count():
        page.get_by_label("What must be so").first.fill("Roaming phones reach the line.")
        page.get_by_label("By", exact=True).first.fill((timezone.localdate() + timedelta(days=100)).isoformat())
    follow(page.get_by_role("button", name="Record the decision"))
    follow(page.get_by_role("button", name="Record the decision for good"))
    page.locator(".notice.good").wait_for()
    assert page.get_by_role("button", name="Record the decision").count() == 0
    assert new(Decision).get().outcome == proposal


def print_and_publish(story: Story) -> None:
    page = story.open_as(story.mce, story.address("report"))
    assert page.get_by_role("link", name="Publish the outcome").count() == 0
    assert page.locator(".what").all_inner_texts() == ["The report of the decision that stands is not printed"]
    page.set_default_timeout(60_000)
    follow(page.get_by_role("button", name="Print"))
    page.get_by_role("link", name="Issue 1, English").wait_for()
    page.set_default_timeout(PATIENCE)
    follow(page.get_by_role("link", name="Publish the outcome"))
    page.get_by_label("The whole report").check()
    follow(page.get_by_role("button", name="Show what becomes public"))
    page.set_default_timeout(60_000)
    follow(page.get_by_role("button", name="Prepare the paper for the public"))
    page.get_by_role("link", name="The paper for the public").wait_for()
    page.set_default_timeout(PATIENCE)
    page.get_by_label("Publish before the appeal time is over").check()
    follow(page.get_by_role("button", name="Publish the outcome"))
    page.locator(".notice.good").wait_for()
    assert story.evaluation.state == Evaluation.State.PUBLISHED


def read_the_register_and_the_paper(story: Story) -> None:
    page = story.page
    page.context.clear_cookies()
    page.goto("/en/register/")
    row = page.get_by_role("row", name=re.compile("Quillmark"))
    outcome = story.evaluation.round.edition.texts("en")[f"outcome/{new(Decision).get().outcome}"]
    assert str(outcome) in row.inner_text()
    follow(row.get_by_role("link", name=re.compile("Quillmark")))
    page.wait_for_url("**/register/XQ/")
    assert page.locator("h1").inner_text() == "116 000 in Quillmark"
    assert page.get_by_text("Make roaming phones reach the line").count() == 1
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Report, PDF")).click()
    paper = PdfReader(io.BytesIO(waiting.value.path().read_bytes()))
    text = re.sub(
        r"\s+", " ", " ".join(sheet.extract_text() for sheet in paper.pages)
    )  # \s contains the no-break space, too

    page = story.open_as(story.coordinator, story.address("scorecard"))
    card = read_result(story.evaluation.scorecards.get())
    shown = page.locator("tr[id^=why-]").evaluate_all(
        "rows => rows.map(row => [row.id.slice(4), row.querySelector('td').innerText.trim()])"
    )
    assert [(code, percent.replace("\u00a0", " ").split(" %")[0]) for code, percent in shown] == [
        (domain.code, as_percent(domain.ratio)) for domain in card.domains
    ]
    titles = story.evaluation.round.edition.texts("en")
    for code, percent in shown:
        number = percent.replace("\u00a0", " ").split(" %")[0]
        assert f"{code} {titles[f'domain/{code}/short_title']} {number} %" in text


def every_chain_is_whole() -> None:
    for kind, uid in set(new(Step).values_list("kind", "uid")):
        assert verify_chain(Step.objects.filter(kind=kind, uid=uid).select_related("words__by").order_by("seq")) == []
    assert new(Evidence).filter(document__isnull=False).count() == 1
