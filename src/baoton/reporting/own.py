"""Reports of communes and bodies to the lead: their own figures, their paper, drafts for all of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

import rulebook
from baoton.kit import jobs
from baoton.kit.access import Actor, require
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Sheet, Table
from baoton.kit.reading.asking import readable
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.serial import number_of
from baoton.people.models import Organisation, Person
from baoton.people.queries import bodies, issuer_of, organisation_name, signer_of
from baoton.places.queries import province_path, province_short
from baoton.plan.queries import doers, plan
from baoton.reporting import queries
from baoton.reporting.communes import Communes, communes
from baoton.reporting.models import OwnReport, Submission
from baoton.reporting.periods import Period, read
from baoton.reporting.queries import Told, number
from baoton.reporting.records.keeping import key_of, pack, rows
from rulebook.errors import RulebookError

S = OwnReport.Status


class Figures:
    """The figures of every commune (or one) in a period, counted once, and beside them those of the year before."""

    def __init__(self, period: Period, only: str = "") -> None:
        self.period, self.only = period, only if "/" in only else ""
        with override("vi"):
            self.now = self._appendix(period)
            self.before = self._appendix(period.before)

    def _appendix(self, period: Period) -> Communes:
        return communes(period, queries.figures(period, hashed=False), self.only)

    def of(self, body: str, area_path: str) -> list[dict[str, Any]]:
        """The figures of one body: those of its commune as the annex of the province has them, else its own work."""
        if "/" not in area_path:
            return self._work(body)
        told = []
        for one in (f for s in queries.sections(self.now.columns) for f in s.figures):
            value = self.now.cell(area_path, one.name)
            if value is not None:
                asked = {**one.query, "area": area_path}
                mine = replace(one, value=value, low=None, high=None, count=None, query=asked, input_hash="")
                told.append({**mine.stored(), "before": self.before.cell(area_path, one.name)})
        return told

    def _work(self, body: str) -> list[dict[str, Any]]:
        book = REGISTERS["plan.work"]
        told = []
        for name, label, more in (
            ("plan.due", gettext_noop("Việc được giao đến hạn trong kỳ"), {}),
            ("plan.done", gettext_noop("Trong đó đã hoàn thành"), {"status": "done"}),
        ):
            asked = {"who": body, "due": self.period.when, **more}
            value = float(queries.counted("plan.work", asked))
            one = Told(
                name,
                label,
                gettext_noop("việc"),
                "direction",
                value,
                register=book.name,
                query=asked,
                method="đếm v1",
            )
            told.append({**one.stored(), "before": None})
        return told


def no_work(day: date) -> str:
    """Why nobody can submit on that day: it is no working day; the nearest one before it is told. Else empty."""
    try:
        near = day
        while not rulebook.is_working_day(near):
            near -= timedelta(days=1)
    except RulebookError:  # the holidays of that year are not known
        return ""
    told = {"due": as_text(day), "day": as_text(near)}
    said = _("Ngày %(due)s là ngày nghỉ; ngày làm việc gần nhất trước đó là %(day)s.")
    return "" if near == day else said % told


def ask_by(actor: Any, record: OwnReport, said: Mapping[str, Any]) -> None:
    """The day by which it is submitted is a working day."""
    if record.due and (why := no_work(record.due)):
        raise ValidationError({"due": why})


def derive(record: OwnReport) -> None:
    """A report is read where its body is; a draft knows its figures from the start."""
    try:
        period = read(record.period)
    except ValueError as error:
        raise ValidationError({"period": _("Không có kỳ báo cáo này.")}) from error
    found = Organisation.objects.filter(pk=record.body).first()
    record.organisation = record.body
    record.area_path = (found.area_path if found else "") or province_path()
    if not record.figures:
        record.figures = Figures(period, record.area_path).of(record.body, record.area_path)


def only_own(actor: Any, record: OwnReport) -> None:
    """A report is submitted by the body whose report it is."""
    if getattr(actor, "organisation_id", "") != record.body:
        raise NotNow(_("Chỉ người của cơ quan có báo cáo này nộp được."))


def submit(actor: Any, record: OwnReport, said: Mapping[str, Any]) -> None:
    """The figures are counted anew and kept with their records as a version of their own; the number is the one it
    had, or the next of the body."""
    only_own(actor, record)
    told = Figures(read(record.period), record.area_path).of(record.body, record.area_path)
    record.figures, records = with_records(told)
    record.submitted, record.returned_why = timezone.localdate(), ""
    record.number = record.number or number_of("BC", record.body, record, timezone.localdate())
    with override("vi"):
        record.paper = OWN.issue(record, record.number, timezone.localdate())
    version(record, records, actor.actor_name).save()


def version(record: OwnReport, records: str, by: str) -> Submission:
    """The report as it is submitted now."""
    return Submission(
        report=record, n=record.versions.count() + 1, by=by, results=record.results, obstacles=record.obstacles,
        proposals=record.proposals, figures=record.figures, records_sha256=records, paper=record.paper,
    )  # fmt: skip


def told_of(stored: Mapping[str, Any]) -> Told:
    """A figure of such a report as other reports have theirs."""
    return Told(**{name: value for name, value in stored.items() if name != "before"})


def with_records(figures: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """The figures with how many records each counted, and the hash of the file that keeps these records."""
    told = [told_of(one) for one in figures]
    books = rows(told)
    told = [replace(one, count=len(books[one.register][key_of(one)])) for one in told]
    kept = [{**one.stored(), "before": f.get("before")} for one, f in zip(told, figures, strict=True)]
    return kept, pack(books)


def unready(record: OwnReport) -> str:
    """Why a report cannot be submitted now, or an empty text."""
    if record.status not in (S.DRAFT, S.RETURNED):
        told = _(
            "Báo cáo này đã nộp ngày %(day)s, số %(number)s, nên không nộp lần nữa; muốn sửa thì đề nghị cơ quan chủ "
            "trì trả lại."
        )
        day = f"{record.submitted:%d/%m/%Y}" if record.submitted else "……"
        return told % {"day": day, "number": record.number or "……"}
    if not (record.results.strip() or record.obstacles.strip() or record.proposals.strip()):
        return _("Chưa ghi kết quả nổi bật, khó khăn hay đề xuất nào; sửa báo cáo rồi nộp.")
    return ""


def fields(record: OwnReport) -> dict[str, Any]:
    """What the paper of a report says."""
    current, period = plan(), read(record.period)
    name = organisation_name(record.body) or record.body
    lines = []
    for n, one in enumerate(record.figures, 1):
        before = one.get("before")
        told = {"n": n, "label": one["label"], "unit": one["unit"], "text": number(one["value"])}
        lines.append({**told, "before": "–" if before is None else number(before)})
    return {
        "plan": current.code if current else "……", "period": period.name, "body": name, "rows": lines,
        "place": name.split(" ", 2)[-1] if "/" in record.area_path else province_short(),
        "signer": signer_of(record.body),
        "results": said(record.results), "obstacles": said(record.obstacles), "proposals": said(record.proposals),
        "receivers": [f"{organisation_name(queries.lead())};", "Lưu: VT."], "on": as_text(timezone.localdate()),
    }  # fmt: skip


def said(text: str) -> str:
    return text.strip().rstrip(".") or "Không có"


def issuer(record: OwnReport) -> tuple[str, str]:
    """The head of the paper, a commune's committee written out."""
    above, own = issuer_of(record.body)
    return above, f"ỦY BAN NHÂN DÂN\n{own.removeprefix('UBND ')}" if own.startswith("UBND ") else own


