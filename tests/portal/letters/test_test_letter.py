"""`send_test_letter`: a letter past the queue, and what is wrong."""

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command


def test_it_is_sent_at_once(capsys: Any, settings: Any):
    settings.CONTACT_EMAIL = "quality@mce.example"
    call_command("send_test_letter", "ana@example.org")
    [letter] = mail.outbox
    assert (letter.to, letter.reply_to) == (["ana@example.org"], ["quality@mce.example"])
    assert "Sent to ana@example.org" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (smtplib.SMTPAuthenticationError(535, b"no"), "The mail server refuses user or password of EMAIL_URL."),
        (smtplib.SMTPRecipientsRefused({}), "The mail server refuses the recipient"),
        (TimeoutError("timed out"), "The mail server does not answer"),
        (ConnectionRefusedError(111, "refused"), "The mail server does not take the connection"),
        (smtplib.SMTPException("STARTTLS"), "See host, port and encryption of EMAIL_URL."),
    ],
)
def test_what_goes_wrong_is_said_with_what_to_look_at(monkeypatch: pytest.MonkeyPatch, error: OSError, said: str):
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    with pytest.raises(CommandError, match=said):
        call_command("send_test_letter", "ana@example.org")


def test_a_mistyped_address_is_named():
    with pytest.raises(CommandError, match="“ana” is no address of mail"):
        call_command("send_test_letter", "ana")
