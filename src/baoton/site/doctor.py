"""What is wrong with this installation, each in one sentence with how to mend it."""

import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

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
        demo = Person.objects.filter(username__in=[c.username for c in CAST], is_active=True).first()
        if demo is not None and demo.check_password(PASSWORD):
            return "Còn tài khoản trình diễn với mật khẩu ai cũng biết. Khoá các tài khoản đó trước khi dùng thật."
    return ""


@finding
def half_users() -> str:
    """Accounts that no administrator made whole: open, without a body or without any right."""
    from baoton.people.models import Grant, Person

    rights = Grant.objects.in_force().values("person")
    bare = Person.objects.filter(is_active=True, organisation=None) | Person.objects.filter(
        is_active=True, is_superuser=True
    )
    bare |= Person.objects.filter(is_active=True).exclude(pk__in=rights)
    names = sorted({p.username for p in bare})
    if not names:
        return ""
    told = f"{len(names)} tài khoản đang mở mà thiếu cơ quan hoặc quyền (ví dụ {names[0]}). "
    return told + "Cấp quyền hoặc khoá ở trang Người dùng và quyền."


@finding
def no_administrator() -> str:
    from baoton.people.models import Person

    if Person.objects.administrators().exists():
        return ""
    return "Chưa có ai quản trị được hệ thống. Chạy: baoton admin TÊN, hoặc baoton init để lấy liên kết."


@finding
def served_openly() -> str:
    """What differs between trying it on one's own machine and letting a province in."""
    if not settings.SESSION_COOKIE_SECURE:
        alone = set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "testserver", "[::1]"}
        told = "Máy chủ nhận tên miền khác nhưng chưa bật HTTPS, mật khẩu sẽ đi qua mạng không mã hoá. "
        return "" if alone else told + "Đặt BAOTON_HTTPS=1 sau một máy chủ HTTPS."
    wrong = []
    if settings.DEBUG:
        wrong.append("tắt BAOTON_DEBUG (đang hiện mã nguồn và biến khi lỗi)")
    if "*" in settings.ALLOWED_HOSTS:
        wrong.append("ghi đúng tên miền vào BAOTON_HOSTS thay cho *")
    if not set(settings.ALLOWED_HOSTS) - {"127.0.0.1", "localhost", "testserver"}:
        wrong.append("ghi tên miền của đơn vị vào BAOTON_HOSTS")
    if settings.TWO_FACTOR != "required":
        wrong.append("bỏ BAOTON_TWO_FACTOR (lớp bảo vệ thứ hai đang không bắt buộc)")
    if settings.SESSION_COOKIE_AGE > 24 * 3600:
        wrong.append("rút BAOTON_SESSION_HOURS xuống không quá 24")
    return f"Cấu hình còn hở: {'; '.join(wrong)}." if wrong else ""


@finding
def debug_on() -> str:
    told = "BAOTON_DEBUG đang bật: trang lỗi hiện mã nguồn và biến. Tắt đi khi dùng thật."
    return told if settings.DEBUG and not settings.SESSION_COOKIE_SECURE else ""


@finding
def file_modes() -> str:
    """What lies in the data folder is its owner's alone; the libraries of the pages are not secret."""
    folder, open_ = Path(settings.VAR), []
    skipped = {"vendor", "static", "pgserver"}
    top = [p for p in folder.iterdir() if p.name not in skipped]
    every = [*top, *(q for p in top if p.is_dir() for q in p.rglob("*"))]
    for path in every:
        with suppress(FileNotFoundError):
            if stat.S_IMODE(path.lstat().st_mode) & 0o077 and not path.is_symlink():
                open_.append(path)
    if not open_:
        return ""
    told = f"{len(open_)} tệp, thư mục của dữ liệu để người khác trên máy đọc được (ví dụ {open_[0]}). "
    return told + f"Chạy: chmod -R go-rwx {' '.join(str(p) for p in top)}"


