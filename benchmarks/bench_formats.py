"""How fast files are read and written, each beside the bare library in the same run."""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import xlsxwriter

import formats
from benchmarks.table import Row, best_of, markdown

MILLION = 1_000_000
COLUMNS = [
    "occurrenceID", "eventDate", "scientificName", "vernacularName", "decimalLatitude", "decimalLongitude",
    "individualCount", "recordedBy", "municipality", "occurrenceRemarks",
]  # fmt: skip


def occurrences(rows: int, remark: str = "gặp trên tuyến") -> pa.Table:
    """Made-up occurrences of the width and wording of a province's sheet."""
    n = range(rows)
    return pa.table(
        [
            pa.array([f"LC:{i:08d}" for i in n]),
            pa.array([f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}" for i in n]),
            pa.array([("Nomascus concolor", "Ursus thibetanus", "Muntiacus muntjak")[i % 3] for i in n]),
            pa.array([("Vượn đen tuyền", "Gấu ngựa", "Hoẵng")[i % 3] for i in n]),
            pa.array([f"{22 + i % 9973 / 10_000:.5f}" for i in n]),
            pa.array([f"{103 + i % 9967 / 10_000:.5f}" for i in n]),
            pa.array([str(i % 7) for i in n]),
            pa.array([("Lò Văn Pao", "Giàng A Sùng")[i % 2] for i in n]),
            pa.array([("Mù Cả", "Tà Tổng", "Bum Tở")[i % 3] for i in n]),
            pa.array([remark if i % 5 == 0 else None for i in n]),
        ],
        names=COLUMNS,
    )


def read_ours(path: Path) -> int:
    """Rows read by opening the file as a person's upload is opened."""
    with formats.open(path) as source:
        return sum(batch.num_rows for batch in source.tables[0].batches())


def read_bare(path: Path) -> int:
    """Rows read by the columnar library alone, told everything about the file."""
    convert = pacsv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()))
    parse = pacsv.ParseOptions(newlines_in_values=True)
    reader = pacsv.open_csv(path, pacsv.ReadOptions(block_size=8 << 20), parse, convert)
    return sum(batch.num_rows for batch in reader)


def read_stdlib(path: Path) -> int:
    """Rows read by the csv module into columns of text, as the careful reader must."""
    count = 0
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        held: list[list[str]] = []
        for record in reader:
            held.append(record)
            if len(held) == 50_000:
                count += pa.record_batch([pa.array(c) for c in zip(*held, strict=True)], COLUMNS).num_rows
                held = []
    return count + len(held)


def write_bare(path: Path, table: pa.Table) -> None:
    """The workbook by the writing library alone."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(zip(*(c.to_pylist() for c in table.columns), strict=True)):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write_string(row, column, cell)


def peak_megabytes(path: Path) -> float:
    """The most memory a process of its own took to read the file, its libraries included."""
    command = [sys.executable, "-m", "benchmarks.bench_formats", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def own_peak_megabytes() -> float:
    """This process's highest resident size since it began, as Linux keeps it."""
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


def rows() -> list[Row]:
    """Reading a million rows, clean and odd, and writing a workbook of a hundred thousand."""
    with tempfile.TemporaryDirectory() as folder:
        clean, odd, book = Path(folder) / "clean.csv", Path(folder) / "odd.csv", Path(folder) / "out.xlsx"
        formats.write_csv(clean, occurrences(MILLION).to_batches(50_000), bom=False)
        formats.write_csv(odd, occurrences(MILLION, "dòng một\ndòng hai").to_batches(50_000), bom=False)
        small = occurrences(100_000)
        size = clean.stat().st_size / 1024**2
        memory = f"{size:.0f} MB of text; peak memory of the process {peak_megabytes(clean):.0f} MB"
        return [
            Row(
                "read a csv of 1,000,000 clean rows, encoding and header found",
                best_of(lambda: read_ours(clean)),
                "bare pyarrow.csv",
                best_of(lambda: read_bare(clean)),
                note=memory,
            ),
            Row(
                "read 1,000,000 rows with line breaks in cells, row numbers right",
                best_of(lambda: read_ours(odd), 1),
                "csv module into Arrow",
                best_of(lambda: read_stdlib(odd), 1),
            ),
            Row(
                "write a workbook of 100,000 rows × 10 columns",
                best_of(lambda: formats.write_xlsx(book, {"a": small.to_batches(50_000)}), 1),
                "bare XlsxWriter",
                best_of(lambda: write_bare(book, small), 1),
            ),
        ]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read_ours(Path(sys.argv[1]))
        print(own_peak_megabytes())
    else:
        print(markdown(rows()))
