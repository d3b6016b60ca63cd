"""The texts as files for translators, PO or XLIFF, and the import of such a file."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.texts.editing.forms import is_known_broken
from portal.texts.editing.overview import State, state_of
from reports.texts.declaration import Kind, Text, declared_texts, source_language
from reports.texts.reading import EditedTexts, edited_texts
from reports.texts.writing import Saved, find_problem, plain_form, save_text
from standards.drafts.control_characters import with_plain_lines
from standards.drafts.formatted_texts import find_refused_links
from standards.editions.languages.translation_files import FORMATS, LARGEST, read_translation
from standards.editions.languages.unit import TranslationFile, Unit, UnitState
from standards.framework import MalformedEdition

CONTENT_TYPES = {"po": "text/x-gettext-translation", "xlf": "application/x-xliff+xml"}
"""Content types by the ending of a file name."""

Translations = list[tuple[Text, list[str], int]]
"""Texts with their forms, and the number of the version that the file was compared with."""


def write_file(language: str, ending: str) -> str:
    """Return a file with every text in a language. Untranslated texts are empty."""
    units = list(_units(language, edited_texts()))
    return FORMATS[ending]("texts", (source_language(), language), units)


def _units(language: str, edited: EditedTexts) -> Iterator[Unit]:
    for text in declared_texts():
        if text.kind is Kind.ORDER:
            continue
        state = state_of(text, language, edited)
        forms = list(edited.version(text.key, language).forms) or text.default_forms(language)
        for place, (path, source) in enumerate(_sources(text, language, edited)):
            if source:
                translation = "" if state is State.MISSING else forms[min(place, len(forms) - 1)]
                is_done = bool(translation) and state is not State.BEHIND
                unit_state = UnitState.TRANSLATED if is_done else UnitState.DRAFT
                yield Unit(path, source, translation, str(text.place), text.longest, unit_state)


def _sources(text: Text, language: str, edited: EditedTexts) -> Iterator[tuple[str, str]]:
    """Yield the path in files of each plural form of a language, with the source text for its numbers."""
    source = list(edited.source_forms(text))
    for place, numbers in enumerate(text.numbers(language), start=1):
        path = f"{text.key}/{place}" if text.counted else text.key
        yield path, text.choose(source, source_language(), numbers[0])


class FileForm(forms.Form):
    """A translators' file. `translations` are its texts, `problems` its errors."""

    file = forms.FileField(
        label=gettext_lazy("The translators’ file"),
        help_text=gettext_lazy(
            "A PO or XLIFF file from here. Entries that are open or marked as fuzzy change nothing."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.problems: list[str] = []
        self.translations: Translations = []
        super().__init__(*args, **kwargs)

    def clean_file(self) -> TranslationFile:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is too large to be the texts of this site."))
        try:
            read = read_translation(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError as unreadable:
            raise forms.ValidationError(_("The file is not written in UTF-8. Save it so.")) from unreadable
        except MalformedEdition as malformed:
            raise forms.ValidationError(list(malformed.problems)) from malformed
        if read.language not in dict(settings.LANGUAGES) or read.language == source_language():
            message = _("The file is in “%(language)s”, which is no further language of this site.")
            raise forms.ValidationError(message % {"language": read.language})
        try:
            self.problems = list(self._read(read))
        except RecursionError:  # of the HTML in it
            raise forms.ValidationError(
                _("The formatting of a text is nested too deep. Take the formatting out.")
            ) from None
        if self.problems:
            raise forms.ValidationError(_("The file cannot be used yet. What is wrong with it is listed below."))
        return read

    def _read(self, read: TranslationFile) -> Iterator[str]:
        edited, known = edited_texts(), set()
        for text in declared_texts():
            if text.kind is Kind.ORDER:
                continue
            sources = dict(_sources(text, read.language, edited))
            known |= set(sources)
            if not set(sources) <= set(read.texts):
                continue
            written = [plain_form(text, read.texts[path]) for path in sources]
            problems = [
                _describe(path, read.lines.get(path, 0), problem)
                for path, form in zip(sources, written, strict=True)
                if (problem := _find_problem(text, read, path, sources[path], form))
            ]
            yield from problems
            self.translations.append((text, written, edited.version(text.key, read.language).number))
        for path in sorted(set(read.sources) - known):
            yield _describe(path, read.lines.get(path, 0), _("This site has no such text. Delete the entry."))


def _find_problem(text: Text, read: TranslationFile, path: str, source: str, form: str) -> str:
    if text.kind is Kind.RICH and (refused := find_refused_links(read.texts[path])):
        sentence = _("The link to %(address)s leads neither to a web page nor to an e-mail or a telephone. Correct it.")
        return sentence % {"address": refused[0][:100]}
    if with_plain_lines(read.sources[path]).strip() != with_plain_lines(source).strip():
        return _("It was translated from another text than that of now. Translate it anew.")
    return find_problem(text, form, is_known_broken)


def _describe(path: str, line: int, problem: str) -> str:
    return _("Line %(line)s, %(text)s: %(problem)s") % {"line": line, "text": path, "problem": problem}


def write_translations(translations: Translations, language: str, *, by: Any) -> int:
    """Write the texts that a file changes, except those saved meanwhile, and return how many were written."""
    written = 0
    for text, forms_of_text, seen in translations:
        saved = save_text(text, language, forms_of_text, seen=seen, by=by)
        written += isinstance(saved, Saved) and saved.version.number > seen
    return written
