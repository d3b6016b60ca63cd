"""Validates that a password is hard to guess: zxcvbn's estimate of common passwords, keyboards, dates, repetitions.

Everything is computed locally; no part of a password leaves the process.
"""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from zxcvbn import zxcvbn

from evaluation.models import User
from standards.presentation.folding import fold

LEAST_GUESSES = 2 * 10**8
"""For somebody who has the hash of the password, as zxcvbn estimates them."""
_FEW_WORDS = 2
_SHORTEST = 2
"""Shorter words are not considered known."""
LOOKED_AT = 72
"""Letters that are estimated: further ones make no password weaker, and the estimate slower."""

TRADE = (
    *("missing", "missingchildren", "child", "children", "childfocus", "europe", "european", "hotline", "helpline"),
    *("116000", "116", "quality", "accreditation", "assessor", "panel", "police", "amber", "alert", "runaway"),
    *("abduction", "search", "family", "missingchildreneurope", "mce", "practical", "guide"),
    *("enfants", "disparus", "enfance", "alerte", "bambini", "scomparsi", "telefono", "azzurro"),
    *("dzieci", "zaginione", "zaginionedzieci", "itaka", "criancas", "desaparecidas", "crianças", "djeca", "nestala"),
    *("kinder", "vermisste", "vermisstekinder", "kind", "niños", "ninos", "desaparecidos"),
)
"""The words that somebody guessing a password of this site would try first, in the languages of the network."""

FAMOUS = ("correct", "horse", "battery", "staple", "correcthorsebatterystaple")
"""The best-known example of a password of four words."""

_WEAKNESSES = {
    "trade": _("Words of our work, your name or your hotline are what somebody would try first."),
    "dictionary": _("It is made of a well-known password or of common words."),
    "spatial": _("Neighbouring keys are easy to guess."),
    "repeat": _("Repeated letters and words add nothing."),
    "sequence": _("Sequences such as “abc” or “6543” are easy to guess."),
    "regex": _("Years are easy to guess."),
    "date": _("Dates are easy to guess."),
    "words_and_year": _("One or two words or names with a year or a number are easy to guess."),
}
"""What makes a password weak, by the pattern that covers most of it."""

PRINTED = "forget-me-not 25 May"
"""The public password of the demonstration. It is valid on the local machine only."""


class StrengthValidator:
    """A Django validator against passwords that are easy to guess, for anybody or for acquaintances."""

    def validate(self, password: str, user: User | None = None) -> None:
        known = [*TRADE, *FAMOUS, *_words_about(user), PRINTED, _squeezed(PRINTED)]
        # Spaces, accents and full stops between known words make them no harder to guess.
        written = {password[:LOOKED_AT], _squeezed(password)[:LOOKED_AT]}
        found = min((zxcvbn(text, user_inputs=known) for text in sorted(written) if text), key=lambda f: f["guesses"])
        is_only_known = _is_made_of(known, _squeezed(password)[:LOOKED_AT])
        is_words_and_year = _is_words_and_year(password)
        if found["guesses"] >= LEAST_GUESSES and not is_only_known and not is_words_and_year:
            return
        longest = max(found["sequence"], key=lambda match: len(match["token"]), default={"pattern": ""})
        is_ours = is_only_known or longest.get("dictionary_name") == "user_inputs"
        is_weak = found["guesses"] < LEAST_GUESSES
        kind = "trade" if is_ours else longest["pattern"] if is_weak else "words_and_year"
        weakness = _WEAKNESSES.get(kind, "")
        raise ValidationError(
            [ValidationError(text, code="password_too_weak") for text in (weakness, self.get_help_text()) if text]
        )

    def get_help_text(self) -> str:
        return gettext("Take four words that have nothing to do with each other, nor with you or your work.")


def _is_words_and_year(password: str) -> bool:
    """Whether a password is at most two words, however often repeated, with digits: `Summer2026!Summer`, a name and a year.

    zxcvbn takes the repetition and the words of languages that it does not know for hard to guess.
    """
    parts = re.findall(r"[^\W\d_]+|\d+", re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])", " ", password))
    words = {fold(part) for part in parts if not part.isdigit()}
    has_digits = any(part.isdigit() for part in parts)
    return has_digits and 0 < len(words) <= _FEW_WORDS and all(len(word) > _SHORTEST for word in words)


def _is_made_of(known: Iterable[str], squeezed: str) -> bool:
    """Whether a password consists of known words and digits only, which acquaintances guess easily."""
    words = sorted({re.escape(_squeezed(word)) for word in known if len(word) > _SHORTEST}, key=len, reverse=True)
    is_known = re.fullmatch(rf"(?>(?:{'|'.join(words)}|[0-9])+)", squeezed) is not None
    return is_known and not squeezed.isdigit()


def _words_about(user: User | None) -> list[str]:
    """Return the words of a user's name, address and hotlines."""
    if user is None:
        return []
    texts = [user.name, user.email]
    # An invited person is not stored yet, and has the one membership of the invitation.
    for role in user.memberships.select_related("hotline", "operator") if user.pk else user.all_memberships:
        texts += [known.name for known in (role.hotline, role.operator) if known]
    words = [word for text in texts for word in re.findall(r"\w{3,}", text)]
    return [_squeezed(word) for word in [*words, *texts]] + [word.casefold() for word in words]


def _squeezed(text: str) -> str:
    """Return letters and digits only, without accents."""
    return "".join(letter for letter in fold(text) if letter.isalnum())
