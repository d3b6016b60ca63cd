"""Define the sentences for problems of an export in a hotline's own columns, by the code of the problem."""

from django.utils.translation import gettext_lazy as _

OF_EXPORTS = {
    "own_not_matched": _("The file was deleted before its columns were matched. Send it again when you are ready."),
    "own_too_large": _(
        "An export can be matched up to %(megabytes)d MB. Send a shorter file with the same columns first, such as one "
        "month, and match that. Then send this file again."
    ),
    "own_names_missing": _(
        "Row %(row)d should hold the names of the columns and looks like a row of data. "
        "Export the file with the names of its columns on top."
    ),
    "own_second_table": _(
        "A second table begins in row %(row)d. Send each table as a file of its own, or put its columns beside those of "
        "the first."
    ),
    "own_column_personal": _(
        "Column %(column)s, counted from the left, looks as if it held something about a person, such as a name, "
        "a telephone number, an address or an exact date. Take the whole column out of the export, or leave it out with "
        "“Prepare a copy to send”, on the page where files are sent."
    ),
    "own_period_date": _(
        "Row %(row)d, column %(column)s counted from the left, holds an exact date among other words, where a month or "
        "another period should stand. Write the period only, and take notes below the table out of the file."
    ),
    "own_column_text": _(
        "Column %(column)s, counted from the left, holds words of its own in almost every row, like names or free text. "
        "Take the whole column out of the export, or leave it out with “Prepare a copy to send”, on the page where files "
        "are sent."
    ),
    "own_column_unmatched": _(
        "Column %(column)s, counted from the left, holds words of its own in almost every row and is not matched. Say on "
        "this page what it means. If it holds names or free text, take the whole column out of the export, or leave it out "
        "with “Prepare a copy to send”, on the page where files are sent."
    ),
    "own_column_dates": _(
        "Column %(column)s, counted from the left, holds exact dates and is not matched. If they say of which day or month "
        "a row is, say so on this page. Else take the whole column out of the export, or leave it out with “Prepare a copy "
        "to send”, on the page where files are sent: an exact date may point to a person."
    ),
    "own_column_numbers": _(
        "Column %(column)s, counted from the left, holds another number in almost every row, like the numbers of "
        "records, and is not matched. Say on this page what it means. If it holds numbers of cases or contacts, leave "
        "the column out or make keys of them with “Prepare a copy to send”, on the page where files are sent."
    ),
    "own_column_words": _(
        "Column %(column)s, counted from the left, holds more than %(limit)d different words, too many for a list of "
        "codes. Take the column out of the export, or export it with codes."
    ),
    "own_column_formula": _(
        "Column %(column)s, counted from the left, holds a formula that a spreadsheet would run. "
        "Export the results and not the formulas."
    ),
    "own_marks_differ": _(
        "The numbers in rows %(row)d and %(other_row)d are written by different rules: what parts the decimals in one "
        "parts the thousands in the other. Write all numbers the same way."
    ),
    "own_dates_differ": _(
        "The dates in rows %(row)d and %(other_row)d are written by different rules: one begins with the day, the other "
        "with the month. Write all dates the same way."
    ),
    "own_word_unknown": _(
        "Row %(row)d, column %(column)s, holds a word that is not matched with a code. Send the file again and match it."
    ),
    "own_number_unreadable": _(
        "Row %(row)d, column %(column)s, should hold a number and does not. Write digits, or leave the cell empty."
    ),
    "own_time_unreadable": _(
        "Row %(row)d, column %(column)s, should hold a time and does not, or it is written in another way than the "
        "others. Write all times of the column in one way, such as seconds, or hours:minutes:seconds."
    ),
    "own_date_unreadable": _(
        "Row %(row)d, column %(column)s, should hold a date or a month and does not. Write it like 2026-01-31 or 2026-01."
    ),
    "own_year_unreadable": _(
        "Row %(row)d, column %(column)s, should hold a year and does not. Write it with four digits, like 2026, "
        "or take the row out of the file."
    ),
    "own_code_unexpected": _(
        "Row %(row)d: %(item)s is not divided like that. Leave the cell in column %(column)s empty."
    ),
    "own_period_missing": _(
        "No row of the file lies in the period that was chosen. Choose another period, or send the right file. A file is "
        "of a month, a quarter or a year; rows of two half years make a year."
    ),
    "own_period_unfilled": _(
        "Row %(row)d, column %(column)s: %(item)s is not given for every month of the period. "
        "Add the missing rows, or choose a shorter period."
    ),
    "own_periods_overlap": _(
        "Row %(row)d, column %(column)s, gives %(item)s for a time that other rows divide into parts, as a sum does. "
        "Take either the sum or its parts out of the file."
    ),
    "own_figures_twice": _(
        "Row %(row)d is the first of %(count)d rows with numbers that stand several times for the same time. "
        "Say on the page where the columns are matched whether they are added up, or keep one of each in the file."
    ),
    "own_mean_twice": _(
        "Row %(row)d, column %(column)s, gives %(item)s for the same time as row %(first)d. It is a mean, and means have "
        "no sum. Keep the one of the whole, or put the number of what it is a mean of beside each."
    ),
    "own_cells_empty": _(
        "Row %(row)d is the first of %(count)d rows that do not say of which time or group they are. "
        "Say on the page where the columns are matched what an empty cell means, or fill the cells in."
    ),
    "own_cell_empty": _(
        "Row %(row)d, column %(column)s, is empty, and no row above says what belongs there. Fill the cell in."
    ),
    "own_use_twice": _(
        "The columns %(other_column)s and %(column)s are said to hold the same, and only one can be read. "
        "Leave one of them out, or say what else it holds."
    ),
    "own_item_missing": _(
        "Each row is to be one figure, and no column says which. Choose the column that names what is counted, or choose "
        "that each column is one figure."
    ),
    "own_value_missing": _(
        "Each row is to be one figure, and no column holds its number. Choose the column, or choose that each column is "
        "one figure."
    ),
    "own_no_figures": _(
        "No column is said to hold a figure. Say of at least one what it counts, or choose that each row is one figure."
    ),
    "own_month_unclear": _(
        "The file is of more than one month, so no row can take the month of the file. Choose the column of the month, or "
        "send a file of one month."
    ),
    "own_children_without_case": _(
        "Column %(column)s numbers the children of a case, and no column says which case. Each child would count as a case "
        "of its own. Add a column with a key for each case: “Prepare a copy to send”, on the page where files are "
        "sent, makes one of the number of the case, which stays with you."
    ),
    "own_records_twice": _(
        "Row %(row)d is the first of %(count)d rows that are the same in every cell as a row above, and no key tells them "
        "apart. Say on the page where the columns are matched whether each counts, or make keys of their numbers: "
        "“Prepare a copy to send”, on the page where files are sent, does it in your browser."
    ),
    "own_case_twice": _(
        "Row %(row)d is the first of %(count)d rows with the key of an earlier row, and no column numbers the children. "
        "Say on the page where the columns are matched whether each row is another child of its case."
    ),
    # doubts: a user may say that the numbers are right
    "doubt_title_cumulative": _(
        "The title or the name of a column speaks of cumulative numbers, which must not be added up. "
        "Export the numbers of each month alone."
    ),
    "doubt_title_line": _(
        "The title or the name of a column has the number of another line. Export the figures of 116 000 only."
    ),
    "doubt_title_other": _("The title speaks of averages, targets or another year. Export the numbers of the period."),
    "doubt_title_span": _(
        "The title names days before the period of the rows. Export the numbers of the period alone."
    ),
    "doubt_title_thousands": _("The title or the name of a column speaks of thousands. Export the numbers in full."),
    "doubt_title_percent": _(
        "The title or the name of a column speaks of percentages. Export the numbers themselves and not their shares."
    ),
    "doubt_cumulative": _(
        "%(item)s (%(item_name)s) only grows over %(count)d times, as cumulative numbers do. "
        "Export the numbers of each month alone."
    ),
    "doubt_same": _(
        "%(item)s (%(item_name)s) has the same number %(count)d times, as if each row had that of the whole year. "
        "Export the number of each month."
    ),
    "doubt_total": _(
        "Every number in row %(row)d is the sum of its column, so the row may be a total. Take totals out of the file."
    ),
    "doubt_total_part": _(
        "%(item)s (%(item_name)s) has a number for “%(code_name)s” that is the sum of all others, so it may be a total. "
        "Leave totals out."
    ),
    "doubt_percent": _(
        "The numbers of %(item)s (%(item_name)s), the first in row %(row)d, look like percentages. "
        "Export the numbers themselves."
    ),
    "doubt_above": _(
        "%(item)s (%(item_name)s) is a part of %(other)s (%(other_name)s) and is larger in some rows. "
        "Look again at what the two columns mean."
    ),
    "doubt_calls": _(
        "Column %(column)s, which is left out, has the same number in several rows, as when one call stands in two rows. "
        "Say that it is the key of the contact, or export one row for each contact."
    ),
    "doubt_children": _(
        "Row %(row)d, column %(column)s, seems to say how many children a case has, and each row is read as one child. "
        "Export one row for each child."
    ),
    "doubt_same_code": _(
        "Every row is said to be “%(code_name)s”, so everything else is recorded as 0. If the file leaves out what is "
        "something else, send a file that has all of it, with a column that tells them apart."
    ),
    # warnings
    "own_parts_missing": _(
        "%(item)s (%(item_name)s) has no number in some of the rows that make up the period, so it has no total. "
        "Fill the gaps, or say why they stay."
    ),
    "own_mean_unweighted": _(
        "%(item)s (%(item_name)s) is a mean, and the means of several months are put together by %(other)s "
        "(%(other_name)s), which does not stand beside each. It is not recorded. Add %(other)s, or say why it lacks."
    ),
    "own_not_added": _(
        "%(item)s (%(item_name)s) has no sum over months, so it is not recorded for the period. Send its number for the "
        "whole period in a file of its own, or say why there is none."
    ),
    "own_left_out_numbers": _(
        "Row %(row)d is left out, and %(item)s has a number nowhere else, so it is not recorded. Say that this is right, or "
        "put the number in a row that is read and send the file again."
    ),
    "own_year_above": _(
        "The lines above the table or its columns name %(year)d, no row names a year, and the figures are said to be of "
        "%(chosen)d. Say that this is right, or match the file again and choose the year."
    ),
    "own_days_missing": _(
        "Single days are added up, and %(missing)d of %(days)d days have no row. Say that nothing was counted on them, or "
        "send a file with every day."
    ),
    "own_rows_outside": _(
        "%(count)d rows lie outside the period of the file and are not read, the first of them row %(row)d. Say why, or "
        "choose a period that covers them."
    ),
    "own_columns_outside": _(
        "%(count)d columns of numbers are of another time than the period of the file and are not read, the first of them "
        "column %(first)s, counted from the left. Say why, or choose a period that covers them."
    ),
    "own_sums_uneven": _(
        "Numbers of the same time are added up, %(most)d rows for one time, of which row %(row)d is the last, and %(least)d "
        "for another. If a row stands there that should have taken the place of another, take one out and send the file "
        "again. Else say why."
    ),
    "own_rows_alike": _(
        "%(count)d rows that are added up are the same in every cell as a row above, the first of them row %(row)d, like "
        "row %(first)d. If they stand there twice by mistake, take them out and send the file again. Else say why."
    ),
    "own_rows_are_cases": _(
        "No column says which case a row is of, so each row was counted as a case of one child. If children of one case "
        "stand in several rows, make keys of the numbers of the cases and send that file. Else say how you know."
    ),
    "own_cases_are_children": _(
        "No column numbers the children of a case, and each case stands in one row, so each was counted as a case of one "
        "child. If a case can have several children, export one row for each child. Else say how you know."
    ),
    "own_records_alike": _(
        "%(count)d rows are the same in every cell as a row above, the first of them row %(row)d, like row %(first)d, and "
        "each was counted, as no key tells them apart. Say how you know that none stands there twice."
    ),
}
