"""The API over a throw-away archive, and schemathesis against it: no 5xx, no status or body that is not described.

    python -m benchmarks.fuzz_api .venv-fuzz/bin/schemathesis --seconds 600

Writing operations run, too: the archive is a copy of seeds/ that is gone afterwards. `make fuzz-api` installs schemathesis in
an environment of its own, for it wants other versions of what Khabar uses.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from index.build import build_index
from index.embed import NoEmbedder
from index.progress import Silent
from rag.api.application import create_api
from rag.archive import build_options, chosen_names, open_archive
from rag.desk import open_desk
from rag.settings import Settings

_SEEDS = Path(__file__).parents[1] / "seeds"
_CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "unsupported_method", "allow_header_conformance", "negative_data_rejection",
)  # fmt: skip


def main() -> None:
    """Run it; the exit status is schemathesis' own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schemathesis", help="the command")
    parser.add_argument("--seconds", type=int, default=600)
    given = parser.parse_args()
    with served() as address:
        command = [
            given.schemathesis, "run", f"{address}/openapi.json", "--checks", ",".join(_CHECKS), "--max-time",
            str(given.seconds), "--continue-on-failure",
        ]  # fmt: skip
        sys.exit(subprocess.run(command, check=False).returncode)


@contextmanager
def served() -> Iterator[str]:
    """Serve the API over a copy of seeds/, on this machine alone, and lend its address."""
    with tempfile.TemporaryDirectory() as place, socket.socket() as listening:
        settings = Settings(data=Path(place) / "data", llm="none", embedder="none", reader="none", max_mb=1, upload_mb=1)
        seeds = Path(place) / "seeds"
        shutil.copytree(_SEEDS, seeds)
        build_index(
            settings.data, [seeds], NoEmbedder(), build_options(settings), Silent(), names=chosen_names(settings)
        )
        archive = open_archive(settings)
        desk = open_desk(archive, settings)
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        server = uvicorn.Server(uvicorn.Config(create_api(desk), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            desk.close()
            archive.catalog.close()


if __name__ == "__main__":
    main()
