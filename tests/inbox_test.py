"""The inbox: what each reader is told through his own doors, what he mutes, and the letter that carries no place."""

from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baoton.facilities.models import Application, Facility, Owner
from baoton.kit.access import System
from baoton.kit.models import Clock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox, write
from baoton.notices.models import Digest, Mute, News, Read
from baoton.notices.rules import RULES, Rule, sections
from baoton.observations.models import Dataset, Occurrence
from baoton.people.models import Person
from baoton.places.queries import unit_name
from baoton.plan.models import Work
from baoton.plan.queries import tasks
from baoton.remarks.actions import remark
from baoton.site.inbox import letters
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
HOME, OTHER = "12/03451", "12/03433"


def inside(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def page(person: Person, address: str = "/thong-bao/") -> str:
    answer = inside(person).get(address)
    assert answer.status_code == 200, (address, answer)
    return answer.content.decode()  # type: ignore[no-any-return]


@pytest.fixture
def gibbon() -> Taxon:
    """A species under priority protection, of which places are blurred."""
    return Taxon.objects.filter(sensitivity=1, rank="species").order_by("scientific_name")[0]


def seen(
    taxon: Taxon, day: date, area: str = HOME, disclosure: int = 0, status: str = "verified"
) -> Occurrence:
    """A record of the species in a commune, written as any is, so that the outbox tells of it."""
    one = Occurrence(
        dataset=Dataset.objects.get_or_create(code="x", title="X")[0], occurrence_id=f"{day}-{area}-{disclosure}",
        scientific_name=taxon.scientific_name, taxon=taxon, status=status, day_start=day, day_end=day,
        sort_day=day.toordinal(),
    )  # fmt: skip
    made: Occurrence = write.create(REGISTERS["observations.occurrence"], System(), one)
    with outbox.changing(Occurrence, [made.pk]):
        Occurrence.objects.filter(pk=made.pk).update(status=status)
    place = {"area_path": area, "shown_area_path": "12" if disclosure else area}
    Occurrence.objects.filter(pk=made.pk).update(disclosure=disclosure, sort_day=day.toordinal(), **place)
    outbox.drain()
    return made


def name_of(taxon: Taxon) -> str:
    return taxon.vernacular_vi.split(";")[0] or taxon.scientific_name


def test_the_first_record_of_a_priority_species_is_told_to_whom_it_may_be_told(
    person: Callable[[str], Any], gibbon: Taxon
) -> None:
    today = timezone.localdate()
    first = seen(gibbon, today - timedelta(days=5))
    assert News.objects.count() == 1  # once, though the row changed twice
    told = f"{name_of(gibbon)}: ghi nhận đầu tiên ở {unit_name(HOME)}"
    assert told in page(person("sung")) and told in page(person("lan"))
    assert name_of(gibbon) not in page(person("pao"))  # another commune's officer
    seen(gibbon, today - timedelta(days=1), OTHER)
    assert f"ghi nhận đầu tiên ở {unit_name(OTHER)}" in page(person("lan"))
    seen(
        gibbon, today - timedelta(days=900)
    )  # an older one comes to light: the fresh one is the first no more
    fresh = page(person("sung")).partition('id="content"')[2]
    assert "ghi nhận đầu tiên" not in fresh and "ghi nhận mới ở" in fresh and "90 ngày" in fresh
    Occurrence.objects.filter(pk=first.pk).update(disclosure=1, shown_area_path="12")
    hidden = page(person("minh"))  # guarded since: whoever may not know the place is not told it
    assert unit_name(HOME) not in hidden.partition("Loài ưu tiên</h2>")[2]
    News.objects.update(at=timezone.now() - timedelta(days=40))
    assert name_of(gibbon) not in page(person("lan"))  # too old to be news


def test_a_hidden_older_record_does_not_change_what_others_are_told(
    person: Callable[[str], Any], gibbon: Taxon
) -> None:
    today = timezone.localdate()
    seen(gibbon, today - timedelta(days=2))
    before = page(person("minh")).partition('id="content"')[2]
    seen(gibbon, today - timedelta(days=700), disclosure=2)
    words = "ghi nhận đầu tiên"
    assert before.count(words) > 0
    assert page(person("minh")).partition('id="content"')[2].count(words) == before.count(words)


def test_one_reads_mutes_until_a_day_and_still_sees_what_was_muted(person: Callable[[str], Any]) -> None:
    lan, today = person("lan"), timezone.localdate()
    for title, days in (("Lập hồ sơ", -4), ("Thả cá", 3), ("Việc xa", 60)):
        Work.objects.create(
            title=title, task=tasks()[0], responsible="so_nnmt", organisation="so_nnmt", area_path="12",
            due=today + timedelta(days=days), must_show="Biên bản", status="planned",
        )  # fmt: skip
    told = page(lan)
    assert "Lập hồ sơ" in told and "trễ hạn" in told and "Thả cá" in told and "Việc xa" not in told
    assert "2 thông báo chưa đọc" in page(lan, "/thong-bao/so/")
    key = told.partition('name="key" value="work-')[2].partition('"')[0]
    inside(lan).post("/thong-bao/doc/", {"key": f"work-{key}"})
    assert "1 thông báo chưa đọc" in page(lan, "/thong-bao/so/") and "1 mục đã đọc" in page(lan)
    Work.objects.filter(title="Thả cá").update(due=today - timedelta(days=1))  # it becomes late: told anew
    assert "1 thông báo chưa đọc" in page(lan, "/thong-bao/so/")
    wrong = (
        inside(lan)
        .post("/thong-bao/tat/", {"kind": "work", "until": "2020-01-01"}, follow=True)
        .content.decode()
    )
    assert "đã qua; chọn một ngày từ hôm nay" in wrong and not Mute.objects.exists()
    inside(lan).post("/thong-bao/tat/", {"kind": "work", "until": str(today)})
    muted = page(lan)
    assert (
        f"tắt đến hết {today:%d/%m/%Y}" in muted
        and "Thả cá" in muted
        and "thông báo" not in page(lan, "/thong-bao/so/")
    )
    Mute.objects.update(until=today - timedelta(days=1))  # the day is over
    assert "1 thông báo chưa đọc" in page(lan, "/thong-bao/so/")
    assert "Thả cá" not in page(person("hoa"))  # another body's work is not hers


@pytest.mark.once
def test_each_notice_is_read_by_itself(person: Callable[[str], Any], gibbon: Taxon) -> None:
    """Two terms of one day are two notices; a key names one thing, and no kind has a key without one."""
    lan, today = person("lan"), timezone.localdate()
    owner = Owner.objects.create(name="Chủ trại", area_path="12")
    for n in (1, 2):
        one = Application.objects.create(
            facility=Facility.objects.create(owner=owner, name=f"Trại {n}", area_path="12"),
            kind="grant",
            area_path="12",
        )
        Clock.objects.create(
            register="facilities.application", record=one.pk, name="xem xét", area_path="12",
            began=today - timedelta(days=9), since=today - timedelta(days=9), days=5, due=today - timedelta(days=2),
        )  # fmt: skip
        Work.objects.create(
            title=f"Việc {n}", task=tasks()[0], responsible="so_nnmt", organisation="so_nnmt", area_path="12",
            due=today, must_show="Biên bản", status="planned",
        )  # fmt: skip
        remark(person("dung"), one, f"@lan xem giúp {n}")
    seen(gibbon, today - timedelta(days=5))
    seen(gibbon, today - timedelta(days=4), OTHER)
    told = {s.rule.name: [i.key for i in s.fresh] for s in sections(lan, today)}
    assert {name for name, keys in told.items() if len(keys) > 1} >= {"term", "work", "mention", "species"}
    keys = [key for each in told.values() for key in each]
    assert len(set(keys)) == len(keys) and not [k for k in keys if "None" in k]
    inside(lan).post("/thong-bao/doc/", {"key": told["term"][0]})
    left = {s.rule.name: [i.key for i in s.fresh] for s in sections(lan, today)}
    assert left == {**told, "term": told["term"][1:]}


@pytest.mark.once
@pytest.mark.parametrize("address", ["/thong-bao/doc/", "/thong-bao/tat/"])
def test_an_address_of_the_inbox_that_only_writes_leads_to_it(
    person: Callable[[str], Any], address: str
) -> None:
    assert inside(person("lan")).get(address)["Location"] == "/thong-bao/"


def test_one_broken_kind_stops_no_other(person: Callable[[str], Any], caplog: Any) -> None:
    def broken(actor: Any, today: date) -> Any:
        raise ZeroDivisionError("of this kind")

    lan, dataset = person("lan"), Dataset.objects.create(code="d", title="Bộ A")
    remark(person("hien"), dataset, "xem giúp @lan")
    RULES["broken"] = Rule("broken", "Hỏng", "không tính được", broken)
    try:
        told = page(lan)
    finally:
        del RULES["broken"]
    assert "Mục này đang hỏng" in told and "xem giúp @lan" in told and "of this kind" in caplog.text


def test_a_letter_goes_into_the_outbox_folder_once_and_names_no_place(
    person: Callable[[str], Any], gibbon: Taxon
) -> None:
    lan, monday = person("lan"), date(2026, 11, 30)
    browser = inside(lan)
    bad = browser.post(
        "/toi/thong-bao/", {"letters": "1", "every": "day", "address": "lan@x.vn\r\nBcc: a@b.vn"}
    ).content.decode()
    assert "Địa chỉ thư có dấu xuống dòng" in bad and not Digest.objects.exists()
    assert "không đúng dạng" in browser.post(
        "/toi/thong-bao/", {"letters": "1", "every": "day", "address": "lan"}
    ).content.decode()  # fmt: skip
    seen(gibbon, timezone.localdate(), disclosure=1)
    remark(person("hien"), Dataset.objects.create(code="d", title="Bộ A"), "gặp ở Khe Bí Mật, @lan")
    assert letters.every_night(lambda *_a: None).startswith("gửi 0")  # nobody asked for letters
    browser.post("/toi/thong-bao/", {"letters": "1", "every": "week", "address": "lan@x.vn"})
    asked = Digest.objects.get()
    assert not letters.due(asked, monday + timedelta(days=1)) and letters.due(asked, monday)
    assert letters.send(asked, monday) and not letters.send(asked, monday)
    (path,) = (Path(settings.VAR) / "outbox").glob("*.eml")
    letter = message_from_bytes(path.read_bytes(), policy=policy.default)
    words = letter.get_content()
    assert (
        letter["To"] == "lan@x.vn" and "30/11/2026" in letter["Subject"] and path.stat().st_mode & 0o077 == 0
    )
    assert f"{name_of(gibbon)}: một ghi nhận mới, nơi gặp không ghi trong thư" in words
    assert unit_name(HOME) not in words and "Khe Bí Mật" not in words and "nhắc bạn trong một ý kiến" in words
    assert mail.outbox == []


def test_one_watches_a_species_elsewhere(person: Callable[[str], Any], gibbon: Taxon) -> None:
    pao = person("pao")
    seen(gibbon, timezone.localdate(), OTHER)
    wrong = inside(pao).post("/toi/thong-bao/", {"species": "Không Có"}).content.decode()
    assert "Không có đúng một loài tên “Không Có”" in wrong
    inside(pao).post("/toi/thong-bao/", {"species": gibbon.scientific_name})
    assert gibbon.scientific_name in page(pao, "/toi/thong-bao/")
    row = Occurrence.objects.get()
    may_see = REGISTERS["observations.occurrence"].door(person("pao")).rows().filter(pk=row.pk).exists()
    assert (name_of(gibbon) in page(person("pao"))) == may_see  # a watch opens no door


def test_that_there_are_more_notices_than_are_shown_is_told(
    person: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lan, today = person("lan"), timezone.localdate()
    for n in range(3):
        Work.objects.create(
            title=f"Việc {n}", task=tasks()[0], responsible="so_nnmt", organisation="so_nnmt", area_path="12",
            due=today, must_show="Biên bản", status="planned",
        )  # fmt: skip
    assert "Chỉ hiện các mục đầu" not in page(lan) and "3+" not in page(lan, "/thong-bao/so/")
    for module in ("baoton.notices.rules", "baoton.site.inbox.kinds"):
        monkeypatch.setattr(f"{module}.SHOWN", 2)
    assert "Chỉ hiện các mục đầu" in page(lan) and "2+</b>" in page(lan, "/thong-bao/so/")
    assert "còn nữa" in letters.text_of(lan, today)


def test_the_number_in_the_header_costs_little_and_moves_with_whatever_changes_it(
    person: Callable[[str], Any], gibbon: Taxon, settings: Any
) -> None:
    settings.REMEMBER_ANSWERS = True
    lan, today = person("lan"), timezone.localdate()
    seen(gibbon, today - timedelta(days=2))

    def number() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            answer = inside(lan).get("/thong-bao/so/")
        return int(answer.context["n"]), len(asked)

    first, cold = number()
    assert number()[0] == first == 1
    again, warm = number()
    assert again == first and warm < cold / 2
    seen(gibbon, today - timedelta(days=1), area=OTHER)
    assert number()[0] == 2, "a new record"
    inside(lan).post("/thong-bao/doc/", {"kind": "species"})
    assert number()[0] == 0, "what was read"
    Read.objects.filter(person=lan).delete()
    assert number()[0] == 2
    inside(lan).post("/thong-bao/tat/", {"kind": "species", "until": f"{today}"})
    assert number()[0] == 0, "what was muted"
