"""Error messages for the user's answers about an export, by field."""

from typing import Any

from django.utils.translation import gettext as _

from evaluation.figures.mapping import MappingSuggestion, Matched, Period, WordQuestion
from evaluation.figures.mapping.column_mapping import UNIT
from evaluation.figures.mapping.words.fields import label
from evaluation.figures.mapping.words.uses import open_dimensions
from evaluation.figures.problems.file_problems import describe_problem
from evaluation.figures.validation.waiting_times import WAIT
from portal.figures.mapping import answers as form
from portal.figures.mapping.preview import find_impossible_times


def find_errors(understood: MappingSuggestion, period: Period | None, post: Any) -> dict[str, str]:
    """Return an error message for each missing answer, by field."""
    number_of = {column.name: column.number for column in understood.columns}
    field_of = {
        (word_question.list, word_question.word): form.word_field(word_question.list, word_question.word)
        for word_question in understood.words
    }
    errors: dict[str, str] = {}
    for question in understood.questions:
        if question.about == "column":
            text = _("“%(column)s”: say what this column means, or leave it out.")
            errors[f"use_{number_of[question.column]}"] = text % {"column": question.column}
        elif question.about == "names":
            text = _("“%(column)s”: look into it, and say that it holds no names of people. Else delete the file.")
            errors[f"vouched_{number_of[question.column]}"] = text % {"column": question.column}
        elif question.about == "words":
            text = _(
                "“%(column)s”: most of its words are left out or say nothing. Say what they mean, or take these rows "
                "out of the export."
            )
            errors[f"use_{number_of[question.column]}"] = text % {"column": question.column}
        elif question.about == "word":
            for word_question in understood.words:
                if (word_question.list, word_question.word) == (question.list, question.word):
                    text = _what_to_say(word_question)
                    errors[field_of[word_question.list, word_question.word]] = text % {"word": question.word}
        elif question.about == "field":
            text = _("No column says “%(field)s”. Choose its column, or what it is in every row.")
            errors[f"same_{question.list}"] = text % {"field": label(question.list)}
        elif question.about == "marks":
            errors["marks"] = _("Say how the numbers are written: they can be read in two ways.")
        elif question.about == "order":
            errors["order"] = _("Say how the dates are written: they can be read in two ways.")
    if period is None and not post.get("period"):
        errors["period"] = _("Choose the period of this file.")
    elif period is None:
        errors["year"] = _("Write the year of this file with four digits, like 2026.")
    if "definition_set" in post and post["definition_set"].strip() != understood.mapping.constants["definition_set"]:
        errors["definition_set"] = _("The definitions are a version, like 1.0, of at most 20 letters and digits.")
    return errors


def _what_to_say(question: WordQuestion) -> str:
    if question.list == UNIT:
        return _("“%(word)s”: say in which unit of time it is written.")
    if question.list == "item" and open_dimensions(question.code):
        return _(
            "“%(word)s” is a total, and this figure is recorded by its parts only. Leave these rows out, or send a table "
            "that says which part each row is."
        )
    return _("“%(word)s”: say what it means.")


def find_wrong_units(matched: Matched, understood: MappingSuggestion) -> dict[str, str]:
    """Return errors caused by a wrong unit of time, so that it can be corrected before the mapping is saved."""
    sentences = [describe_problem(problem) for problem in find_impossible_times(matched)]
    if not sentences:
        return {}
    of_figures = {question.word: question.code for question in understood.words if question.list == "item"}
    uses_ = understood.mapping.columns
    for question in understood.words:
        meant = of_figures.get(question.word) or uses_.get(question.word, "")
        if question.list == UNIT and meant in (WAIT, "wait_seconds"):
            return {form.word_field(question.list, question.word): sentences[0]}
    columns = [c.number for c in understood.columns if c.use in (WAIT, "wait_seconds", "value")]
    return {f"use_{columns[0]}" if columns else "level": sentences[0]}
