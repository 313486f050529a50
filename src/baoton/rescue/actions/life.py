"""The way of an animal: taken in, its owner sought, its species checked, kept, let go, or dead."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.writing.refusal import NotNow
from baoton.plan.queries import serves
from baoton.rescue.models import HERE, REMAINS, Animal, Release
from baoton.taxa.models import Taxon
from baoton.taxa.queries import match

S, SOURCE = Animal.Status, Animal.Source
Said = Mapping[str, Any]


def derive(record: Animal) -> None:
    """An animal has a code, a species where its written name means one, its group, and days that can be."""
    serves("species_habitats")(record)
    record.told_on = record.told_on or timezone.localdate()
    for name in ("told_on", "found_on", "received_on"):
        refuse_future(getattr(record, name), name)
    if not record.code:
        record.code = f"ĐV-{record.told_on:%Y%m%d}-{record.pk.hex[-6:]}"
    _species(record)
    former = record.former
    if former is not None and (former.pk == record.pk or former.status in (S.TOLD, *HERE)):
        raise ValidationError({"former": _("Lần cứu hộ trước phải là hồ sơ khác và đã kết thúc.")})


def _species(record: Animal) -> None:
    if record.taxon_id is None and not record.written.strip():
        raise ValidationError(
            {"written": _("Ghi tên loài như người báo gọi, hoặc chọn loài trong danh lục.")}
        )
    if record.taxon_id is None:
        found = match([record.written], record.organisation)[0]
        record.taxon_id, record.taxon_group = found.taxon_id, found.taxon_group
    else:
        record.taxon_group = Taxon.objects.values_list("taxon_group", flat=True).get(pk=record.taxon_id)
        record.written = record.written or str(record.taxon)[:200]


def refuse_future(day: date | None, name: str = "day") -> None:
    """A day that has not come yet is refused under the name of its field."""
    if day is not None and day > timezone.localdate():
        raise ValidationError({name: _("Ngày %(day)s chưa tới.") % {"day": as_text(day)}})


def refuse_before(day: date, first: date | None, name: str, what: Any) -> None:
    """A day before another is refused, naming both."""
    if first is not None and day < first:
        told = _("Ngày %(day)s trước ngày %(what)s (%(first)s).")
        raise ValidationError({name: told % {"day": as_text(day), "what": what, "first": as_text(first)}})


def within(record: Animal, day: date, name: str) -> None:
    """The day lies between taking in and today."""
    refuse_future(day, name)
    refuse_before(day, record.received_on, name, _("tiếp nhận"))


def receive(actor: Actor, record: Animal, said: Said) -> None:
    """The animal is here; a dead one is here as remains."""
    record.received_on = said.get("received_on") or timezone.localdate()
    refuse_future(record.received_on, "received_on")
    refuse_before(record.received_on, record.told_on, "received_on", _("được báo"))
    if record.health == Animal.Health.DEAD:
        record.status, record.died_on, record.ended = S.DEAD, record.received_on, record.received_on
        record.cause = record.cause or gettext_noop("chết trước khi tiếp nhận")


def no_owner_to_seek(record: Animal) -> str:
    """Why no notice is posted for the animal; empty where it is a stray one."""
    if record.source == SOURCE.SEIZED:
        return _("Con vật thu giữ trong vụ vi phạm: chủ do vụ việc làm rõ, không thông báo tìm chủ.")
    if record.source in {SOURCE.GIVEN, SOURCE.MOVED}:
        return _("Đã biết người giao con vật, không cần thông báo tìm chủ.")
    return _("Đã thông báo tìm chủ.") if record.noticed_on else ""


def notify(actor: Actor, record: Animal, said: Said) -> None:
    record.noticed_on = said.get("noticed_on") or timezone.localdate()
    within(record, record.noticed_on, "noticed_on")


def identify(actor: Actor, record: Animal, said: Said) -> None:
    """Somebody who knows says what it is."""
    record.checked_on = said.get("checked_on") or timezone.localdate()
    refuse_future(record.checked_on, "checked_on")


def quarantine(actor: Actor, record: Animal, said: Said) -> None:
    """It is watched until a day; whatever release it waited for goes without it."""
    refuse_before(said["quarantine_until"], record.received_on, "quarantine_until", _("tiếp nhận"))
    record.quarantine_ended = record.release = None


def in_quarantine(record: Animal) -> bool:
    return record.quarantine_until is not None and record.quarantine_ended is None


def no_quarantine(record: Animal) -> str:
    return "" if in_quarantine(record) else _("Con vật không trong thời gian cách ly.")


def clear(actor: Actor, record: Animal, said: Said) -> None:
    record.quarantine_ended = said.get("quarantine_ended") or timezone.localdate()
    within(record, record.quarantine_ended, "quarantine_ended")


def admit(actor: Actor, record: Animal, said: Said) -> None:
    """It lives at this facility from now on, and is in no plan of release."""
    record.release = None


def not_fit(record: Animal) -> str:
    """Why no release may be decided yet, in a sentence; empty where it may."""
    if record.health != Animal.Health.HEALTHY:
        return _("Chỉ quyết định thả con vật khoẻ mạnh: ghi kết quả khám trước.")
    if in_quarantine(record):
        return _("Con vật đang cách ly; ghi hết cách ly trước.")
    if record.taxon_id is None:
        return _("Chưa xác định được loài; ghi người xác định loài trước.")
    return ""


def die(actor: Actor, record: Animal, said: Said) -> None:
    record.died_on = said.get("died_on") or timezone.localdate()
    within(record, record.died_on, "died_on")
    _no_care_after(record, record.died_on, "died_on")
    record.ended, record.release, record.health = record.died_on, None, Animal.Health.DEAD


def _no_care_after(record: Animal, day: date, name: str) -> None:
    """An animal cannot have left before it was last cared for."""
    lines = record.care.filter(withdrawn__isnull=True, reverses__isnull=True, reversed_by__isnull=True)
    last = lines.order_by("-day").values_list("day", flat=True).first()
    if last is not None:
        refuse_before(day, last, name, _("chăm sóc lần cuối"))


def dispose(actor: Actor, record: Animal, said: Said) -> None:
    """What became of the remains."""
    if said["way"] not in REMAINS:
        raise ValidationError({"way": _("Chọn cách xử lý xác.")})
    record.status = said["way"]


def leaves(name: str) -> Callable[[Actor, Animal, Said], None]:
    """What a verb does by which an animal is kept no longer."""

    def do(actor: Actor, record: Animal, said: Said) -> None:
        record.ended = said.get("on") or timezone.localdate()
        within(record, record.ended, "on")
        _no_care_after(record, record.ended, "on")
        record.release = None
        record.ended_how = str(said.get("ended_how") or said.get("reason") or "")

    do.__name__ = name
    return do


def mistaken(actor: Actor, record: Animal, said: Said) -> None:
    record.ended = timezone.localdate()


def not_to_join(record: Animal) -> str:
    """Why the animal cannot be put into a release, in a sentence; empty where it can."""
    if record.status == S.RELEASED and record.released_on:
        told = _(
            "Con vật đã được thả ngày %(day)s, không thả lần nữa; bắt lại được thì lập hồ sơ mới, ghi lần cứu hộ trước."
        )
        return told % {"day": as_text(record.released_on)}
    if record.status in REMAINS:
        return _("Con vật đã chết, không thả được.")
    if record.status != S.READY:
        return _("Con vật chưa có quyết định thả.")
    if record.release_id is not None:
        told = _("Con vật đang nằm trong đợt thả %(release)s; rút khỏi đợt đó trước.")
        return told % {"release": record.release}
    return ""


def join(actor: Actor, record: Animal, said: Said) -> None:
    release = Release.objects.select_for_update(no_key=True).filter(pk=said["release"]).first()
    if release is None or release.status != Release.Status.PLANNED or release.withdrawn is not None:
        raise NotNow(_("Đợt thả này không còn nhận thêm con vật."))


def not_joined(record: Animal) -> str:
    return "" if record.release_id else _("Con vật không nằm trong đợt thả nào.")


def part(actor: Actor, record: Animal, said: Said) -> None:
    record.release = None


def by_its_release(record: Animal) -> str:
    """Animals are let go together: the release does it."""
    return not_to_join(record) if record.status != S.READY else _("Mở đợt thả và ghi đã thả ở đó.")
