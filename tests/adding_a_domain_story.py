"""What a newcomer does with the two domains of the page on adding a domain; run by its test on an empty database."""

import re
import sys
from datetime import date, timedelta
from io import BytesIO

import django

django.setup()

import shapely  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from docx import Document  # noqa: E402

call_command("makemigrations", "stable", "parcel", verbosity=0)
call_command("migrate", verbosity=0)

from parcel.models import Parcel  # noqa: E402
from stable.actions import book_heads  # noqa: E402
from stable.models import Facility, Head  # noqa: E402

from baoton.kit import blobs  # noqa: E402
from baoton.kit.access import Scope, System  # noqa: E402
from baoton.kit.importing import run_file  # noqa: E402
from baoton.kit.models import AuditEvent, Overlap, StoredFile  # noqa: E402
from baoton.kit.paper import pdf  # noqa: E402
from baoton.kit.reading import exporting, listing  # noqa: E402
from baoton.kit.reading.register import REGISTERS  # noqa: E402
from baoton.kit.writing import clock, ledger, outbox, write  # noqa: E402
from baoton.kit.writing.refusal import NotNow  # noqa: E402
from baoton.people import roles  # noqa: E402
from baoton.people.actions import give  # noqa: E402
from baoton.people.actions import load as load_people  # noqa: E402
from baoton.people.models import Grant, Person  # noqa: E402
from baoton.places.actions import load as load_places  # noqa: E402
from baoton.places.queries import book as units  # noqa: E402

load_places()
load_people("lai_chau")
system = System()
stables, parcels = REGISTERS["stable.facility"], REGISTERS["parcel.parcel"]


def refused(work: object, word: str) -> None:
    try:
        work()  # type: ignore[operator]
    except (NotNow, ValidationError) as error:
        told = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        assert word in told, told
    else:
        raise AssertionError(f"not refused: {word}")


# — the facility: draft → check with a clock → supplement → code, number, decision —
fresh = Facility(name="Trại Nậm Kè", owner="Vàng A Pao", organisation="kiem_lam")
one = write.create(stables, system, fresh)
refused(lambda: write.act(stables, system, one, "grant"), "chỉ làm được từ")
one = write.act(stables, system, one, "accept", {"on": date(2026, 2, 10)})
due = clock.opened(one.pk, "thẩm định").due
assert due is not None and due > date(2026, 3, 4), due  # Tết lies between
one = write.act(stables, system, one, "ask", {"reason": "thiếu bản vẽ", "on": date(2026, 2, 12)})
assert clock.opened(one.pk, "thẩm định").due is None
refused(lambda: write.act(stables, system, one, "ask", {"reason": "nữa"}), "chỉ làm được từ")
one = write.act(stables, system, one, "supplement", {"on": date(2026, 3, 2)})
assert clock.opened(one.pk, "thẩm định").due > due
refused(lambda: write.act(stables, system, one, "grant"), "chưa có vị trí")
one = write.edit(stables, system, one, {"geom": shapely.Point(102.46, 22.48)})
assert one.area_path.startswith("12/"), one.area_path
one = write.act(stables, system, one, "grant", {"on": date(2026, 3, 5)})
assert (one.status, one.number) == ("coded", "01/QĐ-KL")
assert clock.opened(one.pk, "thẩm định") is None
decision = Document(BytesIO(blobs.path_of(one.paper).read_bytes()))
words = "\n".join(p.text for p in decision.paragraphs)
cells = [cell for table in decision.tables for row in table.rows for cell in row.cells]
assert cells and all(cell.paragraphs for cell in cells), (
    "a cell without a paragraph takes the words before it"
)
block = "\n".join(cell.text for cell in cells)
assert "Số: 01/QĐ-KL" in block and "ngày 05 tháng 3 năm 2026" not in words and "CHI CỤC TRƯỞNG" in block, (
    block
)
assert "Trại Nậm Kè" in words and "QUYẾT ĐỊNH" in words, words
assert AuditEvent.objects.filter(object_id=one.pk, verb="stable.facility.grant").count() == 1