OWN = Sheet(
    "own-report", "Báo cáo", "Kết quả thực hiện Kế hoạch số {{ plan }} {{ period }}", (), fields,
    issuer, parts=(
        "Thực hiện Kế hoạch số {{ plan }}, {{ body }} báo cáo kết quả {{ period }} như sau (số liệu tính đến ngày "
        "{{ on }}; số liệu chưa có bản ghi nào thì không liệt kê):",
        Article("I. KẾT QUẢ NỔI BẬT", ""), "{{ results }}.",
        Article("II. SỐ LIỆU", ""),
        Table("rows", (
            ("TT", "n", 1.1), ("Nội dung", "label", 8.0), ("Đơn vị tính", "unit", 2.3), ("Kết quả", "text", 2.39),
            ("Cùng kỳ năm trước", "before", 2.39),
        ), "Kỳ này chưa có số liệu nào."),
        Article("III. KHÓ KHĂN, VƯỚNG MẮC", ""), "{{ obstacles }}.",
        Article("IV. ĐỀ XUẤT, KIẾN NGHỊ", ""), "{{ proposals }}./.",
    ),
)  # fmt: skip


def figures_of(actor: Actor, record: OwnReport) -> dict[str, Any]:
    """What the record's page shows: each figure with the address of its records, if the actor may open their book."""
    told = []
    held = OwnReport.objects.filter(pk=record.pk).values_list("figures", flat=True).first()
    for one in held or ():
        mine = told_of(one)
        before = one.get("before")
        address = mine.opens(mine.query) if readable(REGISTERS[mine.register], actor) else ""
        told.append((mine.here, address, "" if before is None else number(before)))
    return {"figures": told}


