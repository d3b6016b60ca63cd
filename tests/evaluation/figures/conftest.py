"""An invented hotline, its coordinator, and files on disk."""

import pytest

from evaluation.models import Hotline, Role, User
from tests.factories import HotlineFactory, person


@pytest.fixture
def hotline(db) -> Hotline:
    return HotlineFactory(country="XA")


@pytest.fixture
def coordinator(hotline) -> User:
    return person(Role.COORDINATOR, hotline=hotline)
