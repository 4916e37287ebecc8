# ruff: noqa: E501 — rows stand as the banks write them
"""One export of every bank that has no writer of its own in `statements`, with what it says."""

from tests.banking.statements import OWN, PAYER, quoted


def lines(*rows: str, encoding: str = "utf-8", end: str = "\n") -> bytes:
    return (end.join(rows) + end).encode(encoding)


_DB = (
    "Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;{iban};BIC;"
    "Kundenreferenz;Mandatsreferenz;Gläubiger ID;Fremde Gebühren;Betrag;Abweichender Empfänger;"
    "{more}Anzahl der Aufträge;Anzahl der Schecks;Soll;Haben;Währung"
)
_PAYPAL = {
    "de": "Datum,Uhrzeit,Zeitzone,Name,Typ,Status,Währung,Brutto,Gebühr,Netto,Transaktionscode,"
    "Zugehöriger Transaktionscode,Betreff",
    "en": "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID,"
    "Reference Txn ID,Subject",
    "fr": "Date,Heure,Fuseau horaire,Nom,Type,État,Devise,Avant commission,Commission,Net,"
    "Numéro de transaction,Numéro de la transaction de référence,Objet",
}
_WISE = {
    "wise-verlauf": "ID,Status,Direction,Created on,Finished on,Source fee amount,"
    "Source fee currency,Target fee amount,Target fee currency,Source name,"
    "Source amount (after fees),Source currency,Target name,Target amount (after fees),"
    "Target currency,Exchange rate,Reference",
    "wise-verlauf-de": "ID,Status,Richtung,Erstellt am,Abgeschlossen am,Betrag der Ausgangsgebühr,"
    "Währung der Ausgangsgebühr,Betrag der Zielgebühr,Währung der Zielgebühr,Quellenname,"
    "Ausgangsbetrag (nach Gebühren),Ausgangswährung,Name des Empfängers,"
    "Zielbetrag (nach Gebühren),Zielwährung,Wechselkurs,Referenz",
}
_WISE_ROWS = (
    (
        "TRANSFER-1,COMPLETED,OUT,2026-10-05 10:00:00,2026-10-05 10:00:00,0.45,EUR,,,Wir,120.00,EUR,"
        "Kundig,140.00,USD,1.16,Miete"
    ),
    (
        "TRANSFER-2,COMPLETED,IN,2026-10-05 10:00:00,2026-10-05 10:00:00,,,,,Kundig,7.00,EUR,"
        "Wir,7.00,EUR,1,RE-1"
    ),
)
_N26_DE = "Datum{0}Empfänger{0}Kontonummer{0}Transaktionstyp{0}Verwendungszweck{0}Betrag (EUR)"
_N26_EN = "Date{0}Payee{0}Account number{0}Transaction type{0}Payment reference{0}Amount (EUR)"
_N26_ROW = "2026-10-05{0}Kundig{0}{0}Income{0}RE-1{0}-3.0"
_QONTO = "Status{0}Settlement date (UTC){0}Operation date (UTC){0}Total amount (incl. VAT){0}"
_QONTO += "Currency{0}Counterparty name"
_QONTO_ROW = "executed{0}05-10-2026 10:00:00{0}05-10-2026 09:00:00{0}12.50{0}EUR{0}Kundig"

