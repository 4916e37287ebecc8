"""The German texts for the official rules: rule to (what is wrong, what to do, which field).

A field is a path in `model.EInvoice`. {line}, {allowance} and {vat} become the index that the
place of the finding shows; {at} becomes `lines.2.` inside a line and nothing elsewhere; {party},
{electronic} and {vat_id} become the seller's or the buyer's.
"""

Text = tuple[str, str, str]

SELLER = "Ergänzen Sie ihn in den Firmendaten."
SELLER_HER = "Ergänzen Sie sie in den Firmendaten."
BUYER = "Ergänzen Sie die Angabe beim Kunden."
LINE = "Ergänzen Sie die Position."
ACCOUNT = "Hinterlegen Sie ein Bankkonto in den Firmendaten."
REASON = "Geben Sie einen Grund an, zum Beispiel „Mengenrabatt“."
COMPUTED = (
    "Die Beträge werden berechnet. Speichern Sie den Entwurf neu; "
    "bleibt der Fehler, melden Sie ihn."
)
