"""The command `baoton`: what an administrator types."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it went well, 1 with one sentence when it did not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoton.site.settings")
    if wrong := province_given(sys.argv[1:] if argv is None else argv):
        print("\n".join(f"baoton: {one}" for one in wrong), file=sys.stderr)
        return 1
    import django

    django.setup()
    given = parser().parse_args(argv)
    from django.core.exceptions import PermissionDenied, ValidationError
    from django.db import DatabaseError
    from django.utils import translation

    from formats import FormatError

    translation.activate("vi")
    try:
        return int(given.run(given) or 0)
    except KeyboardInterrupt:
        return 130
    except ValidationError as error:
        print(f"baoton: {' '.join(error.messages)}", file=sys.stderr)
        return 1
    except (FormatError, PermissionDenied, ValueError, FileNotFoundError, DatabaseError) as error:
        print(f"baoton: {error}", file=sys.stderr)
        return 1


def province_given(argv: Sequence[str]) -> list[str]:
    """The settings read the folder named by `init --province`; what is wrong with it, a sentence each.

    It must be known before the settings are read, so that every module sees one province.
    """
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    early.add_argument("--province", type=Path)
    if not argv or argv[0] not in ("init", "demo"):
        return []
    place = early.parse_known_args(list(argv[1:]))[0].province
    if place is None:
        return []
    from rulebook.provinces_in import problems

    os.environ["BAOTON_PROVINCE_FOLDER"] = str(place)
    return problems(place)


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    from baoton.site import command_import, command_plan
    from baoton.site import commands as do

    top = argparse.ArgumentParser("baoton", description="Bảo Tồn: hệ thống đa dạng sinh học của tỉnh")
    sub = top.add_subparsers(required=True, metavar="LỆNH")

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        one = sub.add_parser(name, help=about, description=about)
        one.set_defaults(run=run)
        return one

    start = command(
        "init",
        do.init,
        "tạo cơ sở dữ liệu, nạp kế hoạch, địa bàn, danh lục loài; in liên kết cho quản trị đầu tiên",
    )
    start.add_argument("--province", type=Path, metavar="THƯ_MỤC", help="thư mục dữ liệu của tỉnh khác")
    first = command("admin", do.admin, "tạo, mở lại tài khoản quản trị này và đặt mật khẩu cho nó")
    first.add_argument("name", help="tên đăng nhập")
    first.add_argument("--full-name", default="", help="họ và tên, nếu là tài khoản mới")
    first.add_argument("--body", default="so_nnmt", help="mã cơ quan, nếu là tài khoản mới")
    first.add_argument("--link", action="store_true", help="in liên kết một lần thay vì hỏi mật khẩu")
    demo = command("demo", do.demo, "như init, thêm một năm mô phỏng, tài khoản và báo cáo trình diễn")
    demo.add_argument("--records", type=int, default=20_000, help="số ghi nhận mô phỏng")
    into = command("import", do.import_file, "nhập một tệp; chỉ kiểm tra thử nếu không có --commit")
    into.add_argument("what", help="observations, taxa, places hoặc tên một sổ (ví dụ outreach.session)")
    into.add_argument("file", type=Path)
    into.add_argument("--dataset", default="", help="mã bộ dữ liệu; mặc định là tên tệp")
    into.add_argument("--as", dest="person", default="", help="tên đăng nhập của người nhập")
    into.add_argument("--commit", action="store_true", help="ghi vào cơ sở dữ liệu")
    command_import.options(into)
    ground = command(
        "ground", command_import.ground, "đặt nền bản đồ: relief (độ cao), roads (đường), rivers (sông)"
    )
    ground.add_argument("what", choices=["relief", "roads", "rivers"])
    ground.add_argument("file", type=Path)
    out = command(
        "export", do.export, "xuất một sổ ra tệp (.xlsx .csv .geojson .gpkg) hoặc Darwin Core (.zip)"
    )
    out.add_argument("what", help="tên sổ, ví dụ observations.occurrence")
    out.add_argument("file", type=Path)
    out.add_argument("--as", dest="person", default="", help="theo quyền của ai; bỏ trống là công chúng")
    out.add_argument("--filter", action="append", default=[], metavar="TÊN=GIÁ_TRỊ")
    report = command("report", do.report, "lập báo cáo năm (Word và Excel)")
    report.add_argument("year", type=int, nargs="?", default=date.today().year)
    report.add_argument(
        "--period", default="", choices=("", "6t", "9t", "q1", "q2", "q3", "q4"), help="kỳ trong năm"
    )
    report.add_argument("--out", type=Path, default=Path())
    compute = command("compute", do.compute, "tính lại số liệu và tình trạng loài của một năm")
    compute.add_argument("year", type=int, nargs="?", default=date.today().year)
    plan = command(
        "plan", command_plan.read, "đọc một kế hoạch (.docx, .pdf có chữ, .txt) thành cây mục để người sửa"
    )
    plan.add_argument("what", choices=["read"])
    plan.add_argument("file", type=Path)
    plan.add_argument("--province", default="", help="tỉnh có danh sách cơ quan để đối chiếu")
    plan.add_argument(
        "--out", type=Path, default=None, help="ghi bản nháp (.yaml) theo cách bộ quy định giữ kế hoạch"
    )
    command("rules", do.rules, "kiểm tra dữ liệu luật, kế hoạch, địa bàn")
    chains = command(
        "verify-custody", do.verify_custody, "kiểm tra chuỗi bàn giao tang vật: liền mạch hay đứt ở bước nào"
    )
    chains.add_argument("which", nargs="?", default="", help="số tang vật, hoặc vụ việc; để trống là tất cả")
    check = command("verify-audit", do.verify_audit, "niêm và kiểm tra chuỗi nhật ký")
    check.add_argument("--head", action="append", default=[], help="một đầu chuỗi đọc trên báo cáo đã in")
    check.add_argument(
        "--tell", action="store_true", help="ghi lại tệp đầu chuỗi đã mất, sau khi đã so với báo cáo in"
    )
    command("doctor", do.doctor, "nói điều gì đang sai và cách sửa")
    serve = command("serve", do.serve, "chạy máy chủ web và việc nền")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    command("work", do.work, "chỉ chạy việc nền")
    return top


if __name__ == "__main__":
    sys.exit(main())
