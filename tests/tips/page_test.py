"""The public page: whatever a telephone sends, one clear sentence and nothing lost; one form is one tip."""

import io
import logging
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from baoton.files.models import Evidence
from baoton.kit import blobs
from baoton.kit.models import AuditEvent
from baoton.tips.actions import throttle
from baoton.tips.models import Sender, Tip, Word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
MU_CA, SEND, LOOK, SAY = "12/03451", "/bao-tin/", "/bao-tin/tra-loi/", "/bao-tin/loi-nhan/"
STORY = "Tôi thấy mười dây phanh ở suối Nậm Ma"
GOOD = {"kind": "snare", "what": STORY, "area_path": MU_CA, "locality": "bản Xi Nế"}


@pytest.fixture(autouse=True)
def calm() -> None:
    throttle.forget()


@pytest.fixture
def phone() -> Client:
    return Client(enforce_csrf_checks=False)


def picture(
    name: str = "anh.jpg", at: tuple[float, float] | None = None, kind: str = "JPEG"
) -> SimpleUploadedFile:
    out, exif = io.BytesIO(), Image.Exif()
    if at:
        lon, lat = at
        exif[0x8825] = {1: "N", 2: _parts(lat), 3: "E", 4: _parts(lon)}
    Image.new("RGB", (40, 30), (20, 90, 60)).save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def _parts(value: float) -> tuple[float, float, float]:
    return (float(int(value)), float(int(value % 1 * 60)), round(value * 60 % 1 * 60, 4))


def sent(phone: Client, key: str = "mot", *photos: Any, **more: Any) -> Any:
    data = GOOD | {"form_key": key} | more
    return phone.post(SEND, data | ({"photos": list(photos)} if photos else {}))


def code_in(answer: Any) -> str:
    text = answer.content.decode()
    return str(text.split('class="code"', 1)[1].split(">", 1)[1].split("<", 1)[0])


def test_a_villager_sends_a_tip_and_reads_the_answer_with_the_code_alone(phone: Client) -> None:
    page = phone.get(SEND)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    answer = sent(
        phone, "k", picture(at=(102.41, 22.405)), longitude="102.40", latitude="22.40", contact="0912345678"
    )
    assert answer.status_code == 200, answer.content.decode()[:3000]
    tip, code = Tip.objects.get(), code_in(answer)
    assert (tip.channel, tip.found, tip.area_path) == ("web", "map", MU_CA)
    note = Evidence.objects.get(about_id=tip.pk)
    assert re.search(r"ảnh cách vị trí ghi nhận 11\d\d m", note.exif_note), note.exif_note
    assert blobs.intact(note.sha256)
    state = Client().post(LOOK, {"code": code.lower()})
    page_text = state.content.decode()
    assert "Mới nhận" in page_text
    assert STORY not in page_text and "0912345678" not in page_text and "Xi Nế" not in page_text
    assert Client().post(SAY, {"code": code, "text": "Họ lại đến tối qua"}).status_code == 200
    assert Word.objects.get(tip=tip).by == "sender"