# — the ledger —
book_heads(system, one, date(2026, 3, 6), "đàn ban đầu", adult=10, young=4)
book_heads(system, one, date(2026, 5, 6), "lớn lên", adult=3, young=-3)
assert ledger.balances(Head, one.pk) == {"adult": 13, "young": 1}
assert ledger.balances(Head, one.pk, date(2026, 4, 1)) == {"adult": 10, "young": 4}
refused(lambda: book_heads(system, one, date(2026, 3, 7), adult=-11), "sẽ thiếu 1")
wrong = book_heads(system, one, date(2026, 6, 1), adult=-2)[0]
ledger.reverse(wrong, "ghi nhầm")
refused(lambda: ledger.reverse(wrong, "lần nữa"), "đã được đảo")
assert ledger.balances(Head, one.pk)["adult"] == 13

# — the parcel —
a = units().communes
pair = next((i, j) for i, s in enumerate(a.shapes) for j in a.tree.query(s, predicate="intersects")
            if i != j and shapely.length(shapely.intersection(s, a.shapes[j])) > 0.01)  # fmt: skip
edge = shapely.get_parts(shapely.intersection(a.shapes[pair[0]], a.shapes[pair[1]]))[0]
shape = shapely.line_interpolate_point(edge, 0.5, normalized=True).buffer(0.01)
lot = Parcel(code="L1", kind="forest")
lot.put(shape)
lot = write.create(parcels, system, lot)
assert Overlap.objects.filter(record=lot.pk).count() >= 2 and lot.area_path == "12"
assert lot.hectares and 300 < lot.hectares < 400, lot.hectares
refused(lambda: write.create(parcels, system, Parcel(code="L2", kind="forest")), "Cần ghi")
outbox.drain()
path = exporting.scratch(".csv")
exporting.write(parcels, system, {}, "csv", path)
lot_file = path.with_name("lo.csv")
lot_file.write_text(path.read_text("utf-8-sig").replace("L1", "L9"), "utf-8")
batch = run_file(system, lot_file, target="parcel.parcel")
assert batch.counts["total"]["created"] == 1, (batch.counts, batch.warnings)
again = Parcel.objects.get(code="L9")
assert shapely.from_wkb(bytes(again.geom)).equals_exact(shape, 1e-6) and again.hectares == lot.hectares


# — the pages, and who may —
class Commune:
    actor_id = actor_name = "x"

    def scopes(self, verb: str) -> list[Scope]:
        return [Scope("12/03451")] if verb.endswith(".see") else []


assert not stables.door(Commune()).rows().exclude(shown_area_path="12/03451").exists()
lan = Person.objects.create(username="lan")
give(system, lan, "officer")
browser = Client()
browser.force_login(lan)
for address in (parcels.url(), parcels.url(lot), f"{parcels.url()}tu-dien/", f"{parcels.url()}xuat.geojson"):
    assert browser.get(address).status_code == 200, address
assert browser.get(stables.url()).status_code == 403

# — a running clock stands on every page without a further line —
queue = []
for days_ago, name in ((60, "Trại trễ hạn"), (1, "Trại mới nộp"), (2, "Trại chờ giấy")):
    fresh = Facility(name=name, owner="Lý A Sùng", organisation="kiem_lam", area_path="12/03451")
    fresh = write.create(stables, system, fresh)
    queue.append(write.act(stables, system, fresh, "accept", {"on": date.today() - timedelta(days=days_ago)}))
late, soon, waits = queue
write.act(stables, system, waits, "ask", {"reason": "thiếu sơ đồ", "on": date.today()})
with_stables = {
    **roles.table(), "stable_all": frozenset({"stable.*"}), "stable_see": frozenset({"stable.facility.see"})
}  # fmt: skip
roles.table = lambda: with_stables  # type: ignore[assignment]
roles.verbs_of.cache_clear()
boss = Person.objects.create(username="truong")
Grant.objects.create(person=boss, role="stable_all", since=date.today())
browser.force_login(boss)


