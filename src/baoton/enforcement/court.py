"""A case bound for a court: what every book says of it, its papers, its photos with their hashes, its log, in one PDF.

A book is bound because its rows point at the case, so that a book made later is not forgotten. Readings are no part of
the state: looking at a case changes not a byte of its file.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db.models import ForeignKey
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from baoton.custody import queries as custody
from baoton.enforcement.models import Case
from baoton.enforcement.models.bound import BoundFile
from baoton.files import queries as files
from baoton.kit import blobs, jobs
from baoton.kit.access import Actor, require
from baoton.kit.models import AuditEvent
from baoton.kit.paper.binder import PDF, Binding, Kept, Sheet, bind_to
from baoton.kit.paper.pdf import pdf_of
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.reading.terms import FIELD
from baoton.kit.writing import audit, write
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.verb import ACTIONS
from baoton.people.queries import organisation_name

BIND = "enforcement.case.bind"
OUTSIDE = {"enforcement.grant", "enforcement.bound"}
"""Books about the file itself and about who may read it: no part of the case before a court."""
Rows = Sequence[tuple[Register, Sequence[Any]]]


def books(case: Case) -> Rows:
    """Every book with rows that point at the case, in order of name, each with its standing rows in order of making."""
    told: list[tuple[Register, Sequence[Any]]] = []
    for name in sorted(REGISTERS):
        book = REGISTERS[name]
        for f in book.model._meta.concrete_fields:
            if isinstance(f, ForeignKey) and f.related_model is Case and name not in OUTSIDE:
                rows = book.model._default_manager.filter(**{f.name: case.pk, "withdrawn__isnull": True})
                told.append((book, list(rows.order_by("id"))))
                break
    return [(book, rows) for book, rows in told if rows]


def sheet(book: Register, rows: Sequence[Any]) -> Sheet:
    """The rows of one book, field by field, in full: a court reads what few may read elsewhere."""
    lines: list[tuple[str, str, str]] = []
    for n, row in enumerate(rows, 1):
        for kind in book.fields:
            text = str(kind.value(row) or "") if kind.personal else kind.text(row)
            if text and kind.name not in ("case", FIELD):
                lines.append((str(n) if len(rows) > 1 else "", str(kind.heading), text))
    return Sheet(f"{book.label} ({len(rows)})", (), (_("Số"), _("Mục"), _("Nội dung")), lines)


def papers(rows: Sequence[Any]) -> Iterator[Kept]:
    """The documents that were issued for these records, as they were issued."""
    for row in rows:
        sha256 = str(getattr(row, "paper", "") or "")
        if not blobs.is_hash(sha256):
            continue
        number = str(getattr(row, "number", "") or "")
        title = " ".join(word for word in (str(row), number) if word)
        try:
            yield Kept(title, sha256, pdf_of(sha256), PDF)
        except NotNow as error:
            yield Kept(title, sha256, why=str(error))


def evidence(rows: Sequence[Any]) -> Iterator[Kept]:
    """Photos and scans of these records: a photo as its bare picture, a PDF as it is, each with its hash."""
    for row in rows:
        for one in files.of_record(row):
            said = [
                _("Của: %(what)s") % {"what": row},
                _("Loại: %(kind)s") % {"kind": one.get_kind_display()},
            ]
            if one.taken:
                said.append(_("Chụp lúc: %(at)s") % {"at": f"{timezone.localtime(one.taken):%H:%M %d/%m/%Y}"})
            said += [word for word in (one.creator, one.exif_said) if word]
            yield Kept(one.title, one.sha256, *printable(one), said)


def printable(one: Any) -> tuple[Any, str]:
    """What of an original is printed: of a photo the picture without its place, of a PDF its pages."""
    path = blobs.path_of(one.sha256)
    if one.kind == "photo":
        return files.picture_of(one), "image/jpeg"
    return (path if path.exists() else None), one.media_type


def chains(rows: Sequence[Any]) -> Iterator[Sheet]:
    """Who held each of the goods and when, with the hash of every step, and whether the chain is whole."""
    for lot in dict.fromkeys(row.lot for row in rows if getattr(row, "lot_id", None)):
        steps = custody.chain(lot)
        told = [
            (
                str(s.position), s.when, str(s.get_kind_display()), s.giver_name, s.receiver_name, s.place, s.seal,
                s.condition, s.hash[:16],
            )
            for s in steps
        ]  # fmt: skip
        heads = (
            _("Bước"), _("Lúc"), _("Việc"), _("Bên giao"), _("Bên nhận"), _("Nơi"), _("Niêm phong"), _("Tình trạng"),
            _("Dấu"),
        )  # fmt: skip
        lines = [
            _("Chuỗi: %(verdict)s") % {"verdict": custody.verify(lot)},
            _("Đầu chuỗi: %(head)s") % {"head": lot.head or "—"},
        ]
        yield Sheet(_("Chuỗi giữ tang vật %(lot)s") % {"lot": lot}, lines, heads, told)


def log_of(rows: Sequence[Any]) -> tuple[Sheet, str]:
    """What was done to these records, in the order of the chain, and the head of the last of it; readings left out."""
    audit.seal()
    keys = [row.pk for row in rows]
    events = AuditEvent.objects.filter(object_id__in=keys, seq__isnull=False).exclude(verb__endswith=".see")
    told, head = [], ""
    for e in events.exclude(verb=BIND).order_by("seq"):
        label = str(ACTIONS[e.verb].label) if e.verb in ACTIONS else e.verb
        what = f"{label}: {e.object_name}" if e.object_name else label
        told.append(
            (str(e.seq), f"{timezone.localtime(e.at):%H:%M:%S %d/%m/%Y}", e.actor_name, what, e.hash[:16])
        )
        head = e.hash
    heads = (_("Số"), _("Lúc"), _("Ai"), _("Việc"), _("Dấu"))
    lines = [
        _(
            "Mỗi dòng là một việc đã làm với vụ việc, nối thành chuỗi có khóa; sửa một dòng thì mọi dấu sau nó sai."
        ),
        _("Đầu chuỗi của vụ việc: %(head)s") % {"head": head or "—"},
    ]
    return Sheet(_("Nhật ký vụ việc"), lines, heads, told), head


def gathered(case: Case) -> tuple[list[Sheet | Kept], str]:
    """Every part of the file in its order, and the head of the case's log."""
    around = books(case)
    every = [case, *(row for _book, rows in around for row in rows)]
    parts: list[Sheet | Kept] = [sheet(REGISTERS["enforcement.case"], [case])]
    parts += [sheet(book, rows) for book, rows in around]
    parts += [*chains(every), *papers(every), *evidence(every)]
    log, head = log_of(every)
    return [*parts, log], head


