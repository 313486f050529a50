"""Another province is a folder: an invented one runs from an empty database; what its folder lacks is told."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rulebook
from rulebook.provinces_in import problems

pytestmark = pytest.mark.once
FOLDER = Path(__file__).parents[1] / "examples" / "province"
STORY = Path(__file__).with_name("another_province_story.py")


def run(*command: str, var: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BAOTON_PROVINCE_FOLDER")}
    env |= {"BAOTON_VAR": str(var), "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    return subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True)


def test_an_invented_province_runs_from_its_folder_alone(tmp_path: Path) -> None:
    done = run(str(STORY), str(FOLDER), str(tmp_path), var=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.split("TOLD", 1)[1])
    assert told["tasks"][1] == "1 II.1 Điều tra loài; 2 II.2 Truyền thông; 3 II.3 Giữ rừng"
    road = told.pop("/ke-hoach/khu-rung-muong-te/")
    assert road[0] == 404  # this plan founds no forest
    for page, (status, text) in told.items():
        assert status == 200, (page, text[:300])
        assert not re.search(r"Lai Châu|Mường Tè|\b654\b|\b38\b", text), page
    assert "Bảo Tồn tỉnh Nậm Non" in told["/"][1] and "2 · Tuyên truyền" in told["/"][1]
    assert "UBND các xã, phường" in told["/ke-hoach/nhiem-vu/2/"][1]
    assert "UBND xã Khe Sim" in told["/ke-hoach/giao-viec/"][1]
    assert "Kế hoạch số 21/KH-UBND" in told["report"][1] and "II. TRUYỀN THÔNG" in told["report"][1]
    # the installation keeps the folder, and takes no second province
    assert (tmp_path / "province" / "plans" / "plan_21.yaml").is_file()
    shutil.rmtree(tmp_path / "province")
    again = run("-m", "baoton.site.command", "init", var=tmp_path)
    assert again.returncode == 1 and "cơ sở dữ liệu này là của tỉnh Nậm Non" in again.stderr


def test_what_a_folder_lacks_is_told_in_a_sentence_each(tmp_path: Path) -> None:
    assert problems(FOLDER) == [] and rulebook.province().key == "lai_chau"
    assert problems(tmp_path / "x") == [f"Không có thư mục “{tmp_path / 'x'}”."]
    assert "không có tệp province.yaml" in problems(tmp_path)[0]

    def told(name: str, old: str = "", new: str = "") -> str:
        place = tmp_path / "made"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(FOLDER, place)
        if old:
            text = (place / name).read_text(encoding="utf-8")
            assert old in text
            (place / name).write_text(text.replace(old, new), encoding="utf-8")
        else:
            (place / name).unlink()
        return " ".join(problems(place))

    assert told("units.csv") == "Thiếu tệp units.csv: các xã, phường hiện nay."
    assert "Thiếu kế hoạch: thư mục plans" in told("plans/plan_21.yaml")
    assert told("units.csv", "valid_to", "den_ngay") == "Tệp units.csv thiếu cột valid_to."
    assert "dòng 3: số ô không khớp" in told("units.csv", "90002,Khe Sim,xã,99/90002", "90002,Khe Sim,xã")
    assert "mục key là chữ không dấu" in told("province.yaml", "nam_non", "Nậm Non")
    assert "không phải chữ (mã số viết trong ngoặc kép)" in told("province.yaml", '"99"', "99")
    assert "không có kế hoạch 22/KH-UBND" in told("province.yaml", "21/KH-UBND", "22/KH-UBND")
    assert "thiếu cơ quan có key kiem_lam" in told("bodies.yaml", "kiem_lam", "kiem_ngu")
    assert "kế hoạch không có nhiệm vụ số 9" in told("report.yaml", "tasks: [2]", "tasks: [9]")
    assert "Cơ quan hoặc nhiệm vụ của mục không có thật" in told(
        "plans/plan_21.yaml", "serves: [1, 2, 3]", "serves: [7]"
    )
    assert "Không đọc được tệp report.yaml" in told("report.yaml", "title:", "title: [")
    assert "bảng sơ đồ không khớp" in told("schematic.csv", "90003,105.05", "90009,105.05")
