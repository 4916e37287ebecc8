from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "Zahlungen"

    def ready(self) -> None:
        from workmate import documents

        documents.register("receipt", permission="payments.view_payment")
