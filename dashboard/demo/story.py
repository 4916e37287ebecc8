"""What the demo has made so far, shared by those who sell and those who pay."""

import datetime
import random
from dataclasses import dataclass, field

from banking.models import BankAccount
from dashboard.demo.people import Person
from dashboard.demo.statement import Movement
from invoicing.models import Customer, Product
from workmate.ledger.models import MoneyAccount, TaxCase
from workmate.models import User

DAYS = 400  # how far back the demo reaches


@dataclass
class Story:
    """Everything the demo has made so far."""

    today: datetime.date
    by: User
    dice: random.Random
    account: BankAccount
    cash: MoneyAccount
    customers: list[tuple[Person, Customer]]
    products: dict[str, Product]
    cases: dict[str, TaxCase]
    movements: list[Movement] = field(default_factory=list)
    paying: set[int] = field(default_factory=set)  # invoices with money on its way

    @property
    def start(self) -> datetime.date:
        return self.today - datetime.timedelta(days=DAYS)
