"""Check the files of an edition as a whole: problems, contradictions, and notes."""

from dataclasses import dataclass
from pathlib import Path

from standards.drafts.edition_checks import check_bands, check_outcomes
from standards.drafts.fields import write_texts
from standards.drafts.hard_texts import find_hard_texts
from standards.drafts.links import find_dead_places
from standards.editions.files.entry_reader import note_draft_problems, place_in_file, place_of_text
from standards.editions.files.reading import EditionReading, read_files


@dataclass(frozen=True)
class CheckedEdition:
    """The result of checking an edition. `summary` has the parts read, and an example that leads to each outcome.

    `problems` must be fixed; `notes` need not.
    """

    summary: tuple[str, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def check_edition(path: str | Path) -> CheckedEdition:
    """Read and check an edition. Raises MalformedEdition if the path has none."""
    reading = read_files(path)
    summary, notes = [_count(reading)], list(reading.notes)
    texts = write_texts(reading.text)
    note_draft_problems(find_dead_places(texts, reading.framework), reading.reader)
    if reading.is_sound:
        outcome_check = check_outcomes(reading.framework)
        note_draft_problems(iter(outcome_check.problems), reading.reader)
        notes += [
            f"{reading.source.show(place_in_file(finding.where, reading.reader))}: {finding.sentence}"
            for finding in outcome_check.undecided
        ]
        summary += [f"Outcome {code}, for example: {example}." for code, example in outcome_check.examples.items()]
    else:
        note_draft_problems(check_bands(reading.framework), reading.reader)
        notes.append("Conditions and outcomes are looked at once what stands below is corrected.")
    notes += [
        f"{reading.source.show(place_of_text(finding, reading.reader))}: {finding.sentence}"
        for finding in find_hard_texts(texts)
    ]
    return CheckedEdition(tuple(summary), tuple(notes), tuple(reading.reader.sorted_problems(reading.source.show)))


def _count(reading: EditionReading) -> str:
    """Return a sentence with the numbers of parts read, so that an editor notices missing ones."""
    domains = reading.text.domains
    standards = [standard for domain in domains for standard in domain.parts]
    indicators = sum(len(standard.parts) for standard in standards)
    codes = ", ".join(domain.code or "?" for domain in domains)
    return (
        f"Edition {reading.text.fields['code'] or '?'}: domains {codes or 'none'} from {reading.source.name}, "
        f"{_number(len(standards), 'standard')}, {_number(indicators, 'indicator')}, "
        f"{_number(len(reading.text.outcomes), 'outcome')}."
    )


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
