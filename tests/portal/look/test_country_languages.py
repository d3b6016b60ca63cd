"""The languages of all hotlines' countries: switched on by a setting, shown in the Guide, with English around it."""

import csv
import gettext
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import django.conf
import pikepdf
import pytest
from django.conf import settings as site_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.utils.formats import date_format, number_format
from django.utils.translation import check_for_language, get_language_info, override, to_locale
from fontTools.ttLib import TTFont
from wagtail.models import Locale

from evaluation.models import Hotline, Role
from portal.letters.outbox import write_letter
from portal.presentation.register import read_register
from portal.public.models import HomePage
from portal.settings.languages import ALL, OF_COUNTRIES, further_languages
from reports.guide import write_guide
from reports.pdf import print_page
from standards.editions.page_loader import load_guide
from standards.editions.release import release
from standards.framework import canonical, digest
from standards.models import Edition, EditionWording
from standards.presentation.collation import letters_of
from standards.presentation.folding import fold
from standards.presentation.reading_language import active_language, content_language, interface_language
from tests.factories import person
from tests.scenes import SMALL_EDITION

ROOT = Path(__file__).parents[3]
SHIPPED = {code for code, _name in site_settings.LANGUAGES}
FURTHER = [code for code, _name in further_languages([ALL], SHIPPED)]

WRITTEN = {
    "bg": ("8 Май 2027 г.", "12\u00a0345,6"),
    "cs": ("8. května 2027", "12\u00a0345,6"),
    "da": ("8. maj 2027", "12.345,6"),
    "de": ("8. Mai 2027", "12.345,6"),
    "el": ("8 Μαΐου 2027", "12.345,6"),
    "en": ("8 May 2027", "12,345.6"),
    "es": ("8 de mayo de 2027", "12\u00a0345,6"),
    "et": ("8. mai 2027", "12\u00a0345,6"),
    "fi": ("8. toukokuuta 2027", "12\u00a0345,6"),
    "fr": ("8 mai 2027", "12\u00a0345,6"),
    "ga": ("8 Bealtaine 2027", "12,345.6"),
    "hr": ("8. svibnja 2027.", "12.345,6"),
    "hu": ("2027. május 8.", "12\u00a0345,6"),
    "it": ("8 maggio 2027", "12.345,6"),
    "lb": ("8. May 2027", "12.345,6"),  # Django has no translation of it; a catalogue of the site would have
    "lt": ("2027 m. gegužės 8 d.", "12\u00a0345,6"),
    "lv": ("2027. gada 8. maijs", "12\u00a0345,6"),
    "mt": ("8 ta’ May 2027", "12,345.6"),  # the same
    "nl": ("8 mei 2027", "12.345,6"),
    "pl": ("8 maja 2027", "12\u00a0345,6"),
    "pt": ("8 de maio de 2027", "12.345,6"),
    "ro": ("8 Mai 2027", "12.345,6"),
    "sk": ("8. máj 2027", "12\u00a0345,6"),
    "sl": ("8. maj 2027", "12.345,6"),
    "sq": ("8 Maj 2027", "12\u00a0345,6"),
    "sr": ("8. мај 2027.", "12.345,6"),
    "sv": ("8 maj 2027", "12\u00a0345,6"),
    "tr": ("8 Mayıs 2027", "12.345,6"),
    "uk": ("8 травня 2027 р.", "12\u00a0345,6"),
}
"""A date and a number, in each language's format."""

TOGETHER = {
    "1 | 2 5 11 21 100": "bg da de el en es et fi hu it lb nl pt sq sv",
    "0 1 | 2 5 11 21 100": "fr tr",
    "1 | 2 3 4 | 5 11 21 100": "cs sk",
    "1 21 101 | 2 3 22 | 5 11 12 100": "hr sr uk",
    "1 21 101 | 2 5 22 | 0 11 12 20": "lt",
    "1 | 2 3 22 | 5 11 12 100": "pl",
    "1 21 101 | 2 5 11 100 | 0": "lv",
    "1 | 0 2 11 101 | 20 21 100": "ro",
    "1 101 | 2 102 | 3 4 103 | 5 11 100": "sl",
    "1 | 2 | 3 6 | 7 10 | 11 100": "ga",
    "1 | 0 2 10 102 | 11 19 111 | 20 100": "mt",
}
"""Numbers that have the same plural form, by CLDR, for each language."""


