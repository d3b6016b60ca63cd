"""Every declared text is shown somewhere, has examples, and its default exists in all languages."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import allauth
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from evaluation.models import Role, User
from portal.accounts.adapters import InvitedOnly
from portal.letters.models import Letter as SentLetter
from portal.letters.outbox import render_letter
from portal.presentation.register import KINDS
from reports.language import GettextLocale
from reports.texts.declaration import PLACE, Kind, Text, declared_texts, text_of
from reports.texts.reading import edited_texts, fill_text
from reports.texts.signed_declaration import DECLARATION
from reports.texts.writing import find_problem, save_text
from standards.presentation.sentences import Passage
from tests.bystander import new
from tests.factories import HotlineFactory, UserFactory, person, released_edition

ROOT = Path(__file__).resolve().parents[3]
TEXTS = {text.key: text for text in declared_texts()}
LANGUAGES = [code for code, _name in settings.LANGUAGES]
LETTERS = sorted({key.rpartition(".")[0] for key in TEXTS if key.startswith("letters.") and key.count(".") == 2})
REPORT = sorted(key for key in TEXTS if key.startswith("report."))


EMPTY = {f"report.{part}_introduction" for part in ("summary", "recommendations", "appendix")}
"""They have no default."""


@pytest.fixture
def editor(db: None) -> User:
    return person(Role.MCE_COORDINATOR)


def mark(text: Text, editor: User) -> None:
    """Write a version that differs from every default: it begins with the key."""
    forms = [f"@{text.key}@ {' '.join(f'{{{name}}}' for name in sorted(text.names))}".strip()]
    forms *= len(text.numbers("en"))
    assert find_problem(text, forms[0]) == ""
    save_text(text, "en", forms, seen=0, by=editor)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_default_can_be_read_in_the_language(language: str):
    for text in TEXTS.values():
        with translation.override(language):
            values = text.values()
        for numbers, form in zip(text.numbers(language), text.default_forms(language), strict=True):
            values |= {text.counted: numbers[0]} if text.counted else {}
            assert set(PLACE.findall(form)) <= text.names, text.key
            assert text.names - set(PLACE.findall(form)) <= {text.counted}, text.key
            filled = str(fill_text(text, Passage(form, language), language, values))
            assert "%(" not in filled, text.key
            assert bool(filled) == (text.key not in EMPTY), text.key
            assert len(form) <= text.longest, text.key


def test_a_formatted_text_has_no_placeholders():
    """The values of placeholders would not be escaped."""
    assert [text.key for text in TEXTS.values() if text.kind is Kind.RICH and text.names] == []


def test_every_text_of_a_page_stands_in_a_template():
    sources = "\n".join(path.read_text() for path in (ROOT / "site/portal/templates").rglob("*.*"))
    others = [key for key in TEXTS if not key.startswith(("letters.", "report.")) and key != DECLARATION.key]
    assert [key for key in others if f'"{key}"' not in sources] == []


NOT_SENT = {
    "account/email/email_changed": "account_email",
    "account/email/email_confirm": "account_email",
    "account/email/email_confirmation": "account_confirm_email",
    "account/email/email_confirmation_signup": "account_confirm_email",
    "account/email/email_deleted": "account_email",
    "account/email/login_code": "account_request_login_code",
    "account/email/password_reset_code": "account_confirm_password_reset_code",
    "account/email/password_set": "account_set_password",
    "mfa/email/webauthn_added": "mfa_add_webauthn",
    "mfa/email/webauthn_removed": "mfa_remove_webauthn",
}
"""The letters of allauth about features without a page here, each with the name of the page."""
NOBODY_SIGNS_UP = ("account/email/account_already_exists", "account/email/unknown_account")
"""Both are sent when somebody signs up, or requests a password without an account: see the tests of accounts."""


def test_every_letter_that_allauth_can_send_here_is_of_our_texts():
    library = Path(allauth.__file__).parent / "templates"
    letters = {
        str(path.relative_to(library)).removesuffix("_message.txt")
        for app in ("account", "mfa")
        for path in (library / app / "email").glob("*_message.txt")
    } - {"account/email/base"}
    for page in NOT_SENT.values():
        with pytest.raises(NoReverseMatch):
            reverse(page)
        with pytest.raises(NoReverseMatch):
            reverse(page, args=["x"])
    sent = letters - set(NOT_SENT) - set(NOBODY_SIGNS_UP)
    assert len(letters) > len(sent) > 5
    assert {f"letters.{letter.rpartition('/')[2]}" for letter in sent} <= set(LETTERS)


@pytest.mark.parametrize("letter", NOBODY_SIGNS_UP)
def test_a_letter_about_signing_up_goes_to_nobody(letter: str, db: None, rf: RequestFactory):
    stranger = InvitedOnly(rf.get("/"))
    assert not stranger.is_open_for_signup(rf.get("/"))
    stranger.send_mail(letter, "stranger@example.org", {})
    assert not new(SentLetter).exists()


def test_every_title_and_sentence_of_the_report_stands_in_its_templates():
    sources = "\n".join(path.read_text() for path in (ROOT / "reports/templates").rglob("*.html"))
    names = [key.removeprefix("report.") for key in REPORT if TEXTS[key].kind is not Kind.ORDER]
    assert [name for name in names if not re.search(rf"\bd\.texts\.{name}( |\.text)", sources)] == []


def test_a_changed_letter_is_written_as_it_was_changed(editor: User):
    for letter in LETTERS:
        for part in ("subject", "body"):
            mark(text_of(f"{letter}.{part}"), editor)
    for letter in LETTERS:
        names = text_of(f"{letter}.subject").names | text_of(f"{letter}.body").names
        values = dict.fromkeys(names, "x") | {"number": 2}
        subject, body = render_letter(letter.removeprefix("letters."), values, to=None, language="en")
        assert f"@{letter}.subject@" in subject
        assert f"@{letter}.body@" in body


def test_the_greeting_and_the_end_of_letters_can_be_changed(editor: User, settings: Any):
    for key in ("letters.greeting", "letters.end", "letters.end_unread"):
        mark(text_of(key), editor)
    reader = UserFactory(name="Eva <b>")
    for contact, end in (("mce@example.org", "@letters.end@ mce@example.org"), ("", "@letters.end_unread@")):
        settings.CONTACT_EMAIL = contact
        _subject, body = render_letter("password_reset_key", {"link": "x"}, to=reader, language="en")
        assert body.startswith("@letters.greeting@ Eva <b>\n\n")
        assert body.endswith(f"\n\n{end}\n")


def test_a_value_is_written_in_the_language_and_the_zone_of_the_reader(db: None):
    reader = UserFactory(language="fr", time_zone="Europe/Lisbon")
    at = datetime(2027, 5, 18, 23, 30, tzinfo=UTC)
    values = {
        "invited": "Ana",
        "name": "Ivo",
        "role": lambda reader: f"{reader.name} {translation.get_language()}",
        "link": date(2027, 5, 1),
        "date": lambda _reader: timezone.localdate(at),
    }
    _subject, body = render_letter("invitation", values, to=reader, language="fr")
    assert f"{reader.name} fr" in body
    assert "1er mai 2027" in body
    assert "19 mai 2027" in body


def test_the_changed_texts_of_pages_stand_where_they_belong(editor: User, client: Any):
    keys = [key for key in TEXTS if key.split(".")[0] in ("home", "register", "number", "accreditation")]
    for key in keys:
        mark(text_of(key), editor)
    HotlineFactory(country="PT", is_invented=False)
    released_edition()
    pages = "".join(client.get(f"/en/{page}").content.decode() for page in ("", "register/", "accreditation/"))
    assert [key for key in keys if f"@{key}@" not in pages] == []
    assert '<a href="tel:112">112</a>' in pages
    french = client.get("/fr/accreditation/").content.decode()
    assert '<span lang="en">@accreditation.title@</span>' in french
    assert '<div lang="en">@accreditation.body@</div>' in french


def test_the_changed_sentences_about_outcomes_stand_where_they_belong(editor: User):
    keys = [key for key in TEXTS if key.startswith("outcomes.")]
    for key in keys:
        mark(text_of(key), editor)
    with translation.override("en"):
        shown = "".join(
            render_to_string(
                "public/outcome_sentences.html",
                {
                    "shown": {
                        "register_status": {"kind": kind, "status": {"since": None}},
                        "works_on": [1],
                        "open_conditions": [1],
                    },
                    "hides_refusals": hides_refusals,
                },
            )
            for kind in KINDS
            for hides_refusals in (False, True)
        )
    assert [key for key in keys if f"@{key}@" not in shown] == []


def test_the_changed_titles_stand_in_the_report(editor: User):
    keys = [key for key in REPORT if TEXTS[key].kind is not Kind.ORDER]
    for key in keys:
        mark(text_of(key), editor)
    texts = GettextLocale("en", edited_texts()).texts()
    assert {f"report.{code}": text.text for code, text in texts.items()} == {key: f"@{key}@" for key in keys}


def test_a_text_that_was_edited_is_escaped(editor: User, client: Any):
    text = text_of("register.lead")
    save_text(text, "en", ["<script>alert(1)</script> & more"], seen=0, by=editor)
    page = client.get("/en/register/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
