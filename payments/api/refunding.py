"""Credits that are paid out and debits that the bank returned, over the API."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from payments.api.fields import AmountField, PastDateField, actor
from payments.api.payments import PAYMENTS, PaymentSerializer
from payments.models import Payment
from payments.refunding import refund, return_debit
from workmate.api import ActResource
from workmate.ledger.models import MoneyAccount, OpenItem


class RefundBody(serializers.Serializer):
    """How much (positive) of the credit is paid out, when, from where and how."""

    amount = AmountField(min_value=Decimal("0.01"))
    on = PastDateField()
    method = serializers.ChoiceField(Payment.Method.choices)
    money_account = serializers.PrimaryKeyRelatedField(queryset=MoneyAccount.objects.all())


class CreditRefund(ActResource):
    """Pays a credit out; the answer is the payment, which is taken back like every other."""

    queryset = OpenItem.objects.select_related("partner")
    permission_required = "payments.record_payment"
    body_class = RefundBody
    answer_class = PaymentSerializer

    def act(self, obj: OpenItem, data: dict[str, Any]) -> Payment:
        payment = refund(obj, by=actor(self.request), **data)
        return PAYMENTS.get(pk=payment.pk)


class ChargebackBody(serializers.Serializer):
    """When the money went back, why, and what the bank took for it."""

    on = PastDateField()
    reason = serializers.CharField(max_length=180)
    fee = AmountField(min_value=Decimal(0), default=Decimal(0))


class PaymentChargeback(ActResource):
    """The bank took the money back: what was paid is open again."""

    queryset = Payment.objects.all()
    permission_required = "payments.reverse_payment"
    body_class = ChargebackBody
    answer_class = PaymentSerializer

    def act(self, obj: Payment, data: dict[str, Any]) -> Payment:
        return_debit(obj, by=actor(self.request), **data)
        return PAYMENTS.get(pk=obj.pk)
