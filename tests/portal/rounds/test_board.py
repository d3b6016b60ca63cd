"""The board of a round: what needs the reader, who is late, and its hotlines filtered and sorted by the address."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.engine.scoring import as_tenths
from evaluation.models import Answer, Evaluation, User
from evaluation.workflow import write_step
from portal.rounds.board import count_waiting_hotlines, find_waiting_kinds, visible_evaluations
from portal.rounds.board_rows import BoardFilter, BoardRow, read_progress, read_rows
from tests.bulk_network import create_network
from tests.factories import score_now
from tests.reports.charts.drawn import words
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db


def rows_of(user: User, round_: Any) -> list[BoardRow]:
    rows = read_rows(round_, visible_evaluations(user, round_))
    read_progress(rows)
    return rows


def countries(rows: list[BoardRow], query: str) -> list[str]:
    return [row.evaluation.hotline.country for row in BoardFilter.read(QueryDict(query)).apply(rows)]


def test_the_hotlines_of_a_round_are_narrowed_and_sorted_as_the_address_says():
    people = Participants()
    network = create_network(12, people.lead)
    rows = rows_of(people.mce, network.round)
    assert countries(rows, "stage=report") == ["AD", "AJ"]
    assert countries(rows, "late=1&sort=country") == ["AA", "AE", "AG", "AK"]  # two self-assessments, two responses
    assert countries(rows, "q=land ac") == ["AC"]
    assert countries(rows, "q=ac&stage=report") == []
    assert countries(rows, "sort=left")[:4] == ["AA", "AG", "AE", "AK"]  # three days late, then one
    assert countries(rows, "sort=stage")[:2] == ["AA", "AG"]
    assert len(countries(rows, "stage=nonsense&sort=nonsense&late=maybe")) == 12


def test_a_row_says_how_much_is_answered_how_long_it_has_and_when_it_last_did_something():
    people = Participants()
    quiet = Stage("self_assessment", people, country="XA", for_pages=False)
    busy = Stage("self_assessment", people, country="XB", round=quiet.round, for_pages=False)
    long_ago, today = timezone.now() - timedelta(days=40), timezone.now()
    Answer.objects.filter(evaluation=quiet.evaluation).update(at=long_ago, by=quiet.coordinator)
    Answer.objects.filter(evaluation=busy.evaluation).update(at=today, by=busy.coordinator)
    write_step(quiet.evaluation, "extend", quiet.evaluation.state, by=people.mce, note="More time.")
    quiet.evaluation.evidence.all().delete()
    Answer.objects.filter(evaluation=busy.evaluation, code="1.1.1").update(level=None, value=None, not_applicable=False)
    by_country = {row.evaluation.hotline.country: row for row in rows_of(people.mce, quiet.round)}
    assert by_country["XA"].last_at == long_ago
    assert (by_country["XA"].days_left, by_country["XA"].is_late) == (60, False)
    assert by_country["XA"].progress.is_complete
    assert by_country["XB"].progress.answered == by_country["XB"].progress.of - 1
    assert countries(list(by_country.values()), "sort=quiet") == ["XA", "XB"]


def test_what_needs_mce_most_is_late_then_silent_and_last_what_is_published():
    people = Participants()
    silent = Stage("self_assessment", people, country="XA", for_pages=False)
    others = [
        Stage(state, people, country=country, round=silent.round, for_pages=False)
        for country, state in (("XB", "published"), ("XC", "self_assessment"), ("XD", "desk_review"))
    ]
    long_ago = timezone.now() - timedelta(days=40)
    for stage in (silent, *others):
        Evaluation.objects.filter(pk=stage.evaluation.pk).update(opened_at=long_ago)
        stage.evaluation.evidence.all().delete()
        Answer.objects.filter(evaluation=stage.evaluation).update(
            at=timezone.now(), by=people.mce if stage is silent else stage.coordinator
        )
    rows = rows_of(people.mce, silent.round)
    assert {row.evaluation.hotline.country: row.last_at is None for row in rows}["XA"]
    order = countries(rows, "sort=needs")
    assert (order[0], order[-1]) == ("XA", "XB")
    Evaluation.objects.filter(pk=others[1].evaluation.pk).update(extended_until=None)
    type(silent.round).objects.update(answers_until=timezone.localdate() - timedelta(days=1))
    Evaluation.objects.filter(pk=silent.evaluation.pk).update(extended_until=timezone.localdate() + timedelta(days=9))
    silent.round.refresh_from_db()
    assert countries(rows_of(people.mce, silent.round), "sort=needs")[:2] == ["XC", "XA"]


def test_one_sentence_says_what_needs_mce_in_this_round_and_no_other():
    people = Participants()
    network = create_network(12, people.lead)
    other = Stage("desk_review", people, country="XA")
    needs = find_waiting_kinds(people.mce, network.round)
    counted = {need["kind"].code: need["count"] for need in needs}
    assert counted == {"late": 2, "review": 2, "visits": 2, "agendas": 2, "reports": 2, "responses": 2}
    assert count_waiting_hotlines(needs) == 10
    assert count_waiting_hotlines(find_waiting_kinds(people.mce, other.round)) == 1
    assert find_waiting_kinds(people.panel, other.round) == []


def asked(count: int) -> int:
    with transaction.atomic():
        people = Participants()
        network = create_network(count, people.lead)
        user = User.objects.get(pk=people.mce.pk)
        with CaptureQueriesContext(connection) as queries:
            rows = rows_of(user, network.round)
            found = find_waiting_kinds(user, network.round)
        assert (len(rows), bool(found)) == (count, True)
        assert all(row.progress for row in rows if row.evaluation.state == Evaluation.State.SELF_ASSESSMENT)
        transaction.set_rollback(True)
    return len(queries)


def test_the_board_asks_the_database_as_often_for_300_hotlines_as_for_32():
    assert asked(300) == asked(32)


def test_the_board_of_300_hotlines_shows_a_page_of_them_and_every_stage(sign_in: Callable[..., Client]):
    people = Participants()
    network = create_network(300, people.lead)
    page = sign_in(Client(), people.mce).get(f"/work/rounds/{network.round.uid}/", {"sort": "left", "page": "2"})
    assert (len(page.context["rows"]), page.context["rows"].paginator.count) == (50, 300)
    assert sum(len(column["evaluations"]) for column in page.context["columns"]) == 300
    assert "250 hotlines of 300 wait for you." in " ".join(page.content.decode().split())
    assert "sort=left" in page.content.decode().split('class="pager"')[1]


def test_the_board_is_downloaded_as_it_is_narrowed_with_every_page(sign_in: Callable[..., Client]):
    people = Participants()
    stage = Stage("report", people, country="XA")
    Stage("self_assessment", people, country="XB", round=stage.round)
    address = f"/work/rounds/{stage.round.uid}/board"
    lines = sign_in(Client(), people.mce).get(f"{address}.csv", {"stage": "report"}).content.decode().splitlines()
    head, row = lines[3].split(","), lines[4].split(",")
    assert (len(lines), row[:3]) == (5, ["XA", "Land XA", "Report"])
    card = score_now(stage.evaluation)
    for domain in card.domains:
        (place,) = [n for n, name in enumerate(head) if name.startswith(f"{domain.code} ")]
        assert 10 * Decimal(row[place]) == as_tenths(domain.ratio)
    whole = sign_in(Client(), people.mce).get(f"{address}.csv").content.decode()
    assert "Land XB" in whole
    assert sign_in(Client(), people.mce).get(f"{address}.xlsx").content[:2] == b"PK"
    picture = sign_in(Client(), people.mce).get(f"{address}.svg", {"stage": "report"}).content.decode()
    assert [text for text in words(picture) if text in ("XA", "XB")] == ["XA"]
    shown = [str((as_tenths(ratio) or 0) // 10) for ratio in (*(domain.ratio for domain in card.domains), card.overall)]
    assert [text for text in words(picture) if text in shown] == shown
    assert sign_in(Client(), people.mce).get(f"{address}.png").content[:4] == b"\x89PNG"
    assert sign_in(Client(), people.mce).get(f"{address}.doc").status_code == 404
    assert sign_in(Client(), stage.coordinator).get(f"{address}.csv").status_code == 404
