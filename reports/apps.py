from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        import reports.texts.report
        import reports.texts.signed_declaration  # noqa: F401 - imported to declare its text