def test_nothing_of_the_telephone_is_kept(phone: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        phone.post(
            SEND,
            GOOD | {"form_key": "k"},
            headers={"user-agent": "May-Cua-Toi/9"},
            REMOTE_ADDR="203.0.113.77",
        )
        phone.post(LOOK, {"code": "2222"}, REMOTE_ADDR="203.0.113.77")
    events = " ".join(map(str, AuditEvent.objects.values_list()))
    rows = " ".join(map(str, [*Tip.objects.values_list(), *Sender.objects.values_list()]))
    for kept in (events, rows, caplog.text):
        assert "203.0.113.77" not in kept and "May-Cua-Toi" not in kept
    assert Tip.objects.get().reporter == ""


def film(name: str = "con-nai.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"\0\0\0\x20ftypisom" + b"\0" * 4000, "video/mp4")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = [
    (lambda: film(), "là phim"),
    (lambda: SimpleUploadedFile("anh.svg", SVG, "image/svg+xml"), "không phải ảnh chụp"),
    (lambda: SimpleUploadedFile("anh.jpg", b"PK\x05\x06" + b"\0" * 18, "image/jpeg"), "không phải ảnh"),
    (lambda: SimpleUploadedFile("anh.jpg", b"", "image/jpeg"), ""),
    (lambda: SimpleUploadedFile("anh.jpg", b"%PDF-1.4 x", "image/jpeg"), "tệp PDF"),
    (lambda: SimpleUploadedFile("anh.jpg", b"<html><body onload=x>", "image/jpeg"), "không phải ảnh chụp"),
    (lambda: SimpleUploadedFile("a.jpg", b"MZ\x90\0" + b"\0" * 99, "image/jpeg"), "không phải ảnh chụp"),
    (
        lambda: SimpleUploadedFile("lớn.jpg", b"\xff\xd8\xff" + b"\0" * (16 << 20), "image/jpeg"),
        "nặng nhất 15 MB",
    ),
    (lambda: SimpleUploadedFile("ghi.jpg", "chữ thôi".encode(), "image/jpeg"), "không phải ảnh"),
]


@pytest.mark.parametrize("n", range(len(BAD)))
def test_what_is_no_photo_is_told_in_one_sentence_and_the_words_stay(phone: Client, n: int) -> None:
    made, told = BAD[n]
    one = made()
    answer = sent(phone, "k", one)
    page = answer.content.decode()
    if one.size:
        assert answer.status_code == 422 and told in page and not Tip.objects.exists()
        assert STORY in page and "bản Xi Nế" in page and f'value="{MU_CA}" selected' in page
        assert "chọn ảnh một lần nữa" in page
    assert blobs.Blob.objects.count() == 0


def test_a_zip_named_jpg_is_a_zip(phone: Client) -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    answer = sent(phone, "k", SimpleUploadedFile("anh.jpg", out.getvalue(), "image/jpeg"))
    assert "tệp ZIP" in answer.content.decode() and not Tip.objects.exists()


def test_seven_photos_are_one_too_many_and_six_are_kept(phone: Client) -> None:
    answer = sent(phone, "k", *(picture(f"{i}.jpg") for i in range(7)))
    assert "Bạn chọn 7 ảnh" in answer.content.decode() and not Tip.objects.exists()
    assert (
        sent(phone, "k", *(picture(f"{i}.jpg", at=(102.4 + i / 100, 22.4)) for i in range(6))).status_code
        == 200
    )
    assert Evidence.objects.count() == 6


def test_a_broken_photo_is_kept_and_said_and_a_heic_one_too(phone: Client) -> None:
    broken = SimpleUploadedFile("hong.jpg", b"\xff\xd8\xff\xe0" + b"\1" * 500, "image/jpeg")
    heic = SimpleUploadedFile("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + b"\0" * 500, "image/heic")
    page = sent(phone, "k", broken, heic).content.decode()
    assert "Số ảnh đã nhận: 2" in page and "không mở được" in page
    assert {one.media_type for one in Evidence.objects.all()} == {"image/jpeg", "image/heic"}


def test_where_nobody_says_where_a_photo_tells_the_commune_and_no_more(phone: Client) -> None:
    sent(phone, "k", picture(at=(102.41, 22.405)), area_path="", locality="")
    tip = Tip.objects.get()
    assert tip.found == "photo" and tip.area_path.startswith("12/") and tip.geom is None


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"kind": ""}, "Chọn một ô"),
        ({"kind": "dragon"}, ""),
        ({"what": "   "}, "bạn thấy gì"),
        ({"what": "x" * 5001}, ""),
        ({"day": "2099-01-01"}, "chưa đến"),
        ({"day": "31/02/2026"}, ""),
        ({"longitude": "103"}, "nửa toạ độ"),
        ({"longitude": "22.4", "latitude": "102.4"}, ""),
        ({"longitude": "nan", "latitude": "inf"}, ""),
        ({"area_path": "Xã Lạ"}, ""),
        ({"contact": "9" * 201}, "nhiều nhất 200"),
        ({"locality": "y" * 301}, ""),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(phone: Client, more: dict[str, str], told: str) -> None:
    answer = sent(phone, "k", **more)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'role="alert"' in page and told in page and not Tip.objects.exists()
    assert more.get("what", STORY).strip() in page


def test_a_place_outside_the_province_is_taken_and_said(phone: Client) -> None:
    page = sent(phone, "k", area_path="", longitude="105.85", latitude="21.03").content.decode()
    assert "ngoài tỉnh" in page and Tip.objects.get().outside


def test_script_in_the_words_is_words(phone: Client) -> None:
    code = code_in(sent(phone, "k", what="<script>alert(1)</script>"))
    page = phone.post(SAY, {"code": code, "text": "<img src=x onerror=alert(2)>"}).content.decode()
    assert "<img src=x" not in page and "&lt;img" in page


