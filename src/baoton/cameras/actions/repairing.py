"""A clock put right over a whole deployment: every time moves by the same, with the reason, and back again exactly."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from baoton.cameras.models import Answer, Deployment, Media, Repair, Sequence
from baoton.kit.access import Actor, System
from baoton.kit.ids import new_id
from baoton.kit.kinds.moment import clock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.bulk import update_rows
from baoton.kit.writing.outbox import changed_much, changing
from baoton.observations.models import Occurrence

TIMES = {Media: ("taken",), Sequence: ("started", "ended"), Answer: ("started", "ended")}
DATES = ("event_date", "day_start", "day_end", "year", "sort_day")
LONGEST_MS = 40 * 366 * 86_400_000


def repaired(actor: Actor, record: Deployment, answers: Mapping[str, Any]) -> None:
    """What the camera showed and what the time was give the shift; pictures, sequences, statements and the occurrences
    that came of them move by it."""
    shown, truth = answers.get("shown"), answers.get("truth")
    if shown is None or truth is None:
        raise ValidationError({"shown": _("Ghi giờ máy hiện và giờ đúng của cùng một lúc.")})
    shift = int(truth) - int(shown)
    if shift == 0:
        raise ValidationError({"truth": _("Hai giờ bằng nhau: không có gì để chỉnh.")})
    if abs(shift) > LONGEST_MS:
        raise ValidationError({"truth": _("Chênh nhau hơn 40 năm; xem lại hai giờ đã ghi.")})
    last = _last(record)
    fresh = {m._meta.model_name: _never_moved(m, record) for m in TIMES} if last is not None else {}
    made: Repair = write.create(
        REGISTERS["cameras.repair"], System(),
        Repair(
            id=new_id(), deployment=record, shown=int(shown), truth=int(truth), shift_ms=shift,
            evidence=str(answers.get("evidence") or ""), reason=answers.get("reason") or "",
            ends=bool(answers.get("ends")), organisation=record.organisation,
            area_path=record.area_path,
        ),
    )  # fmt: skip
    moved = sum(_move(model, record, shift, made.pk) for model in TIMES)
    _days(record.pk)
    before, after = _occurrences(record, shift)
    told: dict[str, Any] = {"fresh": fresh, "before": before, "after": after, "visit": _visit(record, made)}
    told["last"] = None if last is None else str(last.pk)
    Repair.objects.filter(pk=made.pk).update(moved=moved, before=told)
    _ends(record, shift if made.ends else 0)
    record.shift_ms += shift


def undone(actor: Actor, record: Repair, answers: Mapping[str, Any]) -> None:
    """Every time that this repair moved stands as it stood; what was moved or changed since is as it is."""
    for model, columns in TIMES.items():
        rows = model._default_manager.filter(deployment=record.deployment_id, last_repair=record.pk)
        last = record.before.get("last")
        fresh = [UUID(k) for k in (record.before.get("fresh") or {}).get(model._meta.model_name, ())]
        back: dict[str, Any] = {c: F(c) - record.shift_ms for c in columns}
        back["revision"] = F("revision") - 1
        for start in range(0, len(fresh), 500):
            rows.filter(pk__in=fresh[start : start + 500]).update(**back, last_repair=None)
        rows.update(**back, last_repair=None if last is None else UUID(last))
    _days(record.deployment_id)
    _restore(record)
    if (held := record.before.get("visit")) and record.deployment.visit is not None:
        days = {**held, "day_start": _day(held["day_start"]), "day_end": _day(held["day_end"])}
        write.edit(REGISTERS["observations.event"], System(), record.deployment.visit, days)
    with changing(Deployment, [record.deployment_id]):
        one = Deployment.objects.select_for_update().get(pk=record.deployment_id)
        one.shift_ms -= record.shift_ms
        _ends(one, -record.shift_ms if record.ends else 0)
        one.revision += 1
        write.clean(REGISTERS["cameras.deployment"], one)
        one.save()


def not_last(record: Repair) -> str:
    """Why a repair cannot be taken back: a later one stands on it. Empty where it can."""
    last = _last(record.deployment)
    if last is None or last.pk == record.pk:
        return ""
    return _("Sau lần này đồng hồ còn được chỉnh lần nữa; trả lại lần sau trước.")


def _last(record: Deployment) -> Repair | None:
    rows = Repair.objects.filter(deployment=record, status=Repair.Status.STANDS, withdrawn__isnull=True)
    return rows.order_by("-id").first()


def _never_moved(model: Any, record: Deployment) -> list[str]:
    rows = model._default_manager.filter(deployment=record, last_repair__isnull=True)
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _move(model: Any, record: Deployment, shift: int, repair: UUID) -> int:
    moved = {c: F(c) + shift for c in TIMES[model]}
    rows = model._default_manager.filter(deployment=record)
    return int(rows.update(**moved, last_repair=repair, revision=F("revision") + 1))


def _days(deployment: UUID) -> None:
    """The sequences of a deployment count on the days of their times."""
    rows = Sequence.objects.filter(deployment=deployment).values_list("pk", "started")
    update_rows(Sequence, ("day",), [[pk, clock(started).date()] for pk, started in rows])
    changed_much(Sequence)


def _ends(record: Deployment, shift: int) -> None:
    record.started += shift
    record.ended = None if record.ended is None else record.ended + shift


def _visit(record: Deployment, made: Repair) -> dict[str, Any] | None:
    """The visit of a camera whose ends were told by the same clock has the days of the new ones; how it stood."""
    visit = record.visit
    if visit is None or not made.ends:
        return None
    before = {n: _plain(getattr(visit, n)) for n in ("event_date", "day_start", "day_end")}
    first = clock(record.started + made.shift_ms)
    last = None if record.ended is None else clock(record.ended + made.shift_ms)
    written = first.isoformat() if last is None else f"{first.isoformat()}/{last.isoformat()}"
    days = {
        "event_date": written,
        "day_start": first.date(),
        "day_end": None if last is None else last.date(),
    }
    write.edit(REGISTERS["observations.event"], System(), visit, days)
    return before


def _occurrences(record: Deployment, shift: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The occurrences of the deployment's statements have the days of their new times; how they stood and stand."""
    said = Answer.objects.filter(deployment=record, occurrence__isnull=False).values_list(
        "occurrence_id", "started", "ended"
    )
    rows: dict[UUID, list[Any]] = {}
    for pk, started, ended in said:
        first, last = clock(started), clock(ended or started)
        written = first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
        same = first.year if first.year == last.year else None
        rows[pk] = [written, first.date(), last.date(), same, first.date().toordinal()]
    before: dict[str, Any] = {}
    for start in range(0, len(rows), 500):
        keys = list(rows)[start : start + 500]
        for pk, *held in Occurrence.objects.filter(pk__in=keys).values_list("pk", *DATES):
            before[str(pk)] = [_plain(v) for v in held]
    _put(rows)
    return before, {str(pk): [_plain(v) for v in row] for pk, row in rows.items()}


def _restore(record: Repair) -> None:
    """The occurrences' days as they stood, of those that nobody changed since."""
    before, after = record.before.get("before") or {}, record.before.get("after") or {}
    keys = [UUID(k) for k in before]
    back: dict[UUID, list[Any]] = {}
    for start in range(0, len(keys), 500):
        rows = Occurrence.objects.filter(pk__in=keys[start : start + 500]).values_list("pk", *DATES)
        for pk, *held in rows:
            if [_plain(v) for v in held] == after.get(str(pk)):
                text, first, last, year, order = before[str(pk)]
                back[pk] = [text, _day(first), _day(last), year, order]
    _put(back)


def _put(rows: Mapping[UUID, list[Any]]) -> None:
    keys = list(rows)
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        with changing(Occurrence, part):
            update_rows(Occurrence, DATES, ([pk, *rows[pk]] for pk in part))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
