import pytest
from django.contrib.auth.models import Group, Permission

from tests.factories import UserFactory, user_in
from workmate import roles
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_every_role_is_a_group_after_migrate():
    assert set(Group.objects.values_list("name", flat=True)) >= set(roles.ROLES)


def test_every_line_of_the_table_names_a_permission_that_exists():
    existing = [
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.select_related("content_type")
    ]
    without_models = ("expenses.", "accounting_sync.")
    for role in roles.ROLES.values():
        for pattern in (*role.grants, *role.without):
            if not pattern.startswith(without_models):
                own = roles.Role("x", "x", grants=(pattern,))
                assert any(own.allows(name) for name in existing), pattern


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("workmate.manage_users", {"Inhaber"}),
        ("workmate.change_company", {"Inhaber"}),
        ("workmate.view_auditevent", {"Inhaber", "Steuerberatung"}),
        ("workmate.lock_period", {"Inhaber", "Buchhaltung"}),
        ("workmate.view_document", {"Inhaber", "Buchhaltung", "Steuerberatung"}),
        ("invoicing.view_invoice", {"Inhaber", "Buchhaltung", "Steuerberatung"}),
        ("invoicing.issue_invoice", {"Inhaber", "Buchhaltung"}),
        ("invoicing.backdate_invoice", {"Inhaber"}),
        ("payments.record_payment", {"Inhaber", "Buchhaltung"}),
        ("banking.import_statement", {"Inhaber", "Buchhaltung"}),
        ("workmate.delete_user", set()),
        ("workmate.add_auditevent", set()),
        ("workmate.change_document", set()),
        ("workmate.add_entry", set()),
    ],
)
def test_who_may_what(permission: str, allowed: set[str]):
    assert {name for name in roles.ROLES if user_in(name).has_perm(permission)} == allowed


def test_the_adviser_changes_nothing():
    for permission in user_in("Steuerberatung").get_all_permissions():
        assert permission.partition(".")[2].startswith(("view_", "export_")), permission


def test_staff_has_no_permission_at_all():
    assert user_in("Mitarbeit").get_all_permissions() == set()


def test_a_user_has_one_role_and_only_owners_enter_the_admin():
    by, user = UserFactory(), user_in("Inhaber")
    roles.assign(user, "Buchhaltung", by=by)
    user.refresh_from_db()
    assert roles.role_of(user) == "Buchhaltung"
    assert not user.is_staff
    event = AuditEvent.objects.get(event="user.role_assigned")
    assert event.payload == {"role": "Buchhaltung"}
    assert event.actor == by


def test_a_permission_that_the_table_does_not_name_is_taken_away_again():
    group = Group.objects.get(name="Mitarbeit")
    group.permissions.add(Permission.objects.get(codename="manage_users"))
    from django.apps import apps

    for config in apps.get_app_configs():
        roles.sync_groups(config)
    assert not group.permissions.exists()
