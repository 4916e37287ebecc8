"""Answers already given, so that a repeated POST acts once."""

from django.conf import settings
from django.db import models


class IdempotentRequest(models.Model):
    """A POST with an Idempotency-Key and, once it is answered, its answer; kept 24 hours."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    path = models.CharField(max_length=500)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "wiederholbare Anfrage"
        verbose_name_plural = "wiederholbare Anfragen"
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
