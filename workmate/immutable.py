"""Rows that the law wants unchanged: triggers, because `save()` does not see SQL.

Source of the rule: § 146 (4) AO, § 239 (3) HGB, GoBD Rz. 107 ff.
"""

import functools
import operator

import pgtrigger


def frozen(*fields: str, once: pgtrigger.Q) -> list[pgtrigger.Trigger]:
    """From the moment `once` is true for a row, these fields cannot change and the row stays.

    `once` speaks of the old row: `pgtrigger.Q(old__status="issued")`.
    """
    changed = functools.reduce(
        operator.or_,
        (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in fields),
    )
    return [
        pgtrigger.Protect(name="frozen", operation=pgtrigger.Update, condition=once & changed),
        pgtrigger.Protect(name="kept", operation=pgtrigger.Delete, condition=once),
    ]


def append_only() -> list[pgtrigger.Trigger]:
    """Rows are added and then stay as they are: no UPDATE, no DELETE, no TRUNCATE."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        no_truncate(),
    ]


def no_truncate() -> pgtrigger.Trigger:
    """The table cannot be emptied at one go, which row triggers would not see."""
    return pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
    )
