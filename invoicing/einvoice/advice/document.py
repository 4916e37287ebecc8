"""Rules about the document and its parties, in German."""

from invoicing.einvoice.advice.texts import BUYER, COMPUTED, SELLER, SELLER_HER, Text

DOCUMENT: dict[str, Text] = {
    "BR-01": ("Die Kennung des Regelwerks fehlt (BT-24).", COMPUTED, ""),
    "BR-02": ("Die Rechnungsnummer fehlt.", "Sie wird beim Stellen vergeben.", "number"),
    "BR-03": ("Das Rechnungsdatum fehlt.", "Geben Sie ein Rechnungsdatum an.", "issue_date"),
    "BR-04": ("Die Art der Rechnung fehlt.", "Wählen Sie die Belegart.", "type_code"),
    "BR-05": ("Die Währung fehlt.", "Wählen Sie die Währung der Rechnung.", "currency"),
    "BR-16": (
        "Die Rechnung hat keine Position.",
        "Fügen Sie mindestens eine Position hinzu.",
        "lines",
    ),
    "BR-29": (
        "Der Leistungszeitraum endet, bevor er beginnt.",
        "Prüfen Sie Beginn und Ende des Leistungszeitraums.",
        "period.end",
    ),
    "BR-53": (
        "Der Steuerbetrag in der Buchungswährung fehlt.",
        "Geben Sie den Umrechnungskurs an.",
        "totals.tax_total_accounting",
    ),
    "BR-55": (
        "Die Nummer der ursprünglichen Rechnung fehlt.",
        "Geben Sie an, welche Rechnung berichtigt wird.",
        "preceding",
    ),
    "BR-CO-19": (
        "Der Leistungszeitraum hat weder Beginn noch Ende.",
        "Geben Sie mindestens eines von beiden an.",
        "period.start",
    ),
    "BR-CL-01": (
        "Die Art der Rechnung ist kein gültiger Code.",
        "Wählen Sie eine andere Belegart.",
        "type_code",
    ),
    "BR-CL-03": ("Die Währung eines Betrags ist kein gültiger Code.", COMPUTED, "currency"),
    "BR-CL-04": (
        "Die Währung der Rechnung ist kein gültiger Code.",
        "Wählen Sie eine Währung nach ISO 4217, zum Beispiel EUR.",
        "currency",
    ),
    "BR-CL-05": (
        "Die Buchungswährung ist kein gültiger Code.",
        "Wählen Sie eine Währung nach ISO 4217.",
        "tax_currency",
    ),
    "BR-DE-15": (
        "Die Leitweg-ID oder Käuferreferenz fehlt (BT-10).",
        (
            "XRechnung verlangt sie. Erfragen Sie sie beim Kunden und tragen Sie sie dort ein; "
            "Unternehmen ohne Leitweg-ID nennen meist eine Bestell- oder Kostenstellennummer."
        ),
        "buyer_reference",
    ),
    "BR-DE-17": (
        "Diese Art der Rechnung ist in XRechnung nicht vorgesehen.",
        "Zulässig sind 326, 380, 381, 384, 389, 875, 876 und 877.",
        "type_code",
    ),
    "BR-DE-21": ("Die Rechnung nennt sich nicht XRechnung (BT-24).", COMPUTED, ""),
    "BR-DE-26": (
        "Die Stornorechnung nennt die ursprüngliche Rechnung nicht.",
        "Geben Sie Nummer und Datum der stornierten Rechnung an.",
        "preceding",
    ),
    "BR-DE-TMP-32": (
        "Das Datum der Lieferung oder Leistung fehlt.",
        "Geben Sie Leistungsdatum oder Leistungszeitraum an (§ 14 Abs. 4 Nr. 6 UStG).",
        "delivery_date",
    ),
    "PEPPOL-EN16931-R001": ("Der Geschäftsprozess fehlt (BT-23).", COMPUTED, ""),
    "PEPPOL-EN16931-R005": (
        "Buchungswährung und Rechnungswährung sind gleich.",
        "Lassen Sie die Buchungswährung leer.",
        "tax_currency",
    ),
    "PEPPOL-EN16931-R008": (
        "Die Rechnung enthält ein leeres Element.",
        "Füllen Sie das Feld aus oder lassen Sie es ganz weg.",
        "",
    ),
    "PEPPOL-EN16931-R053": ("Der Steuerbetrag ist mehrfach angegeben.", COMPUTED, ""),
    "PEPPOL-EN16931-R054": ("Der Betrag in Buchungswährung ist mehrfach da.", COMPUTED, ""),
    "PEPPOL-EN16931-R055": (
        "Steuerbetrag und Steuerbetrag in Buchungswährung haben verschiedene Vorzeichen.",
        COMPUTED,
        "totals.tax_total_accounting",
    ),
}


