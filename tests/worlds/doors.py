"""The doors that are no list: pages of places, leaders, figures, facilities; and what is asked by sending something.

`NOT_ASKED` names every address of the site that the trial leaves alone, each with its reason; an address that is
neither asked nor named there fails `two_worlds_test`.
"""

import itertools
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver
from tests.worlds.books import sent_to_books
from tests.worlds.facilities import CODE
from tests.worlds.planting import SECRET, World

from baoton.kit.models import Job
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset
from baoton.people.models import Person
from baoton.plan.queries import INDICATORS

SEEN, VISIT = "observations-occurrence", "observations-event"
NOT_ASKED = {
    "thoat/": "ends the session of whoever asks and reads nothing",
    "ngon-ngu/setlang/": "sets a word at its asker's alone and reads nothing",
    "ban-do/dia-hinh.png": "one picture of the land, made from public heights before any record",
    "luat/bang-quyet-dinh/": "reads tables of law from the rulebook and no record",
    "luat/bang-quyet-dinh/<str:name>/": "reads one table of law from the rulebook and no record",
    "song": "tells of processes alone",
    "vao/<str:token>/": "opens with 192 random bits alone; tests of accounts hold it",
    "dang-nhap/ma/": "a second step of signing in, for whoever passed the first",
    "quan-tri/nguoi-dung/<uuid:pk>/phien/<str:digest>/": "ends a session; needs its digest, and a right over people",
    "quan-tri/nguoi-dung/<uuid:pk>/quyen/<uuid:grant>/thu-hoi/": "ends a grant; needs a right over people",
    "quan-tri/nguoi-dung/<uuid:pk>/ban-giao/": "hands work over; needs a right over people",
    "quan-tri/nguoi-dung/<uuid:pk>/cap-quyen/": "gives a grant; needs a right over people",
    "quan-tri/nguoi-dung/<uuid:pk>/sua/": "changes an account; needs a right over people",
    "quan-tri/nguoi-dung/<uuid:pk>/<str:verb>/": "closes an account; needs a right over people",
    "quan-tri/nguoi-dung/phieu/": "prints links of accounts just made; needs a right over people",
    "quan-tri/xem-nhu/thoi/": "ends seeing as another and reads nothing",
    "toi/lop-hai/": "draws a new secret for its asker each time",
    "toi/lop-hai/bo/": "one's own second factor",
    "toi/phien/<str:digest>/": "one's own session",
    "thong-bao/doc/": "marks one's own notices as read",
    "thong-bao/tat/": "mutes one's own notices",
    "toi/lich/": "draws a new secret for its asker each time",
    "lich/<str:token>.ics": "opens with 192 random bits alone, with the plain words of /lich/; its own test holds it",
    "nhac-den/<int:pk>/da-doc/": "marks one's own mention as read",
    "so/<slug:slug>/cach-xem/<int:pk>/bo/": "forgets one's own kept list",
    "bao-tin/": "draws a new key of its form each time and reads no record; tests of tips hold it",
    "bay-anh/anh/<uuid:pk>.jpg": "one picture of a camera, which the trial does not plant; tests of cameras hold it",
    "dieu-tra/gui/": "names campaigns of its asker, which the trial does not plant; tests of surveys ask it",
    **{
        f"dieu-tra/<uuid:pk>/{page}": "of one campaign, which the trial does not plant; tests of surveys ask it"
        for page in (
            "thiet-ke/",
            "rut-mau/",
            "tien-do/",
            "tep/<str:kind>/",
            "ket-qua/",
            "ket-qua/phieu/",
            "ket-qua/<uuid:batch>/",
        )
    },
    "dieu-tra/tiep/": "names what was proposed to its asker, which the trial does not plant; its own test asks it",
    "dieu-tra/tiep/<uuid:pk>/": "opens to whoever asked for it alone; its own test holds it",
    "dieu-tra/tiep/<uuid:pk>/lap/": "writes a campaign from a proposal; its own test holds it",
    "anh-hang-loat/<uuid:pk>/": "tells of one's own zip of photos to whoever sent it; its own test holds it",
    "bao-cao/mau-word/<uuid:pk>.docx": "a Word template, in which no record stands; its own test opens it",
    "bao-cao/cong-bo/<uuid:pk>.<str:kind>": "a public edition as issued, whose bytes two_worlds_test holds",
    "du-lieu-mo/<uuid:pk>/bai-bao.docx": "is made with the eyes of the public; its own test holds it",
    "loai/<uuid:pk>/ho-so/": "a Word file of the status of one species; the test of a season asks it",
    "hoi-dong/<uuid:pk>/phieu/": "writes votes of a session, which the trial does not plant; its own test asks it",
    "chay-rung/": "reads weather that everybody of its readers may know, and alerts that the trial does not plant",
    "chay-rung/tra-loi/": "counts alerts, which the trial does not plant; tests of fire ask it",
    "kinh-phi/cua/<slug:slug>/<uuid:pk>/": "money of a record opened by its own door; the story of money asks it",
    "rung/de-xuat/<uuid:pk>/<slug:name>.docx": "a paper of a proposal, which the trial does not plant: the test of "
    "founding asks it with a secret place inside",
    "phuc-hoi/diem-anh/<uuid:pk>/": "photos of a point through its own door, which the trial does not plant: the test "
    "of growth asks it of whoever may and may not know its place",
    "rung/phuong-an/<uuid:pk>/ban-do.pdf": "a map of zones and parcels, on which no record stands",
    "rung/phuong-an/<uuid:pk>/bat-dinh/": "zones, communes and parcels, on which no record stands; the test of drawing",
    **dict.fromkeys(
        ("phuc-hoi/ferm/", "phuc-hoi/ferm.xlsx", "phuc-hoi/ferm.gpkg"),
        "works of restoration without those of guarded species, which the trial does not plant; its own test",
    ),
    "rung/theo-anh/": "counts a picture that its asker sends over communes and parcels; its own test",
    "rung/phan-khu/tinh/": "the table of an option, whose species come through their own door: the test of founding "
    "counts it with a secret place inside, the test of drawing asks who may",
    "rung/thay-doi/<uuid:pk>/": "sums of two maps, of which the trial plants none and no row tells of a species",
    "rung/thay-doi/<uuid:pk>/bang.xlsx": "the same sums as a file; the test of changes asks both",
    "ngoai-lai/": "reads sites that the trial does not plant, and records of listed aliens through their own door",
    "ke-hoach/ban-nhap/<uuid:pk>/": "a plan read from a file, in which no record stands; its own test asks it",
    "ke-hoach/ban-nhap/<uuid:pk>/ke-hoach.yaml": "the same plan as a file",
    "ke-hoach/minh-chung/<slug:slug>/<uuid:pk>/": "ties a record opened by its own door; the story of work asks it",
    "tuyen-truyen/khao-sat/<uuid:pk>/gui/": "takes a file in; its own test sends some",
    "quy-trinh/<uuid:pk>/thu/": "checks typed words against a public protocol and reads no record",
}


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address of the site, as its pattern is written."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from patterns(one, route)


