import time
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from evaluation.figures.intake.watched_folders import Watch


class Command(BaseCommand):
    help = (
        "Takes files of figures that hotlines' systems drop into FOLDER/<code of the hotline>/, such as by SFTP. "
        "A file is taken when it has stopped growing, read, and removed whatever comes of it; what was made of it "
        "stands beside it in NAME.result.txt; a name that may say something about a person is not kept there. Files that begin with a dot or end with .part or .tmp are left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--once", action="store_true", help="take what is there and whole, then end")
        parser.add_argument("--every", type=float, default=10, metavar="SECONDS", help="how often to look (default 10)")

    def handle(self, *, folder: Path, once: bool, every: float, **options: Any) -> None:
        from evaluation.figures.intake.watched_folders import Watch
        from evaluation.figures.intake.worker import recover_and_clean_up

        if not folder.is_dir():
            raise CommandError(_("%(folder)s is not a folder.") % {"folder": folder}, returncode=2)
        watch = Watch(folder)
        for name in watch.unknown_folders():
            self.stderr.write(_("%(name)s: no hotline has this code; nothing is taken from here.") % {"name": name})
        refused = self._take(watch)
        while True:
            # A file is complete if it has not changed between two polls.
            time.sleep(min(every, 2) if once else every)
            recover_and_clean_up()
            refused += self._take(watch)
            if once:
                break
        if refused:
            raise CommandError(_("Some files were refused; their results say why."))

    def _take(self, watch: "Watch") -> int:
        taken = watch.poll()
        for file in taken:
            self.stdout.write(f"{file.answer}: {file.sentences[0]}")
            for sentence in file.sentences[1:]:
                self.stdout.write(f"  {sentence}")
        return sum(file.is_refused for file in taken)
