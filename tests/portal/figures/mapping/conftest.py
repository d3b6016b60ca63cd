"""The hotline that sends exports of its own, and its coordinator, for all tests of matching."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)
