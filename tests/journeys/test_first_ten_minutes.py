"""The README's first ten minutes on the demonstration: each step names the sentence that it tests."""

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.figures.publishing.release import draft_release, publish
from evaluation.models import (
    Accreditation,
    Answer,
    Appeal,
    Evaluation,
    Finding,
    Observation,
    Reply,
    Round,
    User,
    Visit,
)
from evaluation.workflow import perform
from portal.demonstration.exports import generate
from portal.demonstration.hotlines import EARLIER, LINES
from portal.demonstration.people import MCE, PASSWORD, sign_ins
from portal.letters.models import Letter
from portal.presentation.tables import XLSX
from standards.editions.next_edition import begin_edition
from standards.editions.page_loader import load_guide
from standards.framework import digest
from standards.models import Edition, EditionPage, GuidePage, IndicatorPage
from tests.browsing import follow, unfold
from tests.bystander import new
from tests.factories import SUBSTANCE, at_level, write_answer
from tests.scenes import SMALL_EDITION
from tests.uploads import PDF

pytestmark = pytest.mark.browser

README = Path(__file__).parents[2] / "README.md"


def _sentences() -> list[str]:
    """Return the sentences of the section, each on one line, without the role names at the beginning of paragraphs."""
    section = README.read_text(encoding="utf-8").partition("\n## The first ten minutes\n")[2].partition("\n## ")[0]
    paragraphs = re.split(r"\n\n|\n- ", section.strip())
    plain = (re.sub(r"^- |\*\*[^*]+\*\*( \([^)]+\))?: ", "", " ".join(paragraph.split())) for paragraph in paragraphs)
    return [sentence for paragraph in plain for sentence in re.split(r"(?<=[.;]) (?=[*`A-Z])", paragraph)]


def readme_says(sentence: str) -> None:
    """Assert that the README has this sentence. The code that follows tests it."""
    assert sentence in _sentences()


def test_each_sentence_of_the_first_ten_minutes_is_walked():
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "readme_says"
    ]
    tested = [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]
    assert sorted(tested) == sorted(_sentences())


@pytest.fixture
def demonstration(live: Any, settings: Any) -> None:
    """Return the small demonstration: a scene."""
    settings.DEMONSTRATION = True


@pytest.fixture
def sign_in_as(demonstration: None, browser_page: Any, tolerated: list[str]) -> Callable[[str], Any]:
    """Return `sign_in_as(role)`, which presses the role's button on the sign-in page."""
    tolerated += ["status of 422", "status of 404"]

    def sign_in_as(role: str) -> Any:
        browser_page.context.clear_cookies()
        browser_page.goto("/accounts/login/")
        follow(browser_page.get_by_role("button", name=role))
        return browser_page

    return sign_in_as


@pytest.fixture
def open_as(demonstration: None, browser_page: Any, as_user: Callable[..., Any]) -> Callable[[str, str], Any]:
    """Return a function that opens an address as somebody for whom there is no button."""

    def open_as(person: str, address: str = "/work/") -> Any:
        as_user(browser_page, User.objects.get(email=person))
        browser_page.goto(address)
        return browser_page

    return open_as


def evaluation_in(country: str) -> Evaluation:
    return Evaluation.objects.get(hotline__country=country)


def year_of_figures() -> int:
    return new(Round).earliest("opens_on").figures_from.year


def place(name: str, country: str, *more: str) -> str:
    return reverse(f"workspace:{name}", args=[evaluation_in(country).uid, *more])


def block_of(page: Any, code: str) -> Any:
    return page.locator(f"#i{code}".replace(".", "\\."))


def menu(page: Any, label: str) -> None:
    follow(page.get_by_role("navigation").get_by_role("link", name=label, exact=True).first)


def heading(page: Any) -> str:
    return str(page.get_by_role("heading", level=1).inner_text())


