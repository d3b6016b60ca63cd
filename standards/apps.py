from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StandardsConfig(AppConfig):
    name = "standards"
    verbose_name = "Practical Guide"

    def ready(self) -> None:
        from standards import frozen  # noqa: PLC0415 - models are ready only now

        post_migrate.connect(frozen.install_after_migrate, dispatch_uid="frozen tables")
