"""Who is in the demo: our company, those who log in, customers and what they buy. All invented."""

from dataclasses import dataclass
from decimal import Decimal

from invoicing.models import Customer
from workmate.roles import ACCOUNTING, ADVISER, OWNER, STAFF

PASSWORD = "workmate-demo-2026"  # noqa: S105 — of the demo, printed at every start
IBAN = "DE30500105175419788228"

LOGINS = (
    ("inhaber@demo.example", "Jonas Brandt", OWNER),
    ("buchhaltung@demo.example", "Miriam Sommer", ACCOUNTING),
    ("mitarbeit@demo.example", "Tarik Aydin", STAFF),
    ("steuerberatung@demo.example", "Dr. Helene Voss", ADVISER),
)

COMPANY = {
    "name": "Brandt & Sommer Werbetechnik GmbH",
    "legal_form": "GmbH",
    "management": "Jonas Brandt, Miriam Sommer",
    "street": "Speicherstraße 14",
    "post_code": "24103",
    "city": "Kiel",
    "country": "DE",
    "vat_id": "DE136695976",
    "tax_number": "20/815/08154",
    "register_court": "Amtsgericht Kiel",
    "register_number": "HRB 20814 KI",
    "contact_name": "Miriam Sommer",
    "phone": "+49 431 5559210",
    "email": "rechnung@brandt-sommer.example",
    "website": "www.brandt-sommer.example",
    "payment_terms_days": 14,
    "creditor_id": "DE98ZZZ09999999999",
    "intro_text": "Vielen Dank für Ihren Auftrag. Wir berechnen Ihnen:",
    "closing_text": "Bitte geben Sie bei der Überweisung die Rechnungsnummer an.",
}


@dataclass(frozen=True)
class Person:
    """A customer and how it pays: days after the due date, and how often it quotes the number."""

    name: str
    street: str
    post_code: str
    city: str
    kind: str = Customer.Kind.BUSINESS
    country: str = "DE"
    vat_id: str = ""
    leitweg_id: str = ""
    late: int = 0
    careful: float = 0.95
    einvoice_format: str = ""
    skonto: str = ""


BUSINESS, PUBLIC, CONSUMER = Customer.Kind.BUSINESS, Customer.Kind.PUBLIC, Customer.Kind.CONSUMER