def test_every_country_of_a_hotline_has_its_languages() -> None:
    with (ROOT / "fixtures" / "hotlines.csv").open(encoding="utf-8") as file:
        assert {row["iso2"] for row in csv.DictReader(file)} == set(OF_COUNTRIES)
    assert set(WRITTEN) == {code for codes in OF_COUNTRIES.values() for code in codes} | SHIPPED


def test_the_setting_adds_languages_and_names_what_it_does_not_know() -> None:
    assert [code for code, _name in further_languages(["el", "de", "fr"], SHIPPED)] == ["de", "el"]
    assert further_languages([], SHIPPED) == []
    with pytest.raises(ImproperlyConfigured, match=r"GUIDE_LANGUAGES has xx\. It may have: bg, cs"):
        further_languages(["xx", "el"], SHIPPED)


@pytest.mark.parametrize("language", WRITTEN)
def test_a_language_has_its_name_days_and_numbers(language: str) -> None:
    assert check_for_language(language)
    assert get_language_info(language)["name_local"]
    with override(language):
        number = number_format(Decimal("12345.6"), 1, use_l10n=True, force_grouping=True)
        assert (date_format(date(2027, 5, 8)), number) == WRITTEN[language]


@pytest.mark.parametrize(
    ("groups", "language"), [(groups, code) for groups, codes in TOGETHER.items() for code in codes.split()]
)
def test_a_language_has_its_plural_forms(groups: str, language: str) -> None:
    """The forms are those of Django's catalogue, which the site's would use, or of the site's if Django has none."""
    folders = [*site_settings.LOCALE_PATHS, Path(django.conf.__file__).parent / "locale"]
    found = (gettext.find("django", folder, [to_locale(language)]) for folder in reversed(folders))
    with Path(next(path for path in found if path)).open("rb") as file:
        plural = gettext.GNUTranslations(file).plural
    forms = [{plural(int(number)) for number in group.split()} for group in groups.split("|")]
    assert [len(form) for form in forms] == [1] * len(forms)
    assert len(set.union(*forms)) == len(forms)


def test_every_language_is_in_the_table_of_plural_forms() -> None:
    assert sorted(code for codes in TOGETHER.values() for code in codes.split()) == sorted(WRITTEN)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        *(("Ελπίδα ΆΝΘΡΩΠΟΣ ϊΐ", "ελπιδα ανθρωπος ιι"), ("Їжак Ґанок Йод", "іжак ґанок иод")),
        *(("Łódź Ćma", "lodz cma"), ("Đurđa Čačak", "durda cacak"), ("Ærø Århus", "aero arhus")),
        *(("Ħamrun Għajn Żurrieq", "hamrun ghajn zurrieq"), ("Șase țări în", "sase tari in")),
        *(("İstanbul Ağrı", "istanbul agri"), ("Ķīšēzers Ģimene", "kisezers gimene"), ("Straße", "strasse")),
        *(("Žmogus ąžuolas", "zmogus azuolas"), ("Õun Öö", "oun oo"), ("Fëmijë çaj", "femije caj")),
        *(("Ősz Űr", "osz ur"), ("Ñandú", "nandu"), ("Řeka ťuk", "reka tuk"), ("Ђак Ћуп", "ђак ћуп")),
    ],
)
def test_a_search_finds_words_without_their_accents(written: str, searched: str) -> None:
    assert fold(written) == fold(searched).replace("ς", "σ")
    assert fold(searched) == fold(fold(written))


