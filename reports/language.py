"""Translations, dates and numbers in the language of a report, from Django's catalogues and formats."""

from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django.utils import translation
from django.utils.formats import date_format, get_format, number_format

from reports.texts.declaration import text_of
from reports.texts.reading import UNEDITED, EditedTexts, order_of
from reports.texts.report import INTRODUCTIONS, SENTENCES, TITLES, key_of
from standards.presentation.sentences import Passage


class GettextLocale:
    """Translations into one language, independent of the active one. `edited` are the texts that MCE has changed."""

    def __init__(self, language: str, edited: EditedTexts = UNEDITED) -> None:
        self.language, self._edited = language, edited

    def texts(self) -> dict[str, Passage]:
        """Return the editable texts of the report by code, each with its language if that is another one."""
        messages = {
            code: self._edited.message(text_of(key_of(code)), self.language)
            for code in (*TITLES, *SENTENCES, *INTRODUCTIONS)
        }
        return {
            code: Passage(message.text, "" if message.language == self.language else message.language)
            for code, message in messages.items()
        }

    def order(self, code: str) -> tuple[str, ...]:
        """Return the codes of the report's parts, or of the sections of its appendix, in the order that MCE chose."""
        text = text_of(key_of(code))
        return order_of(text, self._edited.message(text, self.language).text)

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
        """Format a date in Django's format, which is American in English: there, as 18 May 2027."""
        with translation.override(self.language):
            is_english = self.language.partition("-")[0] == "en"
            return date_format(day, "j F Y" if is_english else get_format("DATE_FORMAT"))

    def number(self, value: Fraction, places: int) -> str:
        """Format a number rounded down to `places` decimals, with the separators of the language."""
        step = Decimal(1).scaleb(-places)
        exact = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(step, ROUND_DOWN)
        with translation.override(self.language):
            return number_format(exact, places, use_l10n=True, force_grouping=True).replace(" ", "\u00a0")
