"""Archives that attack: nothing lands outside its folder, nothing swells past the stated limits."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

import formats
from formats import unpacking
from formats.unpacking import Limits


def zipped(path: Path, **files: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "name", ["../out.csv", "/etc/out.csv", "a/../../out.csv", "..\\out.csv", "C:/out.csv"]
)
def test_a_path_that_climbs_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(formats.FormatError) as error:
        formats.open(zipped(tmp_path / "a.zip", **{name: "a,b\n1,2\n"}))
    assert error.value.code == "unsafe_path" and not (tmp_path / "out.csv").exists()


def test_a_tar_that_climbs_out_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tgz"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo("../out.csv")
        info.size = 8
        tar.addfile(info, io.BytesIO(b"a,b\n1,2\n"))
    with pytest.raises(formats.FormatError) as error:
        formats.open(path)
    assert error.value.code == "unsafe_path" and not (tmp_path / "out.csv").exists()


def test_a_link_in_a_tar_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        link = tarfile.TarInfo("a.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(formats.FormatError) as error:
        formats.open(path)
    assert error.value.code == "nothing_inside"


def test_what_swells_past_the_limit_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"a.csv": b"0" * 100_000})
    with pytest.raises(formats.FormatError) as error:
        formats.open(path, hint={"max_bytes": 50_000})
    assert error.value.code == "too_big"
    with pytest.raises(formats.FormatError) as error:
        unpacking.unpack(path, Limits(ratio=10, ratio_from=10_000))
    assert error.value.code == "zip_bomb"
    with pytest.raises(formats.FormatError) as error:
        unpacking.unpack(zipped(tmp_path / "b.zip", a="", b="", c=""), Limits(files=2))
    assert error.value.code == "too_many_files"


def test_a_tar_is_counted_as_it_flows(tmp_path: Path) -> None:
    path = tmp_path / "a.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name in ("a", "b"):
            info = tarfile.TarInfo(name)
            info.size = 60_000
            tar.addfile(info, io.BytesIO(b"0" * 60_000))
    with pytest.raises(formats.FormatError) as error:
        unpacking.unpack(path, Limits(bytes=100_000))
    assert error.value.code == "too_big"


def test_a_damaged_archive_is_one_clear_error(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"a.csv": "a,b\n1,2\n" * 1_000})
    data = bytearray(path.read_bytes())
    data[40:60] = b"x" * 20
    path.write_bytes(data)
    with pytest.raises(formats.FormatError) as error:
        formats.open(path)
    assert error.value.code == "damaged_archive"


def test_closing_removes_the_unpacked_copy(tmp_path: Path) -> None:
    source = formats.open(zipped(tmp_path / "a.zip", **{"a.csv": "a,b\n1,2\n"}))
    folder = Path(source.unpacked[0].name)
    assert folder.is_dir()
    source.close()
    assert not folder.exists()


def test_several_tables_without_a_metafile_are_several_tables(tmp_path: Path) -> None:
    files = {
        "event.csv": "eventID,eventDate\n1,2020\n",
        "occ.csv": "occurrenceID,eventID\n1,1\n",
        "x.bin": "?",
    }
    source = formats.open(zipped(tmp_path / "a.zip", **files))
    assert source.kind == "tables" and [t.row_type_name for t in source.tables] == ["Event", "Occurrence"]
    assert [w.where for w in source.warnings if w.code == "file_not_read"] == ["x.bin"]


def test_a_file_that_is_not_there_and_one_of_another_kind_are_told(tmp_path: Path) -> None:
    with pytest.raises(formats.FormatError, match="Không có tệp"):
        formats.open(tmp_path / "none.csv")
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(formats.FormatError) as error:
        formats.open(tmp_path / "a.json")
    assert error.value.code == "unsupported" and error.value.suggestion
