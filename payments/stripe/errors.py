"""What can go wrong with Stripe."""

from workmate.errors import problem

ACCOUNT_UNFIT = problem(
    "STRIPE_2101",
    "Die Angaben zu Stripe sind nicht gültig.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
NOT_CONNECTED = problem(
    "STRIPE_2102",
    "Stripe ist nicht verbunden.",
    "Tragen Sie die Schlüssel unter Einstellungen › Stripe ein.",
    status=409,
)
WRONG_SIGNATURE = problem(
    "STRIPE_2103",
    "Die Signatur dieser Nachricht ist nicht gültig.",
    "Prüfen Sie den Signaturschlüssel (whsec_…) unter Einstellungen › Stripe.",
    status=400,
)
NOTHING_TO_PAY = problem(
    "STRIPE_2104",
    "Auf {number} ist nichts zu zahlen.",
    "Online bezahlt werden gestellte Rechnungen, auf denen noch etwas offen ist.",
    status=409,
)
TOO_LITTLE = problem(
    "STRIPE_2105",
    "{amount} {currency} sind zu wenig für eine Zahlung über Stripe.",
    "Stripe nimmt Beträge ab {least} {currency}.",
    status=409,
)
UNDER_WAY = problem(
    "STRIPE_2106",
    "Für {number} ist schon eine Zahlung unterwegs.",
    "Warten Sie, bis sie eingegangen oder gescheitert ist; eine Lastschrift dauert einige Tage.",
    status=409,
)
REFUNDS_TOO_MUCH = problem(
    "STRIPE_2107",
    "Erstattet werden können noch höchstens {rest} {currency}.",
    "Verringern Sie den Betrag.",
    status=409,
)
ASSIGNED_ALREADY = problem(
    "STRIPE_2108",
    "Diese Zahlung ist schon zugeordnet.",
    "Laden Sie die Seite neu.",
    status=409,
)
CANNOT_ASSIGN = problem(
    "STRIPE_2109",
    "Diese Zahlung kann nicht zugeordnet werden: {reason}",
    "Klären Sie sie im Dashboard von Stripe.",
    status=409,
)
NOT_RETRYABLE = problem(
    "STRIPE_2110",
    "Dieses Ereignis ist schon verarbeitet.",
    "Laden Sie die Seite neu.",
    status=409,
)
ARRIVED_ALREADY = problem(
    "STRIPE_2111",
    "Diese Auszahlung ist schon als eingegangen gebucht.",
    "Laden Sie die Seite neu.",
    status=409,
)
NOT_PAID_OUT = problem(
    "STRIPE_2112",
    "Stripe hat diese Auszahlung noch nicht überwiesen.",
    "Warten Sie, bis sie den Stand „überwiesen“ hat.",
    status=409,
)
NOT_REFUNDABLE = problem(
    "STRIPE_2113",
    "Zu dieser Zahlung gibt es nichts zu erstatten.",
    "Erstattet werden Zahlungen, die eingegangen und einer Rechnung zugeordnet sind.",
    status=409,
)
NOT_ARRIVED = problem(
    "STRIPE_2120",
    "Diese Auszahlung ist nicht als eingegangen gebucht.",
    "Laden Sie die Seite neu.",
    status=409,
)
