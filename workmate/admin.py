"""The admin of the shared ground: users as a way in when all else fails, the rest to look at."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from workmate import audit
from workmate.ledger import admin as ledger
from workmate.ledger.admin import ReadOnly
from workmate.models import (
    ApiToken,
    AuditEvent,
    Company,
    Document,
    Erasure,
    IdempotentRequest,
    JobRun,
    MailAccount,
    OutboxMessage,
    RetentionHold,
    User,
)

__all__ = ["ReadOnly", "ledger"]

admin.site.site_header = "WorkmateOS Verwaltung"
admin.site.site_title = "WorkmateOS Verwaltung"
admin.site.index_title = "Daten ansehen"
admin.site.site_url = "/"


class NewUserForm(AdminUserCreationForm):
    """A user is made from address and name."""

    class Meta:
        model = User
        fields = ("email", "name")


class ChangedUserForm(UserChangeForm):
    """Name and address; role and access are given and taken under Settings › Benutzer."""

    class Meta:
        model = User
        fields = ("email", "name", "password")


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Users; what is changed here is in the audit trail as well. Nobody is deleted."""

    form = ChangedUserForm
    add_form = NewUserForm
    ordering = ("name", "id")
    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("name", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Zugang", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "last_login")}),
    )
    readonly_fields = ("is_active", "is_staff", "is_superuser", "groups", "last_login")
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "name", "password1", "password2")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The system is no person: nobody gets in under its name."""
        is_system = obj is not None and obj.email == User.SYSTEM_EMAIL
        return not is_system and super().has_change_permission(request, obj)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 — Django's address names it so
        form_url: str = "",
    ) -> HttpResponse:
        """As Django does it, and told by the audit trail."""
        with transaction.atomic():
            before = User.objects.filter(pk=id).values_list("password", flat=True).first()
            response = super().user_change_password(request, id, form_url)
            user = User.objects.filter(pk=id).first()
            if user and user.password != before:
                audit.record("user.password_set_by_admin", user, by=cast("User", request.user))
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            act = "user.changed_by_admin" if change else "user.created_by_admin"
            audit.record(
                act, obj, by=cast("User", request.user), payload={"fields": form.changed_data}
            )


class RoleAdmin(ReadOnly, GroupAdmin):
    """Roles and what they grant; the table is in `workmate.roles`."""


admin.site.unregister(Group)
admin.site.register(Group, RoleAdmin)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("seq", "at", "event", "object_label", "actor")
    list_select_related = ("actor",)
    search_fields = ("event", "object_label")
    ordering = ("-id",)


@admin.register(Company)
class CompanyAdmin(ReadOnly):
    list_display = ("name", "city", "chart")


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    list_display = ("filename", "kind", "size", "created_at", "created_by")
    list_select_related = ("created_by",)
    list_filter = ("kind",)
    search_fields = ("filename", "key", "sha256")


@admin.register(RetentionHold)
class RetentionHoldAdmin(ReadOnly):
    list_display = ("year", "reason", "held_at", "held_by", "released_at")
    list_select_related = ("held_by",)


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    list_display = ("document", "basis", "kept_until", "erased_at", "erased_by")
    list_select_related = ("document", "erased_by")
    search_fields = ("document__filename", "document__sha256")


@admin.register(JobRun)
class JobRunAdmin(ReadOnly):
    list_display = ("title", "state", "attempts", "created_at", "finished_at", "created_by")
    list_select_related = ("created_by",)
    list_filter = ("state", "name")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    list_display = ("name", "user", "prefix", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    exclude = ("digest",)


@admin.register(IdempotentRequest)
class IdempotentRequestAdmin(ReadOnly):
    list_display = ("key", "user", "path", "status", "created_at")
    list_select_related = ("user",)


@admin.register(MailAccount)
class MailAccountAdmin(ReadOnly):
    list_display = ("host", "port", "security", "sender")
    exclude = ("password",)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly):
    list_display = ("subject", "to", "created_at")
    exclude = ("raw",)
