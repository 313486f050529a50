"""Making a report: its files, its row with every figure and query, its audit event."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from baoton.assessment.queries import of_year
from baoton.kit import blobs
from baoton.kit.access import Actor, require
from baoton.kit.ids import new_id
from baoton.kit.writing import audit
from baoton.kit.writing.verb import declare
from baoton.reporting import queries, workbook
from baoton.reporting.missing import answers
from baoton.reporting.models import Report
from baoton.reporting.own import merged
from baoton.reporting.periods import Period
from baoton.reporting.records.keeping import keep
from baoton.reporting.scopes.editions import edition
from baoton.reporting.scopes.scope import read_scope
from baoton.reporting.scopes.themes import YEARLY
from baoton.reporting.word import yearly
from baoton.reporting.word.given import Yearly
from baoton.reporting.wording.versions import fitting

MAKE, SEE = "reporting.yearly.make", "reporting.yearly.see"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
declare(SEE, _("xem báo cáo năm"))
declare(MAKE, _("lập báo cáo năm"))


def gather(
    actor: Actor, period: Period, address: str = "", key: str = "", area: str = "", theme: str = ""
) -> Yearly:
    """All that the report of a period says now, with the head of the chain as it was sealed last."""
    with override("vi"):
        scope = read_scope(period, area, theme)
        told, annex = scope.gathered()
        return Yearly(
            period=period,
            on=timezone.localdate(),
            figures=told,
            communes=annex,
            species=of_year(period.year) if scope.whole or (theme == "species" and not area) else [],
            chain_head=audit.head(),
            simulated=queries.simulated(),
            made_by=actor.actor_name,
            address=address or queries.site_address(),
            before=scope.befores(told),
            aims=scope.aims(told),
            answers=answers(period, theme) if scope.whole else {},
            reported=[] if theme else merged(period, area),
            area=area,
            theme=theme,
            key=key,
        )


def _edition(given: Yearly, folder: Path) -> dict[str, str]:
    """The files of one edition under their hashes: Word, and for the public its own Excel."""
    stem = f"bao-cao-{given.scope.slug}-{given.edition.key}"
    paper, book = folder / f"{stem}.docx", folder / f"{stem}.xlsx"
    yearly.write(given, paper, fitting(given)[1])
    made = {"docx": blobs.store_file(paper, DOCX).sha256}
    if given.edition.public:
        workbook.write(given, book)
        made["xlsx"] = blobs.store_file(book, XLSX).sha256
    return made


@audit.witness
def printed() -> Iterator[tuple[str, str]]:
    """The head of the chain that each report printed."""
    for year, head in Report.objects.values_list("year", "audit_head"):
        yield _("báo cáo năm %(year)s") % {"year": year}, head


def make_yearly(actor: Actor, year: int, folder: Path, address: str = "", part: str = "") -> list[Path]:
    """The report stands as Word and Excel in the folder; its figures and queries are kept."""
    period = Period(year, part)
    make(actor, period, folder, address)
    return [folder / f"bao-cao-{period.key}.docx", folder / f"bao-cao-{period.key}.xlsx"]


def make(
    actor: Actor,
    period: Period,
    folder: Path,
    address: str = "",
    area: str = "",
    theme: str = "",
    also: Sequence[str] = (),
) -> Report:
    """As `make_yearly`, answering with the report's row; `also` are the editions made of the same figures."""
    require(actor, MAKE)
    folder.mkdir(parents=True, exist_ok=True)
    audit.seal()
    key = new_id()
    given = gather(actor, period, address, str(key), area, theme)
    paper, book = (folder / f"bao-cao-{given.scope.slug}.{kind}" for kind in ("docx", "xlsx"))
    version, held = fitting(given)
    yearly.write(given, paper, held)
    workbook.write(given, book)
    sent = {one: _edition(replace(given, edition=edition(one)), folder) for one in also}
    with transaction.atomic():
        report = Report.objects.create(
            id=key,
            kind=theme or YEARLY,
            area=area,
            year=period.year,
            part=period.part,
            made_by=actor.actor_name,
            figures=[f.stored() for f in given.figures],
            audit_head=given.chain_head,
            simulated=given.simulated,
            docx_sha256=blobs.store_file(paper, DOCX).sha256,
            template_sha256=version.sha256 if version else "",
            records_sha256=keep(given.figures),
            xlsx_sha256=blobs.store_file(book, XLSX).sha256,
            editions=sent,
        )
        audit.write(
            actor,
            MAKE,
            register="reporting.report",
            object_id=report.pk,
            object_name=f"Báo cáo {given.scope.name}",
            new={
                "year": period.year,
                "part": period.part,
                "area": area,
                "theme": theme,
                "figures": len(report.figures),
                "docx_sha256": report.docx_sha256,
                "xlsx_sha256": report.xlsx_sha256,
                "records_sha256": report.records_sha256,
                "audit_head": report.audit_head,
                "editions": report.editions,
            },
        )
    return report
