"""Keys for machines: shown once, stored as a hash."""

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """A token of one user for the API; the secret part is kept as SHA-256 only."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name="Benutzer"
    )
    name = models.CharField("Bezeichnung", max_length=100)
    prefix = models.CharField("Anfang", max_length=12, unique=True, editable=False)
    digest = models.CharField("SHA-256", max_length=64, editable=False)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    last_used_at = models.DateTimeField("zuletzt benutzt", null=True, editable=False)
    expires_at = models.DateTimeField("gültig bis", null=True, blank=True)
    revoked_at = models.DateTimeField("widerrufen am", null=True, editable=False)

    class Meta:
        verbose_name = "API-Schlüssel"
        verbose_name_plural = "API-Schlüssel"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
