"""Writing how to pay, in UBL (BG-16)."""

from datetime import date

from invoicing.einvoice.model import Account, EInvoice, PaymentInstructions
from invoicing.einvoice.ubl_elements import Group
from invoicing.einvoice.values import terms_of, text_of

NO_NETWORK = "NA"  # of a card; UBL wants one, EN 16931 has no term for it


def write_payment(root: Group, invoice: EInvoice, *, due_date: date | None) -> None:
    """Means and terms; a CreditNote keeps its due date (BT-9) here, an Invoice in its head."""
    payment = invoice.payment
    first = Account(iban=payment.iban, name=payment.account_name, bic=payment.bic)
    if payment.means_code:
        means = _means(root, payment)
        if due_date:
            means.add("PaymentDueDate", due_date.isoformat())
        means.add("PaymentID", text_of(payment.remittance))
        _card(means, payment)
        _account(means, first)
        _mandate(means, payment)
        for account in payment.further_accounts:
            further = _means(root, payment)
            further.add("PaymentID", text_of(payment.remittance))
            _account(further, account)
    root.group("PaymentTerms").add("Note", terms_of(invoice.payment_terms))


def _means(root: Group, payment: PaymentInstructions) -> Group:
    means = root.group("PaymentMeans")
    means.add("PaymentMeansCode", payment.means_code, name=text_of(payment.means_text))
    return means


def _card(means: Group, payment: PaymentInstructions) -> None:
    if card := text_of(payment.card_number):
        group = means.group("CardAccount")
        group.add("PrimaryAccountNumberID", card)
        group.add("NetworkID", NO_NETWORK)
        group.add("HolderName", text_of(payment.card_holder))


def _account(means: Group, account: Account) -> None:
    group = means.group("PayeeFinancialAccount")
    group.add("ID", text_of(account.iban))
    group.add("Name", text_of(account.name))
    group.group("FinancialInstitutionBranch").add("ID", text_of(account.bic))


def _mandate(means: Group, payment: PaymentInstructions) -> None:
    group = means.group("PaymentMandate")
    group.add("ID", text_of(payment.mandate_reference))
    group.group("PayerFinancialAccount").add("ID", text_of(payment.debited_iban))