PARTIES: dict[str, Text] = {
    "BR-06": ("Der Name Ihres Unternehmens fehlt.", SELLER, "seller.name"),
    "BR-07": ("Der Name des Kunden fehlt.", BUYER, "buyer.name"),
    "BR-08": (
        "Die Anschrift Ihres Unternehmens fehlt.",
        SELLER_HER,
        "seller.address.street",
    ),
    "BR-09": (
        "Das Land in Ihrer Anschrift fehlt.",
        "Ergänzen Sie es in den Firmendaten.",
        "seller.address.country",
    ),
    "BR-10": ("Die Anschrift des Kunden fehlt.", BUYER, "buyer.address.street"),
    "BR-11": ("Das Land in der Anschrift des Kunden fehlt.", BUYER, "buyer.address.country"),
    "BR-57": (
        "Das Land der Lieferanschrift fehlt.",
        "Ergänzen Sie das Land oder entfernen Sie die Lieferanschrift.",
        "delivery_address.country",
    ),
    "BR-62": (
        "Zur elektronischen Adresse Ihres Unternehmens fehlt die Art der Adresse.",
        "Wählen Sie sie in den Firmendaten, zum Beispiel „E-Mail-Adresse“.",
        "seller.electronic_address.scheme",
    ),
    "BR-63": (
        "Zur elektronischen Adresse des Kunden fehlt die Art der Adresse.",
        "Wählen Sie sie beim Kunden, zum Beispiel „E-Mail-Adresse“ oder „Leitweg-ID“.",
        "buyer.electronic_address.scheme",
    ),
    "BR-CL-10": (
        "Die Art einer Kennung ist kein gültiger Code (ISO 6523).",
        "Entfernen Sie die Art oder wählen Sie eine andere.",
        "seller.identifiers",
    ),
    "BR-CL-11": (
        "Die Art der Registernummer ist kein gültiger Code (ISO 6523).",
        "Entfernen Sie die Art der Registernummer.",
        "seller.register_number",
    ),
    "BR-CL-14": (
        "Ein Land ist kein gültiger Code.",
        "Wählen Sie das Land aus der Liste.",
        "{party}.country",
    ),
    "BR-CL-25": (
        "Die Art der elektronischen Adresse ist nicht zulässig.",
        "Wählen Sie eine Art aus der Liste, zum Beispiel „E-Mail-Adresse“ (EM).",
        "{electronic}.scheme",
    ),
    "BR-CO-09": (
        "Eine Umsatzsteuer-Identifikationsnummer beginnt nicht mit einem Ländercode.",
        (
            "Eine deutsche USt-IdNr. hat die Form DE123456789. Die Steuernummer gehört in ihr "
            "eigenes Feld."
        ),
        "{vat_id}",
    ),
    "BR-CO-26": (
        "Ihr Unternehmen ist nicht eindeutig bezeichnet.",
        "Geben Sie in den Firmendaten die USt-IdNr., die Registernummer oder eine Kennung an.",
        "seller.vat_id",
    ),
    "BR-DE-2": ("Der Ansprechpartner Ihres Unternehmens fehlt.", SELLER, "seller.contact.name"),
    "BR-DE-3": ("Der Ort in Ihrer Anschrift fehlt.", SELLER, "seller.address.city"),
    "BR-DE-4": (
        "Die Postleitzahl in Ihrer Anschrift fehlt.",
        SELLER_HER,
        "seller.address.post_code",
    ),
    "BR-DE-5": ("Der Name Ihres Ansprechpartners fehlt.", SELLER, "seller.contact.name"),
    "BR-DE-6": (
        "Die Telefonnummer Ihres Ansprechpartners fehlt.",
        SELLER_HER,
        "seller.contact.phone",
    ),
    "BR-DE-7": (
        "Die E-Mail-Adresse Ihres Ansprechpartners fehlt.",
        SELLER_HER,
        "seller.contact.email",
    ),
    "BR-DE-8": ("Der Ort in der Anschrift des Kunden fehlt.", BUYER, "buyer.address.city"),
    "BR-DE-9": (
        "Die Postleitzahl in der Anschrift des Kunden fehlt.",
        BUYER,
        "buyer.address.post_code",
    ),
    "BR-DE-10": (
        "Der Ort der Lieferanschrift fehlt.",
        "Ergänzen Sie die Lieferanschrift.",
        "delivery_address.city",
    ),
    "BR-DE-11": (
        "Die Postleitzahl der Lieferanschrift fehlt.",
        "Ergänzen Sie die Lieferanschrift.",
        "delivery_address.post_code",
    ),
    "BR-DE-16": (
        "Weder Ihre USt-IdNr. noch Ihre Steuernummer ist angegeben.",
        "Ergänzen Sie eine von beiden in den Firmendaten (§ 14 Abs. 4 Nr. 2 UStG).",
        "seller.tax_number",
    ),
    "BR-17": (
        "Der Name des abweichenden Zahlungsempfängers fehlt.",
        "Nennen Sie ihn im Entwurf unter „Zahlungsweg“.",
        "payee",
    ),
    "BR-52": (
        "Eine Anlage hat keine Kennung.",
        "Entfernen Sie die Anlage und fügen Sie sie neu hinzu.",
        "attachments",
    ),
    "BR-DE-22": (
        "Zwei Anlagen tragen denselben Dateinamen.",
        "Benennen Sie eine der Dateien um.",
        "attachments",
    ),
    "BR-DE-23-a": (
        "Zur Überweisung gehört ein Konto und weder Karte noch Lastschrift.",
        "Wählen Sie im Entwurf den Zahlungsweg neu.",
        "payment.means_code",
    ),
    "BR-DE-23-b": (
        "Zur Überweisung gehört ein Konto und weder Karte noch Lastschrift.",
        "Wählen Sie im Entwurf den Zahlungsweg neu.",
        "payment.means_code",
    ),
    "BR-DE-24-a": (
        "Zur Kartenzahlung gehört die Karte und weder Konto noch Lastschrift.",
        "Wählen Sie im Entwurf den Zahlungsweg neu.",
        "payment.means_code",
    ),
    "BR-DE-24-b": (
        "Zur Kartenzahlung gehört die Karte und weder Konto noch Lastschrift.",
        "Wählen Sie im Entwurf den Zahlungsweg neu.",
        "payment.means_code",
    ),
    "BR-DE-25-a": (
        "Zur Lastschrift gehört das Mandat und weder Konto noch Karte.",
        "Wählen Sie im Entwurf den Zahlungsweg neu.",
        "payment.means_code",
    ),
    "BR-DE-25-b": (
        "Zur Lastschrift gehört das Mandat und weder Konto noch Karte.",
        "Wählen Sie im Entwurf den Zahlungsweg neu.",
        "payment.means_code",
    ),
    "BR-DE-30": (
        "Ihre Gläubiger-Identifikationsnummer fehlt (BT-90).",
        "Tragen Sie sie unter Einstellungen › Unternehmen ein.",
        "payment.creditor_id",
    ),
    "BR-DE-31": (
        "Die IBAN, von der eingezogen wird, fehlt (BT-91).",
        "Ergänzen Sie das Mandat beim Kunden.",
        "payment.debited_iban",
    ),
    "BR-DE-27": (
        "Die Telefonnummer Ihres Ansprechpartners hat weniger als drei Ziffern.",
        "Prüfen Sie sie in den Firmendaten.",
        "seller.contact.phone",
    ),
    "BR-DE-28": (
        "Die E-Mail-Adresse Ihres Ansprechpartners ist keine gültige Adresse.",
        "Prüfen Sie sie in den Firmendaten.",
        "seller.contact.email",
    ),
    "PEPPOL-EN16931-R010": (
        "Die elektronische Adresse des Kunden fehlt (BT-49).",
        (
            "XRechnung verlangt sie: meist die E-Mail-Adresse für Rechnungen oder die Leitweg-ID. "
            "Für Privatkunden wählen Sie ZUGFeRD."
        ),
        "buyer.electronic_address",
    ),
    "PEPPOL-EN16931-R020": (
        "Die elektronische Adresse Ihres Unternehmens fehlt (BT-34).",
        "Ergänzen Sie sie in den Firmendaten, zum Beispiel Ihre E-Mail-Adresse.",
        "seller.electronic_address",
    ),
}
