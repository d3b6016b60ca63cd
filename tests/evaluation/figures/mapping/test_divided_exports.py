"""Exports whose words divide the numbers, written like `exports_of_systems.csv` without looking at the vocabulary.

Beside each word stands its code, or `-` where nobody but the sender knows it.
"""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from evaluation.figures.mapping import ColumnMapping, match, suggest_mapping
from evaluation.figures.mapping.column_mapping import LEFT_OUT
from evaluation.figures.mapping.suggestions import DEFAULTS
from tests.evaluation.figures.mapping.test_exports_of_systems import QUARTERS
from tests.evaluation.figures.own_exports import MOMENT, opened

EXPORTS = list(csv.DictReader((Path(__file__).parent / "divided_exports.csv").read_text(encoding="utf-8").splitlines()))


def words_of(export: dict[str, str]) -> dict[str, str]:
    return dict(pair.rsplit("=", 1) for pair in export["rows"].split("|"))


def table_of(export: dict[str, str], *, total: bool = True) -> bytes:
    words = words_of(export)
    rows = [f"{word};{37 + 23 * place % 41}" for place, word in enumerate(words)]
    whole = sum(37 + 23 * place % 41 for place in range(len(words)))
    return "\n".join(
        [f"{export['heading']};{export['number']}", *rows, *([f"Total;{whole}"] if total else [])]
    ).encode()


def test_no_word_is_preselected_as_what_it_is_not(capsys):
    count, wrong = Counter(), []
    for export in EXPORTS:
        found = suggest_mapping(opened(table_of(export)))
        guessed = {question.word: question.code for question in found.words if question.certainty}
        for word, code in words_of(export).items():
            kind = "open" if word not in guessed else "right" if guessed[word] == code else "wrong"
            count[kind] += 1
            wrong += [(export["name"], word, guessed[word])] if kind == "wrong" else []
        if guessed.get("Total", LEFT_OUT) != LEFT_OUT:
            wrong.append((export["name"], "Total", guessed["Total"]))
    with capsys.disabled():
        print(f"\n{len(EXPORTS)} divided exports, words: {dict(count)}")
    assert wrong == []


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export["name"])
def test_the_figures_are_right_once_the_words_are_said(export):
    words = {word: code if code != "-" else LEFT_OUT for word, code in words_of(export).items()}
    mapping = ColumnMapping(
        "aggregate",
        "wide",
        {export["heading"]: f"list:{export['list']}", export["number"]: export["item"]},
        codes={export["list"]: {**words, "Total": LEFT_OUT}},
        constants=dict(DEFAULTS),
    )
    matched = match(opened(table_of(export)), mapping, hotline_code="116000-XA", period=QUARTERS[1], moment=MOMENT)
    assert matched.questions == ()
    figures = {cells[5]: Decimal(cells[8]) for _number, cells in matched.rows()}
    assert figures == {
        code: Decimal(37 + 23 * place % 41) for place, code in enumerate(words_of(export).values()) if code != "-"
    }