# --- Before anybody signs in ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("demonstration")
def test_the_sign_in_page_and_what_stands_behind_it(sign_in_as: Callable[[str], Any], client: Any):
    readme_says(
        "`./go` prints an address for each role and one password for all, and the sign-in page has a button for each role."
    )
    page = sign_in_as("MCE coordinator")
    page.goto("/accounts/login/")
    shown = client.get("/accounts/login/").content.decode()
    assert all(f">{role}</button>" in shown and address in shown for role, address in sign_ins())
    assert 'manage.py demonstration --sign-ins >"$VAR/sign-ins"' in (README.parent / "go").read_text()
    readme_says("These sign-ins exist in the demonstration only and work on the machine itself only.")
    from_elsewhere = client.get("/accounts/login/", REMOTE_ADDR="192.0.2.7")
    assert (from_elsewhere.status_code, PASSWORD in from_elsewhere.content.decode()) == (403, False)
    readme_says("Logs are in `var/log/`.")
    assert 'log="$VAR/log"' in (README.parent / "go").read_text()
    readme_says("What would have been mailed stands in the *Outbox*, in the account menu of the MCE coordinator.")
    page.goto("/work/")
    page.locator("details.menu > summary").click()
    follow(page.get_by_role("link", name="Outbox"))
    assert page.locator("main").get_by_role("link", name=new(Letter).all()[0].subject).count() > 0
    readme_says("A network of 24 invented hotlines is in this round, at every stage, and two rounds lie behind it.")
    assert (len(LINES), {line.reaches for line in LINES}, len(EARLIER)) == (24, set(Evaluation.State), 2)


# --- The hotline ---------------------------------------------------------------------------------------------------


