from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "Zahlungen"

    def ready(self) -> None:
        from invoicing import tabling as tables
        from payments.tabling import ALLOCATIONS, CLOSINGS, PAYMENTS
        from workmate import documents

        for table in (PAYMENTS, ALLOCATIONS, CLOSINGS):
            tables.register(table)
        documents.register("receipt", permission="payments.view_payment")
