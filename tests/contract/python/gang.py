"""Eén echte gang met een client die uit het contract is gemaakt: een organisatie aanmelden, certificeren, wijzigen en botsen."""

import datetime
import os
import pathlib
import uuid

from aansluitloket import AuthenticatedClient
from aansluitloket.api.organisaties import (
    lees_organisatie,
    lijst_organisaties,
    maak_certificering,
    maak_organisatie,
    wijzig_organisatie,
)
from aansluitloket.models import CertificeringSoort, NieuweCertificering, NieuweOrganisatie, OrganisatieWijziging, Problem

demo = pathlib.Path(os.environ["LOKET_DEMO"])


def als(rol: str) -> AuthenticatedClient:
    token = (demo / "tokens" / f"{rol}.jwt").read_text(encoding="utf-8").strip()
    return AuthenticatedClient(base_url=os.environ["LOKET_URL"] + "/v1", token=token)


lfb = als("lfb")

# Aanmelden; herhalen met dezelfde sleutel geeft dezelfde organisatie.
sleutel, nieuw = str(uuid.uuid4()), NieuweOrganisatie(naam="Warmtenet Voorbeeldwijk", emaildomeinen=["voorbeeldwijk.example"])
eerste = maak_organisatie.sync_detailed(client=lfb, body=nieuw, idempotency_key=sleutel)
assert eerste.status_code == 201, eerste.content
tweede = maak_organisatie.sync_detailed(client=lfb, body=nieuw, idempotency_key=sleutel)
assert tweede.parsed.id == eerste.parsed.id
id_ = eerste.parsed.id

# Certificeren, als getypeerde datums en keuzes.
vandaag = datetime.date.today()
certificering = maak_certificering.sync_detailed(
    id_, client=lfb,
    body=NieuweCertificering(soort=CertificeringSoort.IMPLEMENTATIEPARTNER, geldig_van_datum=vandaag, geldig_tot_datum=vandaag.replace(year=vandaag.year + 2, day=1)),
)
assert certificering.status_code == 201, certificering.content
assert certificering.parsed.geldig_van_datum == vandaag

# Wijzigen met de versie die is gelezen; daarna is die versie oud.
gelezen = lees_organisatie.sync_detailed(id_, client=lfb)
etag = gelezen.headers["ETag"]
gewijzigd = wijzig_organisatie.sync_detailed(id_, client=lfb, body=OrganisatieWijziging(afkorting="WVW"), if_match=etag)
assert gewijzigd.status_code == 200 and gewijzigd.parsed.afkorting == "WVW", gewijzigd.content
te_laat = wijzig_organisatie.sync_detailed(id_, client=lfb, body=OrganisatieWijziging(afkorting="X"), if_match=etag)
assert te_laat.status_code == 412 and isinstance(te_laat.parsed, Problem) and te_laat.parsed.code == "versie-verouderd"

# Wie het niet mag, krijgt een getypeerd probleem.
niet = maak_organisatie.sync_detailed(client=als("waarnemer"), body=nieuw)
assert niet.status_code == 403 and isinstance(niet.parsed, Problem), niet.content

bladzijde = lijst_organisaties.sync(client=als("waarnemer"), limit=3)
assert len(bladzijde.items) == 3
print(f"gang in Python gelukt: {gewijzigd.parsed.naam}, versie {gewijzigd.parsed.versie}, {te_laat.parsed.code}")
