"""Tweede, onafhankelijke berekening van een resultaat, in breuken, uit de uitgelezen antwoorden."""
import json
import sys
from fractions import Fraction

invoer = json.load(sys.stdin)
lijst, niveau = invoer["vragenlijst"], invoer["coordinatieniveau"]
scores = {w["code"]: Fraction(str(w["score"])) for w in lijst["antwoordschaal"]["waarden"] if "score" in w}
per_vraag = {}
for vraag in lijst["vragen"]:
    if vraag.get("alleenBijNiveau", niveau) != niveau:
        continue
    geldig = [s["antwoord"]["waarde"] for i in invoer["invullingen"] for s in i["antwoorden"] if s["vraag"] == vraag["nummer"]]
    telt = [scores[w] for w in geldig if w in scores]
    per_vraag[vraag["nummer"]] = sum(telt) / len(telt) if telt else None


def groep(hoort):
    telt = [per_vraag[v["nummer"]] for v in lijst["vragen"] if hoort(v) and per_vraag.get(v["nummer"]) is not None]
    return float(sum(telt) / len(telt)) if telt else None


json.dump(
    {
        "vragen": {str(n): None if s is None else float(s) for n, s in per_vraag.items()},
        "categorieen": {c["code"]: groep(lambda v, c=c: v["categorie"] == c["code"]) for c in lijst["categorieen"]},
        "kernvragen": groep(lambda v: v["kernvraag"]),
        "totaal": groep(lambda v: True),
    },
    sys.stdout,
)
