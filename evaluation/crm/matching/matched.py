"""What every matched export has: the lines on top, and its own words for what is wrong with it. Pure."""

from abc import abstractmethod
from dataclasses import replace
from datetime import UTC, datetime

from evaluation.crm.dictionary import SCHEMA_VERSION, header_fields
from evaluation.crm.matching.meaning import Meaning, Period
from evaluation.crm.matching.times import UNIT
from evaluation.crm.matching.tokens import spell
from evaluation.crm.matching.vocabulary import words_for_columns
from evaluation.crm.opening import Opened
from evaluation.crm.problems import Problem


class Matched(Opened):
    """An `Opened` in the published form."""

    is_published = True

    def __init__(self, opened: Opened, meaning: Meaning, hotline_code: str, period: Period, moment: datetime) -> None:
        self.opened = opened
        self.meaning = meaning
        self.hotline_code = hotline_code
        self.period = period
        self.names_row = opened.names_row
        self.uses = tuple(meaning.use_of(name) for name in opened.names)
        start, end = (day.isoformat() for day in period)
        said = {
            "schema_version": SCHEMA_VERSION,
            "hotline_code": hotline_code,
            "period_start": start,
            "period_end": end,
            "level": meaning.level,
            "generated_at": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **{name: text for name, text in meaning.constants.items() if name in header_fields()},
        }
        self.top = tuple(f"# {name}: {said[name]}" for name in header_fields() if name in said)

    def in_own_words(self, problem: Problem) -> Problem:
        """The same problem, with the column as it is in the hotline's own export."""
        own = self.own_column(problem)
        return replace(problem, column=own) if own else problem

    def unit_of(self, heading: str) -> str:
        """In which unit of time the numbers under a heading are, as a person said; nothing where there is no need."""
        return self.meaning.codes.get(UNIT, {}).get(heading, "")

    def told(self, place: int) -> str:
        """How a column is named in a problem, which is kept: as it is written if we know the word, else by its number."""
        name = self.opened.names[place]
        return name if spell(name) in words_for_columns(self.meaning.level) else str(place + 1)

    @abstractmethod
    def own_column(self, problem: Problem) -> str | None:
        """The hotline's own column that a problem is about, as it is told."""
