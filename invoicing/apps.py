from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "invoicing"
    verbose_name = "Rechnungen"

    def ready(self) -> None:
        from workmate import documents

        documents.register("invoice", permission="invoicing.view_invoice")
        documents.register("attachment", permission="invoicing.view_invoice")
        documents.register("dispatch", permission="invoicing.view_dispatch")
