"""What each command does."""

import getpass
import json
import shutil
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from tqdm import tqdm

import rulebook
from baoton.kit.access import Actor, Public, System
from rulebook.demonstration import load_demonstration


def who(username: str, otherwise: Actor) -> Actor:
    """The named person, else the given actor."""
    from baoton.people.models import Person

    if not username:
        return otherwise
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise ValueError(f"không có người dùng “{username}”")
    return person


def steps(todo: list[tuple[str, Any]]) -> None:
    """The steps are done one after another, with a bar that says which."""
    with tqdm(todo, bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}]", disable=None) as bar:
        for label, work in bar:
            bar.set_description(f"{label:<34}")
            work()


def loading() -> list[tuple[str, Any]]:
    """Database, law, places, taxa, plan: what every installation needs; each step may be run again."""
    from baoton.funding.actions import load as load_sources
    from baoton.observations.resettling import settle_again
    from baoton.patrols.actions import load as load_signs
    from baoton.people.actions import load as load_people
    from baoton.places.actions import load as load_places
    from baoton.plan.actions import load as load_plan
    from baoton.surveys.actions import load as load_protocols
    from baoton.taxa.actions import load as load_taxa

    plan = rulebook.province(settings.PROVINCE).plan
    return [
        ("Cơ sở dữ liệu", one_province),
        ("Tệp giao diện", lambda: call_command("collectstatic", verbosity=0, interactive=False)),
        ("Địa bàn", load_places),
        ("Cơ quan", lambda: load_people(settings.PROVINCE)),
        ("Danh lục loài", load_taxa),
        ("Loại dấu hiệu", load_signs),
        ("Quy trình điều tra", load_protocols),
        ("Nguồn vốn", load_sources),
        ("Mức công bố vị trí", settle_again),
        (f"Kế hoạch {plan}", lambda: load_plan(settings.PROVINCE, plan)),
    ]


def init(given: Any) -> int:
    """The installation stands; where it has no administrator yet, a link that makes the first one is printed."""
    steps(loading())
    founded()
    keep_province(given.province)
    invite_first()
    return 0


def one_province() -> None:
    """A database belongs to one province; ValueError where it holds another one."""
    from baoton.places.models import Unit

    call_command("migrate", verbosity=0)
    home = rulebook.province(settings.PROVINCE)
    other = Unit.objects.filter(kind=Unit.Kind.PROVINCE).exclude(path=home.code).first()
    if other is not None:
        raise ValueError(
            f"cơ sở dữ liệu này là của tỉnh {other.name}, không nạp thêm tỉnh {home.name} được: đặt BAOTON_VAR "
            "(hoặc DATABASE_URL) là chỗ khác rồi chạy lại"
        )


def keep_province(place: Path | None) -> None:
    """The folder of the province stays with the installation, so that it needs the one it came from no more."""
    kept = Path(settings.VAR) / "province"
    if place is not None and place.resolve() != kept:
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(place, kept)


def invite_first() -> None:
    """The way in for whoever set the machine up; an installation with an administrator prints nothing."""
    from baoton.people import links

    if token := links.first():
        print(
            "\nChưa có quản trị. Chạy baoton serve, rồi mở liên kết này một lần (trong 2 ngày) để tạo tài khoản:"
        )
        print(f"  {links.address(token)}")
        print("Không có trình duyệt trên máy này thì chạy: baoton admin TÊN")


def admin(given: Any) -> int:
    """The named account administers everywhere, with a password typed here, or read from a pipe."""
    from baoton.people import links
    from baoton.people.actions import administrator
    from baoton.people.models import OneTimeLink

    before, _space, name = (given.full_name.strip() or given.name).rpartition(" ")
    values = {"last_name": before, "first_name": name, "organisation_id": given.body, "title": "Quản trị"}
    person = administrator(given.name, None if given.link else _typed(), values)
    if given.link:
        print(links.address(links.make(OneTimeLink.Kind.RESET, person, "baoton admin")))
    else:
        print(f"{person.username} quản trị được hệ thống từ bây giờ.")
    return 0