def pages(areas: list[str]) -> Iterator[str]:
    """Pages that name no record: of figures, communes, leaders, accounts, the described API."""
    yield from (f"/chi-so/{name}/{asked}" for name in INDICATORS for asked in ("", "?year=2026"))
    for area in areas:
        code = area.rpartition("/")[2]
        yield from (
            f"/dia-ban/{code}/phieu/",
            f"/dia-ban/{code}/phieu/?ban=cong-khai",
            f"/dia-ban/{code}/ap-phich/",
        )
    yield from (
        "/dieu-hanh/", "/dieu-hanh/giao-ban/", "/dieu-hanh/don-doc/", "/lich.ics", "/bao-nhanh/", "/vu-viec/nhanh/",
        "/dieu-hanh/man-hinh/", "/lich/", "/lich/?xem=nam&viec=moi", "/thong-bao/", "/thong-bao/so/", "/toi/thong-bao/",
        "/tang-vat/ky-nhan/", "/tang-vat/nhan/", "/duyet-loat/", "/trung-lap/", "/trung-lap/?nam=2025",
        "/ke-hoach/van-ban/", "/ke-hoach/giao-viec/", "/ke-hoach/co-quan/", "/ke-hoach/co-quan/so_nnmt/",
        "/ke-hoach/chep-nam/", "/quan-tri/cai-dat/", "/quan-tri/co-quan/",
        "/quan-tri/nguoi-dung/moi/", "/quan-tri/nguoi-dung/danh-sach/", "/quan-tri/nguoi-dung/danh-sach/mau.xlsx",
        "/api/conformance", "/api/openapi.json", "/bao-cao/mau/", "/bao-cao/mau-word/", "/bao-cao/2026-q2/so-lieu/",
        "/bao-cao/xa/2026/",
        "/bao-cao/2026-6t/so-lieu/", "/api/figures/2026-q2",
        "/bao-cao/20260301-20260420/so-lieu/?theme=species", "/api/figures/2026?area=12/03451", "/toi/mat-khau/",
        "/dang-nhap/", "/quen-mat-khau/",
        "/co-so-cua-toi/", "/kiem-tra/ke-hoach/", "/mau-van-ban/", "/mau-van-ban/grant.docx", "/thong-ke-noi-trong/",
        "/thong-ke-noi-trong/danh-sach.docx", "/thong-ke-noi-trong/danh-sach.xlsx", f"/ma-so/{CODE}/",
        "/tuyen-truyen/do-phu/", "/tuan-tra/lich/?thang=2026-10", "/tuan-tra/do-phu/", "/tuan-tra/xu-huong/?when=2026",
        "/tuan-tra/smart.csv?when=2026", "/phoi-hop/lich/", "/phoi-hop/lich/?thang=2026-10",
        "/bay-anh/camtrap-dp.zip", "/anh-hang-loat/", "/di-cu/", "/di-cu/thu/", "/kinh-phi/", "/kinh-phi/?nam=2025",
        "/cuu-ho/hom-nay/", "/cuu-ho/nam/",
        "/bao-tin/tra-loi/", "/tin-bao/so-lieu/", "/truc/lich/", "/truc/lich/?thang=2026-10",
        "/nhap/mau/observations.occurrence.xlsx", "/loai/goi-y.json?q=kh",
    )  # fmt: skip
    yield from (f"/quan-tri/nguoi-dung/{p.pk}/" for p in Person.objects.order_by("username")[:2])
    yield from (f"/viec-nen/{pk}/" for pk in Job.objects.order_by("pk").values_list("pk", flat=True)[:5])
    yield from (f"/api/collections/{book.slug}" for book in REGISTERS.values())


