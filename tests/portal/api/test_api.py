"""The API for a hotline's case system, over HTTP with a key."""

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.figures.intake import spool
from evaluation.figures.intake.api_keys import LONGEST, end_key, find_key, make_key
from evaluation.models import Hotline, Role, StatisticsImport, SystemKey
from tests.bystander import new
from tests.evaluation.figures.sheet import Sheet
from tests.evaluation.figures.traces import CHILD, NAME, assert_nowhere
from tests.factories import HotlineFactory, person

pytestmark = pytest.mark.django_db

MARK = "jane.doe.marked@example.org"


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


@pytest.fixture
def hotline() -> Hotline:
    return HotlineFactory(country="XA")


@pytest.fixture
def token(hotline) -> str:
    coordinator = person(Role.COORDINATOR, hotline=hotline)
    return make_key(hotline, "Case system", timezone.localdate() + LONGEST, by=coordinator)[1]


@pytest.fixture
def send(token, client, django_capture_on_commit_callbacks):
    """Return `send(content, query, header=…)`, which posts a file as the body."""

    def send(content: bytes, query: str = "?name=figures.csv", **more: Any):
        more = {"content_type": "text/csv", "headers": {"Authorization": f"Bearer {token}"}} | more
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"/api/v1/statistics/{query}", content, **more)

    return send


def test_a_new_file_is_accepted_read_and_its_address_says_where_it_stands(send, client, token, hotline):
    answer = send(Sheet().content)
    assert answer.status_code == 202
    statistics = new(StatisticsImport).get()
    assert (statistics.hotline, statistics.way, statistics.file_name) == (hotline, "api", "figures.csv")
    data = answer.json()
    assert data["uid"] == str(statistics.uid)
    assert data["status_url"] == answer["Location"] == f"http://testserver/api/v1/statistics/{statistics.uid}/"
    asked = client.get(data["status_url"], headers={"Authorization": f"Bearer {token}"})
    assert asked.status_code == 200
    facts = asked.json()
    assert (facts["state"], facts["level"], facts["period_start"]) == ("checked", "aggregate", "2025-01-01")
    assert (facts["problems"], facts["page_url"]) == ([], f"http://testserver/work/figures/{statistics.uid}/")


def test_the_same_file_again_gives_the_same_answer_and_nothing_new(send):
    first, again = send(Sheet().content), send(Sheet().content, "?name=other.csv")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["uid"] == again.json()["uid"]
    assert again["Location"] == first["Location"]
    assert new(StatisticsImport).count() == 1
    assert list(spool.root().iterdir()) == []


def test_a_file_with_a_mistake_is_refused_by_row_and_column_only(send, client, token):
    sheet = Sheet().write("A03", value=MARK)
    answer = send(sheet.content)
    status = client.get(answer.json()["status_url"], headers={"Authorization": f"Bearer {token}"})
    facts = status.json()
    assert facts["state"] == "refused"
    assert (facts["problems"][0]["code"], facts["problems"][0]["row"]) == ("looks_personal", sheet.row("A03"))
    assert facts["problems"][0]["sentence"].startswith(f"Row {sheet.row('A03')}, column value, looks like")
    assert MARK not in status.content.decode()


def test_a_dry_run_says_what_would_come_and_keeps_nothing(send):
    good = send(Sheet().content, "?name=figures.csv&dry_run=true")
    assert good.status_code == 200
    assert good.json()["is_taken"] is True
    assert good.json()["figures"] > 100
    rows = good.json()["rows"]
    assert (rows["in_file"], rows["empty"], rows["left_out"]) == (rows["read"], 0, None)
    assert rows["sentences"][1] == f"{rows['read']} rows are read."
    bad = send(Sheet().write("A03", value="-1").content, "?dry_run=true")
    assert bad.status_code == 422
    assert [problem["code"] for problem in bad.json()["problems"]] == ["negative"]
    assert new(StatisticsImport).count() == 0
    assert list(spool.root().iterdir()) == []


def test_columns_of_its_own_wait_for_a_person(send):
    own = "Mois;Appels;Réponses\n2025-01;120;110\n".encode()
    assert send(own, "?dry_run=true").json()["columns_unknown"] is True
    assert send(own).json()["state"] == "unmatched"


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer wrong", "Basic eDp5", "Bearer \u00e9".encode().decode("latin-1")]
)
def test_without_a_key_nothing_is_read(client, header):
    headers = {"Authorization": header} if header else {}
    for answer in (
        client.post("/api/v1/statistics/", b"x", content_type="text/csv", headers=headers),
        client.get("/api/v1/statistics/", headers=headers),
        client.get("/api/v1/statistics/7b7e6f4a-0000-4000-8000-000000000000/", headers=headers),
    ):
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["sentence"]
    assert list(spool.root().iterdir()) == []


def test_a_session_is_no_key(hotline, sign_in):
    client = sign_in(Client(), person(Role.COORDINATOR, hotline=hotline))
    assert client.get("/api/v1/statistics/").status_code == 401


def test_a_key_that_ended_or_is_out_of_date_opens_nothing(send, token, hotline):
    SystemKey.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert send(b"x").status_code == 401
    SystemKey.objects.update(expires_on=timezone.localdate())
    assert find_key(token) is not None
    end_key(SystemKey.objects.get(), by=person(Role.MCE_COORDINATOR))
    assert send(b"x").json()["code"] == "key_unknown"


