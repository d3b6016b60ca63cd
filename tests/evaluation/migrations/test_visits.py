"""The way back from pinned figures, replies and findings that could not be looked at, and forth again, with data."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from evaluation.models import Finding, FindingVersion, PinnedFigures, Reply, ReplyVersion
from evaluation.workflow import perform
from tests.evaluation.stages import stage
from tests.factories import ResponseFactory, scorecard_of, visit_of, write_answer

WORDS = "The room was locked."


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_what_people_wrote_survives_the_way_back_and_forth():
    here = stage("self_assessment")
    perform(here.evaluation, "submit", by=here.coordinator)
    visit_of(here.evaluation, lead=here.lead)
    write_answer(here.evaluation, "1.1.2", Finding, not_seen=True, words=WORDS)
    write_answer(here.evaluation, "9.1.2", Finding, level=2, words="Seen.")
    ResponseFactory(scorecard=scorecard_of(here.evaluation), remarks={"9.1.2": "Not so."})
    assert (PinnedFigures.objects.count(), Reply.objects.count()) == (1, 1)
    findings = "SELECT code, level, words FROM evaluation_finding WHERE version > 0 ORDER BY code"
    before = rows(findings)
    try:
        call_command("migrate", "evaluation", "0013_row_account", verbosity=0)
        assert rows(findings) == before
        assert rows("SELECT words FROM evaluation_remark") == [("Not so.",)]
        tables = connection.introspection.table_names()
        assert not {"evaluation_pinnedfigures", "evaluation_reply"} & set(tables)
    finally:
        call_command("migrate", verbosity=0)
    assert rows(findings) == before
    assert not Finding.objects.filter(not_seen=True).exists()
    write_answer(here.evaluation, "1.1.2", Finding, not_seen=True, words=WORDS)
    newest = FindingVersion.objects.filter(evaluation_id=here.evaluation.pk, code="1.1.2").latest("version")
    assert (newest.not_seen, newest.words) == (True, WORDS)
    assert list(Reply.objects.values_list("remark__words", "version", "by")) == [("Not so.", 0, None)]


@pytest.mark.django_db(transaction=True)
def test_replies_survive_the_way_back_to_one_version_and_their_history_begins_with_it():
    here = stage("response")
    ResponseFactory(scorecard=scorecard_of(here.evaluation), remarks={"9.1.2": "Not so."})
    ResponseFactory(scorecard=scorecard_of(here.evaluation), remarks={"9.1.2": "No!"}, remarks__answered=False)
    try:
        call_command("migrate", "evaluation", "0016_findings_not_seen", verbosity=0)
        assert rows("SELECT words, version FROM evaluation_reply") == [("We saw what we saw.", 1)]
    finally:
        call_command("migrate", verbosity=0)
    assert list(Reply.objects.order_by("pk").values_list("words", "version")) == [("We saw what we saw.", 1), ("", 0)]
    assert list(ReplyVersion.objects.values_list("words", "version")) == [("We saw what we saw.", 1)]
    with pytest.raises(IntegrityError, match="a reply that was handed over is frozen"):
        Reply.objects.filter(version=1).update(words="Other.")
