"""Exports in the formats of telephone systems, case systems and hand-kept spreadsheets are read right, asked or refused.

The senders were invented by somebody who did not know the readers: 471 files in 36 languages, with the second and third
file of each sender. Nothing may be taken silently wrong, and nothing may crash.
"""

from collections import Counter

import pytest

from tests.evaluation.figures.mapping.foreign_exports import case_systems, spreadsheets, telephone  # noqa: F401 - they write
from tests.evaluation.figures.mapping.foreign_exports.reading import REFUSED, WRONG, outcome_of
from tests.evaluation.figures.mapping.foreign_exports.senders import SENDERS

MOST_REFUSED = 109
"""Plainly readable files among them are a fault: lower it when a reader learns."""


@pytest.mark.long
def test_no_foreign_export_is_taken_silently_wrong(capsys):
    found, whys = {}, {}
    for files in SENDERS.values():
        saved = None
        for file in files:
            outcome = outcome_of(file, saved if file.n > 1 else None)
            saved = outcome.mapping if file.n == 1 else saved
            found[file.name], whys[file.name] = (file.n, outcome.kind), outcome.why
    languages = {files[0].lang.partition("-")[0] for files in SENDERS.values()}
    with capsys.disabled():
        print(f"\n{len(found)} foreign exports of {len(SENDERS)} senders in {len(languages)} languages")
        for n in (1, 2, 3):
            print(f"file {n} of a sender: {dict(Counter(kind for of, kind in found.values() if of == n))}")
    assert {name: whys[name] for name, (_n, kind) in found.items() if kind == WRONG} == {}
    assert sum(kind == REFUSED for _n, kind in found.values()) <= MOST_REFUSED


def test_a_foreign_export_is_written_again_as_it_was():
    file = SENDERS["3cx-queue-de"][0]
    assert file.data.decode("cp1252").splitlines()[0] == ";".join(["Monat", *file.columns])
    assert outcome_of(file, None).kind == "asked"
