"""The version of a report for the public: what it leaves out, and the names that it replaces.

No version for the public has what the hotline wrote, who carries out a recommendation, what will be looked for, the
names of the visit's team, or the names of files. A summary has no finding except good practice, and no recommendation.
In every text that is left, the names of the hotline's staff are replaced.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Self

from django.utils import translation
from django.utils.translation import gettext as _

from evaluation.models import Agenda, Decision, Extent, Hotline, Invitation, Membership, Recommendation
from evaluation.models.panel.fulfilment import PublicCondition
from reports.document import Facts
from reports.fact_reader import read_facts
from standards.presentation.folding import Part, fold

SHORTEST = 4
"""The fewest letters of a part of a name that is replaced where it stands alone."""
_WORD = re.compile(r"[^\W\d_][^\W\d_\u0300-\u036f\u00ad]*(?:[\u0300-\u036f\u00ad]+[^\W\d_]*)*")
_BETWEEN = re.compile(r"[\s\u00a0]|[-.'’_]|\.[ \u00a0]")
"""What stands between two parts of the same name."""
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_SHORT_ENDING = re.compile(r"[aeiouy]{0,2}|em|om|ej|in|s")
_PERSON = re.compile(r"\b[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+(?: (?:[a-z]{2,3} )*[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+)+")
"""A name in a free text: words with a capital letter in a row."""


class StaffNames:
    """The names of the people of a hotline, as they are found in texts.

    A name is found as a whole, and by each part of at least four letters, also with another ending: `Kowalska` is found
    in `Kowalskiej`, `Marin` in `Marin’s`. Accents do not matter. A part begins with a capital letter, or has six
    letters. An e-mail address that contains a part of a name is found as a whole.

    Not found are people who never had a role at the hotline, nor an invitation, and are not named in an agenda or as
    who carries out a recommendation; nicknames; initials alone; names whose stem changes, such as `Marka` for `Marek`;
    names in another alphabet; and misspelt names. Words that are also a name, such as `Rose`, are replaced.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._stems: set[str] = set()
        self._short: set[str] = set()
        self._whole: set[tuple[str, ...]] = set()
        for name in names:
            parts = [fold(found[0]) for found in _WORD.finditer(name)]
            long = [part for part in parts if len(part) >= SHORTEST]
            self._stems |= {part[:-1] if part[-1] in "aeiouy" else part for part in long}
            self._short |= {part for part in parts if part not in long}
            if len(parts) > 1 and not long:
                self._whole.add(tuple(parts))

    @classmethod
    def of(cls, hotline: Hotline) -> Self:
        """Return the names of everybody who has or had a role at the hotline or was invited, and of those named by it."""
        names = [*Membership.objects.filter(hotline=hotline).order_by().values_list("user__name", flat=True)]
        names += Invitation.objects.filter(hotline=hotline).order_by().values_list("name", flat=True)
        owners = Recommendation.objects.filter(evaluation__hotline=hotline).exclude(owner="").order_by()
        texts = [*owners.values_list("owner", flat=True)]
        agendas = (
            Agenda.objects.filter(visit__evaluation__hotline=hotline).order_by().values_list("sessions", flat=True)
        )
        texts += [session.get("people", "") for sessions in agendas for session in sessions]
        return cls([*names, *(found[0] for text in texts for found in _PERSON.finditer(text))])

    def replace(self, text: str, word: str) -> str:
        """Return the text with `word` in place of each name."""
        return "".join(word if part.is_found else part.text for part in self.split(text))

    def split(self, text: str) -> tuple[Part, ...]:
        """Return the text in parts; names are parts with `is_found`. Together they are the text."""
        parts, end = [], 0
        for start, stop in self._places(text):
            if start > end:
                parts.append(Part(text[end:start]))
            parts.append(Part(text[start:stop], is_found=True))
            end = stop
        if end < len(text):
            parts.append(Part(text[end:]))
        return tuple(parts)

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the start and the end of each name in order, without overlaps."""
        words = list(_WORD.finditer(text))
        folded = [fold(word[0]) for word in words]
        found = {number for number, word in enumerate(words) if self._is_part(word[0], folded[number])}
        for whole in self._whole:
            for first in range(len(words) - len(whole) + 1):
                if tuple(folded[first : first + len(whole)]) == whole and words[first][0][0].isupper():
                    found |= set(range(first, first + len(whole)))
        self._add_neighbours(text, words, folded, found)
        spans = [words[number].span() for number in sorted(found)]
        for address in _ADDRESS.finditer(text):
            if any(address.start() <= start < address.end() for start, _stop in spans):
                spans.append(address.span())
        last: tuple[int, int] | None = None
        for start, stop in sorted(spans):
            if last and (start <= last[1] or _BETWEEN.fullmatch(text[last[1] : start])):
                last = last[0], max(last[1], stop)
                continue
            if last:
                yield last
            last = start, stop
        if last:
            yield last

    def _add_neighbours(self, text: str, words: list[re.Match[str]], folded: list[str], found: set[int]) -> None:
        """Add the short parts of names and the initials that stand beside a found part."""
        for numbers in (range(len(words)), range(len(words) - 1, -1, -1)):
            for number in numbers:
                is_initial = len(words[number][0]) == 1 and words[number][0].isupper()
                if number in found or not (is_initial or folded[number] in self._short):
                    continue
                for other in (number - 1, number + 1):
                    first, second = sorted((number, other))
                    if other in found and _BETWEEN.fullmatch(text[words[first].end() : words[second].start()]):
                        found.add(number)

    def _is_part(self, word: str, folded: str) -> bool:
        for length in range(min(len(folded), 3), len(folded) + 1):
            if folded[:length] not in self._stems:
                continue
            ending = folded[length:]
            if length == 3:
                fits = word[0].isupper() and bool(_SHORT_ENDING.fullmatch(ending))
            else:
                fits = len(ending) <= (3 if length == 4 else 4) and (word[0].isupper() or length >= 6)
            if fits:
                return True
        return False


def replacement(language: str) -> str:
    """Return what stands in place of a name, in a language."""
    with translation.override(language):
        return _("a member of staff")


@dataclass(frozen=True, slots=True)
class FreeText:
    """A text that a person wrote and that becomes public: what it is, its indicator, and its parts with the names."""

    kind: str
    code: str
    parts: tuple[Part, ...]

    @property
    def replaced(self) -> int:
        """How many names in it are replaced."""
        return sum(part.is_found for part in self.parts)


@dataclass(slots=True)
class _Hiding:
    """Replaces names, and keeps each text that it was given."""

    names: StaffNames
    word: str
    texts: list[FreeText] = field(default_factory=list)

    def __call__(self, kind: str, code: str, text: str) -> str:
        parts = self.names.split(text)
        if text.strip():
            self.texts.append(FreeText(kind, code, parts))
        return "".join(self.word if part.is_found else part.text for part in parts)


def publish_facts(facts: Facts, extent: str, names: StaffNames, word: str) -> tuple[Facts, list[FreeText]]:
    """Return the facts of the version for the public, and the texts in it that people wrote."""
    hide, is_whole = _Hiding(names, word), extent == Extent.WHOLE
    decision = replace(
        facts.decision,
        reasons=hide("reasons", "", facts.decision.reasons),
        demands=tuple(replace(one, text=hide("condition", one.code, one.text)) for one in facts.decision.demands),
    )
    findings = {
        code: replace(one, words=hide("finding", code, one.words) if is_whole or one.good_practice else "")
        for code, one in facts.findings.items()
    }
    recommendations = tuple(
        replace(
            one,
            title=hide("recommendation", one.code, one.title),
            text=hide("recommendation", one.code, one.text),
            look_for="",
            owner="",
        )
        for one in (facts.recommendations if is_whole else ())
    )
    public = replace(
        facts,
        extent=extent,
        visit=facts.visit and replace(facts.visit, lead="", team=()),
        decision=decision,
        answers={},
        findings=findings,
        response=None,
        recommendations=recommendations,
        files=tuple(replace(file, name="") for file in facts.files),
    )
    return public, hide.texts


def read_public_facts(decision: Decision, language: str, extent: str, *, issue: int = 1) -> Facts:
    """Return the present facts of the version for the public."""
    names = StaffNames.of(decision.evaluation.hotline)
    return publish_facts(read_facts(decision, language, issue=issue), extent, names, replacement(language))[0]


def read_public_texts(decision: Decision, language: str, extent: str) -> list[FreeText]:
    """Return every text that people wrote and that becomes public to this extent, with the names in it."""
    names = StaffNames.of(decision.evaluation.hotline)
    if extent == Extent.OUTCOME:
        conditions = decision.public_conditions
        return [FreeText("condition", one.code, names.split(one.text)) for one in conditions]
    return publish_facts(read_facts(decision, language), extent, names, replacement(language))[1]


def conditions_for_public(decision: Decision, language: str, names: StaffNames | None = None) -> list[PublicCondition]:
    """Return the conditions of a decision, without the names of the hotline's staff, which are read unless given."""
    conditions = decision.public_conditions
    if not conditions:
        return []
    names, word = names or StaffNames.of(decision.evaluation.hotline), replacement(language)
    return [replace(one, text=names.replace(one.text, word)) for one in conditions]
