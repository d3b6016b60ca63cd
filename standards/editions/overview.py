"""The overview of an edition for its editors: its parts in order, with their problems and their translations."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from wagtail.models import Page

from standards.drafts.edition_checks import place_of
from standards.editions.languages.marks import read_marks
from standards.editions.languages.progress import TextState, read_languages, states_of_wording
from standards.editions.page_reader import Tree, read_tree
from standards.editions.release_reasons import ReleaseProblem, find_part_problems
from standards.framework import Wording, parse_wording
from standards.models import EditionPage, EditionWording, IndicatorPage


@dataclass(frozen=True)
class LanguageProgress:
    """The numbers of texts of a part, by their state in the language with this code."""

    code: str
    states: Mapping[TextState, int]

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def done(self) -> int:
        """The number of translated texts, including reviewed ones."""
        return self.states.get(TextState.DONE, 0) + self.reviewed

    @property
    def reviewed(self) -> int:
        return self.states.get(TextState.REVIEWED, 0)

    @property
    def stale(self) -> int:
        return self.states.get(TextState.STALE, 0)


@dataclass(frozen=True)
class PartOverview:
    """A domain, a standard or an indicator. `page` is its page; `problems` are its own."""

    where: str
    code: str
    title: str
    page: Page
    problems: tuple[ReleaseProblem, ...] = ()
    languages: tuple[LanguageProgress, ...] = ()
    parts: tuple["PartOverview", ...] = ()
    indicator: IndicatorPage | None = None
    obligation: str = ""
    """The name of an indicator's obligation."""
    group: str = ""
    """The name of the group that starts with a domain, empty if none does."""

    @cached_property
    def indicators(self) -> int:
        """The number of indicators in it."""
        return sum(part.indicators for part in self.parts) + (self.indicator is not None)

    @cached_property
    def problems_count(self) -> int:
        """The number of its problems, with those of its parts."""
        return len(self.problems) + sum(part.problems_count for part in self.parts)

    @property
    def is_draft(self) -> bool:
        """Whether its page has changes that are not published."""
        return bool(self.page.has_unpublished_changes or not self.page.live)


@dataclass(frozen=True)
class EditionOverview:
    """The overview of an edition. `problems` are those of its own page: its scale, its rule, its texts."""

    page: EditionPage
    domains: tuple[PartOverview, ...]
    problems: tuple[ReleaseProblem, ...]
    languages: tuple[LanguageProgress, ...]
    """The progress of the whole edition in each language that has pages or a published wording of it."""

    @property
    def standards(self) -> int:
        return sum(len(domain.parts) for domain in self.domains)

    @property
    def indicators(self) -> int:
        return sum(domain.indicators for domain in self.domains)

    @property
    def problems_count(self) -> int:
        return len(self.problems) + sum(domain.problems_count for domain in self.domains)


def read_progress(edition: EditionPage) -> dict[str, LanguageProgress]:
    """Return the progress of the whole edition in each language that has pages or a published wording of it."""
    states = read_states(read_tree(edition))
    return {code: LanguageProgress(code, Counter(found.values())) for code, found in states.items()}


def read_overview(edition: EditionPage) -> EditionOverview:
    """Return the overview of an edition. The number of queries depends only on the number of languages."""
    return _Overview(read_tree(edition)).read()


@dataclass
class _Overview:
    tree: Tree
    problems: dict[str, list[ReleaseProblem]] = field(default_factory=dict)
    states: dict[str, dict[str, Counter[TextState]]] = field(default_factory=dict)
    """The number of texts in each state, by language and by place."""

    @cached_property
    def obligations(self) -> dict[str, str]:
        """The names of the obligations by code."""
        return {part.code: part.fields["name"] for part in self.tree.text.obligations}

    @cached_property
    def groups(self) -> dict[str, str]:
        """The name of the group that starts with a domain, by the code of the domain."""
        names = {part.code: part.fields["name"] or part.code for part in self.tree.text.groups}
        return {domain: names[group.code] for domain, group in self.tree.framework.group_starting_with.items()}

    def read(self) -> EditionOverview:
        for problem in find_part_problems(self.tree):
            self.problems.setdefault(problem.where, []).append(problem)
        self.states = {code: _count_by_place(states) for code, states in read_states(self.tree).items()}
        domains = tuple(self._domains())
        own = [problem for where in self.problems if where not in self.tree.places for problem in self.problems[where]]
        whole = tuple(LanguageProgress(code, sum(states.values(), Counter())) for code, states in self.states.items())
        return EditionOverview(self.tree.edition, domains, tuple(own), whole)

    def _domains(self) -> Iterator[PartOverview]:
        for domain in self.tree.domains:
            standards = tuple(
                self._part(
                    f"standard/{standard.code}",
                    standard.code,
                    standard.title,
                    standard,
                    tuple(map(self._indicator, self.tree.indicators.get(standard.path, ()))),
                )
                for standard in self.tree.standards.get(domain.path, ())
            )
            part = self._part(f"domain/{domain.code}", domain.code, domain.title, domain, standards)
            yield replace(part, group=self.groups.get(domain.code, ""))

    def _indicator(self, indicator: IndicatorPage) -> PartOverview:
        part = self._part(f"indicator/{indicator.code}", indicator.code, indicator.wording, indicator)
        return replace(part, indicator=indicator, obligation=self.obligations.get(indicator.obligation, ""))

    def _part(
        self,
        where: str,
        code: str,
        title: str,
        page: Page,
        parts: tuple[PartOverview, ...] = (),
    ) -> PartOverview:
        problems = tuple(self.problems.get(where, ()))
        return PartOverview(where, code, title, page, problems, self._languages(where, parts), parts)

    def _languages(self, where: str, parts: Iterable[PartOverview]) -> tuple[LanguageProgress, ...]:
        """Return the progress of a part, including the parts below it, in each language."""
        below = [{progress.code: Counter(progress.states) for progress in part.languages} for part in parts]
        return tuple(
            LanguageProgress(code, sum((part[code] for part in below), Counter(states.get(where, {}))))
            for code, states in self.states.items()
        )


def read_states(tree: Tree) -> dict[str, dict[str, TextState]]:
    """Return the state of each text by path, in each language that has pages or a published wording of the edition."""
    return {code: found.states for code, found in read_languages(tree).items()} | _published_states(tree)


def _published_states(tree: Tree) -> dict[str, dict[str, TextState]]:
    """Return the states of the published wordings. Every text of one is done, or reviewed if it has the mark."""
    wordings = EditionWording.objects.filter(edition__code=tree.edition.code).values_list("language", "payload")
    texts = {language: parse_wording(payload) for language, payload in wordings}
    source = texts.pop(tree.edition.source_language, Wording())
    marks = read_marks(texts)
    return {
        language: states_of_wording(tree.framework, source, own, marks[language]) for language, own in texts.items()
    }


def _count_by_place(states: Mapping[str, TextState]) -> dict[str, Counter[TextState]]:
    found: dict[str, Counter[TextState]] = {}
    for path, state in states.items():
        found.setdefault(place_of(path)[0], Counter())[state] += 1
    return found