CUSTOMERS = (
    Person("Albers Fahrräder GmbH", "Holtenauer Straße 71", "24105", "Kiel", late=-6),
    Person("Bäckerei Lüdtke e. K.", "Marktstraße 3", "24340", "Eckernförde", late=4),
    Person("Café Möwennest GbR", "Strandweg 9", "24226", "Heikendorf", late=12, careful=0.6),
    Person("Dachdeckerei Petersen GmbH & Co. KG", "Industriering 22", "24768", "Rendsburg"),
    Person(
        "Elektro Thomsen GmbH", "Werftstraße 118", "24143", "Kiel", late=-4, skonto="2 % in 7 Tagen"
    ),
    Person("Fischräucherei Kruse", "Am Hafen 1", "24376", "Kappeln", late=8, careful=0.7),
    Person("Gartenbau Hansen GmbH", "Feldscheide 5", "24113", "Molfsee", late=-8),
    Person("Hausverwaltung Nordlicht GmbH", "Sophienblatt 40", "24114", "Kiel", late=-10),
    Person("Ingenieurbüro Weiß PartG mbB", "Wissenschaftspark 6", "24118", "Kiel", late=-3),
    Person("Jugendherberge Ostsee gGmbH", "Dünenweg 2", "23730", "Neustadt in Holstein", late=20),
    Person("Kieler Segelschule Wolff", "Kiellinie 215", "24106", "Kiel", late=2),
    Person("Logistik Baltic AG", "Containerstraße 8", "24148", "Kiel", late=-5),
    Person(
        "Metallbau Jessen GmbH",
        "Gewerbepark 17",
        "24969",
        "Großenwiehe",
        late=15,
        skonto="3/7 2/10",
    ),
    Person("Naturkost Grünzeug eG", "Jungfernstieg 12", "24116", "Kiel", late=-2),
    Person("Optik Brilliant GmbH", "Holstenstraße 55", "24103", "Kiel", late=-7),
    Person("Praxis Dr. Lehmann", "Schönberger Straße 4", "24148", "Kiel", late=1),
    Person("Quellness Hotel & Spa GmbH", "Kurpromenade 30", "23743", "Grömitz", late=33),
    Person("Reederei Förde GmbH", "Ostseekai 1", "24103", "Kiel", late=-9),
    Person("Steuerkanzlei Ahrens & Kolb", "Lorentzendamm 16", "24103", "Kiel", late=-11),
    Person("Tischlerei Sörensen", "Mühlenweg 8", "24214", "Gettorf", late=6, careful=0.8),
    Person("Umzüge Raske GmbH", "Eckernförder Chaussee 202", "24119", "Kronshagen", late=25),
    Person("Verlag Küstenwind GmbH", "Faluner Weg 33", "24109", "Kiel"),
    Person("Weinhandel Rosé OHG", "Alter Markt 7", "24103", "Kiel", late=-1),
    Person("Yachtservice Lorenzen GmbH", "Deichperle 2", "24159", "Kiel", late=9),
    Person("Zahnzentrum Förde MVZ GmbH", "Königsweg 78", "24114", "Kiel", late=-6),
    Person("Autohaus Sievers GmbH", "Hamburger Chaussee 300", "24113", "Kiel", late=-4),
    Person("Brauerei Strandgut GmbH", "Lütjohannstraße 20", "24340", "Eckernförde", late=3),
    Person(
        "Landeshauptstadt Kiel, Amt für Kultur",
        "Fleethörn 9",
        "24103",
        "Kiel",
        kind=PUBLIC,
        leitweg_id="01002000-12345-04",
        late=10,
    ),
    Person(
        "Kreis Rendsburg-Eckernförde",
        "Kaiserstraße 8",
        "24768",
        "Rendsburg",
        kind=PUBLIC,
        leitweg_id="01058000-98765-94",
        late=14,
    ),
    Person(
        "Universitätsbibliothek Förde",
        "Leibnizstraße 9",
        "24118",
        "Kiel",
        kind=PUBLIC,
        leitweg_id="01002000-55555-63",
        late=18,
        einvoice_format=Customer.Format.XRECHNUNG_UBL,
    ),
    Person(
        "Nordisk Skilte ApS", "Havnegade 12", "6000", "Kolding", country="DK", vat_id="DK13585628"
    ),
    Person(
        "Reclame van Dijk B.V.",
        "Keizersgracht 210",
        "1016 DX",
        "Amsterdam",
        country="NL",
        vat_id="NL004495445B01",
        late=-5,
    ),
    Person("Alpen Display AG", "Bahnhofplatz 4", "6003", "Luzern", country="CH", late=-3),
    Person("Petra Christiansen", "Projensdorfer Straße 19", "24106", "Kiel", kind=CONSUMER),
    Person("Ole Matthiesen", "Blücherplatz 2", "24105", "Kiel", kind=CONSUMER, careful=0.4),
    Person("Sabine Wulff", "Schauenburgerstraße 61", "24118", "Kiel", kind=CONSUMER, late=5),
    Person("Familie Nguyen", "Iltisstraße 30", "24143", "Kiel", kind=CONSUMER, careful=0.5),
    Person("Henning Clausen", "Dorfstraße 11", "24229", "Dänischenhagen", kind=CONSUMER),
    Person("Kunstverein Hafenkante e. V.", "Willestraße 6", "24103", "Kiel", late=21),
    Person("Sportverein Holtenau 07 e. V.", "Apenrader Straße 2", "24159", "Kiel", late=16),
)


@dataclass(frozen=True)
class Ware:
    """A product with its usual price (EUR net), its tax case, and how many one buys."""

    number: str
    name: str
    unit: str
    price: Decimal
    tax_case: str = "DE19"
    description: str = ""
    most: int = 4


WARES = (
    Ware("WT-100", "Beratung und Entwurf", "HUR", Decimal(92), most=12),
    Ware("WT-110", "Reinzeichnung", "HUR", Decimal(78), most=8),
    Ware("WT-200", "Leuchtbuchstaben, LED, 40 cm", "C62", Decimal("184.50"), most=14),
    Ware("WT-210", "Werbeschild Alu-Dibond", "MTK", Decimal("119.00"), most=6),
    Ware("WT-220", "Fahrzeugbeschriftung Transporter", "C62", Decimal(890), most=2),
    Ware(
        "WT-230",
        "Folienplot, wetterfest",
        "MTK",
        Decimal("46.90"),
        description="Hochleistungsfolie, 7 Jahre Außenhaltbarkeit",
        most=20,
    ),
    Ware("WT-300", "Montage vor Ort", "HUR", Decimal(68), most=16),
    Ware("WT-310", "Anfahrt", "KMT", Decimal("0.85"), most=120),
    Ware("WT-320", "Hubsteiger, Tagessatz", "DAY", Decimal(310), most=2),
    Ware("WT-400", "Wartung Leuchtwerbung, monatlich", "MON", Decimal("59.00"), most=3),
    Ware("WT-500", "Stadtführer Kiel, 3. Auflage", "C62", Decimal("14.02"), "DE7", most=40),
    Ware("WT-510", "Lehrbuch Schriften und Schilder", "C62", Decimal("36.45"), "DE7", most=10),
)
