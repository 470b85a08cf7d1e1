"""Licenties, verboden, ongebruikte en onbeschreven afhankelijkheden, met niets dan `cargo metadata`.

De regels staan in deny.toml, zodat cargo-deny dezelfde leest.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

HUIS = Path(__file__).resolve().parents[2]


def licentie_mag(expressie: str, toegestaan: set[str]) -> bool:
    """Of een SPDX-expressie met alleen toegestane licenties is te vervullen."""
    tekens = re.findall(r"\(|\)|\bOR\b|\bAND\b|\bWITH\b|[A-Za-z0-9.+-]+", expressie.replace("/", " OR "))

    def of() -> bool:
        uitkomst = en()
        while tekens and tekens[0] == "OR":
            tekens.pop(0)
            rechts = en()
            uitkomst = uitkomst or rechts
        return uitkomst

    def en() -> bool:
        uitkomst = een()
        while tekens and tekens[0] == "AND":
            tekens.pop(0)
            rechts = een()
            uitkomst = uitkomst and rechts
        return uitkomst

    def een() -> bool:
        if not tekens:
            return False
        teken = tekens.pop(0)
        if teken == "(":
            uitkomst = of()
            if tekens and tekens[0] == ")":
                tekens.pop(0)
            return uitkomst
        if tekens and tekens[0] == "WITH":
            tekens.pop(0)
            uitzondering = tekens.pop(0) if tekens else ""
            return f"{teken} WITH {uitzondering}" in toegestaan or teken in toegestaan
        return teken in toegestaan

    uitkomst = of()
    return uitkomst and not tekens


def gebruikt(map_: Path, naam: str) -> bool:
    """Of een crate ergens in de bron van een pakket wordt genoemd."""
    woord = re.compile(rf"\b{re.escape(naam)}\b")
    return any(woord.search(bestand.read_text(encoding="utf-8")) for bestand in map_.rglob("*.rs"))


# Afhankelijkheden die geen enkele regel code noemt en toch nodig zijn: zij kiezen alleen hoe een C-bibliotheek wordt gebouwd.
ZONDER_REGEL = {"libsqlite3-sys", "pq-sys"}


def main() -> int:
    regels = tomllib.loads((HUIS / "deny.toml").read_text(encoding="utf-8"))
    toegestaan = set(regels["licenses"]["allow"])
    verboden = {rij["crate"]: rij["reason"] for rij in regels["bans"]["deny"]}
    uit = subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked"], cwd=HUIS, check=True, capture_output=True)
    gegevens = json.loads(uit.stdout)
    leden = set(gegevens["workspace_members"])
    fouten: list[str] = []

    for pakket in gegevens["packages"]:
        wie = f"{pakket['name']} {pakket['version']}"
        if not pakket["license"]:
            fouten.append(f"{wie}: geen licentie opgegeven")
        elif not licentie_mag(pakket["license"], toegestaan):
            fouten.append(f"{wie}: licentie '{pakket['license']}' is niet toegestaan")
        if pakket["id"] in leden:
            if pakket["license"] != "EUPL-1.2":
                fouten.append(f"{wie}: onze eigen crates zijn EUPL-1.2")
        elif not (pakket["source"] or "").startswith("registry+"):
            fouten.append(f"{wie}: komt niet uit het pakketregister")

    # Een verbod geldt voor wat echt wordt gebouwd, niet voor een keuze die niemand aanzet.
    ids = {pakket["id"]: pakket["name"] for pakket in gegevens["packages"]}
    gebouwd = subprocess.run(
        ["cargo", "tree", "--workspace", "--locked", "--prefix", "none", "--format", "{p}", "--edges", "normal,build"],
        cwd=HUIS, check=True, capture_output=True, text=True,
    ).stdout
    for naam in sorted({regel.split()[0] for regel in gebouwd.splitlines() if regel}):
        if naam in verboden:
            fouten.append(f"{naam}: verboden, want {verboden[naam]}")

    lijst = (HUIS / "docs/dependencies.md").read_text(encoding="utf-8").split("\n## ")[0]
    beschreven = set(re.findall(r"^\| `([^`]+)`", lijst, re.M))
    eigen = {ids[lid] for lid in leden}
    direct: set[str] = set()
    for pakket in (p for p in gegevens["packages"] if p["id"] in leden):
        map_ = Path(pakket["manifest_path"]).parent
        for nodig in pakket["dependencies"]:
            naam = nodig["name"]
            if naam in eigen:
                continue
            direct.add(naam)
            code = (nodig["rename"] or naam).replace("-", "_")
            if naam not in ZONDER_REGEL and not gebruikt(map_, code):
                fouten.append(f"{pakket['name']}: '{naam}' wordt nergens gebruikt")
    fouten += [f"docs/dependencies.md: geen regel over '{naam}'" for naam in sorted(direct - beschreven)]
    fouten += [f"docs/dependencies.md: '{naam}' is geen directe afhankelijkheid" for naam in sorted(beschreven - direct)]

    for fout in fouten:
        print(fout, file=sys.stderr)
    if not fouten:
        print(f"{len(gegevens['packages'])} pakketten, {len(direct)} directe afhankelijkheden: in orde")
    return 1 if fouten else 0


if __name__ == "__main__":
    sys.exit(main())
