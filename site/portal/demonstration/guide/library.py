"""The good practice of the demonstration: proposed, agreed to, published, translated into French and thanked for."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from evaluation.models import GoodPractice, Role, User
from evaluation.practices import add_thanks, answer_question, ask_question, proposable_findings, propose_practice
from evaluation.workflow import perform
from portal.demonstration.clock import at
from portal.demonstration.guide.handbook import LANGUAGE, translate_pages
from portal.handbook.practice import GoodPracticePage
from portal.letters.recipients import people_of
from portal.practices.letters import write_answer_letters, write_question_letters

SAMPLE = Path("fixtures/demonstration/library.toml")
BEGUN = 24
"""Days since the first hotline was asked. The outcomes were published before."""


@cache
def read_sample() -> dict[str, Any]:
    return tomllib.loads(SAMPLE.read_text(encoding="utf-8"))


def is_practised(country: str, code: str) -> bool:
    """Whether the assessors mark an indicator of a hotline as good practice, because the sample has a text on it."""
    return any((one["country"], one["code"]) == (country, code) for one in read_sample()["practices"])


def write_library(today: date, *, mce: User) -> Iterator[datetime]:
    """Perform the moves of each practice in the sample. A practice without a matching finding is left out."""
    published = []
    for number, entry in enumerate(read_sample()["practices"]):
        yield at(today - timedelta(days=BEGUN - number), 10)
        found = proposable_findings(mce).filter(evaluation__hotline__country=entry["country"], code=entry["code"])
        finding = found.first()
        if finding is None:
            continue
        practice = propose_practice(finding, title=entry["title"]["en"], by=mce)
        texts = {name: entry[name]["en"] for name in GoodPractice.TEXTS}
        perform(practice, "revise", by=mce, read=practice.digest, texts=texts)
        for move in entry["moves"]:
            _move(practice, move, mce)
        if practice.is_shared:
            published.append(practice)
    yield at(today - timedelta(days=9), 15)
    if not published:
        return
    french = {
        entry[name]["en"]: entry[name][LANGUAGE] for entry in read_sample()["practices"] for name in GoodPractice.TEXTS
    }
    translate_pages(list(GoodPracticePage.objects.filter(practice__in=published)), french)
    _thank_and_ask(published)


def _move(practice: GoodPractice, move: str, mce: User) -> None:
    needs: dict[str, Any] = {"read": practice.digest} if move == "consent" else {}
    by = people_of(practice.hotline, Role.COORDINATOR)[0] if move == "consent" else mce
    perform(practice, move, by=by, **needs)


def _thank_and_ask(published: list[GoodPractice]) -> None:
    """Let the coordinators of the published hotlines thank each other, and one of them ask a question."""
    coordinators = {one.pk: people_of(one.hotline, Role.COORDINATOR)[0] for one in published}
    for practice in published:
        for key, person in coordinators.items():
            if key != practice.pk:
                add_thanks(practice, by=person)
    if len(published) < 2:
        return
    first, second, sample = published[0], published[1], read_sample()["question"]
    question, _is_new = ask_question(first, sample["words"], by=coordinators[second.pk])
    write_question_letters(question)
    answer_question(question, sample["answer"], by=coordinators[first.pk])
    question.refresh_from_db()
    write_answer_letters(question)
