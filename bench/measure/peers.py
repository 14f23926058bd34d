"""The peers on the same work, by the kit's own scripts: found where the kit and their environments stand, else left out."""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from measure.figures import Figures
from measure.ministries import KIT

SCRIPTS = {
    "urlwatch": ("peer_urlwatch.py", "venv-uw/bin/urlwatch"),
    "changedetection.io": ("peer_changedetection.py", "venv-cd/bin/changedetection.io"),
    "webchanges": ("peer_webchanges.py", "venv-wc/bin/webchanges"),
}
"""By the peer's name: its script in the kit, and the program in `PEER_VENVS`."""


def venvs() -> Path:
    return Path(os.environ.get("PEER_VENVS", Path.home() / ".cache" / "peer-venvs"))


def there() -> list[str]:
    """The peers that can run here."""
    if not (venvs() / "venv-kit/bin/python").exists():
        return []
    return [
        name
        for name, (script, program) in SCRIPTS.items()
        if (KIT.parent / "peers" / script).exists() and (venvs() / program).exists()
    ]


def rounds(
    name: str, sites: int, *, faults: bool = False, latency: float = 0
) -> Mapping[str, Sequence[Figures]]:
    """Run a peer through its rounds: baseline, unchanged, publish10 and, with `faults`, the others.

    Its own server plays the ministries, all on one host. Memory is of its whole run.
    """
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as out:
        command = [
            str(venvs() / "venv-kit/bin/python"),
            str(KIT.parent / "peers" / SCRIPTS[name][0]),
            *(f"--n={sites}", "--repeat=1", f"--latency-ms={latency:g}", f"--out={out.name}"),
        ]
        if faults:
            command.append("--fault=waf")
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: exit {done.returncode}")
        told = [json.loads(line) for line in out]
    found: dict[str, list[Figures]] = {}
    for row in told:
        found.setdefault(row["phase"].removeprefix("fault-"), []).append(_figures(row))
    return found


def _figures(row: Mapping[str, float]) -> Figures:
    return {
        "checks_per_s": row["n"] / row["wall_s"],
        "cpu_ms": row["cpu_s"] / row["n"] * 1000,
        "published": row["items"],
        "found": row["full"],
        "false": row["false_sites"] + row["extra_titles"],
        "errors": row["errors_reported"],
        "peak_mb": row["rss_mb"],
    }
