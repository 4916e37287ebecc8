"""What people fill in: customers, products, drafts."""

from django.forms import BaseForm

from invoicing.forms.contact import ActivityForm, BlockForm, ContactForm
from invoicing.forms.customer import CustomerForm
from invoicing.forms.draft import DraftEditor
from invoicing.forms.issue import CancelForm, IssueForm, StartForm
from invoicing.forms.product import PriceForm, ProductForm
from invoicing.forms.send import MailTextForm, SendForm
from workmate.errors import Problem

__all__ = [
    "ActivityForm",
    "BlockForm",
    "CancelForm",
    "ContactForm",
    "CustomerForm",
    "DraftEditor",
    "IssueForm",
    "MailTextForm",
    "PriceForm",
    "ProductForm",
    "SendForm",
    "StartForm",
    "show",
]


def show(problem: Problem, form: BaseForm) -> None:
    """Put what an act refused beside the fields of the form, the rest above it."""
    for name, messages in problem.fields.items():
        known = name if name in form.fields else None
        for message in messages:
            form.add_error(known, message)
    if not problem.fields:
        form.add_error(None, f"{problem.message} {problem.advice}")
