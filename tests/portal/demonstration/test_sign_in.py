"""The sign-in page of a demonstration: a button for each role. Elsewhere it offers none."""

from io import StringIO

import pytest
from django.core.management import call_command

from evaluation.models import Role
from portal.demonstration import people as demonstration
from tests.factories import person

pytestmark = pytest.mark.django_db

FROM_ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def test_the_sign_in_page_offers_the_roles_as_buttons(client, settings):
    settings.DEMONSTRATION = True
    page = client.get("/accounts/login/").content.decode()
    for role, address in demonstration.sign_ins():
        assert f'value="{address}"' in page
        assert f">{role}</button>" in page


def test_a_button_signs_in_and_leads_where_one_was_going(client, settings):
    settings.DEMONSTRATION = True
    role, address = demonstration.sign_ins()[3]
    person(Role.MCE_COORDINATOR, email=address, password=demonstration.PASSWORD, is_demonstration=True)
    assert 'name="next"' in client.get("/accounts/login/?next=/work/rounds/").content.decode()
    fields = {"login": address, "password": demonstration.PASSWORD, "next": "/work/rounds/"}
    answer = client.post("/accounts/login/", fields)
    assert (role, answer.status_code, answer["Location"]) == ("MCE coordinator", 302, "/work/rounds/")


def test_the_demonstration_offers_nothing_to_another_machine(client, settings):
    settings.DEMONSTRATION = True
    answer = client.get("/accounts/login/", **FROM_ELSEWHERE)
    assert (answer.status_code, demonstration.PASSWORD in answer.content.decode()) == (403, False)


def test_a_server_offers_no_sign_in(client):
    assert demonstration.PASSWORD not in client.get("/accounts/login/").content.decode()


def test_the_command_prints_the_sign_in_of_each_role(settings):
    settings.DEMONSTRATION = True
    output = StringIO()
    call_command("demonstration", sign_ins=True, stdout=output)
    lines = output.getvalue().splitlines()
    assert [line.split() for line in lines[:-1]] == [
        [*role.split(), address] for role, address in demonstration.sign_ins()
    ]
    assert lines[-1].endswith(demonstration.PASSWORD)
