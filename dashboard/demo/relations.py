"""Whom one knows at the customers of the demo, what was spoken, and what the products cost."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.timezone import make_aware

from dashboard.demo.story import Story
from invoicing.activities import log_activity
from invoicing.contacts import add_contact
from invoicing.customers import create_customer, edit_customer, set_status
from invoicing.models import Activity, Customer, Product
from invoicing.products import edit_product, list_price

CALL, MAIL, NOTE, MEETING = (
    Activity.Kind.CALL,
    Activity.Kind.EMAIL,
    Activity.Kind.NOTE,
    Activity.Kind.MEETING,
)
HOUSE = "0431 555921"


@dataclass(frozen=True)
class Known:
    """Who is known at a customer, and what happened: days ago, kind, text."""

    customer: str
    people: tuple[tuple[str, str, str], ...]  # first name, last name, position
    talks: tuple[tuple[int, Activity.Kind, str], ...] = ()


KNOWN = (
    Known(
        "Albers Fahrräder GmbH",
        (("Ines", "Albers", "Geschäftsführerin"), ("Torben", "Rieck", "Einkauf")),
        (
            (4, CALL, "Neue Schaufensterfolie für die Wintersaison angefragt, Aufmaß am Dienstag."),
            (31, MEETING, "Jahresgespräch: Rahmenpreis für Folienplot ab Januar vereinbart."),
        ),
    ),
    Known(
        "Quellness Hotel & Spa GmbH",
        (("Miriam", "Paulsen", "Hoteldirektorin"), ("Jörg", "Thede", "Buchhaltung")),
        (
            (2, CALL, "Herr Thede sagt Zahlung der offenen Rechnungen bis Monatsende zu."),
            (19, MAIL, "Zahlungserinnerung mit Kontoauszug geschickt."),
            (47, NOTE, "Künftig nur gegen Abschlag von 40 % anfangen."),
        ),
    ),
    Known(
        "Landeshauptstadt Kiel, Amt für Kultur",
        (("Anke", "Brodersen", "Sachbearbeiterin"),),
        ((11, CALL, "Leitweg-ID bestätigt; Bestellnummer kommt mit dem Auftrag."),),
    ),
    Known(
        "Metallbau Jessen GmbH",
        (("Sven", "Jessen", "Inhaber"), ("Katja", "Momsen", "Büro")),
        ((8, NOTE, "Zieht Skonto auch nach der Frist; beim nächsten Mal ansprechen."),),
    ),
    Known("Reederei Förde GmbH", (("Dirk", "Lornsen", "Technischer Leiter"),)),
    Known("Verlag Küstenwind GmbH", (("Hanna", "Ewald", "Herstellung"),)),
    Known("Hausverwaltung Nordlicht GmbH", (("Uwe", "Steen", "Objektbetreuung"),)),
)
PROSPECTS = (
    ("Surfschule Laboe", "Strandstraße 31", "24235", "Laboe"),
    ("Zimmerei Holm GmbH", "Am Sägewerk 4", "24340", "Eckernförde"),
)
BLOCKED = ("Umzüge Raske GmbH", "mehrere Rechnungen seit über 60 Tagen offen")
CATEGORIES = {
    "WT-1": "Entwurf",
    "WT-2": "Werbetechnik",
    "WT-3": "Montage",
    "WT-4": "Wartung",
    "WT-5": "Bücher",
}
SERVICES = {
    "HUR": Product.PriceType.HOURLY,
    "DAY": Product.PriceType.PER_UNIT,
    "MON": Product.PriceType.MONTHLY,
}
PRICES = {"WT-100": "96.00", "WT-300": "72.00", "WT-310": "0.95"}  # of the coming year


def tell(story: Story) -> None:
    """Write down people, talks, prospects, a block, categories and the prices of next year."""
    customers = {customer.name: customer for _, customer in story.customers}
    for known in KNOWN:
        _introduce(story, known, customers[known.customer])
    for name, street, post_code, city in PROSPECTS:
        create_customer(
            is_lead=True,
            by=story.by,
            name=name,
            street=street,
            post_code=post_code,
            city=city,
        )
    name, reason = BLOCKED
    set_status(customers[name], Customer.Status.BLOCKED, reason=reason, by=story.by)
    edit_customer(customers[KNOWN[1].customer], dunning_block=True, by=story.by)
    _price(story)


def _introduce(story: Story, known: Known, customer: Customer) -> None:
    domain = customer.email.partition("@")[2]
    people = [
        add_contact(
            customer,
            first_name=first,
            last_name=last,
            position=position,
            email=f"{first[0]}.{last}@{domain}".lower().replace("ö", "oe"),
            phone=f"{HOUSE}-{number}",
            by=story.by,
        )
        for number, (first, last, position) in enumerate(known.people, start=21)
    ]
    for days, kind, text in known.talks:
        day = story.today - datetime.timedelta(days=days)
        at = make_aware(datetime.datetime.combine(day, datetime.time(10, 15)))
        who = None if kind == NOTE else people[-1]
        log_activity(
            customer, kind=kind, description=text, contact=who, occurred_at=at, at=at, by=story.by
        )


def _price(story: Story) -> None:
    new_year = datetime.date(story.today.year + 1, 1, 1)
    for number, product in story.products.items():
        edit_product(
            product,
            category=CATEGORIES[number[:4]],
            is_service=product.unit in SERVICES,
            price_type=SERVICES.get(product.unit, Product.PriceType.PER_UNIT),
            by=story.by,
        )
        if number in PRICES:
            list_price(product, Decimal(PRICES[number]), valid_from=new_year, by=story.by)
