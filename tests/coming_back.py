"""What the files we write of an import would change if they were brought in again: nothing, one hopes."""

from collections import Counter
from pathlib import Path

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.reading import exporting
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Event, Occurrence
from baoton.sharing.actions import write_archive

BOOKS = {"observations.event": Event, "observations.occurrence": Occurrence}


def changed_by_archives(dataset: str, folder: Path) -> dict[str, int]:
    """Outcomes other than `unchanged` of the archives of everything that stands; a checklist alone has none."""
    if not any(model.objects.exists() for model in BOOKS.values()):
        return {}
    write_archive(System(), folder / "ra.zip", {})
    found: Counter[str] = Counter()
    for path in sorted(folder.glob("ra*.zip")):
        found += _changes(path, dataset)
        path.unlink()
    return dict(found)


def changed_by_files(dataset: str, folder: Path, kinds: tuple[str, ...]) -> dict[str, int]:
    """The same of the visits and of the records as csv, xlsx, GeoJSON or GeoPackage; a row too few counts as lost."""
    found: Counter[str] = Counter()
    for book, model in BOOKS.items():
        for kind in kinds if model.objects.exists() else ():
            path = folder / f"ra.{kind}"
            exporting.write(REGISTERS[book], System(), {}, kind, path)
            found.update(
                {f"{book} {kind} {k}": n for k, n in _changes(path, dataset, model.objects.count()).items()}
            )
            path.unlink()
    return dict(found)


def _changes(path: Path, dataset: str, rows: int | None = None) -> Counter[str]:
    batch = run_file(System(), path, dataset=dataset, dry=True)
    told = dict(batch.counts.get("total", {"failed": 1}))
    same = told.pop("unchanged", 0)
    told.pop("rows", None)
    return Counter({k: n for k, n in {**told, "lost": (rows or same) - same}.items() if n})