@finding
def unsealed() -> str:
    """Events are sealed within seconds; some older than a minute say that nobody seals."""
    from baoton.kit.models import AuditEvent

    old = AuditEvent.objects.filter(seq__isnull=True, at__lt=timezone.now() - timedelta(minutes=1)).count()
    return f"{old} sự kiện nhật ký chưa được niêm. Chạy: baoton verify-audit" if old else ""


@finding
def background() -> str:
    """Whether somebody works the waiting jobs off."""
    from baoton.kit import worker
    from baoton.kit.models import Job

    found, waiting = worker.state().name, Job.objects.filter(state=Job.State.WAITING).count()
    if found == "stopped" and (waiting or worker.held("serve")):
        return f"{waiting} việc nền đang chờ mà không có tiến trình nào làm. Chạy: baoton serve, hoặc baoton work"
    return "Tiến trình việc nền không trả lời; khởi động lại máy chủ." if found == "silent" else ""


@finding
def lost_jobs() -> str:
    from baoton.kit import worker
    from baoton.kit.models import Job

    left = Job.objects.filter(state=Job.State.RUNNING).count()
    told = f"{left} việc ghi là đang chạy nhưng không còn tiến trình nào. Chạy: baoton work"
    return told if left and worker.state().name == "stopped" else ""


@finding
def half_written() -> str:
    from baoton.kit.models import ImportBatch

    n = ImportBatch.objects.filter(state=ImportBatch.State.HALF).count()
    return f"{n} lần nhập mới ghi được một phần: mở trang nhập tệp để ghi tiếp hoặc hoàn tác" if n else ""


@finding
def figures() -> str:
    """A figure that its records do not bear out."""
    from baoton.plan.figures import differences

    wrong = differences()
    told = f"{len(wrong)} số liệu không khớp với bản ghi ({wrong[0]})" if wrong else ""
    return f"{told} Chạy: baoton compute NĂM, hoặc chờ máy đối chiếu đêm nay." if wrong else ""


@finding
def balances() -> str:
    """A balance of a ledger that its entries do not bear out."""
    from baoton.kit.writing import ledger

    wrong = [line for model in ledger.ledgers() for line in ledger.differences(model)]
    told = f"{len(wrong)} số dư của sổ không khớp với từng dòng ({wrong[0]})." if wrong else ""
    return f"{told} Máy đối chiếu và tính lại đêm nay." if wrong else ""


@finding
def not_compared() -> str:
    """The nightly comparison failed, or a server that runs has not made one for two days."""
    from baoton.kit import worker

    night = last_night()
    if night is not None and night.state == night.State.FAILED:
        return f"Lần đối chiếu số liệu gần nhất ({_moment(night)}) bị hỏng: {night.message}"
    late = night is None or night.asked < timezone.now() - timedelta(days=2)
    told = "Hai ngày nay chưa đối chiếu số liệu với bản ghi. Xem nhật ký của tiến trình việc nền."
    return told if night is not None and late and worker.held("worker") else ""


@finding
def not_settled_again() -> str:
    """The nightly look at how places are shown failed: a record may stand more open than today's law."""
    night = last_night("observations.disclosure")
    if night is None or night.state != night.State.FAILED:
        return ""
    return f"Lần xét lại mức công bố vị trí gần nhất ({_moment(night)}) bị hỏng: {night.message}. Chạy: baoton init"


def last_night(kind: str = "plan.figures") -> Any:
    """The newest nightly job of the kind that ended, or None."""
    from baoton.kit.models import Job

    return Job.objects.filter(kind=kind, ended__isnull=False).order_by("-asked").first()


def news() -> list[str]:
    """What went on that needs nobody: the last comparison of figures with records."""
    night = last_night() if not database() else None
    if night is None:
        return []
    told = night.step if night.state == night.State.DONE else night.message
    return [f"Đối chiếu số liệu với bản ghi ({_moment(night)}): {told}."]


def _moment(job: Any) -> str:
    return timezone.localtime(job.ended).strftime("%H:%M ngày %d/%m/%Y")
