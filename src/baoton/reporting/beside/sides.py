"""One side: a report that was made, a version of a commune's report, or that report as it stands now."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document

from baoton.kit import blobs
from baoton.kit.access import Actor, may
from baoton.kit.reading.register import REGISTERS
from baoton.people.queries import bodies
from baoton.reporting.actions import SEE
from baoton.reporting.models import OwnReport, Report, Submission
from baoton.reporting.own import told_of
from baoton.reporting.periods import read
from baoton.reporting.queries import Told
from baoton.reporting.scopes.scope import scope_of

HEAD = re.compile(r"[IVX]+\. .{3,}")
SOURCE = re.compile(r" ?\[\d+\]")
"""The number of a source, which moves with every figure before it."""
PARTS = ("results", "obstacles", "proposals")


@dataclass(frozen=True)
class Side:
    """A report as it is held against another: `kind` says which others it may stand beside, `about` what it tells of.

    `texts` are its parts by heading, each a list of paragraphs; `own` is the report of a body that it is a version of.
    """

    key: UUID
    kind: str
    about: tuple[str, ...]
    name: str
    said: str
    made: datetime
    address: str
    texts: Mapping[str, Sequence[str]]
    figures: Sequence[Told]
    records: str
    own: OwnReport | None = None


def side(actor: Actor, key: UUID) -> Side:
    """The report or version of this key, if the actor may read it; 404 where there is none such for him."""
    made = Report.objects.filter(pk=key).first() if may(actor, SEE) else None
    if made is not None:
        return of_report(made)
    version = Submission.objects.filter(pk=key).first()
    door = REGISTERS["reporting.own"].door(actor)
    own = door.rows().filter(pk=key if version is None else version.report_id).first()
    if own is None:
        raise Http404(str(key))
    return of_own(own, version)


def of_report(report: Report) -> Side:
    """A report that was made, its words read from its Word file."""
    scope = scope_of(report)
    when = timezone.localtime(report.made)
    return Side(
        report.pk, f"report {report.kind}", (report.kind, scope.period.key, scope.area),
        _("Báo cáo %(scope)s") % {"scope": scope.name},
        _("lập %(at)s, người lập: %(who)s") % {"at": f"{when:%d/%m/%Y %H:%M}", "who": _(report.made_by)}, report.made,
        f"/bao-cao/{report.pk}/", words_of(report), [Told(**one) for one in report.figures], report.records_sha256,
    )  # fmt: skip


def of_own(own: OwnReport, version: Submission | None = None) -> Side:
    """A version of a body's report as it was submitted, else the report as it stands now."""
    book = REGISTERS["reporting.own"]
    held: Any = own if version is None else version
    columns: Any = own._meta
    words = {str(columns.get_field(name).verbose_name): paragraphs(getattr(held, name)) for name in PARTS}
    at = timezone.now() if version is None else version.at
    last = own.versions.order_by("-n").first() if version is None else version
    told = {"n": "" if version is None else version.n, "at": f"{timezone.localtime(at):%d/%m/%Y %H:%M}"}
    said = _("bản hiện nay, %(state)s") % {"state": own.get_status_display()}
    return Side(
        held.pk, "own", (own.body, own.period), f"{bodies().get(own.body, own.body)}, {read(own.period).name}",
        said if version is None else _("lần nộp %(n)s, %(at)s") % told, at, book.url(own), words,
        [told_of(one) for one in held.figures], "" if last is None else last.records_sha256, own,
    )  # fmt: skip


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def words_of(report: Report) -> dict[str, list[str]]:
    """The body of the report, section by section, without its annexes; nothing where its file is lost."""
    if not blobs.intact(report.docx_sha256):
        return {}
    with override("vi"):
        found: dict[str, list[str]] = {}
        here: list[str] | None = None
        for line in Document(str(blobs.path_of(report.docx_sha256))).paragraphs:
            text = line.text.strip()
            if text.upper().startswith("PHỤ LỤC"):
                break
            if HEAD.fullmatch(text) and text == text.upper():
                here = found.setdefault(text, [])
            elif text and here is not None:
                here.append(SOURCE.sub("", text))
        return found
