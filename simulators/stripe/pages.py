"""The pages that a payer sees: checkout, the bank's question, the end."""

from html import escape

from simulators.stripe import cards, money
from simulators.stripe.world import Row

_STYLE = """
:root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #1a1f36; }
body { margin: 0; background: #f6f8fa; }
.note { background: #fff4d6; padding: .5rem 1rem; text-align: center; font-size: .875rem; }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 3rem; max-width: 60rem;
  margin: 3rem auto; padding: 0 1.5rem; }
main.one { grid-template-columns: 1fr; max-width: 30rem; }
h1 { font-size: 1rem; font-weight: 500; margin: 0; color: #697386; }
.sum { font-size: 2.25rem; font-weight: 650; margin: .25rem 0 1.5rem; }
.items { list-style: none; padding: 0; margin: 0; }
.items li { display: flex; justify-content: space-between; gap: 1rem; padding: .4rem 0; }
form { align-self: start; background: #fff;
  border: 1px solid #e3e8ee; border-radius: .75rem; padding: 1.5rem; }
fieldset { border: 0; margin: 1.25rem 0 0; padding: 0; }
form:has([value=card]:checked) .sepa_debit { display: none; }
form:has([value=sepa_debit]:checked) .card { display: none; }
legend { font-weight: 600; padding: 0; }
label { display: block; margin: .75rem 0 .25rem; font-size: .875rem; }
label.choice { display: inline-flex; gap: .4rem; margin-right: 1rem; font-size: 1rem; }
input:not([type=radio]) { box-sizing: border-box; width: 100%; padding: .6rem .75rem;
  border: 1px solid #c9d1da; border-radius: .4rem; font: inherit; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
button { width: 100%; margin-top: 1rem; padding: .75rem; border: 0; border-radius: .4rem;
  background: #0a5ad4; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button.plain { background: #fff; color: #1a1f36; border: 1px solid #c9d1da; }
.error { background: #fde8e8; color: #8b1a1a; padding: .75rem 1rem; border-radius: .4rem; }
details { margin-top: 1.5rem; font-size: .875rem; }
td { padding: .15rem .75rem .15rem 0; font-variant-numeric: tabular-nums; }
a { color: #0a5ad4; }
@media (max-width: 48rem) { main { grid-template-columns: 1fr; gap: 1.5rem; margin: 1.5rem auto; } }
"""


def page(title: str, body: str) -> str:
    """A whole page; it says that no money moves."""
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        '<p class="note">Simulator der Bezahlseite: Es fließt kein Geld.</p>'
        f"{body}</body></html>"
    )


def checkout(
    session: Row, seller: str, *, error: str = "", given: dict[str, str] | None = None
) -> str:
    """What is to be paid on the left, with what on the right."""
    given = given or {}
    amount = amount_of(session["amount_total"], session["currency"])
    items = "".join(
        f"<li><span>{escape(one['description'])}</span>"
        f"<span>{amount_of(one['amount_total'], one['currency'])}</span></li>"
        for one in session["_items"]
    )
    back = ""
    if session["cancel_url"]:
        back = f'<p><a href="{escape(session["cancel_url"])}">Zurück</a></p>'
    methods = session["payment_method_types"]
    fields = _email(session, given) + _choice(methods, given)
    fields += _card() if "card" in methods else ""
    fields += _debit() if "sepa_debit" in methods else ""
    said = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    return page(
        f"{amount} bezahlen",
        f"<main><section><h1>{escape(seller)}</h1><p class=sum>{amount}</p>"
        f"<ul class=items>{items}</ul>{back}{_hints(methods)}</section>"
        f'<form method="post">{said}{fields}<button>{amount} bezahlen</button></form></main>',
    )


def _email(session: Row, given: dict[str, str]) -> str:
    value = escape(given.get("email") or session["customer_email"] or "")
    return f'<label for=email>E-Mail</label><input id=email name=email type=email value="{value}">'


def _choice(methods: list[str], given: dict[str, str]) -> str:
    names = {"card": "Karte", "sepa_debit": "SEPA-Lastschrift"}
    chosen = given.get("method") or methods[0]
    choices = "".join(
        f'<label class=choice><input type=radio name=method value="{one}"'
        f"{' checked' if one == chosen else ''}>{names[one]}</label>"
        for one in methods
    )
    return f"<fieldset><legend>Zahlungsart</legend>{choices}</fieldset>"


def _card() -> str:
    return (
        "<div class=card><label for=number>Kartennummer</label>"
        '<input id=number name=number inputmode=numeric placeholder="4242 4242 4242 4242">'
        "<div class=pair><div><label for=expiry>Gültig bis</label>"
        '<input id=expiry name=expiry placeholder="12 / 30"></div>'
        "<div><label for=cvc>Prüfziffer</label><input id=cvc name=cvc placeholder=123></div></div>"
        "</div>"
    )


def _debit() -> str:
    return (
        "<div class=sepa_debit><label for=iban>IBAN</label>"
        '<input id=iban name=iban placeholder="DE89 3704 0044 0532 0130 00">'
        "<label for=name>Name</label><input id=name name=name></div>"
    )


def _hints(methods: list[str]) -> str:
    known = [*(cards.CARDS if "card" in methods else ())]
    known += [*(cards.ACCOUNTS if "sepa_debit" in methods else ())]
    rows = "".join(f"<tr><td>{_spaced(one.number)}</td><td>{one.shown}</td></tr>" for one in known)
    return f"<details><summary>Testkarten und Testkonten</summary><table>{rows}</table></details>"


def _spaced(number: str) -> str:
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def authentication(intent: Row) -> str:
    """The bank asks whether it was the customer."""
    amount = amount_of(intent["amount"], intent["currency"])
    return page(
        "Zahlung bestätigen",
        f"<main class=one><form method=post><h1>Ihre Bank fragt nach</h1><p class=sum>{amount}</p>"
        "<button name=answer value=yes>Bestätigen</button>"
        "<button class=plain name=answer value=no>Ablehnen</button></form></main>",
    )


def message(title: str, text: str) -> str:
    """A page that says one thing."""
    return page(title, f"<main class=one><section><h1>{title}</h1><p>{text}</p></section></main>")


def amount_of(amount: int, currency: str) -> str:
    """The amount as a German reader writes it: `1.190,00 €`."""
    digits = money.exponent(currency)
    text = f"{amount / 10**digits:,.{digits}f}".translate(str.maketrans(",.", ".,"))
    return f"{text} {'€' if currency == 'eur' else currency.upper()}"
