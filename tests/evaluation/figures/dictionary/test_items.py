"""The data dictionary in the package: items, lists, names, and the published example."""

from evaluation.figures.dictionary import names
from evaluation.figures.dictionary.items import OverPeriods, code_lists, code_name, example_of, header_fields, items
from evaluation.figures.intake.published_format import read_bytes
from evaluation.figures.problems.file_problems import SENTENCES
from portal.demonstration.exports import generate


def test_there_are_fifty_four_items_and_each_has_a_name():
    assert len(items()) == 54
    assert set(names.ITEMS) == set(items())


def test_twenty_four_items_are_asked_of_every_hotline():
    assert sum(item.required for item in items().values()) == 24


def test_every_code_has_a_name_and_every_name_a_code():
    named = {(name, code) for name, codes in names.CODES.items() for code in codes}
    listed = {
        (name, code) for name, codes in code_lists().items() if name not in ("language", "country") for code in codes
    }
    assert named == listed


def test_a_language_is_shown_as_its_code():
    assert code_name("language", "uk") == "uk"
    assert len(code_lists()["language"]) == 185


def test_every_dimension_of_an_item_is_a_list():
    dimensions = {dimension for item in items().values() for dimension in item.dimensions}
    assert dimensions - set(code_lists()) == set()


def test_an_item_knows_its_type_unit_and_dimensions():
    ages = items()["A27"]
    assert (str(ages.name), ages.is_count, ages.dimensions, ages.required, ages.unit) == (
        "Children in new cases by sex and age band",
        True,
        ("sex", "age_band"),
        True,
        "children",
    )


def test_stocks_and_means_are_not_summed_over_periods():
    assert {code: item.weight for code, item in items().items() if item.weight} == {"A08": "A04"}
    others = {code: item.over_periods for code, item in items().items() if item.over_periods is not OverPeriods.SUM}
    single = ("A14", "A50", "A51", "A53", "A54", "A55")
    stocks = {"A20": OverPeriods.FIRST, "A24": OverPeriods.LAST, "A32": OverPeriods.LAST}
    assert others == {"A08": OverPeriods.WEIGHTED, **stocks, **dict.fromkeys(single, OverPeriods.SINGLE)}


def test_the_header_has_nine_fields():
    assert list(header_fields()) == [
        "schema_version",
        "hotline_code",
        "period_start",
        "period_end",
        "level",
        "source_system",
        "generated_at",
        "definition_set",
        "completeness_note",
    ]


def test_the_published_example_is_complete_and_without_a_word_to_say():
    reading = read_bytes(example_of("aggregate"), "example.csv", max_bytes=1024 * 1024)
    assert (reading.problems, reading.warnings) == ((), ())
    assert {row.item for row in reading.rows} == set(items())


def test_the_published_example_is_what_the_generator_writes():
    assert example_of("aggregate") == generate("116000-XA", 2025, seed=1)


def test_no_sentence_has_room_for_a_cell():
    places = {"row", "column", "item", "item_name", "other", "other_name", "code_name", "percent", "limit", "first"}
    places |= {"now", "then", "seconds"}  # of warnings: figures of the draft, which is stored with them
    places |= {"known", "field", "list", "expected", "items", "codes", "megabytes", "fields", "columns", "count"}
    places |= {"minutes", "other_row", "start", "end", "year", "chosen", "level_name", "place"}
    places |= {"in_file", "told", "other_column", "days", "missing", "most", "least"}

    class Noted(dict):
        def __missing__(self, key):
            found.add(key)
            return 0

    found: set[str] = set()
    for sentence in SENTENCES.values():
        str(sentence) % Noted()
    assert found == places
