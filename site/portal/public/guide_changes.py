"""The public comparison of two released editions of the Guide, by domain and standard, word by word."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.public.guide import reader_language, render_page
from standards.editions.compared import of_release, read_mapping
from standards.editions.comparison import Comparison, Kind, Part, PartChanges, compare_editions
from standards.models import Edition
from standards.models.tree import slug_of
from standards.presentation.condition_sentences import name_of
from standards.public_guide.changes import ChangeReader, ShownChange, describe_kind
from standards.public_guide.reader import Reading


@dataclass(frozen=True, slots=True)
class KindCount:
    """The number of parts with a change of one kind."""

    kind: Kind
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A domain, a standard or an indicator with its changes and its changed parts. `url` is where it is read."""

    code: str
    title: Any
    url: str
    kinds: tuple[tuple[Kind, str], ...]
    changes: tuple[ShownChange, ...]
    parts: tuple["ChangedPart", ...]


@require_safe
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """Compare an edition with the one before it, or with an earlier one named in the query string."""
    now = get_object_or_404(Edition, code=code)
    earlier = list(Edition.objects.filter(released_at__lt=now.released_at))
    if not earlier:
        raise Http404
    before = next((edition for edition in earlier if edition.code == request.GET.get("from")), earlier[0])
    mapping = read_mapping(of_release(before), of_release(now))
    comparison = compare_editions(mapping.before, mapping.now, mapping.related())
    wanted = request.GET.get("kind", "")
    kind = Kind(wanted) if wanted in tuple(Kind) else None
    shown = _Shown(before, now, comparison)
    context = {
        "edition": Reading.of(now, reader_language()).edition(),
        "before": before,
        "earlier": earlier,
        "kind": kind,
        "counts": [KindCount(one, describe_kind(one), comparison.counts[one]) for one in Kind],
        "is_empty": comparison.is_empty,
        "same": comparison.same,
        "of_edition": shown.of_edition(kind),
        "domains": shown.parts(comparison.only(kind).domains),
    }
    return render_page(request, "changes_page", context)


class _Shown:
    """A comparison in the reader's language, with the addresses at which the parts are read."""

    def __init__(self, before: Edition, now: Edition, comparison: Comparison) -> None:
        self.comparison, self.editions = comparison, (before, now)
        self.texts = before.texts(reader_language()), now.texts(reader_language())
        languages = before.source_language, now.source_language
        self.reader = ChangeReader(comparison.before, comparison.now, languages, self.texts)

    def of_edition(self, kind: Kind | None) -> list[ShownChange]:
        """Return the changes of the edition itself, of one kind or of all."""
        return [self.reader.of_edition(change) for change in self.comparison.changes if kind in (None, change.kind)]

    def parts(self, parts: Iterable[PartChanges]) -> tuple[ChangedPart, ...]:
        return tuple(map(self._part, parts))

    def _part(self, found: PartChanges) -> ChangedPart:
        part, side = found.part, 1 if found.now else 0
        name = "wording" if part.kind == "indicator" else "title"
        return ChangedPart(
            part.code,
            name_of(self.texts[side], f"{part.path}/{name}"),
            _address(self.editions[side].code, part),
            tuple((kind, describe_kind(kind)) for kind in Kind if kind in found.kinds),
            tuple(
                self.reader.of_part(change, found.before, found.now)
                for change in found.changes
                if change.kind not in (Kind.ADDED, Kind.REMOVED)
            ),
            self.parts(found.parts),
        )


def _address(edition: str, part: Part) -> str:
    if part.kind == "domain":
        return reverse("pages:guide_domain", args=[edition, slug_of(part.code)])
    standard = part if part.kind == "standard" else part.parent
    assert standard is not None
    assert standard.parent is not None  # a standard is in a domain
    place = [edition, slug_of(standard.parent.code), slug_of(standard.code)]
    anchor = f"#i{part.code}" if part.kind == "indicator" else ""
    return reverse("pages:guide_standard", args=place) + anchor
