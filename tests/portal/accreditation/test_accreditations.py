"""The pages of accreditations: until when they hold, which one that was withdrawn or replaced does not."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from evaluation.models import Accreditation
from tests.stage import Stage

pytestmark = pytest.mark.django_db

State = Accreditation.State


@pytest.mark.parametrize(("state", "holds"), [(State.VALID, True), (State.WITHDRAWN, False), (State.REPLACED, False)])
def test_a_withdrawn_or_replaced_accreditation_names_no_last_day(
    sign_in: Callable[..., Client], state: State, holds: bool
):
    stage = Stage("published")
    accreditation = Accreditation.objects.get(hotline=stage.evaluation.hotline)
    Accreditation.objects.filter(pk=accreditation.pk).update(state=state)
    until, client = date_format(accreditation.valid_until), sign_in(Client(), stage.people.mce)
    for name, args in (("accreditations", []), ("accreditation", [accreditation.uid])):
        page = client.get(reverse(f"workspace:{name}", args=args)).content.decode()
        main = page.partition("<main")[2]
        assert (until in main) == holds, name
    page = client.get(reverse("workspace:scorecard", args=[stage.evaluation.uid])).content.decode()
    if state != State.REPLACED:  # a newer decision stands there then
        assert (f"valid until {until}" in " ".join(page.split())) == holds
        assert ("The accreditation is withdrawn." in page) != holds
