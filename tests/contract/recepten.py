"""Voert elk recept letterlijk uit tegen de voorbeelddienst: eerst alle curl-blokken van een recept, dan alle Python-blokken."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HUIS = Path(__file__).resolve().parents[2]
BLOK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)


def blokken(tekst: str) -> dict[str, str]:
    """De blokken van een recept per taal, achter elkaar: een recept leest als één gang."""
    samen: dict[str, str] = {}
    for taal, inhoud in BLOK.findall(tekst):
        samen[taal] = samen.get(taal, "") + inhoud + "\n"
    return samen


def leesmij() -> str:
    """De curl-regels uit README.md, op deze dienst gericht."""
    regels = [regel for regel in (HUIS / "README.md").read_text(encoding="utf-8").splitlines() if regel.startswith("curl ")]
    tekst = "\n".join(regel.replace("curl -s", "curl --silent --show-error --fail-with-body") for regel in regels)
    return tekst.replace("http://127.0.0.1:8080", "$LOKET_URL").replace("/tmp/loket", "$LOKET_DEMO")


def main() -> int:
    omgeving = {**os.environ, "PATH": f"{Path(os.environ['LOKET']).parent}:{os.environ['PATH']}"}
    gangen = [("README.md", "sh", leesmij())]
    for bestand in sorted((HUIS / "docs/recepten").glob("*.md")):
        if bestand.name != "README.md":
            gangen += [(bestand.name, taal, tekst) for taal, tekst in blokken(bestand.read_text(encoding="utf-8")).items()]
    mislukt = 0
    for naam, taal, tekst in gangen:
        with tempfile.TemporaryDirectory() as map_:
            opdracht = ["bash", "-euo", "pipefail", "-c", tekst] if taal == "sh" else [sys.executable, "-c", tekst]
            uit = subprocess.run(opdracht, cwd=map_, env={**omgeving, "TMPDIR": map_}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        print(f"{'ok' if uit.returncode == 0 else 'MISLUKT':8} {naam} ({taal})", flush=True)
        if uit.returncode:
            mislukt += 1
            print(uit.stdout[-3000:] + uit.stderr[-3000:], flush=True)
    print(f"geteld: {len(gangen)}")
    return 1 if mislukt else 0


if __name__ == "__main__":
    sys.exit(main())
