"""Match an export in a hotline's own columns and words to the published format, once a user has confirmed how.

`suggest_mapping` returns the probable mapping of an export and the questions that only a user can answer; `match`
converts the export to the published format. No guess is used before a user confirms it as part of a `ColumnMapping`,
which is then saved:

    saved = ColumnMapping.from_data(row.meaning)     # the newest of this signature, or None
    found = suggest_mapping(opened, saved)
    found.problems                                  # columns and cells that must be removed from the export first
    found.questions                                 # a user must answer these, whatever the certainty of the guesses
    match(opened, found.mapping, hotline_code=..., period=found.period, moment=...)   # an Opened in the published form
"""

from evaluation.figures.mapping.code_words import Answers, WordQuestion
from evaluation.figures.mapping.column_mapping import ColumnMapping, NumberMarks, Period, nearest_mapping, signature
from evaluation.figures.mapping.suggestions import Column, MappingSuggestion, Question, suggest_mapping
from evaluation.figures.mapping.tables.matched import Matched, RowQuestion
from evaluation.figures.mapping.tables.rewriting import covered_period, first_times, match
from evaluation.figures.mapping.words.vocabulary import Certainty

__all__ = [
    "Answers",
    "Certainty",
    "Column",
    "ColumnMapping",
    "MappingSuggestion",
    "Matched",
    "NumberMarks",
    "Period",
    "Question",
    "RowQuestion",
    "WordQuestion",
    "covered_period",
    "first_times",
    "match",
    "nearest_mapping",
    "signature",
    "suggest_mapping",
]
