"""A zip of photos: each stands beside its record or becomes a draft; one that is broken is set aside and named."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image

from baoton.files.queries import of_record
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.models import Occurrence
from baoton.people.models import Person
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
V = REGISTERS["observations.occurrence"]
LON, LAT = 102.44, 22.44


def photo(lon: float | None, lat: float, at: datetime, colour: str = "green") -> bytes:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{at:%Y:%m:%d %H:%M:%S}"
    if lon is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for ref, value, name, letter in (
            ("LatitudeRef", lat, "Latitude", "N"),
            ("LongitudeRef", lon, "Longitude", "E"),
        ):
            gps[getattr(ExifTags.GPS, f"GPS{ref}")] = letter
            minutes = (value % 1) * 60
            gps[getattr(ExifTags.GPS, f"GPS{name}")] = (
                float(int(value)),
                float(int(minutes)),
                (minutes % 1) * 60,
            )
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def seen(**more: Any) -> Occurrence:
    row = Occurrence(
        taxon=Taxon.objects.get(scientific_name="Sus scrofa"), day_start=date(2026, 9, 1),
        event_date="2026-09-01T08:00:00+07:00", organisation="kiem_lam", **more,
    )  # fmt: skip
    row.put_point(LON, LAT)
    made: Occurrence = write.create(V, System(), row)
    return made


def zipped(**files: bytes) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"anh/{name.replace('_', '.')}", data)
    return SimpleUploadedFile("chuyen-di.zip", out.getvalue())


def test_photos_are_matched_made_drafts_or_set_aside_first_to_look_at_and_then_written() -> None:
    record, dung = seen(), Client()
    dung.force_login(Person.objects.get(username="dung"))
    day = datetime(2026, 9, 1, 8, 12)
    files = {
        "gan_jpg": photo(LON + 0.001, LAT, day), "xa_jpg": photo(LON + 0.05, LAT, day, "red"),
        "hom_khac_jpg": photo(LON, LAT, datetime(2026, 9, 20, 8), "blue"), "khong_jpg": photo(None, 0, day, "pink"),
        "hong_jpg": b"\xff\xd8 half a picture", "ghi_txt": b"x",
    }  # fmt: skip
    assert "Ảnh hàng loạt" in dung.get("/anh-hang-loat/").content.decode()
    answer = dung.post("/anh-hang-loat/", {"file": zipped(**files)})
    job = answer["Location"].rstrip("/").rpartition("/")[2]
    here = f"/anh-hang-loat/{job}/"
    page = dung.get(here).content.decode()
    for told in (
        ">103<",
        ">12<",
        "tệp ảnh hỏng, không mở được",
        "ảnh không có toạ độ",
        "không phải ảnh",
        "hong.jpg",
    ):
        assert told in page, told
    assert "gắn vào ghi nhận: <b>1</b>" in page and "thành ghi nhận nháp: <b>2</b>" in page
    assert Occurrence.objects.count() == 1 and not of_record(record)
    done = dung.post(here)["Location"].rstrip("/").rpartition("/")[2]
    assert "Đã ghi ảnh" in dung.get(f"/anh-hang-loat/{done}/").content.decode()
    kept = list(of_record(record))
    assert [e.title for e in kept] == ["gan.jpg"] and "cách" in kept[0].exif_note
    drafts = Occurrence.objects.exclude(pk=record.pk).order_by("day_start")
    assert [(str(d.day_start), d.status, len(of_record(d))) for d in drafts] == [
        ("2026-09-01", "draft", 1), ("2026-09-20", "draft", 1)
    ]  # fmt: skip
    again = dung.post("/anh-hang-loat/", {"file": zipped(**files)})["Location"].rstrip("/").rpartition("/")[2]
    assert "đã có: <b>3</b>" in dung.get(f"/anh-hang-loat/{again}/").content.decode()
    other = Client()
    other.force_login(Person.objects.get(username="lan"))
    assert other.get(here).status_code == 404


def test_what_is_no_zip_is_said_and_a_record_of_others_gets_no_photo() -> None:
    from baoton.kit.models import Job

    pao = Client()
    pao.force_login(Person.objects.get(username="pao"))
    record = seen()
    given = zipped(gan_jpg=photo(LON, LAT, datetime(2026, 9, 1, 8)))
    here = pao.post("/anh-hang-loat/", {"file": given})["Location"].rstrip("/").rpartition("/")[2]
    pao.post(f"/anh-hang-loat/{here}/")
    assert not of_record(record)
    pao.post("/anh-hang-loat/", {"file": SimpleUploadedFile("a.zip", b"no zip")})
    last = Job.objects.order_by("-asked").first()
    assert last is not None and last.state == "failed" and "không phải tệp nén zip" in last.message


def job_of(client: Client, here: str, **given: Any) -> str:
    return str(client.post(here, given)["Location"]).rstrip("/").rpartition("/")[2]


def test_a_whole_zip_is_taken_back_but_for_what_was_judged_with_its_photos_and_comes_in_again() -> None:
    record, dung = seen(), Client()
    dung.force_login(Person.objects.get(username="dung"))
    day = datetime(2026, 9, 1, 8, 12)
    files = {
        "gan_jpg": photo(LON + 0.001, LAT, day), "xa_jpg": photo(LON + 0.05, LAT, day, "red"),
        "xa2_jpg": photo(LON + 0.0501, LAT, day, "yellow"), "sua_jpg": photo(LON, LAT + 0.05, day, "blue"),
        "co_jpg": photo(LON, LAT - 0.05, day, "pink"),
    }  # fmt: skip
    by_hand = seen()
    from baoton.files.actions import attach

    attach(Person.objects.get(username="dung"), by_hand, [files["co_jpg"]], "tay.jpg")
    preview = job_of(dung, "/anh-hang-loat/", file=zipped(**files))
    wrote = job_of(dung, f"/anh-hang-loat/{preview}/")
    page = dung.get(f"/anh-hang-loat/{wrote}/").content.decode()
    assert "Lấy lại cả tệp" in page and "đã có: <b>1</b>" in page
    mended = Occurrence.objects.get(min_y__gt=LAT + 0.04, withdrawn=None)
    write.edit(V, Person.objects.get(username="dung"), mended, {"locality": "khe suối"})
    back = job_of(dung, f"/anh-hang-loat/{wrote}/")
    page = dung.get(f"/anh-hang-loat/{back}/").content.decode()
    for told in (
        "không lấy lại được: <b>1</b>", "đã gỡ ảnh khỏi ghi nhận: <b>1</b>",
        "đã gỡ ảnh, rút ghi nhận nháp: <b>2</b>", "ghi nhận nháp đã có người sửa từ đó",
    ):  # fmt: skip
        assert told in page, told
    assert not of_record(record) and len(of_record(mended)) == len(of_record(by_hand)) == 1
    assert Occurrence.objects.filter(withdrawn=None).count() == 3
    assert "đã được lấy lại lúc" in dung.get(f"/anh-hang-loat/{wrote}/").content.decode()
    twice = job_of(dung, f"/anh-hang-loat/{wrote}/")  # the press that came a second time
    page = dung.get(f"/anh-hang-loat/{twice}/").content.decode()
    assert "không lấy lại được: <b>1</b>" in page and "rút ghi nhận nháp: <b>0</b>" in page

    preview = job_of(dung, "/anh-hang-loat/", file=zipped(**files))
    wrote = job_of(dung, f"/anh-hang-loat/{preview}/")
    page = dung.get(f"/anh-hang-loat/{wrote}/").content.decode()
    assert "gắn vào ghi nhận: <b>1</b>" in page and "đã có: <b>2</b>" in page
    assert len(of_record(record)) == 1 and Occurrence.objects.filter(withdrawn=None).count() == 5
    lan = Person.objects.get(username="lan")
    write.act(V, lan, record, "verify", {"reason": "ảnh rõ loài"})
    back = job_of(dung, f"/anh-hang-loat/{wrote}/")
    page = dung.get(f"/anh-hang-loat/{back}/").content.decode()
    assert "đã xác minh ghi nhận ngày" in page and len(of_record(record)) == 1
    assert "rút ghi nhận nháp: <b>2</b>" in page
    stranger = Client()
    stranger.force_login(Person.objects.get(username="lan"))
    assert stranger.post(f"/anh-hang-loat/{wrote}/").status_code == 404


def test_what_was_looked_at_is_what_is_written_though_the_photos_lie_side_by_side() -> None:
    dung = Client()
    dung.force_login(Person.objects.get(username="dung"))
    day = datetime(2026, 9, 1, 8, 12)
    files = {f"a{n}_jpg": photo(LON + n / 10_000, LAT, day, c) for n, c in enumerate(("red", "blue", "pink"))}
    preview = job_of(dung, "/anh-hang-loat/", file=zipped(**files))
    assert "thành ghi nhận nháp: <b>3</b>" in dung.get(f"/anh-hang-loat/{preview}/").content.decode()
    wrote = job_of(dung, f"/anh-hang-loat/{preview}/")
    page = dung.get(f"/anh-hang-loat/{wrote}/").content.decode()
    assert "thành ghi nhận nháp: <b>3</b>" in page and Occurrence.objects.count() == 3
    assert "08:12" in page and "+07:00" not in page