def test_the_same_form_twice_is_one_tip_and_the_same_words_twice_are_said_once(phone: Client) -> None:
    first, second = sent(phone, "k", picture()), sent(phone, "k", picture())
    assert code_in(first) == code_in(second) and Tip.objects.count() == 1 and Evidence.objects.count() == 1
    for _n in range(2):
        phone.post(SAY, {"code": code_in(first), "text": "Thêm: có hai người"})
    assert Word.objects.count() == 1


def test_the_same_page_sent_again_with_other_words_is_another_tip(phone: Client) -> None:
    """A villager goes back on the telephone, mends the words and sends: nothing is swallowed."""
    codes = {
        code_in(sent(phone, "k")),
        code_in(sent(phone, "k", what="Và một cái lán")),
        code_in(sent(phone, "k", picture())),
    }
    assert len(codes) == 3 == Tip.objects.count()


ODD = [
    "a\0b",
    "\u202eđảo",
    "x" * 4999,
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }}",
    "%s%n",
    "🐒🐒",
    "\r\n\r\n",
    "';--",
    "\ufeff",
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_in_any_box_are_kept_or_refused_and_never_break(phone: Client, odd: str) -> None:
    for box in (
        "what",
        "locality",
        "hour",
        "contact",
        "day",
        "kind",
        "area_path",
        "longitude",
        "form_key",
        "website",
    ):
        throttle.forget()
        assert sent(phone, f"key {box}", **{box: odd}).status_code in {200, 422}, box
    assert phone.post(LOOK, {"code": odd}).status_code in {404, 200}
    for row in Tip.objects.values_list("what", "locality", "hour"):
        assert not any("\0" in told for told in row)


def test_a_wrong_code_answers_as_one_that_does_not_exist(phone: Client) -> None:
    code = code_in(sent(phone, "k"))
    answers = {
        phone.post(LOOK, {"code": wrong}).content.decode().replace(wrong, "").split("csrf")[0]
        for wrong in (code[:-1] + "ZZ", "AAAA-BBBB-CCCC", "khong phai ma")
    }
    assert len(answers) == 1
    Tip.objects.update(withdrawn="2026-01-01T00:00:00Z")
    assert phone.post(LOOK, {"code": code}).status_code == 404


def test_many_tips_from_one_address_wait_and_lose_nothing(phone: Client) -> None:
    most = throttle.MOST["send"][0]
    for n in range(most):
        assert sent(phone, f"k{n}").status_code == 200
    answer = sent(phone, "more")
    assert answer.status_code == 429 and STORY in answer.content.decode() and Tip.objects.count() == most
    assert phone.post(SEND, GOOD | {"form_key": "other"}, REMOTE_ADDR="198.51.100.9").status_code == 200


def test_guessing_codes_has_an_end(phone: Client) -> None:
    for n in range(throttle.MOST["guess"][0]):
        assert phone.post(LOOK, {"code": f"AAAA{n}"}).status_code == 404
    assert phone.post(LOOK, {"code": "AAAA"}).status_code == 429


def test_a_robot_that_fills_the_unseen_box_is_answered_and_nothing_is_kept(phone: Client) -> None:
    answer = sent(phone, "k", website="http://spam.example")
    assert answer.status_code == 200 and len(code_in(answer)) == 14 and not Tip.objects.exists()


def test_the_form_is_guarded_against_other_sites() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SEND, GOOD).status_code == 403
    page = strict.get(SEND).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert strict.post(SEND, GOOD | {"csrfmiddlewaretoken": token, "form_key": "k"}).status_code == 200


def test_too_long_a_word_stays_in_its_box(phone: Client) -> None:
    code = code_in(sent(phone, "k"))
    answer = phone.post(SAY, {"code": code, "text": "z" * 2001})
    assert answer.status_code == 422 and "z" * 2001 in answer.content.decode() and not Word.objects.exists()


def test_photos_may_be_added_with_the_code_until_the_tip_has_six(phone: Client) -> None:
    code = code_in(sent(phone, "anh", picture()))
    answer = phone.post(SAY, {"code": code, "text": "", "photos": [picture("b.jpg"), picture("c.jpg")]})
    assert answer.status_code == 200 and "Đã gửi" in answer.content.decode()
    tip = Tip.objects.get()
    assert Evidence.objects.filter(about_id=tip.pk).count() == 3 and not Word.objects.exists()
    for wrong in ([picture(f"{n}.jpg") for n in range(4)], [SimpleUploadedFile("a.svg", b"<svg/>")]):
        refused = phone.post(SAY, {"code": code, "text": "thêm", "photos": wrong})
        assert refused.status_code == 422 and "thêm" in refused.content.decode()
    assert Evidence.objects.filter(about_id=tip.pk).count() == 3 and not Word.objects.exists()
