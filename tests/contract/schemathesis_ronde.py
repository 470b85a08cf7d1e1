"""Verzonnen verzoeken bij elke operatie, met een token van elke soort: geen 5xx, geen antwoord buiten het document.

Begrensd en herhaalbaar: vaste zaden, een vast aantal voorbeelden, en een verse voorbeelddienst per soort token,
zodat wat de ene soort verandert de andere niet raakt. Alleen 127.0.0.1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HUIS = Path(__file__).resolve().parents[2]
HIER = Path(__file__).resolve().parent
WERK = Path(os.environ.get("WERK", HUIS / "target/proef"))

# Elke soort toegang die de dienst kent.
SOORTEN = ["geen", "waarnemer", "organisatiebeheerder", "projectleider", "implementatieadviseur", "adviseur", "lfb", "machine"]
# Iedere grenswaarde uit het document, alleen voor wie daarmee voorbij de toegang komt: de anderen krijgen dezelfde weigering.
MET_GRENSWAARDEN = {"waarnemer", "organisatiebeheerder", "lfb", "machine"}
ZAAD = 2026
# Langer mag één soort nooit duren; ruim boven wat nodig is, zodat het aantal voorbeelden bepaalt en niet de klok.
GRENS_SECONDEN = 480
# Ruim, zodat de grens per beller het onderzoek niet afkapt; 429 staat in het document en blijft een geldig antwoord.
OMGEVING = {
    "AANSLUITLOKET_LIMITS__CALLER_PER_SECOND": "100000",
    "AANSLUITLOKET_LIMITS__CALLER_BURST": "100000",
    "AANSLUITLOKET_LIMITS__ADDRESS_PER_SECOND": "100000",
    "AANSLUITLOKET_LIMITS__ADDRESS_BURST": "100000",
}


def vrije_poort() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Voorbeelddienst:
    """Een verse voorbeelddienst die met dit blok verdwijnt."""

    def __init__(self, programma: str) -> None:
        self.map = Path(tempfile.mkdtemp(prefix="demo.", dir=WERK))
        self.gegevens = self.map / "gegevens"
        self.basis = f"http://127.0.0.1:{vrije_poort()}"
        adres = self.basis.removeprefix("http://")
        self.logboek = open(self.map / "logboek.txt", "wb")
        self.proces = subprocess.Popen(
            [programma, "demo", "--listen", adres, "--data", str(self.gegevens)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.logboek, env={**os.environ, **OMGEVING},
        )

    def __enter__(self) -> Voorbeelddienst:
        tot = time.monotonic() + 60
        while time.monotonic() < tot:
            if self.proces.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.basis}/v1/openapi.json", timeout=2).read()
                if (self.gegevens / "demo.json").exists():
                    return self
            except OSError:
                pass
            time.sleep(0.05)
        fout = (self.map / "logboek.txt").read_text(encoding="utf-8", errors="replace")
        self.__exit__()
        raise SystemExit(f"De voorbeelddienst startte niet:\n{fout}")

    def __exit__(self, *_: object) -> None:
        self.proces.terminate()
        try:
            self.proces.wait(20)
        except subprocess.TimeoutExpired:
            self.proces.kill()
            self.proces.wait()
        self.logboek.close()
        shutil.rmtree(self.map, ignore_errors=True)

    def token(self, soort: str) -> str | None:
        if soort == "geen":
            return None
        if soort != "machine":
            return (self.gegevens / "tokens" / f"{soort}.jwt").read_text(encoding="utf-8").strip()
        sys.path.insert(0, str(HIER))
        from machinetoken import haal_token

        return haal_token(self.basis, json.loads((self.gegevens / "demo.json").read_text(encoding="utf-8"))["toepassingen"][0])


def instellingen(dienst: Voorbeelddienst) -> Path:
    """De vaste instellingen, met de ids van deze voorbeelddienst: anders komt een verzonnen verzoek niet voorbij 404."""
    demo = json.loads((dienst.gegevens / "demo.json").read_text(encoding="utf-8"))
    traject = next(t["id"] for t in demo["trajecten"] if t["stap"] == 4)
    persoon = next(p["id"] for p in demo["personen"] if "token" not in p)
    # Elke versie die er in zo'n korte ronde kan zijn: zo komt een wijziging voorbij If-Match.
    versies = ", ".join(f'"{n}"' for n in range(1, 60))
    soorten = {
        "organisaties": next(o["id"] for o in demo["organisaties"] if o["sleutel"] == "ziekenhuis"),
        "personen": persoon,
        "trajecten": traject,
        "toepassingen": demo["toepassingen"][0]["clientId"],
    }
    tekst = (HIER / "schemathesis.toml").read_text(encoding="utf-8")
    for soort, id_ in soorten.items():
        for methode in ("get", "post", "patch"):
            kop = f", \"header.If-Match\" = '{versies}'" if methode != "get" else ""
            tekst += f"\n[[operations]]\ninclude-method = \"{methode.upper()}\"\ninclude-path-regex = \"^/{soort}/[{{]id[}}]\"\nparameters = {{ \"path.id\" = \"{id_}\"{kop} }}\n"
    bestand = dienst.map / "schemathesis.toml"
    bestand.write_text(tekst, encoding="utf-8")
    return bestand


def ronde(dienst: Voorbeelddienst, soort: str, zaad: int) -> tuple[bool, str, int]:
    kop = ["-H", f"Authorization: Bearer {token}"] if (token := dienst.token(soort)) else []
    fasen = "examples,coverage,fuzzing" if soort in MET_GRENSWAARDEN else "examples,fuzzing"
    opdracht = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(instellingen(dienst)), "run", f"{dienst.basis}/v1/openapi.json",
        "--url", f"{dienst.basis}/v1", "--phases", fasen, "--seed", str(zaad), "--generation-deterministic", "--no-color", *kop,
    ]
    try:
        uit = subprocess.run(opdracht, cwd=dienst.map, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=GRENS_SECONDEN)
        tekst, goed = uit.stdout + uit.stderr, uit.returncode == 0
    except subprocess.TimeoutExpired as fout:
        tekst, goed = f"{(fout.stdout or b'').decode(errors='replace')}\nLanger dan {GRENS_SECONDEN} seconden.", False
    if token:
        tekst = tekst.replace(token, "[token]")
    geteld = re.findall(r"(\d+) generated", tekst)
    return goed, tekst, int(geteld[-1]) if geteld else 0


def main() -> int:
    lezer = argparse.ArgumentParser(description=__doc__)
    lezer.add_argument("--programma", default=str(HUIS / "target/debug/aansluitloket"))
    lezer.add_argument("--soort", choices=SOORTEN, action="append", help="alleen deze soort token")
    keuze = lezer.parse_args()
    WERK.mkdir(parents=True, exist_ok=True)
    begin, totaal, mislukt = time.monotonic(), 0, []

    def een(soort: str) -> tuple[str, bool, str, int, float]:
        start = time.monotonic()
        with Voorbeelddienst(keuze.programma) as dienst:
            goed, tekst, aantal = ronde(dienst, soort, ZAAD + SOORTEN.index(soort))
        (WERK / f"schemathesis-{soort}.txt").write_text(tekst, encoding="utf-8")
        return soort, goed, tekst, aantal, time.monotonic() - start

    with ThreadPoolExecutor(max_workers=2) as tegelijk:
        for soort, goed, tekst, aantal, duur in tegelijk.map(een, keuze.soort or SOORTEN):
            totaal += aantal
            print(f"{soort:22} {'ok' if goed else 'MISLUKT':8} {aantal} verzoeken, {duur:.0f} s", flush=True)
            if not goed:
                mislukt.append(soort)
                print("\n".join(regel[:300] for regel in tekst.splitlines()[-200:]), flush=True)
    print(f"{totaal} verzoeken in {time.monotonic() - begin:.0f} s")
    return 1 if mislukt or totaal == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
