"""Simulated work on the five tasks, with its known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from baoton.kit.ids import source_id
from baoton.places.queries import commune_choices
from baoton.plan.models import Work
from baoton.plan.queries import task_number

STEPS = (
    (2, "Rà soát ranh giới, hiện trạng rừng khu vực Mường Tè", "so_nnmt", "Bản đồ và báo cáo hiện trạng"),
    (2, "Lấy ý kiến cộng đồng xã Mù Cả", "ubnd_03451", "Biên bản họp các bản"),
    (2, "Lấy ý kiến cộng đồng xã Tà Tổng", "ubnd_03463", "Biên bản họp các bản"),
    (2, "Lập dự án thành lập khu rừng đặc dụng Mường Tè", "so_nnmt", "Hồ sơ dự án"),
    (2, "Thẩm định hồ sơ thành lập", "so_nnmt", "Biên bản hội đồng thẩm định"),
    (2, "Trình quyết định thành lập", "so_nnmt", "Tờ trình và dự thảo quyết định"),
    (3, "Kiểm tra cơ sở nuôi, trồng có mã số", "kiem_lam", "Biên bản kiểm tra"),
    (3, "Tuần tra chung kiểm lâm, cảnh sát môi trường, quản lý thị trường", "kiem_lam", "Nhật ký tuần tra"),
    (3, "Khoanh nuôi sinh cảnh vượn đen tuyền", "kiem_lam", "Biên bản nghiệm thu diện tích"),
    (4, "Thả bổ sung cá bản địa vào hồ, suối", "so_nnmt", "Biên bản thả cá"),
    (4, "Giữ giống lúa, giống lợn bản địa", "so_nnmt", "Danh sách hộ giữ giống"),
    (4, "Đánh giá cây dược liệu dưới tán rừng", "so_nnmt", "Báo cáo đánh giá"),
    (5, "Ký hợp đồng điều tra loài nguy cấp, quý, hiếm", "so_nnmt", "Hợp đồng"),
    (5, "Đặt bẫy ảnh đợt 1", "kiem_lam", "Danh sách điểm đặt bẫy"),
    (5, "Đặt bẫy ảnh đợt 2", "kiem_lam", "Danh sách điểm đặt bẫy"),
    (5, "Nghe gọi bầy vượn ở Mù Cả", "kiem_lam", "Phiếu nghe của các điểm"),
)
DUTY = "Tổ chức tuyên truyền quý {}"


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """Steps of tasks 2 to 5 and a quarterly duty of each commune stand: done, under way or late; how many."""
    planned = [(n, title, who, must, "12", int(rng.integers(1, 5))) for n, title, who, must in STEPS]
    planned += [
        (1, DUTY.format(q), f"ubnd_{path.split('/')[1]}", "Sổ họp, ảnh, danh sách dự", path, q)
        for path, _name in commune_choices()
        for q in (1, 2, 3, 4)
    ]
    rows = []
    for i, (number, title, who, must, area, quarter) in enumerate(planned):
        due = date(year, 3 * quarter, 28)
        begins = due - timedelta(days=int(rng.integers(20, 75)))
        done = due < today and rng.random() < (0.88 if number == 1 else 0.75)
        finished = due - timedelta(days=int(rng.integers(0, 15))) if done else None
        status = "done" if done else ("doing" if begins <= today and rng.random() < 0.7 else "planned")
        rows.append(
            Work(
                id=source_id("simulated.work", str(i)),
                task=task_number(number),
                title=title,
                responsible=who,
                organisation=who,
                area_path=area,
                begins=begins,
                due=due,
                must_show=must,
                status=status,
                finished=finished,
                result="Kết quả mô phỏng." if done else "",
            )
        )
        told = {"task": number, "area": area, "due": due.isoformat(), "status": status}
        truth["works"].append({**told, "finished": finished.isoformat() if finished else None})
    Work.objects.bulk_create(rows, batch_size=500)
    return len(rows)
