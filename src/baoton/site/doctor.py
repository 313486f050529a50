"""What is wrong with this installation, each in one sentence with how to mend it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

CHECKS: list[Callable[[], str]] = []
LEAST_FREE = 2 * 1024**3


def finding(work: Callable[[], str]) -> Callable[[], str]:
    CHECKS.append(work)
    return work


def findings() -> list[str]:
    """Every sentence; when the database cannot be reached, that one alone."""
    told = database()
    return [told] if told else [one for work in CHECKS if (one := work())]


def database() -> str:
    try:
        connection.ensure_connection()
    except Exception as error:
        return (
            f"Không mở được cơ sở dữ liệu ({error}). Kiểm tra DATABASE_URL hoặc quyền ghi vào {settings.VAR}."
        )
    plan = MigrationExecutor(connection).migration_plan(
        MigrationExecutor(connection).loader.graph.leaf_nodes()
    )
    return f"Cơ sở dữ liệu thiếu {len(plan)} bước cập nhật. Chạy: baoton init" if plan else ""


@finding
def loaded() -> str:
    from baoton.places.models import Unit
    from baoton.plan.models import Node
    from baoton.taxa.models import Taxon

    missing = [
        n
        for n, m in (("kế hoạch", Node), ("địa bàn", Unit), ("danh lục loài", Taxon))
        if not m.objects.exists()
    ]
    return f"Chưa nạp {', '.join(missing)}. Chạy: baoton init" if missing else ""


@finding
def frontend() -> str:
    if (Path(settings.VENDOR_DIR) / "maplibre-gl" / "maplibre-gl.css").exists():
        return ""
    return f"Thiếu thư viện bản đồ trong {settings.VENDOR_DIR}, bản đồ sẽ trống. Chạy: make setup"


@finding
def space() -> str:
    free = shutil.disk_usage(settings.VAR).free
    return (
        "" if free > LEAST_FREE else f"Đĩa chỉ còn {free // 1024**2} MB. Dọn bớt hoặc chuyển {settings.VAR}."
    )


@finding
def audit_chain() -> str:
    from baoton.kit.writing import audit

    verdict = audit.verify()
    return (
        ""
        if verdict.whole
        else f"Chuỗi nhật ký bị gãy ({verdict.reason}). Giữ nguyên máy và báo người quản trị."
    )


@finding
def blobs() -> str:
    from baoton.kit import blobs as kit_blobs
    from baoton.kit.models import Blob

    lost = [b.sha256 for b in Blob.objects.all() if not kit_blobs.path_of(b.sha256).exists()]
    return (
        f"{len(lost)} tệp minh chứng không còn trên đĩa (ví dụ {lost[0][:12]}…). Lấy lại từ bản sao lưu."
        if lost
        else ""
    )


@finding
def law() -> str:
    import rulebook

    problems = rulebook.check()
    return f"Dữ liệu luật có {len(problems)} chỗ sai. Chạy: baoton rules" if problems else ""


@finding
def open_to_all() -> str:
    from baoton.people.models import Person
    from baoton.people.simulate import CAST, PASSWORD

    if settings.SESSION_COOKIE_SECURE:
        demo = Person.objects.filter(username__in=[c[0] for c in CAST], is_active=True).first()
        if demo is not None and demo.check_password(PASSWORD):
            return "Còn tài khoản trình diễn với mật khẩu ai cũng biết. Khoá các tài khoản đó trước khi dùng thật."
    return ""