def bind(actor: Actor, case: Case, progress: jobs.Progress | None = None) -> BoundFile:
    """The case as it stands is bound and kept; a state bound before is found again by its bytes.

    Raises `Denied` for whoever may not bind this case.
    """
    require(actor, BIND, case)
    with override("vi"):
        parts, head = gathered(case)
        cover = Binding(
            _("Hồ sơ vụ việc %(case)s") % {"case": case},
            [
                _("Cơ quan giữ vụ việc: %(body)s") % {"body": organisation_name(case.organisation)},
                _("Số phần: %(n)d") % {"n": len(parts)},
                _("Đầu chuỗi nhật ký của vụ việc: %(head)s") % {"head": head or "—"},
                _("Tệp này do phần mềm ghép từ các sổ; cùng một tình trạng cho ra đúng cùng một tệp."),
            ],
            str(case),
        )
        told = None if progress is None else lambda done, total: progress(done, total)
        with tempfile.TemporaryDirectory(prefix="baoton-court-") as folder:
            bind_to(Path(folder) / "court.pdf", cover, parts, told)
            sha256 = blobs.store_file(Path(folder) / "court.pdf", PDF).sha256
    known = BoundFile.objects.filter(case=case, sha256=sha256, withdrawn__isnull=True).first()
    if known is not None:
        return known
    row = BoundFile(
        case=case, organisation=case.organisation, area_path=case.area_path, maker=actor.actor_name,
        sha256=sha256, head=head, parts=len(parts),
    )  # fmt: skip
    made: BoundFile = write.create(REGISTERS["enforcement.bound"], actor, row)
    return made