def of_facilities(world: World) -> Iterator[str]:
    """The pages and papers of everything planted at a facility."""
    made = world.books
    if "facility" not in made:
        return
    yield from (
        f"/co-so/{made['facility'].pk}/qr.svg", f"/so-theo-doi/{made['stock'].pk}/so.xlsx",
        f"/kiem-tra/{made['inspection'].pk}/",
        f"/co-so/{made['facility'].pk}/tai-khoan/", f"/co-so-cua-toi/{made['stock'].pk}/born/",
        f"/du-thao/facilities-application/{made['application'].pk}/check.docx",
        "/so/facilities-facility/?q=nam+ke", *(f"/tim/?q={word}" for word in SECRET),
    )  # fmt: skip
    for register in (r for n, r in REGISTERS.items() if n.startswith("facilities.")):
        base = register.url()
        yield from (f"{base}?q={word}" for word in SECRET)
        for pk in register.model._default_manager.order_by("pk").values_list("pk", flat=True):
            yield from (
                f"{base}{pk}/",
                f"{base}{pk}/sua/",
                f"{base}{pk}/van-ban.docx",
                f"{base}{pk}/van-ban.pdf",
            )
            yield from (f"{base}{pk}/tep/paper", f"/api/collections/{register.slug}/items/{pk}")
            yield f"/vi-sao/{register.slug}/{pk}/"


