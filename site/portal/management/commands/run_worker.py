from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django_tasks_db.management.commands.db_worker import valid_interval

from portal.letters import outbox
from portal.operations import worker
from portal.operations.data_stack import with_large_chunk


class Command(BaseCommand):
    help = (
        "Runs the tasks of the queue: letters, reports, files of figures. It outlives a failure of the database and "
        "takes up the tasks of workers that died. Run one or more, on any machine. With one for --letters and one for "
        "--no-letters, no report waits for a mail server that hangs, and no letter for a report."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--interval", type=valid_interval, default=1.0, help="seconds between two looks at an empty queue"
        )
        lanes = parser.add_mutually_exclusive_group()
        lanes.add_argument("--letters", action="store_true", help="run only what ends in a letter")
        lanes.add_argument("--no-letters", action="store_true", help="leave that to a worker with --letters")
        parser.add_argument("--batch", action="store_true", help="run what is in the queue, then end")

    def handle(self, *_args: Any, **options: Any) -> None:
        queues = [outbox.QUEUE] if options["letters"] else [worker.EVERY_QUEUE]
        left_out = [outbox.QUEUE] if options["no_letters"] else []
        with_large_chunk(worker.work)(
            interval=options["interval"], batch=options["batch"], queues=queues, left_out=left_out
        )
