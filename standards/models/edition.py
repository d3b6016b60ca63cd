"""A released edition, its structure and its texts in each language, and the digests of frozen rows. All are frozen."""

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from standards.framework import Framework, Wording, parse_framework, parse_wording
from standards.presentation.outcome_names import usual_name
from standards.presentation.reading_language import content_language
from standards.presentation.sentences import Passage


class Texts:
    """The texts of an edition for a reader: in their language if it is published, or else in the source language.

    Outcomes with a common English name are translated, even if the edition is not published in the reader's language.
    """

    def __init__(
        self,
        language: str,
        wording: Wording,
        source_language: str,
        source: Wording,
        *,
        reader: str = "",
        digests: tuple[str, ...] = (),
    ) -> None:
        self.language, self._wording, self._reader = language, wording, reader or language
        self.source_language, self._source = source_language, source
        self.digests = digests
        """The digests of the structure and of both wordings of a released edition; empty for a draft."""

    def __getitem__(self, path: str) -> Passage:
        text = self._wording.get(path)
        if text and (self.language == self._reader or not path.startswith("outcome/")):
            return Passage(text, self.language)
        source = self._source.get(path, "")
        if path.startswith("outcome/") and self.source_language == "en" and (name := usual_name(source, self._reader)):
            return Passage(name, self._reader)
        return Passage(source, self.source_language)

    @property
    def translated(self) -> tuple[Wording, Wording]:
        """The source wording and the translated one. Both are the source for a reader of the source."""
        return self._source, self._wording


_FRAMEWORKS: dict[str, Framework] = {}
_WORDINGS: dict[str, Wording] = {}
"""The caches of frameworks and wordings, by digest. They need no expiry, as editions are few and frozen."""


class Edition(models.Model):
    """The structure of a released edition, as canonical JSON with its sha256."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    structure = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    source_language = models.CharField(max_length=10, default="en")
    is_sample = models.BooleanField(default=False)
    """Whether it is a sample instead of MCE's own wording. Every page then shows a note."""
    released_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-released_at"]

    def __str__(self) -> str:
        return self.code

    @property
    def framework(self) -> Framework:
        """The parsed structure, cached in the process by its digest."""
        if self.sha256 not in _FRAMEWORKS:
            _FRAMEWORKS[self.sha256] = parse_framework(self.structure)
        return _FRAMEWORKS[self.sha256]

    def texts(self, language: str) -> Texts:
        """Return the texts for a reader of `language`, a language of the site, or an active one such as `en-x-el`.

        Runs one short query, and another one on the first call in a process. Cached on the instance until a wording is
        published through it.
        """
        language = content_language(language)
        if language not in self._texts:
            self._texts[language] = self._read_texts(language)
        return self._texts[language]

    @cached_property
    def _texts(self) -> dict[str, Texts]:
        return {}

    def clear_cached_texts(self) -> None:
        """Clear what `texts` has cached on the instance, after a wording was published."""
        self._texts.clear()

    def _read_texts(self, language: str) -> Texts:
        wanted = self.wordings.filter(language__in={language, self.source_language})
        digests = dict(wanted.values_list("language", "sha256"))
        if any(sha256 not in _WORDINGS for sha256 in digests.values()):
            _WORDINGS.update(
                (sha256, parse_wording(payload)) for sha256, payload in wanted.values_list("sha256", "payload")
            )
        source = _WORDINGS[digests[self.source_language]]
        known = language if language in digests else self.source_language
        return Texts(
            known,
            _WORDINGS[digests[known]],
            self.source_language,
            source,
            reader=language,
            digests=(self.sha256, digests[known], digests[self.source_language]),
        )


class EditionWording(models.Model):
    """The texts of an edition in one language, frozen when they were published."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="wordings")
    language = models.CharField(max_length=10)
    payload = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["edition", "language"], name="one_wording_a_language")]

    def __str__(self) -> str:
        return f"{self.edition} ({self.language})"


class SealedRow(models.Model):
    """The digest of one row of a table in `standards.frozen.SEALED`, stored by a trigger when the row is frozen."""

    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    columns = models.TextField()
    """The columns under the digest, separated by commas: those that the table had then."""
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table_name", "row_id"], name="one_digest_a_row")]

    def __str__(self) -> str:
        return f"{self.table_name}/{self.row_id}"
