from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluation.directory import UnreadableDirectory, load_directory


class Command(BaseCommand):
    help = "Load the directory of hotlines and their operators from a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *, path: Path, **options: Any) -> None:
        try:
            count = load_directory(path)
        except FileNotFoundError as missing:
            raise CommandError(f"There is no file {path}.") from missing
        except OSError as unreadable:
            raise CommandError(f"{path} cannot be read: {unreadable.strerror}.") from unreadable
        except UnreadableDirectory as problems:
            raise CommandError(f"Nothing was loaded.\n{problems}") from problems
        self.stdout.write(f"{count} hotlines are in the directory.")