def _typed() -> str:
    """A password typed twice unseen, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Mật khẩu (ít nhất 12 ký tự): ")
    if getpass.getpass("Nhập lại: ") != first:
        raise ValueError("hai lần nhập không giống nhau")
    return first


def founded() -> None:
    """The log begins with the event that the installation was set up, so that an empty log is never a whole one."""
    from baoton.kit.models import AuditEvent
    from baoton.kit.writing import audit

    if not AuditEvent.objects.exists():
        audit.write(System(), "people.init", note=settings.PROVINCE)
    audit.seal()


def demo(given: Any) -> int:
    """A province's programme from nothing, simulated, with its truth beside it; a second run reuses it."""
    from baoton.observations.models import Dataset

    if not load_demonstration(settings.PROVINCE).cast:
        raise ValueError(
            "thư mục của tỉnh không có demonstration.yaml nên không có gì để trình diễn; chạy: baoton init"
        )
    steps(loading())
    founded()
    if not Dataset.objects.filter(simulated=True).exists():
        steps(simulating(given.records))
    else:
        print("Đã có dữ liệu mô phỏng: dùng lại. Muốn làm lại từ đầu: make reset")
    from baoton.people.simulate import CAST, PASSWORD

    print(f"\nTài khoản trình diễn (mật khẩu chung: {PASSWORD})")
    for one in CAST:
        print(f"  {one.username:<6} {one.family} {one.given}, {one.title}")
    return 0


def simulating(records: int) -> list[tuple[str, Any]]:
    """The seeded year, its figures, its species statuses and its report."""
    from baoton.assessment import actions as assessment
    from baoton.assessment.simulate import simulate as sit
    from baoton.cameras import simulate as cameras
    from baoton.custody import simulate as custody
    from baoton.enforcement import simulate as cases
    from baoton.facilities import simulate as facilities
    from baoton.facilities.simulate_office import office
    from baoton.fire import simulate as fire
    from baoton.funding import simulate as funding
    from baoton.habitats import simulate as habitats
    from baoton.invasive import simulate as invasive
    from baoton.observations import simulate as observations
    from baoton.outreach import simulate as outreach
    from baoton.patrols import simulate as patrols
    from baoton.people import simulate as people
    from baoton.plan import figures
    from baoton.plan import simulate as works
    from baoton.plan.drafts import simulate as beside
    from baoton.plan.items import simulate as given_work
    from baoton.reporting import simulate as reports
    from baoton.rescue import simulate as rescue
    from baoton.surveys import simulate as surveys
    from baoton.tips import simulate as tips
    from baoton.together import simulate as together
    from baoton.waters import simulate as waters

    shown = load_demonstration(settings.PROVINCE)
    year, today = shown.until.year, shown.until
    truth: dict[str, Any] = {
        "seed": shown.seed,
        "year": year,
        "until": today.isoformat(),
        "works": [],
        "sessions": [],
    }

    def rng(stream: int) -> np.random.Generator:
        return np.random.default_rng([shown.seed, stream])

    def keep() -> None:
        path = Path(settings.VAR) / "truth.json"
        path.write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")

    return [
        ("Tài khoản trình diễn", people.cast),
        ("Việc của kế hoạch", lambda: works.simulate(rng(1), year, today, truth)),
        ("Tuyên truyền", lambda: outreach.simulate(rng(2), year, today, truth)),
        ("Ghi nhận loài", lambda: observations.simulate(rng(3), year, today, truth, records)),
        ("Tuần tra", lambda: patrols.simulate(rng(6), year, today, truth)),
        ("Cơ sở nuôi, trồng", lambda: facilities.simulate(rng(4), year, today, truth)),
        ("Đợt kiểm tra, văn bản, thống kê", lambda: office(rng(5), today, truth)),
        ("Dấu hiệu trong sổ", lambda: recheck(today)),
        ("Tin báo", lambda: tips.simulate(rng(9), year, today, truth)),
        ("Phối hợp", lambda: together.simulate(rng(11), year, today, truth)),
        ("Động vật cứu hộ", lambda: rescue.simulate(rng(7), year, today, truth)),
        ("Tang vật", lambda: custody.simulate(rng(8), year, today, truth)),
        ("Vụ việc vi phạm", lambda: cases.simulate(rng(12), year, today, truth)),
        ("Chiến dịch điều tra", lambda: surveys.simulate(rng(13), year, today, truth)),
        ("Bẫy ảnh", lambda: cameras.simulate(rng(14), year, today, truth)),
        ("Cháy rừng", lambda: fire.simulate(rng(22), year, today, truth)),
        ("Loài ngoại lai xâm hại", lambda: invasive.simulate(rng(23), year, today, truth)),
        ("Thuỷ vực, thả cá", lambda: waters.simulate(rng(21), year, today, truth)),
        ("Bản đồ rừng và sinh cảnh", lambda: habitats.simulate(rng(15), year, truth)),
        ("Kinh phí", lambda: funding.simulate(rng(23), year, today, truth)),
        ("Giao việc, họp, văn bản chỉ đạo", lambda: given_work.simulate(rng(17), year, today, truth)),
        ("Kế hoạch giả định bên cạnh", lambda: beside.simulate(rng(18), year, today, truth)),
        ("Tình trạng loài", lambda: assessment.compute(date(year, 12, 31))),
        ("Phiên họp hội đồng", lambda: sit(today)),
        ("Số liệu kế hoạch", lambda: figures.compute(range(2023, year + 1))),
        ("Chỉ tiêu năm", lambda: given_work.targets(year, truth)),
        ("Báo cáo của xã, cơ quan", lambda: reports.simulate(rng(24), year, today, truth)),
        ("Sự thật của bộ mô phỏng", keep),
        ("Ô bản đồ", tiles),
        ("Nhật ký", seal),
        ("Báo cáo năm", lambda: write_report(year, Path(settings.VAR) / "reports")),
    ]


