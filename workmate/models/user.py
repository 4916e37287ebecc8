"""Who uses the system: a person with an e-mail address, or the system itself."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Users are found by their e-mail address, whatever its letter case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def system(self) -> "User":
        """The actor of acts that no person started: nightly jobs, sweeps, migrations."""
        user, _ = self.get_or_create(
            email=self.model.SYSTEM_EMAIL, defaults={"name": "System", "is_active": False}
        )
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in with an e-mail address; rights come from the groups in `roles`."""

    SYSTEM_EMAIL = "system@workmate.invalid"

    email = models.EmailField("E-Mail-Adresse", max_length=254, unique=True)
    name = models.CharField("Name", max_length=150)
    is_active = models.BooleanField("aktiv", default=True)
    is_staff = models.BooleanField("darf in die Verwaltung", default=False)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "Benutzer"
        verbose_name_plural = "Benutzer"
        ordering = ["name", "id"]
        permissions = [("manage_users", "Benutzer und Rollen verwalten")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Diese E-Mail-Adresse ist schon vergeben.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]
