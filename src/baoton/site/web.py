"""The web server's own process: it loads nothing of ours, and its workers begin as fresh interpreters."""

import multiprocessing
import os
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from baoton.site.serve import end_with_parent


def processes() -> int:
    """How many interpreters answer: `BAOTON_WEB_PROCESSES`, else one a core, at most four."""
    return int(os.environ.get("BAOTON_WEB_PROCESSES", "0")) or min(os.cpu_count() or 1, 4)


def main(host: str, port: int) -> None:
    """Answers at the address until told to stop; a dead interpreter is replaced."""
    end_with_parent()
    multiprocessing.set_start_method("spawn")
    Granian(
        "baoton.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes(),
        blocking_threads=int(os.environ.get("BAOTON_WEB_THREADS", "4")),
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=10,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
