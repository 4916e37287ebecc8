"""The audit trail: who did what and when, as a chain that shows every change."""

import pgtrigger
from django.conf import settings
from django.db import models

from workmate import acts
from workmate.immutable import no_truncate
from workmate.locks import Lock

# The hash covers one JSON array, spelled as Python's json.dumps(…, ensure_ascii=False) spells it;
# `workmate.audit.verify` recomputes it from the row.
SEAL = """
    PERFORM pg_advisory_xact_lock(LOCK);
    SELECT event.hash, event.seq INTO last_hash, last_seq
      FROM workmate_auditevent event WHERE event.seq IS NOT NULL ORDER BY event.seq DESC LIMIT 1;
    last_hash := coalesce(last_hash, '');
    last_seq := coalesce(last_seq, 0) + 1;
    UPDATE workmate_auditevent
       SET seq = last_seq,
           prev = last_hash,
           hash = encode(sha256(convert_to(json_build_array(
               last_hash, last_seq, NEW.id, NEW.event, NEW.object_type, NEW.object_id,
               NEW.actor_id,
               to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               NEW.request_id, NEW.payload_hash)::text, 'UTF8')), 'hex')
     WHERE id = NEW.id;
    RETURN NULL;
"""


class AuditEvent(models.Model):
    """One act on one object. `seq`, `prev` and `hash` are set by the database at commit.

    The chain covers the hash of label and payload, so that a lawful erasure of both (Art. 17
    GDPR) leaves the proof whole.
    """

    event = models.CharField("Ereignis", max_length=80)
    at = models.DateTimeField("Zeitpunkt", db_default=models.functions.Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="Wer"
    )
    object_type = models.CharField("Art", max_length=80)
    object_id = models.CharField("Kennung", max_length=64)
    object_label = models.CharField("Bezeichnung", max_length=200)
    payload = models.JSONField("Inhalt", default=dict)
    payload_hash = models.CharField("SHA-256 von Bezeichnung und Inhalt", max_length=64)
    request_id = models.CharField("Anfrage", max_length=64, blank=True)
    seq = models.BigIntegerField("Laufende Nummer", null=True, unique=True, editable=False)
    prev = models.CharField("Vorgänger", max_length=64, blank=True, editable=False)
    hash = models.CharField("Siegel", max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "Ereignis im Prüfpfad"
        verbose_name_plural = "Prüfpfad"
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id", "id"])]
        triggers = [
            pgtrigger.Trigger(
                name="seal",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=[("last_hash", "text"), ("last_seq", "bigint")],
                func=SEAL.replace("LOCK", str(Lock.AUDIT)),
            ),
            pgtrigger.Protect(
                name="sealed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__seq__isnull=False),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.object_label}"

    @property
    def title(self) -> str:
        """What happened, for people."""
        return acts.title_of(self.event)