@pytest.mark.parametrize("font", sorted((ROOT / "reports" / "fonts").glob("*.ttf")), ids=lambda path: path.stem)
def test_the_fonts_of_the_paper_have_every_alphabet(font: Path) -> None:
    known = TTFont(font).getBestCmap()
    letters = {letter for language in WRITTEN for word in letters_of(language) for letter in word + word.upper()}
    assert {letter for letter in letters if ord(letter) not in known} == set()


@pytest.mark.parametrize("family", ["sans", "serif"])
def test_the_fonts_of_the_pages_have_every_alphabet(family: str) -> None:
    folder = ROOT / "site" / "portal" / "static" / "portal" / "fonts"
    known = {code for path in folder.glob(f"*-{family}-*.woff2") for code in TTFont(path).getBestCmap()}
    letters = {letter for language in WRITTEN for word in letters_of(language) for letter in word + word.upper()}
    assert {letter for letter in letters if ord(letter) not in known} == set()


# --- All of them switched on ----------------------------------------------------------------------------------------


@pytest.fixture
def everywhere(settings: Any) -> None:
    """Configure a site whose Guide may be in the languages of all countries, with the six shipped interfaces."""
    languages = [*settings.LANGUAGES, *further_languages([ALL], SHIPPED)]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = languages


def sample_of(language: str) -> str:
    return " ".join(letters_of(language))


@pytest.fixture
def edition(db: None, everywhere: None) -> Edition:
    """Return the small edition, published in every further language: each text has the alphabet of its language."""
    edition = release(load_guide(SMALL_EDITION).page)
    source = edition.texts("en").translated[0]
    for language in FURTHER:
        payload = canonical({path: f"{sample_of(language)} {text}" for path, text in source.items()})
        EditionWording.objects.create(edition=edition, language=language, payload=payload, sha256=digest(payload))
    return edition


def test_a_language_without_a_catalogue_is_read_in_an_english_interface(everywhere: None) -> None:
    assert [active_language(code) for code in ("fr", "el")] == ["fr", "en-x-el"]
    assert [content_language(active_language(code)) for code in ("fr", "el")] == ["fr", "el"]
    assert [interface_language(active_language(code)) for code in ("fr", "el")] == ["fr", "en"]


@pytest.mark.long
@pytest.mark.parametrize("language", FURTHER)
def test_the_guide_the_register_and_the_paper_are_rendered_in_each_language(
    client: Client, edition: Edition, language: str
) -> None:
    for address in (
        "guide/",
        "guide/small/",
        "guide/small/d1/1-1/",
        "guide/small/whole/",
        "register/",
        "guide/small/pdf/",
    ):
        response = client.get(f"/{language}/{address}")
        assert response.status_code == 200, address
        assert response["Content-Language"] == language
        page = response.content.decode()
        assert '<html lang="en"' in page
        assert "Skip to the content" in page
        assert "en-x-" not in page
        assert f'href="/{language}/guide/' in page
        if address.startswith("guide/small/") and address != "guide/small/pdf/":
            assert f'<span lang="{language}">{sample_of(language)}' in page
    assert 'id="i1.1.1"' in client.get(f"/{language}/guide/small/d1/1-1/").content.decode()
    paper = write_guide(edition.wordings.get(language=language))
    assert paper.lstrip().startswith('<!DOCTYPE html>\n<html lang="en">')
    assert f'<span lang="{language}">{sample_of(language)}' in paper


def test_a_home_page_is_served_in_the_language_of_its_address(client: Client, everywhere: None, db: None) -> None:
    assert "<h1" in client.get("/el/").content.decode()
    home = HomePage.objects.get(locale__language_code="en")
    greek = home.copy_for_translation(Locale.objects.create(language_code="el"))
    greek.title, greek.intro = "Καλώς ήρθατε", "<p>Μία γραμμή</p>"
    greek.save_revision().publish()
    page = client.get("/el/").content.decode()
    assert '<html lang="en"' in page
    assert '<span lang="el">Καλώς ήρθατε</span>' in page
    assert '<div class="prose" lang="el">' in page
    assert "aria-current" in page


