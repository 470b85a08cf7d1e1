"""Tweede, onafhankelijke berekening van een resultaat, in breuken, uit de uitgelezen antwoorden."""
import json
import math
import sys
from fractions import Fraction

invoer = json.load(sys.stdin)
lijst, niveau = invoer["vragenlijst"], invoer["coordinatieniveau"]
scores = {w["code"]: Fraction(str(w["score"])) for w in lijst["antwoordschaal"]["waarden"] if "score" in w}


def van_vraag(nummer):
    """Wat waarnemers op een vraag antwoordden: het gemiddelde en de spreiding van wie haar zag."""
    gegeven = [s["antwoord"]["waarde"] for i in invoer["invullingen"] for s in i["antwoorden"] if s["vraag"] == nummer]
    telt = [scores[waarde] for waarde in gegeven if waarde in scores]
    uit = {"meegeteld": len(telt), "nietMeegeteld": len(gegeven) - len(telt), "tellingen": {w["code"]: gegeven.count(w["code"]) for w in lijst["antwoordschaal"]["waarden"]}}
    if telt:
        midden = sum(telt) / len(telt)
        variantie = sum((score - midden) ** 2 for score in telt) / len(telt)
        uit |= {"breuk": midden, "laagste": float(min(telt)), "hoogste": float(max(telt)), "spreiding": math.sqrt(variantie)}
    return uit


per_vraag = {v["nummer"]: van_vraag(v["nummer"]) for v in lijst["vragen"] if v.get("alleenBijNiveau", niveau) == niveau}


def groep(hoort):
    """Het gemiddelde van de vragen in een groep die iemand zag."""
    telt = [per_vraag[v["nummer"]]["breuk"] for v in lijst["vragen"] if hoort(v) and "breuk" in per_vraag.get(v["nummer"], {})]
    return float(sum(telt) / len(telt)) if telt else None


uitkomst = {
    "categorieen": {c["code"]: groep(lambda v, c=c: v["categorie"] == c["code"]) for c in lijst["categorieen"]},
    "kernvragen": groep(lambda v: v["kernvraag"]),
    "totaal": groep(lambda v: True),
    "vragen": {str(n): {**v, "score": float(v["breuk"]) if "breuk" in v else None} for n, v in per_vraag.items()},
}
for vraag in uitkomst["vragen"].values():
    vraag.pop("breuk", None)
json.dump(uitkomst, sys.stdout)
