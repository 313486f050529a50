"""`baoton plan read`: the tree on the terminal, a draft a person corrects, one sentence for what is no plan."""

from pathlib import Path

import pytest
import yaml

from baoton.site.command import main

pytestmark = pytest.mark.once
PLAN = """KẾ HOẠCH
Trồng rừng ven suối năm 2027

I. NHIỆM VỤ
1. Trồng 20 ha cây bản địa.
2. Tuần tra.
II. TỔ CHỨC THỰC HIỆN
1. Sở Tài chính
Bố trí kinh phí.
"""


def test_the_tree_is_told_and_written_and_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kh.txt").write_text(PLAN, encoding="utf-8")
    out = tmp_path / "kh.yaml"
    assert main(["plan", "read", str(tmp_path / "kh.txt"), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "I.1  Trồng 20 ha cây bản địa." in told and "2 nhiệm vụ" in told
    assert "Cần xem: Ở đầu văn bản chưa thấy số của kế hoạch." in told
    held = yaml.safe_load(out.read_text(encoding="utf-8"))
    assert [n["code"] for n in held["nodes"]] == ["I", "I.1", "I.2", "II", "II.1", "II.1.1"]
    assert [t["name"] for t in held["tasks"]] == ["Trồng 20 ha cây bản địa.", "Tuần tra."]
    assert main(["plan", "read", str(tmp_path / "kh.txt"), "--out", str(out)]) != 0
    assert "đã có" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [("thu.txt", "Kính gửi quý vị", "không giống một kế hoạch"), ("kh.odt", "x", "không phải .docx")],
)
def test_what_is_no_plan_ends_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str, why: str
) -> None:
    (tmp_path / name).write_text(words, encoding="utf-8")
    assert main(["plan", "read", str(tmp_path / name)]) != 0
    assert why in capsys.readouterr().err
    assert main(["plan", "read", str(tmp_path / "nowhere.txt")]) != 0
    assert "Không có tệp" in capsys.readouterr().err