def test_the_coordinator_of_a_hotline_answers_and_sends_figures(sign_in_as: Callable[[str], Any]):
    readme_says(
        "*Home* says how long you have and how fast it must go, what is most urgent, what colleagues changed since you "
        "were last there, and what stands between you and submitting."
    )
    page = sign_in_as("Hotline coordinator (Aldermark)")
    assert heading(page) == "Self-assessment of Aldermark"
    head = page.locator(".page-head").inner_text()
    assert re.search(r"indicators are answered\..* indicators left, ", head)
    assert re.search(r"days? (left|over)", head)
    assert page.get_by_role("region", name="What next").is_visible()
    assert page.get_by_role("region", name="What stands between you and submitting").is_visible()
    readme_says("Open *5.1*, choose a level, write: it saves itself and says so.")
    page.goto(place("answers", "XA", "5.1"))
    unfold(page, "5.1.4")
    block = block_of(page, "5.1.4")
    block.locator("input[type=radio][value='2']").check()
    block.get_by_label("In your words").fill("We met in March and in May, with minutes.")
    block.locator("[data-saved].ok").wait_for()
    kept = Answer.objects.get(evaluation=evaluation_in("XA"), code="5.1.4")
    assert (kept.level, kept.words) == (2, "We met in March and in May, with minutes.")
    readme_says("Drop evidence there, or add an address.")
    block.get_by_label("or address").fill("https://xa.example/minutes")
    follow(block.get_by_role("button", name="Add 5.1.4"))
    block.locator("input[type=file]").set_input_files(
        {"name": "Minutes.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    block.get_by_role("link", name="Minutes.pdf", exact=True).wait_for()
    assert block.get_by_role("link", name="https://xa.example/minutes", exact=True).count() == 1
    readme_says(
        "*All indicators, and who has them* gives standards to colleagues, and each indicator has a discussion that can ask "
        "one of them."
    )
    follow(block.get_by_role("link", name="Comment"))
    assert page.get_by_role("textbox", name="New comment").count() == 1
    page.goto(place("answers", "XA", "5.1"))
    follow(page.get_by_role("link", name="All indicators, and who has them"))
    assert page.get_by_role("heading", name="Give standards to someone").count() == 1
    readme_says(
        "*Workbook* is all of it as an Excel file, filled in offline and compared with what is saved before anything is "
        "written."
    )
    page.goto(place("workbook", "XA"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the workbook").click()
    page.locator("input[name=file]").set_input_files(
        {"name": "answers.xlsx", "mimeType": XLSX, "buffer": Path(download.value.path()).read_bytes()}
    )
    follow(page.get_by_role("button", name="Read and compare"))
    page.get_by_text("The workbook says what is saved").wait_for()
    readme_says(
        "*Figures* takes what your case system exports, in the published format or its own, shows in a dry run what was "
        "read, what the checks noticed and what it changes, and counts only what you confirm."
    )
    menu(page, "Figures")
    for name, content in (
        ("own.csv", "Month;Calls;Answered\n2025-01;120;113\n"),
        ("whole.csv", generate("116000-XA", year_of_figures(), seed=153, quality=0.74)),
    ):
        sent = content.encode() if isinstance(content, str) else content
        page.goto("/work/figures/")
        page.locator("input[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": sent})
        follow(page.get_by_role("button", name="Read and check"))
        if name == "own.csv":
            assert page.get_by_role("link", name="Match the columns").count() == 1
    page.get_by_text("A dry run: nothing is written yet.").wait_for()
    for field in page.locator("#explain textarea").all():
        field.fill("Checked again against the telephone bills: it is so.")
    if page.get_by_role("button", name="Save the explanations").count():
        follow(page.get_by_role("button", name="Save the explanations"))
    follow(page.get_by_role("button", name="Confirm with these figures").first)
    page.locator(".notice.good", has_text="Figures confirmed").wait_for()
    readme_says("Then it shows trends and where you stand.")
    page.goto(reverse("workspace:hotline_trends", args=["XA"]))
    assert heading(page) == "Figures of Aldermark over time"
    assert "median" in page.locator("main").inner_text()
    readme_says(
        "*Sign and submit* lists what is declared before you sign, and *Submissions* keeps each copy, with the answers as PDF."
    )
    page.goto(place("declaration", "XA"))
    assert page.get_by_role("heading", name="What is declared").count() == 1
    page.goto(place("submissions", "XA"))
    assert heading(page) == "Submissions"
    readme_says("*What if* tries other levels and shows outcome and obstacles at once; nothing is kept.")
    page.goto(place("scorecard", "XA"))
    follow(page.get_by_role("link", name="What if"))
    before = list(new(Answer).order_by("pk").values_list("level", "version"))
    with page.expect_event("load"):
        page.locator("input[name=show][value=all]").check()
    page.locator("input[type=radio][name='1.2.1'][value='0']").check()
    page.locator(".what-if-sum").get_by_text("1 level changed").wait_for()
    assert list(new(Answer).order_by("pk").values_list("level", "version")) == before


def test_the_coordinator_later_answers_the_draft_appeals_and_follows(open_as: Callable[..., Any]):
    readme_says(
        "Later you answer the draft report, appeal against a decision, and follow the recommendations on one page, as a "
        "board and a calendar."
    )
    page = open_as("asa@xr.example")
    follow(page.get_by_role("link", name="Respond").first)
    follow(page.get_by_role("button", name="Give the response"))
    page.locator(".notice.good", has_text="Your response is given").wait_for()
    page = open_as("petra@xk.example", place("evaluation", "XK"))
    follow(page.get_by_role("link", name="You may contest the decision"))
    page.get_by_label("Grounds").fill(SUBSTANCE)
    follow(page.get_by_role("button", name="Lodge the appeal"))
    assert Appeal.objects.filter(decision__evaluation=evaluation_in("XK")).count() == 1
    page = open_as("ana@xz.example", place("plan", "XZ"))
    assert page.locator(".plan-board").count() == 1
    follow(page.get_by_role("navigation", name="How to look at it").get_by_role("link", name="Calendar"))
    assert page.get_by_role("heading", name=re.compile("^Overdue")).count() == 1


def test_the_contributor_does_the_same_and_does_not_submit(sign_in_as: Callable[[str], Any]):
    readme_says("the same, without the right to submit.")
    page = sign_in_as("Hotline contributor")
    assert heading(page) == "Self-assessment of Aldermark"
    page.goto(place("answers", "XA", "5.1"))
    unfold(page, "5.1.4")
    block = block_of(page, "5.1.4")
    block.locator("input[type=radio][value='3']").check()
    block.locator("[data-saved]").get_by_text("Saved").wait_for()
    page.goto(place("evaluation", "XA"))
    assert "Sign and submit" not in page.locator("main").get_by_role("link").all_inner_texts()
    assert "Sign and submit: opens" not in page.locator("main").inner_text()


# --- Missing Children Europe ---------------------------------------------------------------------------------------


def test_mce_leads_evaluations(sign_in_as: Callable[[str], Any]):
    readme_says("*Today* has what waits for you, the oldest first, each with the place where it is done.")
    page = sign_in_as("MCE coordinator")
    assert heading(page) == "Today"
    readme_says("*Rounds* shows where each hotline stands and how it scores by domain.")
    menu(page, "Rounds")
    follow(page.get_by_role("link", name=re.compile("^Demonstration round")).first)
    assert page.get_by_role("heading", name="Where they stand").is_visible()
    assert page.get_by_role("row", name=re.compile("Navaria")).get_by_role("cell").count() > 10
    readme_says("Accept a self-assessment or send it back with a reason.")
    page.goto(place("evaluation", "XB"))
    assert page.locator("summary", has_text="Send back").count() == 1  # done in the next test
    readme_says("Arrange a visit; who has a tie with the hotline is refused, whoever asks.")
    page.goto(place("arrange_visit", "XB"))
    in_a_month = (timezone.localdate() + timedelta(days=30)).isoformat()
    page.get_by_label("First day").fill(in_a_month)
    page.get_by_label("Last day").fill(in_a_month)
    page.get_by_label("Who agreed on the days at the hotline").fill("Teodora Ilieva")
    page.get_by_label("Lead assessor").select_option(label="Marta Wiśniewska")
    page.get_by_label("Димитър Колев").check()
    follow(page.get_by_role("button", name="Arrange the visit"))
    assert "From the country of this hotline: Димитър Колев" in page.locator(".error-summary").inner_text()
    page.get_by_label("Димитър Колев").uncheck()
    page.get_by_label("Henrik Ødegård").check()
    follow(page.get_by_role("button", name="Arrange the visit"))
    page.goto(place("evaluation", "XB"))
    follow(page.get_by_role("button", name="Accept and send the team"))
    assert (evaluation_in("XB").state, Visit.objects.filter(evaluation=evaluation_in("XB")).count()) == (
        Evaluation.State.STUDY_VISIT,
        1,
    )
    readme_says("Score what was found.")
    page.goto(place("scorecard", "XD"))
    follow(page.get_by_role("button", name="Score and send the draft to the hotline"))
    assert evaluation_in("XD").state == Evaluation.State.RESPONSE


def test_mce_sends_back_prints_and_publishes(sign_in_as: Callable[[str], Any]):
    page = sign_in_as("MCE coordinator")
    page.goto(place("evaluation", "XB"))
    page.locator("summary", has_text="Send back").click()
    page.get_by_label("What is to be completed?").fill("Say more on your rota in 2.1.1.")
    follow(page.get_by_role("button", name="Send back"))
    assert evaluation_in("XB").state == Evaluation.State.SELF_ASSESSMENT
    readme_says("Print the report, publish.")
    page.goto(place("report", "XK"))
    follow(page.get_by_role("button", name="Print"))
    page.get_by_role("link", name="Issue 1, English").wait_for()
    follow(page.get_by_role("link", name="Publish the outcome"))
    page.get_by_label("The outcome alone").check()
    follow(page.get_by_role("button", name="Show what becomes public"))
    page.get_by_label("Publish before the appeal time is over").check()
    follow(page.get_by_role("button", name="Publish the outcome"))
    assert evaluation_in("XK").state == Evaluation.State.PUBLISHED


def test_mce_looks_after_what_was_decided_and_the_network(sign_in_as: Callable[[str], Any]):
    page = sign_in_as("MCE coordinator")
    readme_says(
        "Suspend or reinstate an accreditation, propose to withdraw it, and open its renewal in a new round on a released "
        "edition."
    )
    menu(page, "Accreditations")
    follow(page.get_by_role("link", name="Zagoria"))
    accreditation = page.url
    follow(page.get_by_role("link", name="Open a new round for it"))
    today = timezone.localdate()
    page.get_by_label("Name").fill("Renewals")
    page.get_by_label("Edition").select_option(index=1)
    page.get_by_label("Opens on").fill(today.isoformat())
    page.get_by_label("Self-assessment until").fill((today + timedelta(days=60)).isoformat())
    page.get_by_label("Figures from").fill(f"{today.year - 1}-01-01")
    page.get_by_label("Figures until").fill(f"{today.year - 1}-12-31")
    assert page.get_by_label("Zagoria").is_checked()
    follow(page.get_by_role("button", name="Save the round"))
    follow(page.get_by_role("button", name="and write to"))
    assert heading(page) == "Renewals"
    page.goto(accreditation)
    for act, ends in (("Suspend", "suspended"), ("Reinstate", "valid")):
        page.locator("summary", has_text=act).click()
        page.locator("details[open] textarea").fill("The line was silent for a month. It speaks of what was seen.")
        follow(page.locator("details[open]").get_by_role("button", name=act))
        assert Accreditation.objects.get(decision__evaluation__hotline__country="XZ").state == ends
    follow(page.get_by_role("link", name="Propose a withdrawal"))
    page.get_by_label("Ground").fill(SUBSTANCE)
    follow(page.get_by_role("button", name="Read it once more"))
    page.get_by_label("I have read which accreditation").check()
    follow(page.get_by_role("button", name="Propose the withdrawal"))
    assert heading(page) == "Withdrawal of the accreditation of Zagoria"
    assert Accreditation.objects.get(decision__evaluation__hotline__country="XZ").state == "valid"
    readme_says("*Recommendations* shows what everyone struggles with.")
    menu(page, "Recommendations")
    assert heading(page) == "What everyone struggles with"
    assert page.locator("main tbody tr").count() > 3
    readme_says(
        "*Network figures* shows who sent what, what waits to be accepted, and what the public would see of a year: make "
        "it public as a release, or take it from the site."
    )
    menu(page, "Network figures")
    assert page.get_by_role("row", name=re.compile("Aldermark")).count() == 1
    assert page.get_by_role("columnheader", name="Files that wait for us").count() == 1
    follow(page.get_by_role("link", name="What the public sees"))
    follow(page.locator("main").get_by_role("link", name=str(year_of_figures())).first)
    follow(page.get_by_role("button", name="Make it public"))
    page.locator("summary", has_text="Take it").click()
    page.locator("details[open] textarea").fill("A hotline found a mistake in its figures of this year.")
    follow(page.locator("details[open]").get_by_role("button"))
    assert "taken from the site" in page.locator(".page-head").inner_text()
    readme_says(
        "*People* invites; a role at Missing Children Europe, on the panel or as coordinator of a hotline waits until the "
        "**second coordinator of MCE** confirms it."
    )
    menu(page, "People")
    follow(page.get_by_role("link", name="Invite somebody"))
    page.get_by_label("E-mail").fill("new@assessors.example")
    page.get_by_label("Name").fill("Nora Neumann")
    page.get_by_label("Assessor").check()
    page.get_by_label("Country").select_option(label="Italy")
    follow(page.get_by_role("button", name="Invite"))
    assert "new@assessors.example" in page.locator("main").inner_text()
    readme_says("*Guide* opens the CMS.")
    menu(page, "Guide")
    assert "/cms/" in page.url


def test_the_guide_editor(sign_in_as: Callable[[str], Any]):
    User.objects.filter(email="editor@mce.example").update(language="en")
    edition = EditionPage.objects.get(code="2026", locale__language_code="en")
    begun = EditionPage.objects.exclude(code__in=("2023", "2026")).get(locale__language_code="en")
    indicator = IndicatorPage.objects.descendant_of(begun).get(code="5.1.1")
    readme_says(
        "you arrive at the edition that is being written: its domains, standards and indicators, each a page, with what is to "
        "be put right and how far each language is."
    )
    page = sign_in_as("Guide editor")
    assert page.url.endswith(f"/cms/guide/{begun.pk}/")
    page.locator("summary", has_text="D5").click()
    follow(page.get_by_role("link", name=indicator.wording))
    assert page.url.endswith(f"/cms/pages/{indicator.pk}/edit/")
    assert page.locator("[name=wording], [name=measure], [name=recommendation_title]").count() == 3
    page.goto(f"/cms/pages/{edition.pk}/edit/")
    assert page.locator("[id*=levels], [id*=scale]").count() > 0
    assert page.locator("[id*=outcomes]").count() > 0
    readme_says(
        "*Languages* gives translators a file of each language, takes it back into the pages of a draft after showing what "
        "would change, has every passage reviewed by a second person, and publishes a whole wording."
    )
    page.goto(f"/cms/guide/{edition.pk}/")
    page.locator("summary", has_text="D5").click()
    french = re.findall(r"fr (\d+)/(\d+)", page.locator("main").inner_text())
    assert french
    assert all(translated == of for translated, of in french)
    follow(page.get_by_role("link", name="Languages"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Polish (PO)").click()
    assert download.value.suggested_filename == "guide-2026-pl.po"
    assert page.get_by_role("button", name="Read the file").count() == 1
    follow(page.get_by_role("link", name="texts reviewed").first)
    assert page.get_by_text("A native speaker other than the translator reads each passage.").count() == 1
    readme_says(
        "The form of an indicator draws its bands on a line and previews it as the questionnaire, the study visit, the report "
        "and the Guide show it."
    )
    figure = IndicatorPage.objects.descendant_of(begun).filter(bands__startswith=">=").first()
    page.goto(f"/cms/pages/{figure.pk}/edit/")
    page.get_by_role("tab", name="How it is judged").click()
    page.locator("[data-fields~=bands] .band-line").wait_for()
    assert {mode for mode, _label in figure.preview_modes} >= {"questionnaire", "visit", "report"}
    readme_says(
        "*Texts* has what pages, letters and the report say, and leads to the templates of agendas and to the criteria of "
        "sheets; the handbook has procedures, terms and country sheets."
    )
    page.goto("/cms/")
    follow(page.get_by_role("link", name="Texts", exact=True))
    assert page.get_by_role("heading", name=re.compile("^Letters: ")).count() > 0
    page.get_by_text("Agendas of study visits").click()
    assert page.get_by_role("link", name="Write a new agenda").is_visible()
    page.get_by_text("Sheets of study visits").click()
    assert page.get_by_role("link", name="Write a new sheet").is_visible()
    assert page.goto("/en/handbook/").ok
    readme_says("*Links* has every address and asks other sites.")
    page.goto(f"/cms/guide/{edition.pk}/")
    follow(page.get_by_role("link", name="Links"))
    assert page.get_by_text("The addresses in the texts of this edition").count() == 1
    readme_says("*Files* gives the whole edition as one file and takes it back.")
    page.goto(f"/cms/guide/{edition.pk}/")
    follow(page.get_by_role("link", name="Files"))
    with page.expect_download() as download:
        page.locator("a[href$='.xlsx']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    readme_says(
        "*Check and release* lists what is missing under the part that has it, or shows on one screen what leads to each "
        "outcome, the effect on the last round, hard passages, links that do not answer and a preview, and freezes structure "
        "and wording with their digest."
    )
    unfinished = GuidePage.objects.get(locale__language_code="en").add_child(
        instance=EditionPage(title="Edition 2099", code="2099", slug="edition-2099", live=False)
    )
    page.goto(f"/cms/guide/{unfinished.pk}/release/")
    assert page.get_by_role("button", name="Release edition").count() == 0
    assert page.locator("main li").count() > 0
    small = load_guide(SMALL_EDITION).page
    page.goto(f"/cms/guide/{small.pk}/release/")
    for title in ("What leads to each outcome, for example", "Effect on the last round"):
        assert page.get_by_role("heading", name=title).count() == 1
    assert page.locator("iframe").count() == 1
    follow(page.get_by_role("button", name="Release edition"))
    page.get_by_text("Edition small is released.").wait_for()
    readme_says("*Compare editions* shows what changed since another one.")
    page.goto(f"/cms/guide/{edition.pk}/")
    follow(page.get_by_role("link", name="Compare editions"))
    assert page.locator("main select").count() == 2
    readme_says("The demonstration has a consultation that is closed, with its report, and one that is open.")
    page.goto(reverse("workspace:consultations"))
    for name in ("first", "second"):
        assert page.get_by_role("link", name=f"Edition {begun.code}, {name} reading").count() == 1
    readme_says("*Consult on this draft* asks chosen hotlines and assessors about each indicator.")
    following = begin_edition(small, code="small-next", title="The next small edition")
    page.goto(f"/cms/guide/{following.pk}/")
    follow(page.get_by_role("link", name="Consult on this draft"))
    assert page.get_by_role("checkbox").count() > 0
    edition = Edition.objects.get(code="small")
    assert edition.sha256 == digest(edition.structure)


# --- Assessors and the panel ---------------------------------------------------------------------------------------


def test_the_lead_assessor(sign_in_as: Callable[[str], Any], open_as: Callable[..., Any]):
    readme_says("*Visits* leads to the agenda and to what is to be looked at.")
    page = sign_in_as("Lead assessor")
    menu(page, "Visits")
    follow(page.get_by_role("link", name="Ingelmark").first)
    page.goto(place("visit", "XI"))
    readme_says("The hotline's word stands above, yours below; neither changes the other.")
    answer = Answer.objects.get(evaluation=evaluation_in("XI"), code="1.1.1")
    page.goto(place("observations", "XI", "1.1"))
    block = block_of(page, "1.1.1")
    assert answer.words in block.inner_text()
    block.get_by_role("radio", name="Yes").check()
    block.get_by_label("What you saw and heard").fill("We held the decision of the regulator in our hands.")
    block.locator("[data-saved].ok").wait_for()
    assert Answer.objects.get(pk=answer.pk).words == answer.words
    assert Observation.objects.get(visit__evaluation=evaluation_in("XI"), code="1.1.1").words.startswith("We held")
    readme_says(
        "*Record on this device* opens without a network, too; a workbook and a checklist to print are for who prefers them."
    )
    page.goto(place("recording", "XI"))
    page.get_by_role("button", name="Use this PIN").wait_for()
    page.goto(place("visit", "XI"))
    for link in ("Checklist to print", "Record in an Excel workbook instead"):
        assert page.request.get(page.get_by_role("link", name=link).first.get_attribute("href")).ok
    readme_says("*Sheets* take test contacts, listening, files and interviews, on the device too.")
    sheets = page.get_by_role("region", name="Sheets").get_by_role("link")
    assert sheets.all_inner_texts() == ["Test contacts", "Live listening", "File review", "Interviews"]
    readme_says("Say that you have finished: when all of the team have, what you agree on is entered as findings.")
    page.goto(place("visit", "XI"))
    follow(page.get_by_role("button", name="I have finished"))
    visit = Visit.objects.get(evaluation=evaluation_in("XI"))
    for member in visit.team.filter(finished_at=None):
        perform(Visit.objects.get(pk=visit.pk), "finish_recording", by=member.user)
    readme_says("Sign off when every indicator that needs eyes has one.")
    page.goto(place("visit", "XI"))
    stands = page.get_by_role("region", name="What stands in the way: Sign off the findings")
    assert stands.locator(".what").count() > 0
    evaluation = evaluation_in("XI")
    for code in Finding.objects.filter(evaluation=evaluation, words="").values_list("code", flat=True):
        indicator = evaluation.framework.indicators[code]
        write_answer(evaluation, code, Finding, **at_level(indicator, 2), words=f"We looked at {code} on the spot.")
    page.reload()
    follow(page.get_by_role("button", name="Sign off the findings"))
    assert evaluation_in("XI").state == Evaluation.State.REPORT
    readme_says("What the hotline contests of the draft, you keep or change, with the reason.")
    reply = Reply.objects.exclude(level=None).first()
    evaluation = reply.remark.response.scorecard.evaluation
    page = open_as(evaluation.visit.lead.user.email, reverse("workspace:replies", args=[evaluation.uid]))
    contested = page.get_by_role("article").filter(has_text=reply.words).inner_text()
    assert all(words in contested for words in ("The hotline’s response", "It was", "It is now"))


def test_the_panel_member(sign_in_as: Callable[[str], Any], open_as: Callable[..., Any]):
    readme_says("*Panel* shows what waits for you.")
    page = sign_in_as("Panel member")
    menu(page, "Panel")
    assert heading(page) == "Panel"
    assert "You have voted" in page.get_by_role("row", name=re.compile("Navaria")).inner_text()
    assert page.get_by_role("region", name="Appeals to be heard").count() == 0
    readme_says(
        "Declare whether something ties you to the hotline; then one screen has its own word, the findings, the figures, "
        "its response and the proposal."
    )
    page = open_as("luka@panel.example", "/work/panel/")
    follow(page.get_by_role("link", name="Navaria").first)
    follow(page.get_by_role("button", name="I have no stake"))
    for name in ("What the rules propose", "The hotline’s response", "Domain by domain", "Votes"):
        assert page.get_by_role("heading", name=name).count() == 1
    readme_says(
        "Vote or comment; with a quorum and a majority one of you records the decision, its reasons and its conditions."
    )
    page.get_by_label("Your comment").fill("I read the response twice.")
    follow(page.get_by_role("button", name="Comment", exact=True))
    page.locator("input[name=outcome][value=conditional]").check()
    page.get_by_label("Why", exact=True).fill("What was seen agrees with what was said.")
    follow(page.get_by_role("button", name="Vote", exact=True))
    decision = page.get_by_role("region", name="The panel’s decision")
    decision.get_by_label("Reasons").fill(SUBSTANCE)
    decision.get_by_label("What must be so").first.fill("The procedure is in use on every shift.")
    decision.get_by_label("By", exact=True).first.fill((timezone.localdate() + timedelta(days=100)).isoformat())
    follow(decision.get_by_role("button", name="Record the decision"))
    follow(page.get_by_role("button", name="Record the decision for good"))
    assert evaluation_in("XN").state == Evaluation.State.DECIDED
    readme_says("Appeals are heard by those who took no part.")
    page.goto("/work/panel/")
    follow(page.get_by_role("region", name="Appeals to be heard").get_by_role("link", name="Corvania"))
    assert page.get_by_role("button", name="I have no stake and took no part in assessing it").count() == 1


# --- Everybody else ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("demonstration")
def test_everybody_else(browser_page: Any):
    readme_says(
        "the register, a hotline's page with its outcome, the Guide with its search, its PDF and what changed in each edition, "
        "the handbook, and the network's figures with their definitions and contradictions, without signing in."
    )
    year = year_of_figures()
    publish(year, invented=True, sha256=draft_release(year, invented=True).sha256, by=User.objects.get(email=MCE))
    page = browser_page
    page.goto("/en/register/")
    page.get_by_label("Country or hotline").fill("Zagoria")
    follow(page.get_by_role("button", name="Show"))
    row = page.get_by_role("row", name=re.compile("Zagoria"))
    assert "Accredited" in row.inner_text()
    follow(row.get_by_role("link", name=re.compile("Zagoria")))
    assert heading(page) == "116 000 in Zagoria"
    menu(page, "The Guide")
    assert "Practical Guide" in heading(page)
    page.locator("input[type=search]").first.fill("police")
    page.keyboard.press("Enter")
    page.locator("main mark").first.wait_for()
    page.goto("/en/guide/2026/")
    assert page.get_by_role("link", name="The whole edition as PDF").count() == 1
    menu(page, "Handbook")
    follow(page.get_by_role("link", name="A child may have crossed a border"))
    assert page.get_by_text("within 24 hours", exact=True).count() == 1
    menu(page, "Figures")
    text = page.locator("main").inner_text()
    assert "definition" in text.lower()
    assert "contradict" in text.lower()
