"""Translations, dates and numbers in the language of a report, from Django's catalogues and formats."""

from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django.utils import translation
from django.utils.formats import date_format, get_format, number_format


class GettextLocale:
    """Translates to one language, whatever language is active."""

    def __init__(self, language: str) -> None:
        self.language = language

    def gettext(self, message: str) -> str:
        with translation.override(self.language):
            return translation.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        with translation.override(self.language):
            return translation.ngettext(singular, plural, number)

    def pgettext(self, context: str, message: str) -> str:
        with translation.override(self.language):
            return translation.pgettext(context, message)

    def day(self, day: date) -> str:
        """Format a date: 18 May 2027 in English, where Django's format is American; else in Django's format."""
        with translation.override(self.language):
            is_english = self.language.partition("-")[0] == "en"
            return date_format(day, "j F Y" if is_english else get_format("DATE_FORMAT"))

    def number(self, value: Fraction, places: int) -> str:
        """Format a number with at most `places` decimals, with the separators of the language."""
        step = Decimal(1).scaleb(-places)
        exact = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(step, ROUND_DOWN)
        with translation.override(self.language):
            return number_format(exact, places, use_l10n=True, force_grouping=True).replace(" ", "\u00a0")
