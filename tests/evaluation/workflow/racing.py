"""Concurrent actions: threads with connections of their own, started together."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same moment, each in a thread. Return their results, or the exceptions raised."""
    found: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts), timeout=30)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            found[number] = acts[number]()
        except Exception as raised:  # noqa: BLE001 - the test looks at it
            found[number] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def save_during(act: Callable[[], Any], save: Callable[[], Any]) -> list[Any]:
    """Start the save after the act has moved the object and before it commits. Return both results."""
    moved, sent = threading.Event(), threading.Event()

    def move_first():
        with transaction.atomic():
            result = act()
            moved.set()
            sent.wait(10)
            threading.Event().wait(0.2)  # the save has been sent to the database
        return result

    def save_then():
        moved.wait(10)
        sent.set()
        return save()

    return at_once(move_first, save_then)
