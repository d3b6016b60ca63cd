"""Previews of a draft standard and indicator as the hotline, the assessor and the reader of a report will see it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from evaluation.engine.scoring import measure
from evaluation.models import Answer, Evaluation, Finding, Hotline, Role
from portal.cms.previews.invented import invent_answer, invent_figures, invent_finding, invent_judgements
from portal.cms.previews.pages import MODES
from standards.editions.page_loader import load_guide
from standards.framework import Formula, Indicator, Measure, MinimumBase, Scale, Source, read_bands
from standards.models import EditionPage, IndicatorPage, StandardPage
from tests.bystander import new
from tests.factories import person
from tests.standards.conftest import EDITIONS
from tests.standards.models.cms import form_of

pytestmark = pytest.mark.django_db

SCALE = Scale()
ARTICLES = re.compile(r'<article class="sheet indicator" aria-labelledby="q([^"]+)"')
OWN_MODES = [mode for mode, _label, _show in MODES]


def figure(formula: str = "", bands: str = ">=90:3;>=80:2;>=60:1", **more: Any) -> Indicator:
    source = Source.STATISTICS if formula else Source.VISIT
    options = {"unit": "percent", "bands": read_bands(bands), **more}
    return Indicator("1.1.1", "core", Measure.NUMERIC, source, formula=Formula.read(formula), **options)


# --- Invented data --------------------------------------------------------------------------------------------------


def test_an_invented_answer_is_as_the_indicator_is_answered() -> None:
    scale = Indicator("1.1.1", "core", Measure.SCALE)
    yes_no = Indicator("1.1.1", "core", Measure.YES_NO)
    answers = [invent_answer(one, SCALE) for one in (scale, yes_no, figure(), figure("A04/A03"))]
    assert [answer.level for answer in answers] == [2, 3, None, None]
    assert [answer.value and int(answer.value) for answer in answers] == [None, None, 85, None]
    assert [bool(answer.words) for answer in answers] == [True, True, True, False]
    findings = [invent_finding(one, SCALE) for one in (scale, yes_no, figure())]
    assert [finding.level for finding in findings] == [1, 0, None]
    assert int(findings[2].value) == 70


@pytest.mark.parametrize("scale", [Scale(0, 1), Scale(1, 4, falling=True), Scale(0, 10)])
def test_an_invented_level_is_one_of_the_scale(scale: Scale) -> None:
    indicator = Indicator("1.1.1", "core", Measure.SCALE)
    for judged in (invent_answer(indicator, scale), invent_finding(indicator, scale)):
        assert judged.level in scale.levels


@pytest.mark.parametrize(
    "indicator",
    [
        figure("A04/A03"),
        figure("A04/(A03-A05)"),
        figure("A04/(A03+A05)", minimum_base=MinimumBase("A05", 500)),
        figure("A04/A03", minimum_base=MinimumBase("A56", 20)),
        figure("A08", "<=20:3;<=45:2", unit="seconds"),
        figure("A04/A03", ""),
    ],
    ids=str,
)
def test_invented_figures_give_a_number(indicator: Indicator) -> None:
    measured = measure(indicator, invent_figures(indicator, SCALE))
    assert measured.value is not None
    assert indicator.level_of(measured.value, SCALE) == (2 if indicator.bands else 0)


def test_the_engine_reads_the_same_as_the_pages_show() -> None:
    indicators = [Indicator("1.1.2", "core", Measure.YES_NO), figure("A04/A03")]
    invented = invent_judgements(indicators, SCALE)
    assert invented.evidence.answers["1.1.2"].level == invent_answer(indicators[0], SCALE).level
    assert invented.evidence.figures == invent_figures(indicators[1], SCALE)


# --- The previews ---------------------------------------------------------------------------------------------------


def preview_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])


def shown(editor: Client, page: Page, mode: str, **changes: str) -> str:
    """Return the preview of a page with some changes in its form."""
    sent = editor.post(preview_address(page), {**form_of(editor, page), **changes})
    assert sent.json() == {"is_valid": True, "is_available": True}
    return read(editor, page, mode)


def read(editor: Client, page: Page, mode: str) -> str:
    response = editor.get(f"{preview_address(page)}?mode={mode}")
    assert response.status_code == 200
    assert mode == "" or "sandbox allow-same-origin" in response.headers["Content-Security-Policy"]
    return re.sub(r"[ \n\u00a0]+", " ", response.content.decode())


def test_every_mode_shows_what_is_typed_and_saves_nothing(guide_editor: Client, draft: EditionPage) -> None:
    page = IndicatorPage.objects.descendant_of(draft).get(code="1.2.1")
    modes = page.specific.preview_modes
    assert [str(label) for _mode, label in modes] == ["Guide", "Questionnaire", "Study visit", "Report"]
    first = shown(guide_editor, page, "", wording="Open at any hour")
    pages = [first, *(read(guide_editor, page, mode) for mode in OWN_MODES)]
    assert all("Open at any hour" in text for text in pages)
    assert IndicatorPage.objects.get(pk=page.pk).wording != "Open at any hour"
    assert (new(Evaluation).count(), new(Answer).count(), new(Finding).count()) == (0, 0, 0)
    _guide, questionnaire, visit, report = pages
    assert "An invented answer: here the hotline writes how it does this." in questionnaire
    assert 'name="level-1.2.1"' in questionnaire
    assert "The hotline says" in visit
    assert "What you saw and heard" in visit
    assert "An invented finding: here the assessors write what they saw." in report
    assert "<script" not in questionnaire + visit + report


def test_the_form_of_a_preview_belongs_to_nothing(guide_editor: Client, draft: EditionPage) -> None:
    page = IndicatorPage.objects.descendant_of(draft).get(code="1.2.1")
    text = shown(guide_editor, page, "questionnaire")
    assert "<form" not in text
    (action,) = re.findall(r'formaction="([^"]+/save/[^"]*|/work/[^"]+)"', text)[:1]
    assert guide_editor.post(action).status_code == 404


def test_a_standard_is_shown_with_all_its_indicators(guide_editor: Client, draft: EditionPage) -> None:
    page = StandardPage.objects.descendant_of(draft).get(code="1.1")
    codes = [child.specific.code for child in page.get_children()]
    assert len(codes) > 1
    text = shown(guide_editor, page, "questionnaire")
    assert ARTICLES.findall(text) == codes
    assert all(code in read(guide_editor, page, "report") for code in codes)


def test_an_indicator_is_shown_alone_and_a_number_of_figures_with_its_level(
    guide_editor: Client, draft: EditionPage
) -> None:
    page = IndicatorPage.objects.descendant_of(draft).exclude(formula="").first()
    assert page.get_siblings().count() > 1
    text = shown(guide_editor, page, "questionnaire")
    assert ARTICLES.findall(text) == [page.code]
    assert 'class="big num middling"' in text


@pytest.mark.parametrize("mode", OWN_MODES)
def test_what_cannot_be_shown_yet_is_said(guide_editor: Client, draft: EditionPage, mode: str) -> None:
    page = IndicatorPage.objects.descendant_of(draft).get(code="1.2.1")
    text = shown(guide_editor, page, mode, measure="")
    assert "This cannot be shown yet" in text
    assert "Choose how the indicator is answered and where it is checked: then it can be shown." in text


def test_a_new_indicator_without_an_obligation_is_told_so(guide_editor: Client, draft: EditionPage) -> None:
    page = IndicatorPage.objects.descendant_of(draft).get(code="1.2.1")
    IndicatorPage.objects.filter(pk=page.pk).update(obligation="unheard")
    for mode in OWN_MODES:
        request = RequestFactory().get("/")
        response = IndicatorPage.objects.get(pk=page.pk).make_preview_request(request, mode)
        assert "“unheard”, which the edition does not name" in response.content.decode()


def test_a_standard_without_indicators_is_told_so(draft: EditionPage) -> None:
    page = StandardPage.objects.descendant_of(draft).get(code="1.2")
    page.get_children().delete()
    response = StandardPage.objects.get(pk=page.pk).make_preview_request(RequestFactory().get("/"), "report")
    assert "This standard has no indicator yet." in response.content.decode()


def test_every_indicator_of_an_edition_with_everything_can_be_shown(db: None) -> None:
    edition = load_guide(EDITIONS / "everything").page
    for standard in StandardPage.objects.descendant_of(edition):
        for mode in OWN_MODES:
            response = standard.make_preview_request(RequestFactory().get("/"), mode)
            assert (response.status_code, "cannot be shown" in response.content.decode()) == (200, False), standard.code


def test_a_preview_is_in_the_language_of_its_page(french: EditionPage) -> None:
    page = IndicatorPage.objects.descendant_of(french).get(code="1.2.1")
    page.wording = "Ouvert jour et nuit"
    for mode, words in (
        ("questionnaire", "Enregistrer"),
        ("visit", "Ce que vous avez vu et entendu"),
        ("report", "Recommandations"),
    ):
        text = page.make_preview_request(RequestFactory().get("/"), mode).content.decode()
        assert ("Ouvert jour et nuit" in text, words in text, 'lang="fr"' in text) == (True, True, True), mode


def test_no_hotline_is_asked_for_a_preview(guide_editor: Client, draft: EditionPage) -> None:
    page = IndicatorPage.objects.descendant_of(draft).get(code="1.2.1")
    shown(guide_editor, page, "questionnaire")
    tables = {model._meta.db_table for model in (Hotline, Evaluation, Answer, Finding)}
    for mode in OWN_MODES:
        with CaptureQueriesContext(connection) as queries:
            read(guide_editor, page, mode)
        assert [query["sql"] for query in queries if any(f'"{table}"' in query["sql"] for table in tables)] == []


def test_only_who_may_edit_sees_a_preview(draft: EditionPage, sign_in: Callable[..., Client], client: Client) -> None:
    page = IndicatorPage.objects.descendant_of(draft).get(code="1.2.1")
    for mode in OWN_MODES:
        address = f"{preview_address(page)}?mode={mode}"
        assert client.get(address).status_code == 302
        assert sign_in(Client(), person(Role.ASSESSOR)).get(address).status_code == 403
