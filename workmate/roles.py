"""Who may do what: the one table of roles and permissions, written to groups after `migrate`.

A `*` stands for any text (`invoicing.view_*`); what no line names is denied.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from workmate import audit
from workmate.models import User

OWNER = "Inhaber"
ACCOUNTING = "Buchhaltung"
STAFF = "Mitarbeit"
ADVISER = "Steuerberatung"


@dataclass(frozen=True)
class Role:
    """What a role is for, what it grants, and what it leaves out of that."""

    name: str
    description: str
    grants: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def allows(self, permission: str) -> bool:
        """Whether the role grants a permission such as `invoicing.issue_invoice`."""
        return any(fnmatchcase(permission, pattern) for pattern in self.grants) and not any(
            fnmatchcase(permission, pattern) for pattern in self.without
        )


READ_ALL = (
    "invoicing.view_*",
    "invoicing.export_invoice",
    "payments.view_*",
    "expenses.view_*",
    "banking.view_*",
    "accounting_sync.view_*",
    "workmate.view_account",
    "workmate.view_auditevent",
    "workmate.view_company",
    "workmate.view_document",
    "workmate.view_entry",
    "workmate.view_erasure",
    "workmate.view_retentionhold",
    "workmate.view_exchangerate",
    "workmate.view_jobrun",
    "workmate.view_line",
    "workmate.view_moneyaccount",
    "workmate.view_openitem",
    "workmate.view_outboxmessage",
    "workmate.view_partner",
    "workmate.view_period",
    "workmate.view_taxcase",
)
BOOKKEEPING = (
    *READ_ALL,
    "invoicing.*",
    "payments.*",
    "expenses.*",
    "banking.*",
    "workmate.change_jobrun",
    "workmate.*_moneyaccount",
    "workmate.*_exchangerate",
    "workmate.*_partner",
    "workmate.lock_period",
)

ROLES = {
    role.name: role
    for role in (
        Role(
            OWNER,
            "Sieht und darf alles, verwaltet Benutzer und Unternehmen.",
            grants=(
                *BOOKKEEPING,
                "accounting_sync.*",
                "workmate.manage_users",
                "workmate.change_company",
                "workmate.erase_document",
                "workmate.*_retentionhold",
                "workmate.*_account",
                "workmate.*_taxcase",
                "workmate.*_period",
                "auth.view_group",
                "axes.view_*",
                "workmate.view_user",
                "workmate.change_user",
                "workmate.add_user",
                "workmate.view_apitoken",
                "workmate.view_idempotentrequest",
                "workmate.change_apitoken",
                "workmate.view_mailaccount",
                "workmate.change_mailaccount",
            ),
        ),
        Role(
            ACCOUNTING,
            "Schreibt und stellt Rechnungen, erfasst Zahlungen, ordnet Bankumsätze zu.",
            grants=BOOKKEEPING,
            without=(
                "invoicing.backdate_invoice",
                "payments.*_stripeaccount",
                "payments.set_up_stripe",
                "workmate.view_auditevent",
            ),
        ),
        Role(STAFF, "Sieht das eigene Profil."),
        Role(ADVISER, "Liest alles, ändert nichts.", grants=READ_ALL),
    )
}


def role_of(user: User) -> str:
    """The name of the user's role, or nothing."""
    return next((group.name for group in user.groups.all() if group.name in ROLES), "")


@transaction.atomic
def assign(user: User, role: str, *, by: User) -> None:
    """Give the user this role and no other; only owners get into the admin."""
    user.groups.set([Group.objects.get(name=ROLES[role].name)])
    user.is_staff = role == OWNER
    user.save(update_fields=["is_staff"])
    audit.record("user.role_assigned", user, by=by, payload={"role": role})


def sync_groups(app_config: Any, **_: Any) -> None:
    """Write the table to the groups, once all apps have their permissions (`post_migrate`)."""
    with_models = [config for config in apps.get_app_configs() if config.models_module]
    if app_config is not with_models[-1]:
        return
    existing = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in ROLES.values():
        group = Group.objects.get_or_create(name=role.name)[0]
        group.permissions.set(
            [permission for name, permission in existing.items() if role.allows(name)]
        )