def page(address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.content[-800:])
    return re.sub(r"\s+", " ", answer.content.decode())


listed = page(f"{stables.url()}?sort=clock")
assert listed.index("Trại trễ hạn") < listed.index("Trại mới nộp") < listed.index("Trại chờ giấy")
assert "thẩm định: quá hạn" in listed and "thẩm định: còn" in listed and 'aria-sort="ascending"' in listed, (
    listed
)
assert "thiếu sơ đồ" in listed
only = page(f"{stables.url()}?clock=late")
assert "Trại trễ hạn" in only and "Trại mới nộp" not in only and "quá hạn" in only
assert "Trại chờ giấy" in page(f"{stables.url()}?clock=paused")
assert "quá hạn" in page(stables.url(late)) and "15 ngày làm việc từ" in page(stables.url(late))
assert "tạm dừng từ" in page(stables.url(waits)) and "thiếu sơ đồ" in page(stables.url(waits))
assert "xong 05/03/2026" in page(stables.url(one)) and "tag late" not in page(stables.url(one))
home = page("/")
feed = browser.get("/lich.ics").content.decode()
told = feed.replace("\r\n ", "")
assert feed.startswith("BEGIN:VCALENDAR\r\n") and all(len(line.encode()) <= 75 for line in feed.split("\r\n"))
assert (
    f"DTSTART;VALUE=DATE:{clock.opened(late.pk, 'thẩm định').due:%Y%m%d}" in told
    and "Trại trễ hạn: thẩm định" in told
)
assert (
    "Trại chờ giấy" not in told and f"URL:http://testserver{stables.url(late)}" in told
)  # a paused clock has no day
assert "Trại trễ hạn" in home and "Trại mới nộp" in home and "Trại chờ giấy" not in home
assert browser.get(f"{stables.url()}?clock=x").status_code == 200
exported = exporting.scratch(".csv")
exporting.write(stables, boss, {"clock": "late"}, "csv", exported)
assert str(clock.opened(late.pk, "thẩm định").due) in exported.read_text("utf-8-sig")
first = listing.page(stables, stables.opened(stables.door(boss)), size=2, sort="clock")
then = listing.page(stables, stables.opened(stables.door(boss)), first.following, size=9, sort="clock")
names = [r.name for r in (*first.records, *then.records)]
assert names == ["Trại trễ hạn", "Trại mới nộp", "Trại chờ giấy", "Trại Nậm Kè"] or len(set(names)) == 4, (
    names
)
# — the dossier: given, refused, shown, fetched, filtered, carried out and in —


def given(name: str, content: bytes) -> dict[str, object]:
    return {
        "name": "Trại Pa Ủ",
        "owner": "Pờ A Dư",
        "dossier": SimpleUploadedFile(name, content, "application/pdf"),
    }


for name, content, why in (
    ("don.pdf", b"", "rỗng"),
    ("don.pdf", b"MZ\x90\0 this program", "chạy được"),
    ("don.pdf", b"<!DOCTYPE html><p>x", "trang web"),
    ("don.pdf", b"\xef\xbb\xbf  <svg onload=1>", "trang web"),
    ("don.pdf", b"PK\x03\x04 broken", "hỏng"),
):
    answer = browser.post(f"{stables.url()}moi/", given(name, content))
    assert answer.status_code == 200 and why in answer.content.decode(), why
