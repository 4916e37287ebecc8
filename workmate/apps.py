from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class WorkmateConfig(AppConfig):
    name = "workmate"
    verbose_name = "Grundlagen"

    def ready(self) -> None:
        from workmate import roles

        post_migrate.connect(roles.sync_groups, dispatch_uid="workmate.roles")
        import_module("workmate.encryption")  # for its system checks
        import_module("workmate.ledger.errors")
        autodiscover_modules("errors", "tasks", "retention")