@pytest.mark.parametrize("language", ["el", "uk", "cs"])
def test_a_search_finds_the_words_of_each_language(client: Client, edition: Edition, language: str) -> None:
    response = client.get(f"/{language}/guide/small/search/", {"q": letters_of(language)[0]})
    assert response.status_code == 200
    assert len(response.context["hits"]) > 0


def test_each_language_is_made_ready_for_translations(everywhere: None, db: None) -> None:
    call_command("prepare_languages")
    assert set(Locale.objects.values_list("language_code", flat=True)) == SHIPPED | set(FURTHER)


def test_the_register_stands_in_the_order_of_the_readers_alphabet(db: None) -> None:
    for code, name in (("XX", "Zwei"), ("XY", "Österreich"), ("XZ", "Polen")):
        Hotline.objects.create(country=code, code=f"116000-{code}", recorded_name=name)
    with override("en"):
        assert [entry.hotline.name for entry in read_register()] == ["Land ZY", "Österreich", "Polen", "Zwei"]


def test_a_letter_to_a_reader_without_an_interface_is_in_english(everywhere: None, db: None) -> None:
    reader = person(Role.ASSESSOR)
    reader.language = "el"
    reader.save()
    letter = write_letter("accept", {"hotline": "Portugal", "round": "2027", "page": ""}, to=reader)
    assert letter.language == "el"
    assert "Missing Children Europe accepted the self-assessment" in letter.body


def test_a_visitor_is_led_to_the_pages_in_the_language_of_the_browser(
    client: Client, everywhere: None, db: None
) -> None:
    response = client.get("/register/", headers={"Accept-Language": "el"})
    assert (response.status_code, response["Location"]) == (302, "/el/register/")


def test_the_paper_is_set_in_its_own_fonts_in_every_script(edition: Edition) -> None:
    everything = " ".join(dict.fromkeys(sample_of(language) for language in WRITTEN))
    html = write_guide(edition.wordings.get(language="el")).replace("</main>", f"<p>{everything}</p></main>")
    with pikepdf.open(io.BytesIO(print_page(html))) as pdf:
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.get("/Font", {}).values()}
    assert fonts
    assert {name for name in fonts if "Source" not in name} == set()


def test_a_home_page_without_a_translation_marks_only_its_own_words_as_english(client: Client, db: None) -> None:
    HomePage.objects.update(intro="<p>One line for the missing.</p>")
    page = client.get("/pl/").content.decode()
    assert '<html lang="pl"' in page
    assert '<h1><span lang="en">' in page
    assert '<div class="prose" lang="en">' in page


def test_a_country_has_its_name_in_the_readers_language_and_an_invented_one_keeps_its_own(
    client: Client, db: None
) -> None:
    Hotline.objects.create(country="DE", code="116000-DE", recorded_name="Germany")
    Hotline.objects.create(country="XH", code="116000-XH", recorded_name="Havenland", is_invented=True)
    names = {"en": "Germany", "fr": "Allemagne", "pl": "Niemcy", "hr": "Njemačka", "it": "Germania", "pt": "Alemanha"}
    for language, name in names.items():
        page = client.get(f"/{language}/register/DE/").content.decode()
        assert name in re.sub(r"\s+", " ", page), language
        for words in (name.upper(), "germany"):
            rows = client.get(f"/{language}/register/", {"q": words}).context["rows"]
            assert [entry.hotline.name for entry in rows] == [name], (language, words)
        assert "Havenland" in client.get(f"/{language}/register/XH/").content.decode()


def test_coordinators_find_a_hotline_by_its_name_in_their_language(client: Client, sign_in: Any, db: None) -> None:
    Hotline.objects.create(country="DE", code="116000-DE", recorded_name="Germany")
    reader = person(Role.MCE_COORDINATOR)
    reader.language = "fr"
    reader.save()
    for words, found in (("allemagne", ["Allemagne"]), ("GERMANY", ["Allemagne"]), ("pologne", [])):
        page = sign_in(client, reader).get("/work/hotlines/", {"q": words}).context["page"]
        assert [hotline.name for hotline in page] == found