assert not StoredFile.objects.exists()
answer = browser.post(f"{stables.url()}moi/", given("..\\đơn  đề nghị.pdf", b"%PDF-1.7 a dossier"))
assert answer.status_code == 302, answer.content.decode()[-3000:]
held = Facility.objects.get(name="Trại Pa Ủ")
assert held.dossier.name == "đơn đề nghị.pdf" and held.dossier.media_type == "application/pdf"
told = page(stables.url(held))
assert "đơn đề nghị.pdf (PDF, 18 B)" in told and "/tep/dossier" in told
fetched = browser.get(f"{stables.url(held)}tep/dossier")
assert b"".join(fetched.streaming_content) == b"%PDF-1.7 a dossier"
assert (
    fetched["Content-Disposition"].startswith("attachment") and fetched["Content-Type"] == "application/pdf"
)
assert browser.get(f"{stables.url(held)}tep/name").status_code == 404
assert browser.get(f"{stables.url(one)}tep/dossier").status_code == 404  # this one holds none
assert "Trại Pa Ủ" in page(f"{stables.url()}?dossier=1") and "Trại Pa Ủ" not in page(
    f"{stables.url()}?dossier=0"
)
browser.post(
    f"{stables.url(held)}sua/", {"name": "Trại Pa Ủ 2", "owner": "Pờ A Dư", "revision": held.revision}
)
held.refresh_from_db()
assert held.name == "Trại Pa Ủ 2" and held.dossier is not None  # no new file: the present one stays
text = stables.field("dossier").value(held)
for word in (text, "đơn đề nghị.pdf", held.dossier.sha256):
    assert stables.field("dossier").cell(word, boss) == held.dossier_id.hex, word
refused(lambda: stables.field("dossier").cell(text, lan), "Không có tệp này")  # he may not see that record
refused(lambda: stables.field("dossier").cell("f" * 64, boss), "Không có tệp này")
guest = Person.objects.create(username="khach")
Grant.objects.create(person=guest, role="stable_see", since=date.today())
browser.force_login(guest)
assert (
    "/tep/dossier" in page(stables.url(held))
    and browser.get(f"{stables.url(held)}tep/dossier").status_code == 200
)
Facility.objects.filter(pk=held.pk).update(disclosure=1)  # guarded: its papers may tell where it is
assert "đơn đề nghị.pdf" not in page(stables.url(held))
assert browser.get(f"{stables.url(held)}tep/dossier").status_code == 404
assert "Trại Pa Ủ" not in page(f"{stables.url()}?dossier=1") and "Trại Pa Ủ" in page(
    f"{stables.url()}?dossier=0"
)
assert (
    browser.get(f"/api/collections/stable-facility/items/{held.pk}").json()["properties"]["đơn đề nghị"]
    is None
)
refused(lambda: stables.field("dossier").cell(text, guest), "Không có tệp này")
Facility.objects.filter(pk=held.pk).update(disclosure=0)
browser.force_login(boss)
first = {"name": "Trại Pa Ủ 2", "owner": "Pờ A Dư", "revision": held.revision, "dossier_drop": "on"}
browser.post(f"{stables.url(held)}sua/", first)
held.refresh_from_db()
assert held.dossier is None
api = browser.get(f"/api/collections/stable-facility/items/{held.pk}").json()
assert api["properties"]["đơn đề nghị"] is None

# — the printed decision as PDF, where the machine can —
answer = browser.get(f"{stables.url(one)}van-ban.pdf")
if pdf.office():
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer["Content-Disposition"].endswith('filename="01-qd-kl.pdf"'), answer["Content-Disposition"]
pdf.office = lambda: ""  # a machine without the program says so on the record's page
again = write.create(stables, system, Facility(name="Trại khác", owner="x", organisation="kiem_lam"))
Facility.objects.filter(pk=again.pk).update(paper=blobs.store([b"not a word file"]).sha256)
answer = browser.get(f"{stables.url(again)}van-ban.pdf", follow=True)
assert answer.status_code == 200 and "chưa cài LibreOffice" in answer.content.decode()

browser.force_login(lan)
assert browser.get(f"{stables.url(one)}van-ban.pdf").status_code == 403
assert browser.get(f"{stables.url(held)}tep/dossier").status_code in {403, 404}
assert "Trại trễ hạn" not in browser.get("/lich.ics").content.decode().replace("\r\n ", "")
assert "Trại trễ hạn" not in page("/")  # what one may not see is not told at home either
sys.stdout.write("cả hai miền chạy được\n")
