"""The worker of the short proof, with time limits of seconds instead of minutes."""

from datetime import timedelta

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command

    from evaluation.figures.intake import worker as taking
    from portal.operations import worker

    worker.HEARTBEAT_SECONDS, worker.DEAD_AFTER = 1, timedelta(seconds=4)
    taking.LOST_AFTER = timedelta(seconds=6)
    call_command("run_worker", "--interval", "0.2")


if __name__ == "__main__":
    main()