def of_twins(world: World) -> Iterator[str]:
    """Two records side by side, hidden and open ones."""
    names = ("guarded withheld", "pair withheld", "draft", "open 1")
    for one, other in itertools.combinations([world.rows[n].pk for n in names], 2):
        yield f"/trung-lap/{one}/{other}/"


def of_surveys() -> Iterator[str]:
    """One survey's records judged together, by everybody's drafts of it."""
    yield from (
        f"/duyet-loat/?survey={pk}" for pk in Dataset.objects.order_by("pk").values_list("pk", flat=True)
    )


Sent = tuple[str, str, dict[str, Any]]


def sendings(world: World) -> Iterator[Sent]:
    """A name, an address and what is sent to it: each a question whether a hidden thing is there."""
    for name in ("guarded withheld", "pair blurred", "draft", "brought"):
        row = world.rows[name]
        here = f"/so/{SEEN}/{row.pk}/"
        yield f"remark {name}", f"{here}y-kien/", {"text": "@lan xem giúp"}
        photo = SimpleUploadedFile("anh.pdf", b"%PDF-1.4 x", "application/pdf")
        yield f"evidence {name}", f"{here}minh-chung/", {"files": photo}
        yield f"edit {name}", f"{here}sua/", {"locality": "x", "revision": "1"}
        for verb in ("verify", "return", "withdraw"):
            yield f"{verb} {name}", f"{here}lam/{verb}/", {"reason": "x", "revision": "1"}
    keys = [str(world.rows[n].pk) for n in ("guarded withheld", "pair withheld", "draft", "open 1")]
    for verb in ("verify", "refuse"):
        yield f"{verb} together", f"/so/{SEEN}/cung-lam/{verb}/", {"pick": keys, "reason": "x"}
    yield "accept together", "/duyet-loat/", {"key": keys}
    for verb, other in itertools.product(("same", "apart"), keys):
        yield f"{verb} as {other}", f"/so/{SEEN}/{world.rows['open 1'].pk}/lam/{verb}/", {"other": other}
    yield "keep a view", f"/so/{SEEN}/cach-xem/", {"name": SECRET[0], "query": f"q={SECRET[0]}"}
    drawn = SimpleUploadedFile(
        "x.geojson", b'{"type":"Point","coordinates":[103.1,22.3]}', "application/json"
    )
    yield "read a shape", f"/so/{SEEN}/doc-hinh/", {"file": drawn}
    yield "remark taken back", f"/y-kien/{world.books['remark'].pk}/rut/", {}
    if "application" in world.books:
        yield "papers ticked", f"/ho-so/{world.books['application'].pk}/giay-to/", {"paper": ["1"]}
    yield "list issued", "/thong-ke-noi-trong/ban-hanh/", {}
    yield "report asked", "/bao-cao/lap/", {"year": "2026"}
    yield "template sent", "/bao-cao/mau-word/", {"since": "2026-01-01"}
    yield "drafts asked", "/bao-cao/du-thao/", {"period": "x"}
    yield "figures asked", "/bao-cao/2026/hoi-so-lieu/", {"count": "1"}
    yield "setting up", "/quan-tri/cai-dat/office/", {"name": "x"}
    yield "sessions ended", "/toi/phien/", {"password": "sai"}
    yield "seen as another", f"/quan-tri/nguoi-dung/{Person.objects.get(username='lan').pk}/xem-nhu/", {}
    batch = world.rows["batch"]
    for part in ("kiem-tra", "ghi", "hoan-tac", "tra-loi", "tai-len-lai", "cach-doc", "gia-tri", "sua-dong"):
        yield f"import {part}", f"/nhap/{batch.pk}/{part}/", {"names": "x"}
    for job in Job.objects.order_by("pk").values_list("pk", flat=True)[:3]:
        yield from ((f"job {job} {part}", f"/viec-nen/{job}/{part}/", {}) for part in ("dung", "lai"))
    yield from sent_to_books(world)