def merged(period: Period, area: str = "") -> Sequence[tuple[str, OwnReport]]:
    """The reports that the province's own takes words from, by the name of their body; of one commune its own."""
    own = OwnReport.objects.filter(period=period.key, status=S.MERGED, withdrawn__isnull=True)
    own = own.filter(area_path=area) if area else own
    names = bodies()
    return sorted(((names.get(r.body, r.body), r) for r in own), key=lambda told: told[0])


def draft_all(actor: Actor, period: Period, progress: jobs.Progress, due: date | None = None) -> int:
    """Every body that is given work has a draft for the period, to be submitted by a day; how many were made now.

    What was drafted before and is not submitted yet has the new day too.
    """
    require(actor, "reporting.own.create")
    told, book = Figures(period), REGISTERS["reporting.own"]
    standing = OwnReport.objects.filter(period=period.key, withdrawn__isnull=True)
    have = set(standing.values_list("body", flat=True))
    some = [one for one in doers() if one.code not in have]
    for n, one in enumerate(some, 1):
        area = one.area_path or province_path()
        fresh = OwnReport(
            body=one.code, period=period.key, area_path=area, figures=told.of(one.code, area), due=due
        )
        write.create(book, actor, fresh)
        progress(n, len(some), str(one))
    if due is not None:
        for old in standing.filter(status__in=(S.DRAFT, S.RETURNED)).exclude(due=due):
            write.act(book, actor, old, "ask_by", {"due": due})
    return len(some)


def drop_drafts(actor: Actor, period: Period, reason: str) -> int:
    """The drafts of a period into which nobody wrote and which nobody submitted are withdrawn; how many."""
    book = REGISTERS["reporting.own"]
    empty = {"results": "", "obstacles": "", "proposals": "", "versions__isnull": True}
    rows = book.door(actor).rows().filter(period=period.key, status=S.DRAFT, **empty)
    return len([write.withdraw(book, actor, one, reason) for one in rows])


@jobs.kind("reporting.own")
def work(progress: jobs.Progress) -> str:
    """Drafts for all bodies, by whoever asked, with the rights held now."""
    job = progress.job
    if job is None:
        raise ValueError("drafts are made by a job")
    period, due = read(job.arguments["period"]), job.arguments.get("due")
    draft_all(Person.objects.get(pk=job.actor_id), period, progress, date.fromisoformat(due) if due else None)
    return reverse("report-following", args=[period.key])
