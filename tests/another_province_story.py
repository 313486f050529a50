"""An invented province from its folder to its pages, in a process of its own: settings are read once.

Prints, after `TOLD`, what each page and the report say.
"""

import html
import json
import re
import sys
from pathlib import Path

from baoton.site.command import main

folder, var = Path(sys.argv[1]), Path(sys.argv[2])
if main(["init", "--province", str(folder)]):
    sys.exit(1)

from django.test import Client  # noqa: E402
from docx import Document  # noqa: E402

from baoton.kit.access import System  # noqa: E402
from baoton.people.actions import administrator, give  # noqa: E402
from baoton.plan import queries  # noqa: E402
from baoton.plan.figures import compute  # noqa: E402
from baoton.site.commands import write_report  # noqa: E402

PAGES = (
    "/", "/ke-hoach/", "/ke-hoach/nhiem-vu/2/", "/ke-hoach/van-ban/", "/ke-hoach/giao-viec/", "/bao-cao/",
    "/dieu-hanh/", "/so/plan-work/moi/", "/ke-hoach/khu-rung-muong-te/",
)  # fmt: skip
lan = administrator("lan", "mot-mat-khau-rat-dai", {"first_name": "Lan", "organisation_id": "so_nnmt"})
give(System(), lan, "officer")
compute([2026])
client = Client()
client.force_login(lan)
told = {}
for page in PAGES:
    answer = client.get(page)
    text = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    told[page] = [answer.status_code, " ".join(text.split())]
paper = next(p for p in write_report(2026, var / "reports") if p.suffix == ".docx")
told["report"] = [200, "\n".join(p.text for p in Document(str(paper)).paragraphs)]
told["tasks"] = [200, "; ".join(f"{t.number} {t.code} {t.short}" for t in queries.tasks())]
sys.stdout.write("TOLD" + json.dumps(told, ensure_ascii=False))