def recheck(on: date) -> None:
    """Every simulated book has been looked at."""
    from baoton.facilities.checks import recheck
    from baoton.facilities.models import Stock

    for stock in Stock.objects.select_related("taxon", "facility"):
        recheck(stock, on)


def tiles() -> None:
    from baoton.kit.reading import tiles as kit_tiles

    kit_tiles.rebuild()


def seal() -> None:
    from baoton.kit.writing import audit

    audit.seal()


def write_report(year: int, folder: Path, part: str = "") -> list[Path]:
    """The yearly report as files in the folder."""
    from baoton.reporting.actions import make_yearly

    folder.mkdir(parents=True, exist_ok=True)
    return make_yearly(System(), year, folder, part=part)


def import_file(given: Any) -> int:
    """One file in; prints what became of its rows."""
    from baoton.site.command_import import run

    return run(given, who(given.person, System()))


def export(given: Any) -> int:
    """One register out, through the rights of whoever was named."""
    from baoton.kit.reading import exporting
    from baoton.kit.reading.register import REGISTERS

    actor = who(given.person, Public())
    asked = _filters(given.filter)
    kind = given.file.suffix.lstrip(".")
    _known_areas(REGISTERS.get(given.what, REGISTERS["observations.occurrence"]), actor, asked)
    if kind == "zip":
        from baoton.sharing.actions import write_archive

        print(write_archive(actor, given.file, asked))
        return 0
    if given.what not in REGISTERS:
        raise ValueError(f"không có sổ “{given.what}”; có: {', '.join(sorted(REGISTERS))}")
    if kind not in exporting.KINDS:
        raise ValueError(f"không xuất được .{kind}; dùng: {', '.join(exporting.KINDS)} hoặc zip")
    known = [f.name for f in REGISTERS[given.what].filters]
    strange = [name for name in asked if name not in known]
    if strange:
        raise ValueError(
            f"sổ này không lọc được theo {', '.join(strange)}; lọc được theo: {', '.join(known)}"
        )
    try:
        n = exporting.write(REGISTERS[given.what], actor, asked, kind, given.file)
    except (ValidationError, LookupError) as error:
        raise ValueError(f"điều kiện lọc sai: {', '.join(given.filter)}") from error
    print(f"{n} dòng → {given.file}")
    return 0


def _known_areas(register: Any, actor: Any, asked: dict[str, str]) -> None:
    """A unit that nobody knows is no condition: a `ValueError` says so, instead of nought rows."""
    from baoton.kit.reading.filters import Area

    for one in register.filters:
        value = asked.get(one.name)
        if not value or not isinstance(one, Area):
            continue
        known = [path for path, _name in one.choices(register.door(actor))]
        if known and not any(path == value or path.startswith(f"{value}/") for path in known):
            raise ValueError(f"không có xã, phường nào mã “{value}”; viết mã như {known[0]}")


