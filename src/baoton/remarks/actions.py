"""Saying something on a record, naming colleagues in it, and taking one's own words back."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.access import Actor, Denied, require
from baoton.kit.refs import name_of
from baoton.kit.writing import audit
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.verb import declare
from baoton.people.models import Person
from baoton.remarks.models import Mention, Remark
from baoton.remarks.queries import known

WRITE, WITHDRAW = "remarks.remark.create", "remarks.remark.withdraw"
MOST, MOST_NAMED = 4000, 20
NAMED = re.compile(r"(?<![\w.@+-])@([\w.@+-]*\w)")

declare(WRITE, gettext_lazy("ghi ý kiến vào bản ghi"))
declare(WITHDRAW, gettext_lazy("rút ý kiến của mình"))


def remark(actor: Actor, about: Any, text: str) -> Remark:
    """The words stand on the record and the colleagues named with @ hear of them.

    Raises `Denied` for whoever may not know the record's true place, `ValidationError` for words that are missing
    or too long, or for a colleague who is not there or may not see the record.
    """
    require(actor, WRITE)
    about_type, about_id = name_of(about)
    if known(actor, about_type, about_id) is None:
        raise Denied(actor, WRITE, about)
    words = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if not words:
        raise ValidationError(_("Chưa ghi ý kiến nào."))
    if len(words) > MOST:
        told = _("Ý kiến dài %(n)d chữ, nhiều nhất %(most)d; rút gọn hoặc kèm tệp.")
        raise ValidationError(told % {"n": len(words), "most": MOST})
    named = colleagues(words, about_type, about_id)
    with transaction.atomic():
        one = Remark.objects.create(
            about_type=about_type, about_id=about_id, text=words,
            author_id=actor.actor_id, author_name=actor.actor_name,
        )  # fmt: skip
        others = [p for p in named if p.actor_id != actor.actor_id]
        Mention.objects.bulk_create(Mention(remark=one, person=p) for p in others)
        new: dict[str, Any] = {"about_type": about_type, "about_id": str(about_id), "text": words}
        new |= {"mentions": [p.actor_id for p in others]}
        audit.write(
            actor, WRITE, register="remarks.remark", object_id=one.pk, object_name=_("ý kiến"), new=new
        )
    return one


def colleagues(words: str, about_type: str, about_id: Any) -> list[Person]:
    """The people named with @ in the words, each of whom may know the record; raises `ValidationError` by name."""
    names = list(dict.fromkeys(NAMED.findall(words)))
    if len(names) > MOST_NAMED:
        raise ValidationError(_("Nhắc nhiều nhất %(n)d người trong một ý kiến.") % {"n": MOST_NAMED})
    found = []
    for name in names:
        person = Person.objects.filter(username__iexact=name, is_active=True).first()
        if person is None or known(person, about_type, about_id) is None:
            told = _(  # one sentence for both: who has an account, and who may see what, is nobody's to try out
                "Không có đồng nghiệp nào tên đăng nhập “@%(name)s” được xem bản ghi này; bỏ hoặc sửa tên rồi gửi lại."
            )
            raise ValidationError(told % {"name": name})
        found.append(person)
    return list(dict.fromkeys(found))


def withdraw(actor: Actor, one: Remark) -> None:
    """The words are gone from the record and from whoever was named; the audit keeps that they stood there."""
    require(actor, WITHDRAW)
    if one.author_id != actor.actor_id:
        raise NotNow(_("Chỉ người viết rút được ý kiến của mình."))
    with transaction.atomic():
        if not Remark.objects.filter(pk=one.pk, withdrawn__isnull=True).update(withdrawn=timezone.now()):
            raise NotNow(_("Ý kiến này đã rút rồi."))
        audit.write(
            actor, WITHDRAW, register="remarks.remark", object_id=one.pk, object_name=_("ý kiến"),
            old={"text": one.text},
        )  # fmt: skip


def heard(person: Person, mention: Any) -> None:
    """The person has read where he was named."""
    Mention.objects.filter(pk=mention, person=person, read__isnull=True).update(read=timezone.now())
