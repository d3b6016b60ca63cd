"""Entered texts about figures contain no personal data: addresses, numbers and dates in European formats."""

import pytest

from evaluation.figures.problems.screening import looks_personal


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.org",
        "anna @ example.org",
        "anna\u200b@\u200bexample.org",
        "anna\uff20example.org",
        "anna\ufe6bexample.org",
        "anna (at) example.org",
        "anna ( at ) example",
        "anna[AT]example",
        "anna {at} example",
        "anna at example dot org",
        "anna AT example.org",
        "anna arroba example punto es",
        "anna chez example point fr",
        "see @anna_k",
        "https://example.org/anna",
        "www.example.org/anna",
    ],
)
def test_an_address_is_seen_however_it_is_written(text):
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "+32 475 12 34 56",
        "+32\u00a0475\u00a012\u00a034\u00a056",
        "+32\u202f475\u202f12\u202f34\u202f56",
        "0032-475.12.34.56",
        "+32 (0)475/12 34 56",
        "0475\u201312\u201334\u201356",
        "0475 \u2013 12 \u2013 34 \u2013 56",
        "0475_12_34_56",
        "0475\u00b712\u00b734\u00b756",
        "0475,12,34,56",
        "0475  12  34  56",
        "0475\t12\n34 56",
        "0\u200b4\u200b7\u200b5\u200b1\u200b2\u200b3\u200b4",
        "0475\u00ad123456",
        "\uff10\uff14\uff17\uff15\uff11\uff12\uff13\uff14\uff15\uff16",
        "\u0660\u0664\u0667\u0665\u0661\u0662\u0663\u0664\u0665\u0666",
        "\U0001d7ce\U0001d7d2\U0001d7d5\U0001d7d31234\U0001d7d2",
        "O475 12 34 56",
        "call 06-12345678 tomorrow",
        "8 (916) 123-45-67",
    ],
)
def test_a_telephone_number_is_seen_however_it_is_written(text):
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "85.07.30-033.28",
        "54362315K",
        "X2482300W",
        "6433435F",
        "131052-308T",
        "2 95 10 99 126 111 93",
        "80-12-31 12345",
        "44051401359",
        "BE71 0961 2345 6769",
        "RCCMNL83S18D969H",
        "rccmnl83s18d969h",
    ],
)
def test_a_number_of_a_person_or_an_account_is_seen_whatever_the_country(text):
    assert looks_personal(f"Number {text} called.")


@pytest.mark.parametrize(
    "text",
    [
        "12.03.2011",
        "12. 3. 2011",
        "12 . 03 . 2011",
        "12,03,2011",
        "12_03_2011",
        "12|03|2011",
        "12\u201303\u20132011",
        "12\u00a003\u00a02011",
        "12\u2044 03 \u20442011",
        "12/3-11",
        "12.03.'11",
        "12.3.\u201911",
        "2011. 03. 12.",
        "T12.03.2011",
        "T12 03/11",
        "T12 03/2004",
        "T 12 03 2011",
        "Q1 12 2024 03",
        "20110312",
        "2011\u201403\u201412",
        "12 March 2011",
        "12th of March, 2011",
        "12th March 11",
        "March 12, 2011",
        "Mar. 12th 2011",
        "12-mar-2011",
        "12mar2011",
        "12. März 2011",
        "12. Mrz. 2011",
        "le 12 mars 2011",
        "1er mars 2011",
        "12 de marzo de 2011",
        "12 de março de 2011",
        "12 marca 2011 r.",
        "12 III 2011",
        "12.III.2011",
        "12. iii. 2011",
        "2011. március 12.",
        "2011. gada 12. marts",
        "2011 m. kovo 12 d.",
        "12 Μαρτίου 2011",
        "12 март 2011",
        "12. ožujka 2011.",
        "12. března 2011",
        "12 maart 2011",
    ],
)
def test_an_exact_date_is_seen_however_it_is_written(text):
    assert looks_personal(text)
    assert looks_personal(f"The child, born {text}, called again.")


@pytest.mark.parametrize(
    "text",
    [
        "The line was down in March 2025 and in 04/2025.",
        "More calls than in 2024 (1,150 instead of 980).",
        "In 2023, 2024 and 2025 we counted 12, 15 and 18 cases.",
        "Compared with 2024-2025 and 2024/2025: 30% more, 1 234 calls.",
        "The team grew from 3 to 5; 24 hours a day from 1 May on.",
        "Calls on 116 000 and on 116000 are counted together.",
        "A03 = A04 + A05 + A06, within 20 s, 60 min and 24 h.",
        "Closed at the weekend; open 8 to 20 at the office.",
        "We look at 12 March and 13 March as one.",
        "630,476 and 89.340 are the sums of the report.",
        "Wir zählten 1.234 Anrufe im März 2025, 3,5 % mehr.",
        "Le 1er trimestre 2025 est complet.",
        "Q1 24/25 and T1 2024/25, Q1-2024/2025 and Q4 99/00",
        "H1 24-25, KW 12-13 2025, W1-2 2025 and kw12/2025",
    ],
)
def test_a_sentence_about_figures_is_none(text):
    assert not looks_personal(text)
