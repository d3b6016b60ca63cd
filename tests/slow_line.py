"""Settings of a slow and irregular connection: `./go prove races` runs the browser tests with it.

The first half of each page arrives late and the second half later, so that a test that does not wait sees half a page.
"""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from portal.settings.test import *  # noqa: F403 - the settings of the tests and one more

MIDDLEWARE = ["tests.slow_line.SlowLine", *MIDDLEWARE]  # noqa: F405 - theirs
LONGEST = 0.25
"""The longest wait before each half, in seconds."""


class SlowLine:
    """The outermost middleware, which delays responses to browsers. Requests of the test client are not delayed."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        response = self.get_response(request)
        if request.META["SERVER_NAME"] != "testserver":
            time.sleep(random.uniform(0, LONGEST))
            if not response.streaming:
                content = response.content
                response._container = _late(content)
        return response


def _late(content: bytes) -> Iterator[bytes]:
    middle = len(content) // 2
    yield content[:middle]
    time.sleep(random.uniform(0, LONGEST))
    yield content[middle:]