def _filters(given: list[str]) -> dict[str, str]:
    """The conditions as name and value; a `ValueError` names the one that is neither."""
    wrong = [one for one in given if not one.partition("=")[1] or not one.partition("=")[0].strip()]
    if wrong:
        raise ValueError(f"viết điều kiện lọc như TÊN=GIÁ_TRỊ, không phải “{wrong[0]}”")
    return dict(one.split("=", 1) for one in given)


def report(given: Any) -> int:
    compute(given)
    for path in write_report(given.year, given.out, given.period):
        print(path)
    return 0


def compute(given: Any) -> int:
    from baoton.assessment import actions as assessment
    from baoton.plan import figures

    species = assessment.compute(date(given.year, 12, 31))
    print(f"{species} tình trạng loài, {figures.compute([given.year])} số liệu của năm {given.year}")
    return 0


def rules(given: Any) -> int:
    import rulebook

    problems = rulebook.check()
    for problem in problems:
        print(f"{problem.where}: {problem.sentence}")
    print(f"{len(problems)} chỗ cần sửa" if problems else "Dữ liệu luật, kế hoạch, địa bàn: không thấy sai.")
    return 1 if problems else 0


def verify_audit(given: Any) -> int:
    """The chain walked and compared with every head told or printed; `--head` adds one read on paper."""
    from baoton.kit.writing import audit, heads

    printed = [("đọc trên giấy", one.strip().lower().rstrip("…")) for one in given.head]
    if any(len(one) < 8 or set(one) - set("0123456789abcdef") for _where, one in printed):
        raise ValueError("đầu chuỗi in trên giấy gồm ít nhất 8 chữ số thập lục phân (0–9, a–f)")
    before = audit.verify(printed)
    linked = audit.seal() if before.whole else 0
    verdict = audit.verify(printed)
    print(f"vừa niêm {linked} sự kiện; chuỗi có {verdict.sealed}, đầu chuỗi {verdict.head[:16]}…")
    if given.tell and not heads.path().exists() and verdict.sealed:
        heads.tell(verdict.sealed, verdict.head)
        print(f"đã ghi đầu chuỗi vào {heads.path()}")
        verdict = audit.verify(printed)
    print("chuỗi nguyên vẹn" if verdict.whole else f"CHUỖI GÃY: {verdict.reason}")
    return 0 if verdict.whole else 1


def verify_custody(given: Any) -> int:
    """Each chain is read and its verdict printed; 1 where one is broken or a lot that was logged is gone."""
    from baoton.custody.queries import find_lots, missing, verify

    lots = find_lots(given.which)
    if given.which and not lots:
        raise ValueError(f"không có tang vật hay vụ việc “{given.which}”")
    wrong = 0
    for lot in lots:
        verdict = verify(lot)
        wrong += not verdict.whole
        print(f"{lot.number}: {verdict}")
        for at, why in verdict.breaks[1:]:
            print(f"    bước {at}: {why}")
    gone = [] if given.which else missing()
    for name in gone:
        print(f"{name}: MẤT HẲN, vì nhật ký ghi đã thu giữ mà không còn hồ sơ")
    print(f"{len(lots)} chuỗi, {wrong} đứt, {len(gone)} mất")
    return 1 if wrong or gone else 0


def doctor(given: Any) -> int:
    from baoton.site.doctor import findings, news

    found = findings()
    for line in found:
        print(f"• {line}")
    for line in news():
        print(line)
    if not found:
        print("Mọi thứ ổn.")
    return 1 if found else 0


def serve(given: Any) -> int:
    """Web server and background worker, watched over until told to stop."""
    from baoton.site.serve import serve as supervise

    return supervise(given.host, given.port)


def work(given: Any) -> int:
    """The worker knows every kind of job: apps declare them beside their pages, which the addresses name."""
    from baoton.kit import jobs
    from baoton.site.serve import end_with_parent

    end_with_parent()
    import_module(settings.ROOT_URLCONF)
    jobs.consume()
    return 0