# Format: file, amounts, name of the first other side, what the balances prove.
EXPORTS: dict[str, tuple[bytes, list[str], str, str]] = {
    "sparkasse-karte": (
        lines(
            quoted(
                "Umsatz getätigt von",
                "Belegdatum",
                "Buchungsdatum",
                "Originalbetrag",
                "Originalwährung",
                "Umrechnungskurs",
                "Buchungsbetrag",
                "Buchungswährung",
                "Transaktionsbeschreibung",
                "Transaktionsbeschreibung Zusatz",
                "Buchungsreferenz",
            ),
            quoted(
                "51", "05.10.26", "05.10.26", "-6,00", "USD", "1,2", "-5,00", "EUR", "Bahn", "", ""
            ),
            encoding="iso-8859-1",
        ),
        ["-5.00"],
        "",
        "absent",
    ),
    "volksbank": (
        lines(
            "Bezeichnung Auftragskonto;IBAN Auftragskonto;BIC Auftragskonto;Bankname Auftragskonto;"
            "Buchungstag;Valutadatum;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;"
            "BIC (SWIFT-Code) Zahlungsbeteiligter;Buchungstext;Verwendungszweck;Betrag;Waehrung;"
            "Saldo nach Buchung;Bemerkung;Kategorie;Steuerrelevant;Glaeubiger ID;Mandatsreferenz",
            f"Giro;{OWN};B;VB;06.10.2026;06.10.2026;Müller;{PAYER};B;Gutschrift;RE-1;-453,11;EUR;546,89;;;;;",
            f"Giro;{OWN};B;VB;05.10.2026;05.10.2026;Kundig;{PAYER};B;Gutschrift;RE-2;600;EUR;1000;;;;;",
            encoding="utf-8-sig",
            end="\r\n",
        ),
        ["-453.11", "600.00"],
        "Müller",
        "ok",
    ),
    "volksbank-alt": (
        lines(
            '"Volksbank"',
            '"Zeitraum:";;"von:";"01.10.2026";"bis:";"31.10.2026"',
            quoted(
                "Buchungstag",
                "Valuta",
                "Auftraggeber/Zahlungsempfänger",
                "Empfänger/Zahlungspflichtiger",
                "Konto-Nr.",
                "IBAN",
                "BLZ",
                "BIC",
                "Vorgang/Verwendungszweck",
                "Kundenreferenz",
                "Währung",
                "Umsatz",
                " ",
            ),
            f'"05.10.2026";"05.10.2026";"Wir";"Kundig";;"{PAYER}";;;"GUTSCHRIFT\r\nRE-1";;"EUR";"1.202,10";"H"',
            '"05.10.2026";"05.10.2026";"Wir";"Bank";;;;;"Gebühr";;"EUR";"2,10";"S"',
            '"05.10.2026";;;;;;;;;"Anfangssaldo";"EUR";"100,00";"S"',
            '"05.10.2026";;;;;;;;;"Endsaldo";"EUR";"1.100,00";"H"',
            encoding="iso-8859-1",
            end="\r\n",
        ),
        ["1202.10", "-2.10"],
        "Kundig",
        "ok",
    ),
    "commerzbank": (
        lines(
            "Buchungstag;Wertstellung;Umsatzart;Buchungstext;Betrag;Währung;IBAN Kontoinhaber;Kategorie",
            f"05.10.2026;05.10.2026;Gutschrift;Kundig {PAYER} RE-1 End-to-End-Ref.: E1;-10,7;EUR;{OWN};",
            encoding="utf-8-sig",
        ),
        ["-10.70"],
        "",
        "absent",
    ),
    "commerzbank-alt": (
        lines(
            "Buchungstag;Wertstellung;Umsatzart;Buchungstext;Betrag;Währung;Auftraggeberkonto;"
            "Bankleitzahl Auftraggeberkonto;IBAN Auftraggeberkonto",
            f'05.10.2026;05.10.2026;Lastschrift;"Karte";-17,22;EUR;532013000;37040044;{OWN}',
        ),
        ["-17.22"],
        "",
        "absent",
    ),
    "deutsche-bank": (
        lines(
            "Umsätze",
            "Konto;Filial-/Kontonummer;IBAN;Währung",
            f"Business;111 1111111 11;{OWN};EUR",
            "",
            "1.10.2026 - 31.10.2026",
            "Letzter Kontostand;;;;2.123,8;EUR",
            "Vorgemerkte Umsätze sind nicht Bestandteil dieser Übersicht.",
            _DB.format(iban="IBAN / Kontonummer", more=""),
            "5.10.2026;5.10.2026;Kontoabrechnung;Kundig;Test;;;;;;;-1.000,00;;;;-1.000,00;;EUR",
            "5.10.2026;5.10.2026;Gutschrift;Kundig;Test;;;;;;;750;;;;;750;EUR",
            "Kontostand;31.10.2026;;;1.873,8;EUR",
            encoding="utf-8-sig",
        ),
        ["-1000.00", "750.00"],
        "Kundig",
        "ok",
    ),
    "deutsche-bank-alt": (
        lines(
            "Umsätze Girokonto;;;Kundennummer: 1",
            _DB.format(iban="IBAN", more="Abweichender Auftraggeber;").replace(
                "Mandatsreferenz;", "Mandatsreferenz ;"
            ),
            "05.10.2026;05.10.2026;Lastschrift;Kundig;Test;;;;;;;;;;;;-59,00;;EUR",
            "123456;05.10.2026;;;575,21;EUR",
            encoding="iso-8859-1",
        ),
        ["-59.00"],
        "Kundig",
        "absent",
    ),
    "deutsche-bank-2010": (
        lines(
            "Kontostand;;;;100,00;EUR",
            "Buchungstag;Wert;Verwendungszweck;Soll;Haben;Währung",
            "05.10.2026;05.10.2026;Test;-42,33;;EUR",
            "123456;05.10.2026;;;57,67;EUR",
            encoding="iso-8859-1",
        ),
        ["-42.33"],
        "",
        "ok",
    ),
    "postbank-alt": (
        lines(
            quoted("Umsätze", "Oktober"),
            quoted(
                "Buchungstag",
                "Wertstellung",
                "Umsatzart",
                "Buchungsdetails",
                "Auftraggeber",
                "Empfänger",
                "Betrag (€)",
                "Saldo (€)",
            ),
            quoted(
                "05.10.2026",
                "05.10.2026",
                "Gutschrift",
                "RE-1",
                "Kundig",
                "Wir",
                "51,20 €",
                "60,00 €",
            ),
            encoding="cp1252",
        ),
        ["51.20"],
        "Kundig",
        "ok",
    ),
    "comdirect": (
        lines(
            ";",
            '"Umsätze Girokonto";"Zeitraum: 01.10.2026 - 31.10.2026";',
            '"Neuer Kontostand";"1.100,00 EUR";',
            '"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";',
            '"05.10.2026";"05.10.2026";"Übertrag";"Auftraggeber: Kundig Kto/IBAN: '
            f'{PAYER} BLZ/BIC: BYLADEM1001 Buchungstext: RE-1 Ref. ABC/1";"100,00";',
            '"offen";"--";"Karte";"Buchungstext: Kaffee 2026-10-06T17:43:43";"-23,86";',
            '"Alter Kontostand";"1.000,00 EUR";',
            encoding="cp1252",
        ),
        ["100.00", "-23.86"],
        "Kundig",
        "ok",
    ),
    "1822direkt": (
        lines(
            "Kontonummer;Datum/Zeit;Buchungstag;Wertstellung;Soll/Haben;Buchungsschlüssel;Buchungsart;"
            "Empfänger/Auftraggeber Name;Empfänger/Auftraggeber IBAN;Empfänger/Auftraggeber BIC;Vwz.0;Vwz.1",
            f"12345678;05.10.2026 09:00;05.10.2026;05.10.2026;-19,99;1;Lastschrift;Kundig;{PAYER};B;RE;-1",
            encoding="cp1252",
        ),
        ["-19.99"],
        "Kundig",
        "absent",
    ),
    "targobank": (
        lines(
            f"05.10.2026;Miete;-5,00;;;;'{OWN}'",
            f"05.10.2026;Gutschrift;;1.000,00;;;'{OWN}'",
            f"05.10.2026;Karte;-6.50;;;;'{OWN}'",
            end="\r\n",
        ),
        ["-5.00", "1000.00", "-6.50"],
        "",
        "absent",
    ),
    "consorsbank": (
        lines(
            "Buchung;Valuta;Sender / Empfänger;IBAN / Konto-Nr.;BIC / BLZ;Buchungstext;"
            "Verwendungszweck;Betrag in EUR",
            f"05.10.2026;05.10.2026;Kundig;{PAYER};B;Lastschrift;RE-1;-13,99",
        ),
        ["-13.99"],
        "Kundig",
        "absent",
    ),
    "n26": (
        lines(
            '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference",'
            '"Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"',
            f'2026-10-05,2026-10-05,"Kundig",{PAYER},Income,"RE-1, zweite","Main",1234.5,,,',
        ),
        ["1234.50"],
        "Kundig",
        "absent",
    ),
    "n26-alt-en": (lines(_N26_EN.format(","), _N26_ROW.format(",")), ["-3.00"], "Kundig", "absent"),
    "n26-alt-en-excel": (
        lines(_N26_EN.format(";"), _N26_ROW.format(";")),
        ["-3.00"],
        "Kundig",
        "absent",
    ),
    "n26-alt-de": (lines(_N26_DE.format(","), _N26_ROW.format(",")), ["-3.00"], "Kundig", "absent"),
    "n26-alt-de-excel": (
        lines(_N26_DE.format(";"), _N26_ROW.format(";")),
        ["-3.00"],
        "Kundig",
        "absent",
    ),
    "kontist": (
        lines(
            "booking_date,valuta_date,amount,name,purpose,end_to_end_id,booking_status",
            "2026-10-05,2026-10-05,-18000,Kundig,RE-1,NOTPROVIDED,processed",
        ),
        ["-180.00"],
        "Kundig",
        "absent",
    ),
    "finom": (
        lines(
            "Buchungsdatum,Time completed,Status,Transaktionsart,Auftraggeber/Empfänger,"
            "Counterparty BIC,Counterparty IBAN,Verwendungszweck,Zahlungswährung,Zahlungsbetrag,"
            "Wallet-Saldo nach Transaktion,Wallet-IBAN,Transaktions-ID",
            f"05.10.2026,09:57,Completed,Transfer,Kundig,N/A,N/A,N/A,EUR,-60.00,180.00,{OWN},TX-1",
        ),
        ["-60.00"],
        "Kundig",
        "ok",
    ),
    "qonto": (lines(_QONTO.format(","), _QONTO_ROW.format(",")), ["12.50"], "Kundig", "absent"),
    "qonto-semikolon": (
        lines(_QONTO.format(";"), _QONTO_ROW.format(";")),
        ["12.50"],
        "Kundig",
        "absent",
    ),
    "bunq": (
        lines(
            '"Date","Amount","Account","Counterparty","Name","Description"',
            f'"2026-10-05","-8,78","{OWN}","{PAYER}","Kundig","RE-1"',
        ),
        ["-8.78"],
        "Kundig",
        "absent",
    ),
    "revolut": (
        lines(
            "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance",
            "CARD,Current,2026-10-05 09:00:00,2026-10-05 10:00:00,Kiosk,-10.00,0.50,EUR,COMPLETED,89.50",
        ),
        ["-10.50"],
        "",
        "ok",
    ),
    "revolut-de": (
        lines(
            "Art,Produkt,Datum des Beginns,Datum des Abschlusses,Beschreibung,Betrag,Gebühr,Währung,"
            "Status,Kontostand",
            "Karte,Giro,2026-10-05 09:00:00,2026-10-05 10:00:00,Kiosk,-10.00,0.00,EUR,ABGESCHLOSSEN,90.00",
        ),
        ["-10.00"],
        "",
        "ok",
    ),
    "revolut-business": (
        lines(
            "Date started (UTC),Date completed (UTC),ID,Type,State,Description,Reference,Payer,"
            "Payment currency,Amount,Fee,Balance",
            "2026-10-05,2026-10-05,a,TOPUP,COMPLETED,Zahlung,RE-1,Kundig,EUR,100.00,0.00,200.00",
        ),
        ["100.00"],
        "Kundig",
        "ok",
    ),
    "wise": (
        lines(
            '"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance",'
            '"Payee Name"',
            "T-1,05-10-2026,-12.50,EUR,Miete,RE-1,87.50,Kundig",
        ),
        ["-12.50"],
        "Kundig",
        "ok",
    ),
    **{
        key: (lines(header, *_WISE_ROWS), ["-120.45", "7.00"], "Kundig", "absent")
        for key, header in _WISE.items()
    },
    "paypal-de": (
        lines(
            _PAYPAL["de"],
            '05.10.2026,22:00:00,CEST,Kundig,Zahlung,Abgeschlossen,EUR,"100,00","-2,84","97,16",A,,RE-1',
            '05.10.2026,22:00:00,CEST,Shop,Zahlung,Abgeschlossen,USD,"-54,00","0,00","-54,00",B,,X',
            '05.10.2026,22:00:00,CEST,,Allgemeine Währungsumrechnung,Abgeschlossen,EUR,"-50,00","0,00","-50,00",C,B,',
            '05.10.2026,22:00:00,CEST,,Allgemeine Währungsumrechnung,Abgeschlossen,USD,"54,00","0,00","54,00",D,B,',
            encoding="utf-8-sig",
        ),
        ["97.16", "-50.00"],
        "Kundig",
        "absent",
    ),
    "paypal-en": (
        lines(
            _PAYPAL["en"],
            "05/10/2026,10:00:00,CEST,Kundig,Payment,Completed,EUR,100.00,-2.84,97.16,A,,RE-1",
        ),
        ["97.16"],
        "Kundig",
        "absent",
    ),
    "paypal-fr": (
        lines(
            _PAYPAL["fr"],
            "05.10.2026,10:00:00,CEST,Kundig,Paiement,Terminé,EUR,100.00,0.00,100.00,A,,RE-1",
        ),
        ["100.00"],
        "Kundig",
        "absent",
    ),
    **{
        key: (
            lines(
                f"balance_transaction_id,{created},{available},currency,gross,fee,net,"
                "reporting_category,description",
                "txn_1,2026-10-05 10:00:00,2026-10-06 00:00:00,eur,50.00,1.50,48.50,charge,RE-1",
            ),
            ["48.50"],
            "",
            "absent",
        )
        for key, created, available in (
            ("stripe", "created_utc", "available_on_utc"),
            ("stripe-lokal", "created", "available_on"),
            ("stripe-neu", "created (UTC)", "available_on (UTC)"),
        )
    },
    "sumup": (
        lines(
            "Konto,Zeitstempel,Transaktionscode,Transaktionsart,Status,Referenz,Kartensystem,"
            "Beschreibung,Betrag,Gebührenbetrag,Auszahlungsbetrag,Auszahlungsdatum,Auszahlungs-ID",
            "wir@example.de,2026-10-05 23:45:00,TA1,Zahlung,Erfolgreich,,CARD,Schild,"
            "119.0,1.65,117.35,,",
            ",2026-10-05 23:45:09,TA1,Auszahlung,Gezahlt,,,,119.0,1.65,117.35,2026-10-06,SUMUP 7",
            "wir@example.de,2026-10-06 09:00:00,TA2,Zahlung,Fehlgeschlagen,,CARD,Schild,"
            "50.0,0.7,49.3,,",
            ",2026-10-06 09:10:00,TA3,Auszahlung,Geplant,,,,20.0,0.28,19.72,,",
            "wir@example.de,2026-10-06 10:00:00,TA4,Rückerstattung,Erfolgreich,,CARD,Schild,"
            "9.0,0.1,8.9,,",
        ),
        ["117.35", "-117.35", "-19.72"],
        "",
        "absent",
    ),
    "sumup-alt": (
        lines(
            "E-Mail,Datum,Transaktions-ID,Transaktionsart,Status,Kartentyp,Beschreibung,"
            "Betrag inkl. MwSt.,Netto,Gebühr,Auszahlung,Auszahlungsdatum,Auszahlungs-ID,Referenz",
            "wir@example.de,2026-10-05 17:04:11,TA1,Umsatz,Erfolgreich,VISA,Schild,"
            "119.0,100.0,1.65,117.35,,,",
            ",2026-10-05 17:04:18,TA1,Auszahlung,Gezahlt,,,119.0,,1.65,117.35,2026-10-06,77,",
        ),
        ["117.35", "-117.35"],
        "",
        "absent",
    ),
    "lexware": (
        lines(
            "Buchungstag;Valuta;Auftraggeber/Zahlungsempfänger;Empfänger/Zahlungspflichtiger;"
            "Vorgang/Verwendungszweck;Betrag;Zusatzinfo (optional)",
            "05.10.2026;05.10.2026;Wir;Kundig;RE-1;119,00;",
        ),
        ["119.00"],
        "Kundig",
        "absent",
    ),
}
