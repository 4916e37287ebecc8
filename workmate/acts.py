"""What the events of the audit trail are called, for people: one table, as for the roles.

The acts of every app name their event by a string; a test finds those that are missing here.
"""

TITLES = {
    "bank_account.changed": "Bankkonto geändert",
    "bank_account.opened": "Bankkonto angelegt",
    "cancellation.issued": "Stornorechnung gestellt",
    "company.changed": "Unternehmen geändert",
    "company.logo_changed": "Logo geändert",
    "company.logo_removed": "Logo entfernt",
    "credit.applied": "Guthaben verrechnet",
    "credit.taken_back": "Verrechnung zurückgenommen",
    "customer.activated": "Kunde wieder aktiv",
    "customer.changed": "Kunde geändert",
    "customer.created": "Kunde angelegt",
    "customer.deactivated": "Kunde nicht mehr aktiv",
    "customer.deleted": "Kunde gelöscht",
    "document.archived": "Datei archiviert",
    "invoice.cancelled": "Rechnung storniert",
    "invoice.draft_changed": "Entwurf geändert",
    "invoice.draft_deleted": "Entwurf gelöscht",
    "invoice.drafted": "Entwurf angelegt",
    "invoice.issued": "Rechnung gestellt",
    "job.cancelled": "Aufgabe abgebrochen",
    "job.restarted": "Aufgabe wiederholt",
    "money_account.opened": "Geldkonto angelegt",
    "numberrange.started": "Nummernkreis begonnen",
    "open_item.settled": "Posten ausgeglichen",
    "open_items.taken_over": "Offene Posten übernommen",
    "payment.recorded": "Zahlung erfasst",
    "payment.reversed": "Zahlung zurückgenommen",
    "period.locked": "Monat gesperrt",
    "period.unlocked": "Monat wieder geöffnet",
    "product.activated": "Produkt wieder aktiv",
    "product.changed": "Produkt geändert",
    "product.created": "Produkt angelegt",
    "product.deactivated": "Produkt nicht mehr aktiv",
    "product.deleted": "Produkt gelöscht",
    "statement.imported": "Kontoauszug eingelesen",
    "token.created": "API-Schlüssel angelegt",
    "token.revoked": "API-Schlüssel widerrufen",
    "transaction.dismissed": "Umsatz ausgeschieden",
    "transaction.matched": "Umsatz zugeordnet",
    "transaction.recalled": "Umsatz zurückgeholt",
    "transaction.unmatched": "Zuordnung aufgehoben",
    "user.changed": "Benutzer geändert",
    "user.changed_by_admin": "Benutzer in der Verwaltung geändert",
    "user.created": "Benutzer angelegt",
    "user.created_by_admin": "Benutzer in der Verwaltung angelegt",
    "user.deactivated": "Zugang gesperrt",
    "user.logged_in": "Angemeldet",
    "user.password_changed": "Passwort geändert",
    "user.password_set_by_admin": "Passwort in der Verwaltung gesetzt",
    "user.password_set": "Passwort gesetzt",
    "user.reactivated": "Zugang freigegeben",
    "user.role_assigned": "Rolle vergeben",
}


def title_of(event: str) -> str:
    """The German name of an event; its code when it is of another version."""
    return TITLES.get(event, event)
