"""Lists, newest first, page by page; and objects in place of their ids where asked for."""

from typing import Any

from simulators.stripe import money, refusals
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World, visible

OF_SESSIONS = ("created", "payment_intent", "payment_link", "status")
OF_ENTRIES = ("created", "payout", "source", "type", "currency")
PAGING = {"ending_before", "expand", "limit", "starting_after"}
DEEPEST = 4
KEPT = 30 * 86400  # seconds that the list of events reaches back


def page(
    world: World, what: str, url: str, params: Row, filters: tuple[str, ...], *, live: bool
) -> Row:
    """One page of the objects of a kind that pass the filters."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        text = (
            "This value must be less than or equal to 100."
            if limit > 100
            else ("This value must be greater than or equal to 1.")
        )
        raise Refusal(text, code="parameter_invalid_integer", param="limit")
    for name in params:
        if name not in PAGING and name not in filters:
            raise refusals.beyond(name)
    rows = [one for one in world.tables[what].values() if one["livemode"] == live]
    rows = [one for one in reversed(rows) if _passes(world, one, params)]
    rows, more = _cut(world, what, rows, params, limit, live=live)
    return {"object": "list", "data": rows, "has_more": more, "url": url}


def whole(rows: list[Row], url: str) -> Row:
    """A list that has one page only."""
    return {"object": "list", "data": rows, "has_more": False, "url": url}


def _cut(
    world: World, what: str, rows: list[Row], params: Row, limit: int, *, live: bool
) -> tuple[list[Row], bool]:
    for name in ("starting_after", "ending_before"):
        if name in params:
            world.get(what, params[name], live=live, param=name)
    ids = [one["id"] for one in rows]
    if after := params.get("starting_after"):
        rest = rows[ids.index(after) + 1 :] if after in ids else rows
        return rest[:limit], len(rest) > limit
    if before := params.get("ending_before"):
        rest = rows[: ids.index(before)] if before in ids else rows
        return rest[-limit:], len(rest) > limit
    return rows[:limit], len(rows) > limit


def _passes(world: World, row: Row, params: Row) -> bool:
    if row["object"] == "event" and row["created"] < world.now() - KEPT:
        return False
    return all(
        _passes_one(world, row, name, wanted)
        for name, wanted in params.items()
        if name not in PAGING
    )


def _passes_one(world: World, row: Row, name: str, wanted: Any) -> bool:
    if name == "payout":
        _automatic(world, wanted, live=row["livemode"])
        return bool(row["_payout"] == wanted)
    if name == "types":
        return row["type"] in wanted
    if name == "type" and row["object"] == "event" and wanted.endswith("*"):
        return bool(row["type"].startswith(wanted[:-1]))
    if isinstance(wanted, dict):
        return all(_COMPARE[how](row[name], bound) for how, bound in wanted.items())
    return bool(row[name] == wanted)


_COMPARE: dict[str, Any] = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}


def _automatic(world: World, wanted: str, *, live: bool) -> None:
    if not world.get("payout", wanted, live=live, param="payout")["automatic"]:
        text = (
            "Balance transaction history can only be filtered on automatic transfers, not manual."
        )
        raise Refusal(text, param="payout")


def shown(world: World, row: Row, expand: list[str]) -> Row:
    """The object as an answer shows it, with what was asked to be expanded."""
    found = _show(world, row)
    for path in expand:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            text = f"You cannot expand more than {DEEPEST} levels of a property."
            raise Refusal(text, param="expand")
        _expand(world, found, steps, path)
    return found


def _show(world: World, row: Row) -> Row:
    if row["object"] == "list":
        return row | {"data": [_show(world, one) for one in row["data"]]}
    if row["object"] == "balance_transaction":
        row = money.show(world, row)
    if row["object"] == "webhook_endpoint":
        row = {name: value for name, value in row.items() if name != "secret"}
    return visible(row)


def _expand(world: World, place: Any, steps: list[str], path: str) -> None:
    """Put the objects in, step by step; where there is nothing, nothing is put in."""
    if isinstance(place, list):
        for one in place:
            _expand(world, one, steps, path)
        return
    if not steps or place is None:
        return
    name, *rest = steps
    if name not in place:
        place[name] = _included(world, place, name, path)
    elif isinstance(place[name], str):
        found = world.find(place[name])
        if found is None:
            raise _not_expandable(path)
        place[name] = _show(world, found)
    _expand(world, place[name], rest, path)


def _included(world: World, place: Row, name: str, path: str) -> Row:
    """Lists that an object has only when it is asked for them."""
    own = world.find(place.get("id", "")) or {}
    if name == "line_items" and "_items" in own:
        return whole(visible({"rows": own["_items"]})["rows"], f"/v1/{own['id']}/line_items")
    if name == "refunds" and own.get("object") == "charge":
        rows = [one for one in world.tables["refund"].values() if one["charge"] == own["id"]]
        return whole([_show(world, one) for one in reversed(rows)], f"/v1/charges/{own['id']}")
    raise _not_expandable(path)


def _not_expandable(path: str) -> Refusal:
    return Refusal(f"This property cannot be expanded ({path}).", param="expand")
