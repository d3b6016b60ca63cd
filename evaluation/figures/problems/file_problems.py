"""Define the problems of a file, as codes and locations, and their sentences. They never contain a cell's content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from evaluation.figures.dictionary.items import code_name, items
from evaluation.figures.problems.export_problems import OF_EXPORTS


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `row` counts from 1, as in a spreadsheet. `params` are codes and counts, never content of the file.

    The params of a warning may contain figures, as the draft with the figures is stored, too.
    """

    code: str
    row: int | None = None
    column: str | None = None
    item: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return plain data for JSON; `from_data` is its inverse."""
        data = {"code": self.code, "row": self.row, "column": self.column, "item": self.item}
        return {key: value for key, value in data.items() if value is not None} | (
            {"params": dict(self.params)} if self.params else {}
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Problem":
        return cls(data["code"], data.get("row"), data.get("column"), data.get("item"), data.get("params", {}))


VALUES = ("now", "then")
"""The params of a warning with the two numbers that differ, that of this file first, as `plain_digits` formats them."""


def plain_digits(number: Decimal | Fraction) -> str:
    """Return a figure as exact digits; one that four decimals do not express exactly with one decimal."""
    scaled = Fraction(number) * 10_000
    exact = Decimal(scaled.numerator) / 10_000 if scaled.denominator == 1 else Decimal(int(Fraction(number) * 10)) / 10
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _format_number(digits: str) -> str:
    return number_format(digits, use_l10n=True, force_grouping=True)


def describe_problem(problem: Problem) -> str:
    """Return the translated sentence: what is wrong, then what to do."""
    if problem.code == "more_problems":
        count = int(problem.params["count"])
        return ngettext(
            "There is %(count)d more thing to put right. Correct these first.",
            "There are %(count)d more things to put right. Correct these first.",
            count,
        ) % {"count": count}
    params = dict(problem.params)
    if "code" in params:
        params["code_name"] = str(code_name(str(params["list"]), str(params["code"])))
    if "level" in params:
        params["level_name"] = str(code_name("level", str(params["level"])))
    for key in VALUES:
        params[key] = _format_number(str(params[key])) if key in params else "–"
    for key in ("item", "other"):
        code = problem.item if key == "item" else params.get("other")
        if code:
            params[f"{key}_name"] = str(items()[str(code)].name)
    return str(SENTENCES[problem.code]) % {
        "row": problem.row,
        "column": problem.column,
        "item": problem.item,
        **params,
    }


SENTENCES = {
    # upload
    "spool_expired": _("The file waited for more than %(minutes)d minutes and was removed, unread. Send it again."),
    "whose_export": _(
        "The file has columns of its own and does not say whose it is. "
        "Upload it on the site, on the page of the hotline, or name the hotline in the command with --hotline."
    ),
    "reading_broken": _(
        "Reading the file broke off for a reason of ours. Nothing of it was kept. "
        "Send it again, and tell Missing Children Europe if that does not help."
    ),
    "rows_lost": _(
        "The file has %(in_file)d rows, and reading it gives account of %(told)d, for a reason of ours. Nothing of it was "
        "kept. Tell Missing Children Europe; nothing is wrong with your file."
    ),
    # the file as a whole
    "empty_file": _("The file is empty. Export it again."),
    "too_large": _(
        "The file is larger than %(megabytes)d MB, the most that is taken this way. "
        "Export totals, or a shorter period, such as a month."
    ),
    "too_many_rows": _(
        "The file has more than %(limit)d rows, the most that is read. Export a shorter period, such as a month."
    ),
    "too_many_totals": _(
        "The file has more than %(limit)d rows. A file of totals has far fewer: "
        "export totals, or write its level as contact or case."
    ),
    "too_many_columns": _(
        "Row %(row)d names more than %(limit)d columns. Export only the columns that say something about figures."
    ),
    "too_many_loaded_cells": _(
        "The file has more than %(limit)d cells, too many to read in this format. Save it as “CSV UTF-8” and send that."
    ),
    "loaded_too_large": _(
        "The file is larger than %(megabytes)d MB, too large to read in this format. "
        "Save it as “CSV UTF-8” and send that."
    ),
    "workbook_too_large": _(
        "Unpacked, the workbook is larger than %(megabytes)d MB. Save its table as “CSV UTF-8” and send that."
    ),
    "cell_too_long": _(
        "A cell of the workbook holds far too much text for a code or a number. Take the text out, or export the file again."
    ),
    "too_complex": _("Reading the file takes too much time or memory. Export it as CSV, or send shorter periods."),
    "workbook_broken": _(
        "The workbook is damaged and cannot be read. Open it, save it again as XLSX or ODS, or save it as “CSV UTF-8”."
    ),
    "workbook_entities": _(
        "The workbook holds instructions to write text that is not in it, which no spreadsheet program does. "
        "Save its table as “CSV UTF-8” and send that."
    ),
    "formula_without_result": _(
        "Cell %(place)s holds a formula whose result is not in the file. Open the file in Excel or LibreOffice, save it "
        "there, and send that."
    ),
    "workbook_locked": _("The workbook is locked with a password. Save it without one."),
    "workbook_other": _("This kind of workbook cannot be read. Save it as XLSX, ODS or “CSV UTF-8”."),
    "several_sheets": _(
        "The workbook has %(count)d sheets with something in them. Keep the one with the figures, or save it as CSV."
    ),
    "several_tables": _(
        "The page in the file has %(count)d tables. Keep the one with the figures, or export it as CSV or XLSX."
    ),
    "archive": _("The file is an archive. Take the file with the figures out of it and send that one."),
    "other_format": _(
        "The file is a document, a picture or a page, not a table. Send a table as CSV, XLSX, XLS, ODS or JSON."
    ),
    "json_broken": _("Row %(row)d is not written as JSON should be. Export the file again."),
    "json_shape": _(
        "The file is JSON without a list of rows. Write the rows as a list of objects, alone or as “rows” in an object."
    ),
    "json_header": _("“header” is not an object. Write it as an object with a value for each field."),
    "json_field_unknown": _(
        "Field %(row)d above the rows is not one of the header’s. Take it out; the description of the format has all."
    ),
    "json_deep": _("The file is JSON with lists inside lists. Write each row as an object of plain values."),
    "json_twice": _("Object %(row)d says one thing twice. Keep one of the two."),
    "json_row": _("Row %(row)d is not an object. Write each row as an object with a value for each column."),
    "json_cell": _(
        "Row %(row)d, column %(column)s, is not a plain value. Write a text, a number, true, false or null."
    ),
    "not_utf8": _("Row %(row)d has letters that cannot be read. Save the file as “CSV UTF-8”."),
    "encoding_unclear": _("Row %(row)d has letters that can be read in two ways. Save the file as “CSV UTF-8”."),
    "not_text": _("Row %(row)d has a character that is no text. Export the file again."),
    "delimiter_unclear": _(
        "Row %(row)d should hold the names of the columns, at least two, "
        "with one mark between them: commas, semicolons, tabs or bars."
    ),
    "line_too_long": _("Row %(row)d is far too long for a row of figures. Export the file again."),
    "quotation_open": _(
        "Row %(row)d opens a quotation mark that is never closed. Take it out, or export the file again."
    ),
    "cut_off": _("Row %(row)d, the last one, ends too early: the file is cut off. Export it again."),
    "too_many_cells": _("Row %(row)d has more cells than there are names of columns. Take the extra cells out."),
    "too_few_cells": _(
        "Row %(row)d has fewer cells than there are names of columns. Complete it, or take it out if it is a note."
    ),
    "no_rows": _("The file has no row of figures. Export it again."),
    "hotline_unknown": _("No hotline here has the code in this file. Look at the line “# hotline_code:”."),
    "other_hotline": _("The file is of another hotline. Look at the line “# hotline_code:”, or choose the right file."),
    # the header
    "fields_missing": _(
        "Missing on top of the file: %(fields)s. "
        "Add each as a line like “# level: aggregate”; the example file shows how."
    ),
    "field_unknown": _("Row %(row)d starts with # and names no known field. Take the line out."),
    "field_twice": _("Row %(row)d gives the field %(field)s a second time. Keep one of the two."),
    "schema_unknown": _("Row %(row)d: the schema_version must be %(known)s."),
    "hotline_code_unreadable": _("Row %(row)d: write the code of the hotline like 116000-BE."),
    "date_unreadable": _("Row %(row)d: write %(field)s as year-month-day, like 2026-01-31."),
    "period_unreadable": _(
        "Row %(row)d: the period must be one whole month, quarter or year, from its first day to its last."
    ),
    "header_code_unknown": _("Row %(row)d: %(field)s must be one of these: %(known)s."),
    "moment_unreadable": _("Row %(row)d: write generated_at as a time in UTC, like 2027-01-20T09:30:00Z."),
    "period_not_over": _("Row %(row)d: the file was generated before its period ended. Export it again afterwards."),
    "generated_later": _(
        "Row %(row)d: generated_at lies in the future. Set the clock of the system that exports, and export the file again."
    ),
    "period_too_early": _("Row %(row)d: period_start lies before the year %(year)d. Correct it."),
    "definitions_unreadable": _(
        "Row %(row)d: definition_set is a version, like 1.0, of at most 20 letters and digits."
    ),
    # the columns
    "columns_missing": _(
        "Row %(row)d holds the names of the columns, and these are missing: %(columns)s. The example file shows all."
    ),
    "column_unknown": _(
        "Column %(column)s, counted from the left, is not one of the columns of this format. "
        "Nothing else may be sent, so take the whole column out."
    ),
    "column_nameless": _(
        "Column %(column)s, counted from the left, has no name in row %(row)d. Name it or take it out."
    ),
    "column_twice": _("The column %(column)s stands twice in row %(row)d. Keep one of the two."),
    **OF_EXPORTS,
    # cells
    "formula": _(
        "Row %(row)d, column %(column)s, begins like a formula that a spreadsheet would run. "
        "Write the result and not the formula."
    ),
    "code_became_date": _(
        "Row %(row)d, column %(column)s, is a date: the spreadsheet made one of a code such as 1-5. "
        "Set the column’s format to text and write the code again."
    ),
    "looks_personal": _(
        "Row %(row)d, column %(column)s, looks like an e-mail address, a telephone number or a date of birth. "
        "Nothing about a person may be sent. Take it out of the file and of the export."
    ),
    "text_too_long": _(
        "Row %(row)d, column %(column)s, holds more than %(limit)d characters. Write a code, never free text."
    ),
    "row_of_other_hotline": _(
        "Row %(row)d is of another hotline than the top of the file says. Send one file for each hotline."
    ),
    "row_of_other_period": _(
        "Row %(row)d, column %(column)s, is of another period than the top of the file says. "
        "Send one file for each period, with dates written like 2026-01-31."
    ),
    "item_unknown": _("Row %(row)d: the item_code is not one of the items of this format, A01 to A58."),
    "dimension_wrong": _("Row %(row)d: %(item)s needs “%(expected)s” in the column %(column)s."),
    "dimension_unexpected": _("Row %(row)d: %(item)s is not divided like that. Leave the column %(column)s empty."),
    "code_unknown": _("Row %(row)d: the code in column %(column)s is not in the list “%(list)s”."),
    "cell_twice": _(
        "Row %(row)d gives the same figure of %(item)s as row %(first)d. "
        "Write their sum in one row if they are parts of it, else keep one of the two."
    ),
    "negative": _("Row %(row)d: the value of %(item)s is below zero. Write a number of at least 0."),
    "not_a_number": _("Row %(row)d: the value of %(item)s is not a number. Write digits only, NA, or nothing."),
    "decimal_in_count": _("Row %(row)d: %(item)s counts whole things. Write a number without decimals."),
    "ambiguous_number": _(
        "Row %(row)d: the value of %(item)s can be read in two ways, as thousands or as decimals. "
        "Write thousands without any mark, like 1234, and decimals with one or two digits after a point, like 1.23."
    ),
    "thousands_separated": _(
        "Row %(row)d: write the value of %(item)s without marks or blanks between its digits, like 1234."
    ),
    "decimal_comma": _("Row %(row)d: write the decimals of %(item)s with a point, like 1.5."),
    "too_many_decimals": _("Row %(row)d: the value of %(item)s has more than %(limit)d decimals. Round it."),
    "number_too_large": _("Row %(row)d: the value of %(item)s is too large to be true. Correct it."),
    "quality_unknown": _("Row %(row)d: the quality must be measured, estimated or not_recorded."),
    "quality_missing": _("Row %(row)d: %(item)s has a value but no quality. Write measured or estimated."),
    "value_missing": _(
        "Row %(row)d: %(item)s has a quality but no value. Write the value, or not_recorded as its quality."
    ),
    "value_not_recorded": _("Row %(row)d: %(item)s has a value and says not_recorded. Keep one of the two."),
    "too_few_to_tell": _("Row %(row)d: %(item)s is given only from %(limit)d cases. Leave the value empty below that."),
    # files of records
    "field_required": _("Row %(row)d needs something in the column %(column)s. Fill it in."),
    "key_unreadable": _(
        "Row %(row)d: the %(column)s must be made for this export only: 16 to 40 letters, digits and hyphens, with at "
        "least a letter and a digit. A record number, a telephone number or a date may not be sent. "
        "“Prepare a copy to send”, on the page where files are sent, makes such keys of them."
    ),
    "record_twice": _("Row %(row)d is the same record as row %(first)d, by its %(column)s. Keep one of the two."),
    "child_twice": _(
        "Row %(row)d has the same case and the same %(column)s as row %(first)d. Number its children 1, 2, 3, or take the "
        "row out if it is the same child."
    ),
    "case_contradicts": _(
        "Row %(row)d says something else in the column %(column)s than row %(first)d, which is of the same case. "
        "Correct one of them."
    ),
    "month_unreadable": _("Row %(row)d: write %(column)s as year-month, like 2026-01."),
    "month_outside": _("Row %(row)d: %(column)s lies outside the period of the file. Correct it, or take the row out."),
    "month_not_before": _(
        "Row %(row)d: a case that is carried over was opened before the period. Correct opened_month or new_in_period."
    ),
    "closed_while_open": _("Row %(row)d has a closed_month, but its status_end is open. Correct one of them."),
    "closed_before_opened": _("Row %(row)d: closed_month lies before opened_month. Correct one of them."),
    "not_true_or_false": _("Row %(row)d: write true or false in the column %(column)s, or nothing."),
    "seconds_unreadable": _("Row %(row)d: %(column)s must be a whole number of seconds from 0 to 3600, or empty."),
    "child_unreadable": _("Row %(row)d: number the children of a case 1, 2, 3 in the column %(column)s, up to 99."),
    # errors in sums
    "larger_than": _(
        "Row %(row)d: %(item)s (%(item_name)s) is larger than %(other)s (%(other_name)s). Correct one of them."
    ),
    "larger_than_for_code": _(
        "Row %(row)d: %(item)s (%(item_name)s) is larger than %(other)s (%(other_name)s) for “%(code_name)s”. "
        "Correct one of them."
    ),
    "total_beside_parts": _(
        "Row %(row)d: %(item)s (%(item_name)s) is given as a total, and beside it stand parts that do not add up to it. "
        "Write the code of the row if it is a part, or send the total alone."
    ),
    "sum_differs": _(
        "Row %(row)d: the sum of %(other)s (%(other_name)s) is not %(item)s (%(item_name)s). Correct one of them."
    ),
    "sum_differs_for_code": _(
        "Row %(row)d: for “%(code_name)s” the sum of %(other)s (%(other_name)s) is not %(item)s (%(item_name)s). "
        "Correct one of them."
    ),
    "balance_differs": _(
        "Row %(row)d: for “%(code_name)s”, A20 + A21 + A22 - A23 is not A24. "
        "Cases open at the start, new and reopened, less those closed, must be those open at the end."
    ),
    "totals_out_of_balance": _(
        "Row %(row)d: A20 + A21 + A22 - A23 is not A24. "
        "Cases open at the start, new and reopened, less those closed, must be those open at the end."
    ),
    # impossible times
    "wait_too_short": _(
        "%(item)s (%(item_name)s) is below %(limit)d seconds, and nobody answers every call so fast. It looks like "
        "minutes or hours. Choose its unit of time when you match the columns, or send it in seconds. Where the columns "
        "were matched before, forget that first, on the page of the figures. If it was not measured, leave it empty."
    ),
    "wait_too_long": _(
        "%(item)s (%(item_name)s) is more than an hour. It looks as if seconds or minutes were read as hours. "
        "Choose its unit of time when you match the columns, or send it in seconds. Where the columns were matched "
        "before, forget that first, on the page of the figures."
    ),
    "wait_contradicts": _(
        "%(item)s (%(item_name)s) is too low beside %(other)s (%(other_name)s): every call that was not answered within "
        "20 seconds waited longer than that. It looks like minutes. Choose its unit of time when you match the columns, "
        "or send it in seconds. Where the columns were matched before, forget that first, on the page of the figures. "
        "If the unit is right, correct one of the two."
    ),
    "wait_above": _(
        "%(item)s (%(item_name)s) is above 20 seconds, but by %(other)s (%(other_name)s) every call was answered within "
        "20 seconds. Choose its unit of time when you match the columns, or correct one of the two."
    ),
    # warnings
    "wait_strange": _(
        "%(item)s (%(item_name)s) is %(seconds)s seconds, which is very short. If it was written in minutes, take the file "
        "back and send it in seconds. If it is right, say how it is measured."
    ),
    "all_in_time": _(
        "Every one of the %(count)s calls was answered within 20 seconds. If waiting times were written in minutes, take the file "
        "back and send them in seconds. If it is right, say how it is measured."
    ),
    "calls_do_not_add_up": _(
        "A03 is %(now)s and A04 + A05 + A06 are %(then)s: they differ by more than 1\u00a0%%. "
        "Say why, or send a corrected file."
    ),
    "items_missing": _(
        "These items are asked of every hotline and are not recorded: %(items)s. "
        "What is missing does not count as zero; it does not count at all."
    ),
    "codes_missing": _(
        "%(item)s (%(item_name)s) has no row for %(codes)s, so it has no total. "
        "Write 0 where nothing was counted and NA where there is no such thing."
    ),
    "parts_not_recorded": _(
        "%(item)s (%(item_name)s) has no number for %(codes)s, so it has no total. "
        "Fill the gaps, or say why they stay: what is missing does not count as zero."
    ),
    "reopened_not_recorded": _(
        "A22 (%(item_name)s) is not recorded in full, so the balance of A20 to A24 was not checked in full."
    ),
    "hours_differ": _(
        "A02 is %(now)s, and the period has %(then)s hours. It counts all hours, day and night, open or not."
    ),
    "opening_differs": _(
        "A20, open at the start, is %(now)s, and A24 said %(then)s at the end of the period before. Say why."
    ),
    "opening_differs_for_code": _(
        "For “%(code_name)s”, A20, open at the start, is %(now)s, and A24 said %(then)s at the end of the period before. "
        "Say why."
    ),
    "ending_differs": _(
        "A24, open at the end, is %(now)s, and A20 says %(then)s at the start of the period after. Say why."
    ),
    "ending_differs_for_code": _(
        "For “%(code_name)s”, A24, open at the end, is %(now)s, and A20 says %(then)s at the start of the period after. "
        "Say why."
    ),
    "differs_between_levels": _(
        "%(item)s (%(item_name)s) is %(now)s and differs by more than 1\u00a0%% from the %(then)s that already count for "
        "this time from another kind of file (%(level_name)s). Say why, or send a corrected file."
    ),
    "puts_aside_more": _(
        "A file that counts from %(start)s to %(end)s would be put aside, and this one covers only a part of that time. "
        "Say why, or send a file for the whole of it."
    ),
    "rose": _(
        "%(item)s (%(item_name)s) rose by %(percent)d\u00a0%% against the period before, from %(then)s to %(now)s. Say why."
    ),
    "fell": _(
        "%(item)s (%(item_name)s) fell by %(percent)d\u00a0%% against the period before, from %(then)s to %(now)s. Say why."
    ),
    "rose_from_zero": _("%(item)s (%(item_name)s) was 0 in the period before and is %(now)s now. Say why."),
}
