"""Addresses under /zahlungen/."""

from django.urls import path

from payments.views import (
    batches,
    charging,
    choosing,
    deducting,
    mandates,
    open_items,
    payments,
    recording,
    refunding,
    stripe_settings,
    taking_over,
)

app_name = "payments"
urlpatterns = [
    path("", payments.Payments.as_view(), name="payments"),
    path("neu/", recording.PaymentNew.as_view(), name="payment_new"),
    path("neu/aufteilen/", recording.PaymentSpread.as_view(), name="payment_spread"),
    path("neu/rest/", recording.PaymentRest.as_view(), name="payment_rest"),
    path("offene-posten/", open_items.OpenItems.as_view(), name="open_items"),
    path("offene-posten/uebernehmen/", taking_over.TakeOver.as_view(), name="take_over"),
    path("guthaben/<int:pk>/", open_items.CreditPage.as_view(), name="credit"),
    path(
        "verrechnung/<int:pk>/zuruecknehmen/",
        open_items.SettlementReversal.as_view(),
        name="settlement_reversal",
    ),
    path("posten/<int:pk>/abzug/", deducting.DeductionPage.as_view(), name="deduction"),
    path(
        "abzug/<int:pk>/zuruecknehmen/",
        deducting.DeductionReversal.as_view(),
        name="deduction_reversal",
    ),
    path("stripe/", stripe_settings.Settings.as_view(), name="stripe"),
    path("stripe/pruefung/", stripe_settings.Check.as_view(), name="stripe_check"),
    path("stripe/entfernen/", stripe_settings.Removal.as_view(), name="stripe_removal"),
    path(
        "stripe/bisheriger-schluessel/",
        stripe_settings.OldSecretRemoval.as_view(),
        name="stripe_old_secret",
    ),
    path("<int:pk>/", payments.PaymentPage.as_view(), name="payment"),
    path("guthaben/<int:pk>/auszahlung/", refunding.RefundPage.as_view(), name="credit_refund"),
    path("<int:pk>/rueckgabe/", refunding.ReturnPage.as_view(), name="payment_return"),
    path("<int:pk>/gebuehr/", charging.FeePage.as_view(), name="payment_fee"),
    path("gebuehr/<int:pk>/zuruecknehmen/", charging.FeeReversal.as_view(), name="fee_reversal"),
    path("<int:pk>/storno/", payments.PaymentReversal.as_view(), name="payment_reversal"),
    path("mandate/", mandates.Mandates.as_view(), name="mandates"),
    path("mandate/<int:pk>/", mandates.MandatePage.as_view(), name="mandate"),
    path(
        "mandate/<int:pk>/widerruf/",
        mandates.MandateRevocation.as_view(),
        name="mandate_revocation",
    ),
    path("mandate/kunde/<int:customer>/", mandates.MandateNew.as_view(), name="mandate_new"),
    path("sepa/", batches.Batches.as_view(), name="batches"),
    path("sepa/lastschriften/", choosing.Collect.as_view(), name="collect"),
    path("sepa/ueberweisungen/", choosing.TransferPage.as_view(), name="transfer"),
    path("sepa/<int:pk>/", batches.BatchPage.as_view(), name="batch"),
    path("sepa/<int:pk>/liste/", batches.BatchList.as_view(), name="batch_list"),
    path("sepa/<int:pk>/freigabe/", batches.BatchRelease.as_view(), name="batch_release"),
    path("sepa/<int:pk>/ruecknahme/", batches.BatchWithdrawal.as_view(), name="batch_withdrawal"),
    path("sepa/<int:pk>/datei/", batches.BatchFile.as_view(), name="batch_file"),
    path("sepa/<int:pk>/ausfuehrung/", batches.BatchExecution.as_view(), name="batch_execution"),
    path("sepa/<int:pk>/verwerfen/", batches.BatchDiscard.as_view(), name="batch_discard"),
    path(
        "sepa/position/<int:pk>/entfernen/",
        batches.OrderRemoval.as_view(),
        name="order_removal",
    ),
    path("sepa/position/<int:pk>/rueckgabe/", choosing.OrderReturn.as_view(), name="order_return"),
]
