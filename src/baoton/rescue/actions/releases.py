"""A release from its plan to what was seen after: its checklist, letting go, and what became of each animal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit.access import Actor, System
from baoton.kit.ids import source_id
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.outbox import changing, followed_by
from baoton.kit.writing.refusal import NotNow
from baoton.plan.queries import serves
from baoton.rescue.actions.care import refuse_with_care
from baoton.rescue.actions.life import (
    by_its_release,
    in_quarantine,
    not_to_join,
    refuse_before,
    refuse_future,
)
from baoton.rescue.models import Animal, Care, Paper, Point, Release, Sighting
from baoton.rescue.queries import stop_rule, survival

S, A = Release.Status, Animal.Status
SEEN_ALIVE = {Sighting.Kind.FIX, Sighting.Kind.SEEN, Sighting.Kind.CAMERA, Sighting.Kind.TRACE}
Row = Mapping[str, Any]


def derive_release(record: Release) -> None:
    """A release has a code and serves the task of priority species."""
    serves("species_habitats")(record)
    if not record.code and record.planned:
        record.code = f"ĐT-{record.planned:%Y%m%d}-{record.pk.hex[-6:]}"


def answered(record: Point) -> None:
    """A line of the checklist belongs to a plan: once let go, nobody rewrites what was checked."""
    if record.release.status != S.PLANNED:
        raise ValidationError(_("Đợt thả đã kết thúc; danh mục kiểm tra giữ nguyên."))
    record.area_path = record.release.area_path


def not_ready(record: Release) -> str:
    """Why nothing can be let go yet, in a sentence; empty where it can."""
    if not record.animals.filter(withdrawn__isnull=True).exists():
        return _("Đợt thả chưa có con vật nào: mở từng con vật và đưa vào đợt thả.")
    blank = record.points.filter(withdrawn__isnull=True, state="").count()
    if blank:
        return _("Còn %(n)s nội dung kiểm tra chưa xem xét.") % {"n": blank}
    if record.geom is None and not record.locality.strip():
        return _("Chưa ghi nơi thả.")
    return ""


def carry_out(actor: Actor, record: Release, said: Mapping[str, Any]) -> None:
    """Every animal of the plan is let go on this day, or none is."""
    record.day = said.get("on") or timezone.localdate()
    refuse_future(record.day, "on")
    book, day = REGISTERS["rescue.animal"], record.day
    rows = record.points.filter(state=Point.State.OPEN, withdrawn__isnull=True)
    unmet = "; ".join(str(p.get_topic_display()) for p in rows)
    if unmet and not str(said.get("reason") or "").strip():
        told = _("Còn nội dung chưa đạt (%(points)s): ghi vì sao vẫn thả.")
        raise ValidationError({"reason": told % {"points": unmet}})
    if record.programme is not None:
        _not_to_stop(record, bool(str(said.get("reason") or "").strip()))
    for one in record.animals.filter(withdrawn__isnull=True).order_by("code", "id"):

        def let_go(animal: Animal) -> None:
            if animal.status != A.READY:
                raise NotNow(f"{animal}: {by_its_release(animal)}")
            if in_quarantine(animal):
                raise NotNow(_("%(animal)s đang cách ly; ghi hết cách ly trước.") % {"animal": animal})
            refuse_before(day, animal.received_on, "on", _("tiếp nhận"))
            animal.status, animal.released_on, animal.ended = A.RELEASED, day, day

        write.write(book, actor, "release", one, let_go)


def _not_to_stop(record: Release, reasoned: bool) -> None:
    """A programme that was stopped lets nothing go; one whose stop rule is touched does so for a reason alone."""
    programme = record.programme
    assert programme is not None
    if programme.status != programme.Status.OPEN:
        raise NotNow(
            _("Chương trình “%(name)s” đã dừng hoặc kết thúc, không thả thêm.") % {"name": programme}
        )
    for one in programme.releases.filter(status=S.DONE, withdrawn__isnull=True).order_by("day", "id"):
        verdict = stop_rule(survival(System(), [one]), one.stop_days, one.stop_share)
        if verdict is not None and verdict.state == "touched" and not reasoned:
            told = _("Đợt %(release)s đã chạm quy tắc dừng: ghi vì sao vẫn thả tiếp.")
            raise ValidationError({"reason": told % {"release": one}})


def free(release: Any) -> None:
    """The animals of a plan that was given up wait for another."""
    for one in Animal.objects.filter(release=release, status=A.READY, withdrawn__isnull=True):
        write.write(REGISTERS["rescue.animal"], System(), "part", one, _without)


def _without(animal: Animal) -> None:
    animal.release = None


def cancel(actor: Actor, record: Release, said: Mapping[str, Any]) -> None:
    free(record.pk)


def derive_sighting(record: Sighting) -> None:
    """Only a released animal is seen again, on a day it may have lived."""
    animal = record.animal
    if animal.status != A.RELEASED or animal.released_on is None:
        raise ValidationError({"animal": _("Con vật chưa được thả; theo dõi sau thả ghi từ ngày thả.")})
    if record.day is None:
        return
    refuse_future(record.day)
    refuse_before(record.day, animal.released_on, "day", _("thả"))
    others = animal.sightings.filter(withdrawn__isnull=True).exclude(pk=record.pk)
    dead = others.filter(kind=Sighting.Kind.DEAD).order_by("day").first()
    if dead is not None and (record.kind == Sighting.Kind.DEAD or record.day > dead.day):
        told = _("Con vật đã được tìm thấy chết ngày %(day)s.")
        raise ValidationError({"day": told % {"day": as_text(dead.day)}})
    if record.kind == Sighting.Kind.DEAD:
        last = others.filter(kind__in=SEEN_ALIVE).order_by("-day").first()
        if last is not None and last.day > record.day:
            told = _("Con vật còn được thấy sống ngày %(day)s, sau ngày này.")
            raise ValidationError({"day": told % {"day": as_text(last.day)}})


def outcome(animal: Animal) -> tuple[str, Any]:
    """What is known of a released animal from its sightings, and the day on which it was."""
    rows = list(
        animal.sightings.filter(withdrawn__isnull=True).order_by("day", "id").values_list("kind", "day")
    )
    for kind, after in ((Sighting.Kind.DEAD, Animal.After.DEAD), (Sighting.Kind.CAUGHT, Animal.After.CAUGHT)):
        days = [day for k, day in rows if k == kind]
        if days:
            return after, days[0]
    alive = [day for kind, day in rows if kind in SEEN_ALIVE]
    last = alive[-1] if alive else animal.released_on
    if any(kind == Sighting.Kind.LOST and last is not None and day >= last for kind, day in rows):
        return Animal.After.LOST, last
    return (Animal.After.ALIVE, alive[-1]) if alive else ("", None)


def look_again(animals: Iterable[Animal]) -> None:
    """The animals say what their sightings tell."""
    for one in animals:
        after, on = outcome(one)
        if (one.after, one.after_on) != (after, on):
            with changing(Animal, [one.pk]):
                Animal.objects.filter(pk=one.pk).update(after=after, after_on=on)


def checklist(release: Release) -> None:
    """A plan has every line of the checklist, unanswered."""
    fresh = [
        Point(
            id=source_id("rescue.point", f"{release.pk}-{topic}"), release=release, topic=topic, position=n,
            organisation=release.organisation, area_path=release.area_path,
        )
        for n, topic in enumerate(Point.Topic.values)
    ]  # fmt: skip
    with changing(Point, [p.pk for p in fresh]):
        Point.objects.bulk_create(fresh)


def _move(before: Sequence[Row], after: Sequence[Row]) -> None:
    """What belongs to an animal goes with it to another commune or body, so that whoever sees it sees that too."""
    old = {row["id"]: (row["area_path"], row["organisation"]) for row in before}
    for row in after:
        now = (row["area_path"], row["organisation"])
        if old.get(row["id"], now) != now:
            for rows in (Care.objects.filter(book=row["id"]), Paper.objects.filter(animal=row["id"])):
                _carry(rows, *now)


def _carry(rows: Any, area: str, body: str) -> None:
    keys = list(rows.values_list("pk", flat=True))
    with changing(rows.model, keys):
        rows.model.objects.filter(pk__in=keys).update(area_path=area, organisation=body)


@followed_by
def follow(label: str, before: Sequence[Row], after: Sequence[Row]) -> None:
    """Checklists, fates and freed animals stand as the rows do, in the same transaction."""
    if label == Release._meta.label_lower:
        for one in Release.objects.filter(pk__in=[row["id"] for row in after]):
            if not one.points.exists():
                checklist(one)
            _carry(
                one.points.exclude(area_path=one.area_path, organisation=one.organisation),
                one.area_path,
                one.organisation,
            )
            if one.withdrawn is not None:
                if one.animals.filter(status=A.RELEASED, withdrawn__isnull=True).exists():
                    raise NotNow(_("Đợt thả đã có con vật được thả; không rút được."))
                free(one.pk)
    elif label == Sighting._meta.label_lower:
        touched = {row["animal_id"] for row in (*before, *after)}
        look_again(Animal.objects.filter(pk__in=touched))
    elif label == Animal._meta.label_lower:
        _move(before, after)
        gone = [row["id"] for row in after if row["withdrawn"] is not None]
        for animal in Animal.objects.filter(pk__in=gone):
            refuse_with_care(animal)


__all__ = [
    "answered", "cancel", "carry_out", "checklist", "derive_release", "derive_sighting", "look_again", "not_ready",
    "not_to_join", "outcome",
]  # fmt: skip
