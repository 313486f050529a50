"""The digest: the unread notices of one person as a plain letter, with plain words alone."""

import logging
import os
import secrets
from datetime import date
from email.message import EmailMessage as Letter
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit import jobs, mail, office
from baoton.notices.models import Digest
from baoton.notices.rules import sections
from baoton.people.models import Person

log = logging.getLogger(__name__)
A_KIND, MONDAY = 20, 0
JOB = "notices.digest"


def text_of(person: Person, today: date) -> str:
    """The letter's words; empty where nothing new waits."""
    parts = []
    for one in sections(person, today):
        if one.muted is not None or not one.fresh:
            continue
        lines = [f"- {i.on:%d/%m/%Y} {i.plain}" if i.on else f"- {i.plain}" for i in one.fresh[:A_KIND]]
        if len(one.fresh) > A_KIND:
            lines.append(_("- và %(n)d mục nữa") % {"n": len(one.fresh) - A_KIND})
        if one.more:
            lines.append(_("- còn nữa, mở hệ thống để xem hết"))
        parts.append("\n".join([f"{one.rule.label} ({len(one.fresh)})", *lines]))
    if not parts:
        return ""
    end = _("Mở hệ thống để xem: %(address)s") % {"address": f"{office.address()}{reverse('inbox')}"}
    return "\n\n".join([*parts, end]) + "\n"


def due(one: Digest, today: date) -> bool:
    """Whether the person is written to today: once a day, or once on a Monday."""
    if one.every == Digest.Every.NEVER or not one.person.is_active or one.sent == today:
        return False
    return one.every == Digest.Every.DAY or today.weekday() == MONDAY


def send(one: Digest, today: date) -> bool:
    """The letter goes by the office's mail server, else into a folder of the data folder; whether there was one.

    The day is kept first: a letter is rather missed than sent twice.
    """
    with translation.override(settings.LANGUAGE_CODE):
        words = text_of(one.person, today)
        subject = _("Bảo Tồn: thông báo ngày %(day)s") % {"day": f"{today:%d/%m/%Y}"}
    if not words or not Digest.objects.filter(pk=one.pk).exclude(sent=today).update(sent=today):
        return False
    if office.sends_mail():
        mail.send(one.address, subject, words)
    else:
        keep(one.address, subject, words)
    return True


def keep(to: str, subject: str, words: str) -> Path:
    """The letter as a file that any mail program opens, for its owner alone to read."""
    letter = Letter()
    letter["From"], letter["To"], letter["Subject"] = office.sender(), to, subject
    letter.set_content(words)
    folder = Path(settings.VAR) / "outbox"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{timezone.localtime():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(letter.as_bytes())
    return path


@jobs.nightly(JOB, gettext_lazy("Gửi thư thông báo"))
def every_night(progress: jobs.Progress) -> str:
    """Whoever asked for letters is written to; one that cannot be sent stops no other."""
    today, sent, failed = timezone.localdate(), 0, 0
    asked = [
        d for d in Digest.objects.exclude(every=Digest.Every.NEVER).select_related("person") if due(d, today)
    ]
    for n, one in enumerate(asked, 1):
        try:
            sent += send(one, today)
        except Exception:
            failed += 1
            log.exception("the digest of %s", one.pk)
        progress(n, len(asked), "")
    return _("gửi %(n)d thư, hỏng %(m)d") % {"n": sent, "m": failed}
