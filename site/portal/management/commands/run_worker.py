from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django_tasks_db.management.commands.db_worker import valid_interval

from portal.letters import outbox
from portal.operations import worker
from portal.operations.data_stack import with_large_chunk


class Command(BaseCommand):
    help = (
        "Runs the tasks of the queue: letters, reports, files of figures. It outlives a failure of the database and "
        "takes up the tasks of workers that died. Run one or more, on any machine; beside one that runs everything, "
        "a second with --letters sends letters while the first prints a report or reads a file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--interval", type=valid_interval, default=1.0, help="seconds between two looks at an empty queue"
        )
        parser.add_argument("--letters", action="store_true", help="run only what ends in a letter")
        parser.add_argument("--batch", action="store_true", help="run what is in the queue, then end")

    def handle(self, *_args: Any, **options: Any) -> None:
        queues = [outbox.QUEUE] if options["letters"] else [worker.EVERY_QUEUE]
        with_large_chunk(worker.work)(interval=options["interval"], batch=options["batch"], queues=queues)
