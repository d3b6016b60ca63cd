from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        import reports.texts.report  # noqa: F401 - declared when translations are ready
