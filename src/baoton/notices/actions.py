"""What a reader does with what is his own: reads, mutes, watches, asks for letters, makes the link of his calendar."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.notices.models import CalendarLink, Digest, Mute, News, Read, Watch
from baoton.notices.queries import digest, digest_of
from baoton.notices.rules import RULES, Section
from baoton.people.models import Person

LONGEST_MUTE, MOST_WATCHED = 366, 50


def make_link(person: Person) -> str:
    """A fresh secret; the one before opens nothing any more."""
    token = secrets.token_urlsafe(24)
    CalendarLink.objects.update_or_create(
        person=person, defaults={"digest": digest(token), "made": timezone.now()}
    )
    return token


def drop_link(person: Person) -> None:
    """No link opens the person's calendar."""
    CalendarLink.objects.filter(person=person).delete()


def note(rule: str, records: Iterable[Any]) -> None:
    """The records are news of this kind from now on, each once."""
    News.objects.bulk_create([News(rule=rule, record=pk) for pk in records], ignore_conflicts=True)


def read(person: Person, sections: Sequence[Section], keys: Iterable[str]) -> int:
    """The person has read these of the notices that he is told now; how many."""
    asked = set(keys)
    found = [(s.rule, i) for s in sections for i in s.fresh if i.key in asked]
    for rule, item in found:
        if rule.read is not None:
            rule.read(person, item)
    Read.objects.bulk_create([Read(person=person, key=i.key) for _rule, i in found], ignore_conflicts=True)
    return len(found)


def mute(person: Person, rule: str, until: date, today: date) -> None:
    """Notices of the kind wait silently until the day; raises `ValidationError` for a day that is none of it."""
    if rule not in RULES:
        raise ValidationError(_("Không có loại thông báo này."))
    if until < today:
        raise ValidationError(
            _("Ngày hết tắt %(day)s đã qua; chọn một ngày từ hôm nay.") % {"day": f"{until:%d/%m/%Y}"}
        )
    if until > today + timedelta(days=LONGEST_MUTE):
        raise ValidationError(_("Tắt được nhiều nhất một năm; chọn ngày gần hơn."))
    Mute.objects.update_or_create(person=person, rule=rule, defaults={"until": until})


def unmute(person: Person, rule: str) -> None:
    """Notices of the kind are told again."""
    Mute.objects.filter(person=person, rule=rule).delete()


def watch(person: Person, taxon: Any = None, area_path: str = "") -> None:
    """The person hears of this species, or of priority species in this unit."""
    if (taxon is None) == (not area_path):
        raise ValidationError(_("Chọn một loài hoặc một xã, phường."))
    if Watch.objects.filter(person=person).count() >= MOST_WATCHED:
        raise ValidationError(
            _("Theo dõi nhiều nhất %(n)d loài, địa bàn; bỏ bớt rồi thêm.") % {"n": MOST_WATCHED}
        )
    if not Watch.objects.filter(person=person, taxon=taxon, area_path=area_path).exists():
        Watch.objects.create(person=person, taxon=taxon, area_path=area_path)


def unwatch(person: Person, pk: int) -> None:
    """The person hears of it no more."""
    Watch.objects.filter(person=person, pk=pk).delete()


def ask_for_letters(person: Person, every: str, address: str) -> Digest:
    """The person is written to so often at this address; raises `ValidationError` for one that is none."""
    if every not in Digest.Every.values:
        raise ValidationError(_("Chọn không gửi, mỗi ngày hoặc thứ Hai hằng tuần."))
    if any(c in address for c in "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"):
        raise ValidationError(_("Địa chỉ thư có dấu xuống dòng; ghi đúng một địa chỉ trên một dòng."))
    one = digest_of(person)
    one.every, one.address = every, address.strip()
    if one.address or one.every != Digest.Every.NEVER:
        try:
            one.clean_fields(exclude=["person", "every", "sent"])
        except ValidationError as error:
            told = _("Địa chỉ thư “%(address)s” không đúng dạng ten@co-quan.vn.")
            raise ValidationError(told % {"address": one.address[:80]}) from error
    one.save()
    return one
