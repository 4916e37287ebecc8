from importlib import import_module

from django.apps import AppConfig


class BankingConfig(AppConfig):
    name = "banking"
    verbose_name = "Bank"

    def ready(self) -> None:
        import_module("banking.importing")  # says who may read archived statements
