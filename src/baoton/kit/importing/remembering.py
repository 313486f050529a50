"""What people decided about columns and values, proposed again to the same body."""

from django.db import transaction

from baoton.kit.access import Actor
from baoton.kit.importing.plan import Plan
from baoton.kit.importing.target import by_name
from baoton.kit.models import Remembered
from baoton.kit.writing import audit
from formats import Table


def columns(target: str, table: Table, organisation: str) -> dict[str, str]:
    """What people of the body, else of the programme, decided before about columns with these headers."""
    rows = Remembered.objects.filter(kind="column", target=target, written__in=table.columns)
    mine = rows.filter(organisation__in={"", organisation}).order_by("organisation")
    return {r.written: r.meant for r in mine if r.meant}


def values(target: str, organisation: str) -> dict[str, dict[str, str]]:
    """What people decided before about coded values nobody knew."""
    found: dict[str, dict[str, str]] = {}
    rows = Remembered.objects.filter(kind="value", target__startswith=f"{target}:")
    mine = rows.filter(organisation__in={"", organisation}).order_by("organisation")
    for row in mine if target else ():
        found.setdefault(row.target.partition(":")[2], {})[row.written] = row.meant
    return found


def remember(actor: Actor, organisation: str, plan: Plan, proposed: Plan) -> int:
    """Columns and values that a person changed are proposed that way to the same body; how many are new.

    Whoever may not bring rows into a register teaches nothing about it. Each decision is an audit event.
    """
    before = {t.table: t for t in proposed.tables}
    kept = 0
    for table in plan.tables:
        if not table.target or not actor.scopes(by_name(table.target).verb):
            continue
        old = before.get(table.table)
        for column, term in table.columns.items():
            if old is None or old.columns.get(column) != term:
                kept += _keep(actor, organisation, "column", table.target, column, term)
        for term, pairs in table.values.items():
            for written, meant in pairs.items():
                if old is None or old.values.get(term, {}).get(written) != meant:
                    kept += _keep(actor, organisation, "value", f"{table.target}:{term}"[:80], written, meant)
    return kept


def _keep(actor: Actor, organisation: str, kind: str, target: str, written: str, meant: str) -> bool:
    where = {"kind": kind, "target": target, "written": written[:300], "organisation": organisation[:40]}
    with transaction.atomic():
        known = Remembered.objects.filter(**where).first()
        if known is not None and known.meant == meant[:300]:
            return False
        told = {"meant": meant[:300], "actor_name": actor.actor_name}
        Remembered.objects.update_or_create(defaults=told, **where)  # type: ignore[arg-type]
        audit.write(
            actor,
            by_name(target.partition(":")[0]).verb,
            register="kit.remembered",
            object_name=f"{kind} {target} {written}",
            old=None if known is None else {"meant": known.meant},
            new={"meant": meant[:300]},
        )
    return True