def test_a_key_that_ends_while_a_file_is_on_its_way_lets_it_in_no_more(send, monkeypatch):
    def slowly(parts, limit):
        SystemKey.objects.update(ended_at=timezone.now())
        return spool.spool(parts, limit)

    monkeypatch.setattr("portal.api.statistics.spool", slowly)
    answer = send(Sheet().content)
    assert (answer.status_code, answer.json()["code"]) == (401, "key_unknown")
    assert new(StatisticsImport).count() == 0
    assert list(spool.root().iterdir()) == []


def test_no_proxy_keeps_an_answer(client, token):
    for headers in ({"Authorization": f"Bearer {token}"}, {}):
        assert client.get("/api/v1/statistics/", headers=headers)["Cache-Control"] == "private, no-store"


def test_a_key_opens_its_own_hotline_only(send, client, token):
    other = HotlineFactory(country="XB")
    theirs = StatisticsImport.objects.create(hotline=other, file_name="theirs.csv", file_digest="0" * 64)
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get(reverse("api:status", args=[theirs.uid]), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_there")
    assert client.get("/api/v1/statistics/", headers=headers).json()["count"] == 0
    answer = send(Sheet(hotline_code="116000-XB").content)
    assert answer.json()["problems"][0]["code"] == "other_hotline"


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(send, settings):
    settings.STATISTICS_MAX_BYTES = 1000
    answer = send(Sheet().content)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert new(StatisticsImport).count() == 0
    assert list(spool.root().iterdir()) == []


def test_a_body_without_its_length_is_refused_and_not_taken_for_an_empty_file(client, token):
    # as a server passes on a body in parts: Django reads as much as Content-Length says
    headers = {"Authorization": f"Bearer {token}", "Transfer-Encoding": "chunked"}
    answer = client.post("/api/v1/statistics/", b"", content_type="text/csv", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (411, "length_missing")
    assert new(StatisticsImport).count() == 0


def test_a_form_is_not_a_file(send):
    answer = send(b"--x\r\n\r\n", content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.json()["code"]) == (415, "not_a_file")


def test_sentences_come_in_the_language_that_is_asked_for(client, send, token):
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "fr"}
    answer = send(Sheet().write("A03", value="-1").content, "?dry_run=true", headers=headers)
    assert answer["Content-Language"] == "fr"
    english = send(Sheet().write("A03", value="-1").content, "?dry_run=true")
    assert answer.json()["problems"][0]["sentence"] != english.json()["problems"][0]["sentence"]


def test_who_sends_too_often_waits(send):
    for _ in range(60):
        assert send(b"x", "?dry_run=true").status_code == 422
    answer = send(b"x", "?dry_run=true")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_often")
    assert int(answer["Retry-After"]) > 0


def test_the_list_is_paged_the_latest_first(client, token, hotline):
    for number in range(60):
        StatisticsImport.objects.create(
            hotline=hotline,
            file_name=f"{number}.csv",
            file_digest=f"{number:064}",
            uploaded_at=timezone.now() + timedelta(minutes=number),
        )
    headers = {"Authorization": f"Bearer {token}"}
    first = client.get("/api/v1/statistics/", headers=headers).json()
    assert (first["count"], first["pages"], first["results"][0]["file_name"]) == (60, 2, "59.csv")
    last = client.get("/api/v1/statistics/?page=2", headers=headers).json()
    assert [result["file_name"] for result in last["results"]][-1] == "0.csv"
    assert client.get("/api/v1/statistics/?page=none", headers=headers).json()["code"] == "not_understood"


def test_a_longer_list_takes_no_more_queries(client, token, hotline):
    headers = {"Authorization": f"Bearer {token}"}

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/statistics/", headers=headers)
        return len(queries)

    asked()
    StatisticsImport.objects.create(hotline=hotline, file_name="x.csv", file_digest="0" * 64)
    short = asked()
    for number in range(1, 40):
        StatisticsImport.objects.create(hotline=hotline, file_name="x.csv", file_digest=f"{number:064}")
    assert asked() == short


def test_the_interface_is_described_in_openapi_without_a_key(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    schema = json.loads(answer.content)
    assert set(schema["paths"]) == {"/api/v1/statistics/", "/api/v1/statistics/{uid}/"}
    post = schema["paths"]["/api/v1/statistics/"]["post"]
    assert "text/csv" in post["requestBody"]["content"]
    assert {"200", "202", "401", "413", "415", "422", "429"} <= set(post["responses"])
    assert schema["components"]["securitySchemes"]["ByKey"] == {"type": "http", "scheme": "bearer"}


def test_a_name_in_the_address_is_neither_kept_told_nor_logged(send, client, token, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    query = f"?name={quote(NAME)}"
    answer = send(Sheet().content, query)
    assert answer.status_code == 202
    status = client.get(answer["Location"], headers={"Authorization": f"Bearer {token}"})
    assert status.json()["file_name"] == "116000-XA 2025 aggregate"
    refused = send(Sheet().write("A03", value=MARK).content, query)
    tried = send(b"x", f"{query}&dry_run=true")
    wrong = send(b"x", f"?name={quote(NAME * 10)}")
    assert (refused.status_code, tried.status_code, wrong.status_code) == (202, 422, 422)
    for each in (answer, status, refused, tried, wrong):
        assert CHILD not in each.content.decode()
    assert_nowhere(MARK, caplog, tmp_path)
    for secret in (token, token.removeprefix("mce116_")):
        assert_nowhere(secret, caplog, tmp_path)


def test_the_token_is_kept_nowhere(token):
    key = SystemKey.objects.get()
    kept = [str(getattr(key, field.attname)) for field in key._meta.concrete_fields]
    assert token not in kept
    assert token.startswith("mce116_")
    assert len(token) > 45
