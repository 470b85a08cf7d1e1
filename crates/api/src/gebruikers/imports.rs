//! Imports van een gebruikerslijst: eerst alles lezen en keuren, dan alles of niets vastleggen.

use std::sync::Arc;

use actix_web::web::Payload;
use domain::gebruikers::{Gebruikersimport, ImportStatus, Kolommen, Lijstrij, Lijstwijziging, NieuweGebruiker, Rijfout, Rijkeuring, verwerk};
use serde_json::json;
use store::Tx;
use stukken::tabel::{Lezer, Tabelfout};

use super::Tabel;
use crate::invoer::Bestand;
use crate::prelude::*;
use crate::problem::Veldfout;
use crate::{tabelbestand, van_organisatie, volgen};

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(importeer_gebruikers).service(lijst_gebruikersimports).service(lees_gebruikersimport);
}

/// Grootste bestand; het document noemt hetzelfde getal in `x-max-body`.
const GROOTSTE: usize = 16 * 1024 * 1024;
/// Zo vaak laat een import weten dat hij nog loopt; ruim binnen [`domain::gebruikers::STIL`].
const TEKEN_VAN_LEVEN: std::time::Duration = std::time::Duration::from_secs(5);
/// Na zoveel rijen melden wij hoe ver wij zijn.
const PER_MELDING: usize = 1_000;

/// Hoe te importeren.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Importwijze {
    /// Alleen bekijken hoe het zou gaan; er verandert niets.
    pub proef: Option<bool>,
}

/// Importeert een gebruikerslijst uit CSV of een werkmap (XLSX).
///
/// De eerste rij noemt de kolommen: `naam` en `e-mail` (verplicht), `telefoon`, `functie`, `beoogd profiel`. Een kolom die er niet is,
/// laat bestaande gegevens staan. Gebruikers worden herkend aan hun e-mailadres; dezelfde lijst nog eens verandert niets.
/// Het antwoord komt meteen; volg de import op het adres in `Location` tot hij niet meer `bezig` is. Bij één fout verandert er niets.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie"), Importwijze),
    request_body(content((Tabel = "text/csv"), (Tabel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 201, description = "De import, die nu begint", body = Gebruikersimport)),
    security(("toegang" = ["gebruikers:schrijven"])),
    extensions(("x-actie" = json!("gebruiker.beheren")), ("x-max-body" = json!(16777216))),
)]
#[post("/organisaties/{id}/gebruikersimports")]
pub(crate) async fn importeer_gebruikers(app: Data<App>, caller: Caller, id: Path<Id>, wijze: Query<Importwijze>, payload: Payload) -> Result<Answer, Problem> {
    let (id, gate, proef) = (id.into_inner(), app.gate(&caller), wijze.proef.unwrap_or(false));
    // Eerst wie, dan wat: wie dit niet mag, hoeft ons geen bestand te sturen.
    app.store.read(move |conn| gate.may(Action::GebruikerBeheren, &van_organisatie::laad(conn, id)?)).await?;
    let bestand = Arc::new(Bestand::ontvang(payload, GROOTSTE).await?);
    let lezer = tabelbestand::open(Arc::clone(&bestand)).await?;
    let indeling = Indeling::uit(lezer.koprij(), lezer.koppen())?;
    let import = begin(&app, &caller, id, (proef, bestand.sha256.clone())).await?;
    let antwoord = Answer::created(&import, format!("/organisaties/{id}/gebruikersimports/{}", import.id))?;
    drop(actix_web::rt::spawn(Import { app, caller, import, indeling, _bestand: bestand }.uitvoeren(lezer)));
    antwoord.done()
}

/// Geeft de imports van een organisatie.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie"), BladParams),
    responses((status = 200, description = "Een bladzijde van imports", body = Lijst<Gebruikersimport>)),
    security(("toegang" = ["gebruikers:lezen"])),
    extensions(("x-actie" = json!("gebruiker.lezen"))),
)]
#[get("/organisaties/{id}/gebruikersimports")]
pub(crate) async fn lijst_gebruikersimports(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page, nu) = (id.into_inner(), app.gate(&caller), blad.page()?, app.clock.now());
    let mut gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            gate.may(Action::GebruikerLezen, &van_organisatie::laad(conn, id)?)?;
            Ok(store::gebruikers::list_imports(conn, id, &page)?)
        })
        .await?;
    gevonden.items = gevonden.items.into_iter().map(|import| import.op(nu)).collect();
    blad.bladzijde(&gevonden)
}

/// Geeft één import: hoe ver hij is, en zijn verslag per rij en kolom.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("importId" = Id, Path, description = "Id van de import")),
    responses((status = 200, description = "De import", body = Gebruikersimport)),
    security(("toegang" = ["gebruikers:lezen"])),
    extensions(("x-actie" = json!("gebruiker.lezen"))),
)]
#[get("/organisaties/{id}/gebruikersimports/{importId}")]
pub(crate) async fn lees_gebruikersimport(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let ((id, import), gate, nu) = (pad.into_inner(), app.gate(&caller), app.clock.now());
    let gevonden = app
        .store
        .read_point(move |conn| -> Result<_, Problem> {
            gate.may(Action::GebruikerLezen, &van_organisatie::laad(conn, id)?)?;
            store::gebruikers::get_import(conn, import)?.filter(|i| i.organisatie_id == id).ok_or_else(problem::niet_gevonden)
        })
        .await?;
    Answer::ok(&gevonden.op(nu))?.done()
}

/// Welke kolom waar staat.
#[derive(Clone, Debug)]
struct Indeling {
    naam: usize,
    email: usize,
    telefoon: Option<usize>,
    functie: Option<usize>,
    profiel: Option<usize>,
}

const BEKEND: &str = "naam, e-mail, telefoon, functie, beoogd profiel";

impl Indeling {
    fn uit(koprij: u32, koppen: &[String]) -> Result<Self, Problem> {
        let mut fouten = Vec::new();
        let [mut naam, mut email, mut telefoon, mut functie, mut profiel] = [None; 5];
        for (plek, kop) in koppen.iter().enumerate() {
            let doel = match kop.as_str() {
                "naam" => &mut naam,
                "e-mail" | "email" | "e-mailadres" => &mut email,
                "telefoon" | "telefoonnummer" => &mut telefoon,
                "functie" => &mut functie,
                "beoogd profiel" | "beoogdprofiel" | "profiel" => &mut profiel,
                _ => {
                    let detail = format!("De kolom '{kop}' kennen wij niet; haal haar weg. Bekend zijn: {BEKEND}.");
                    fouten.push(Veldfout::body(format!("/{koprij}/{}", plek + 1), "kolom-onbekend", detail));
                    continue;
                }
            };
            if doel.replace(plek).is_some() {
                fouten.push(Veldfout::body(
                    format!("/{koprij}/{}", plek + 1),
                    "kolom-dubbel",
                    format!("De kolom '{kop}' staat er onder een andere naam ook al."),
                ));
            }
        }
        for (kolom, gevonden) in [("naam", naam), ("e-mail", email)] {
            if gevonden.is_none() {
                fouten.push(Veldfout::body(
                    format!("/{koprij}"),
                    "kolom-ontbreekt",
                    format!("De kolom '{kolom}' ontbreekt. De eerste rij noemt de kolommen: {BEKEND}."),
                ));
            }
        }
        match (naam, email) {
            (Some(naam), Some(email)) if fouten.is_empty() => Ok(Self { naam, email, telefoon, functie, profiel }),
            _ => Err(fouten.into()),
        }
    }

    const fn kolommen(&self) -> Kolommen {
        Kolommen { telefoon: self.telefoon.is_some(), functie: self.functie.is_some(), beoogd_profiel: self.profiel.is_some() }
    }

    fn rij(&self, rij: u32, cellen: &[String]) -> Lijstrij {
        let cel = |plek: usize| cellen.get(plek).map(|cel| cel.trim().to_owned()).unwrap_or_default();
        let mag_leeg = |plek: Option<usize>| plek.map(cel).filter(|tekst| !tekst.is_empty());
        let gegevens = NieuweGebruiker {
            naam: cel(self.naam),
            email: cel(self.email),
            telefoon: mag_leeg(self.telefoon),
            functie: mag_leeg(self.functie),
            beoogd_profiel: mag_leeg(self.profiel),
        };
        Lijstrij { rij, gegevens }
    }
}

/// Legt vast dat een import begint; één tegelijk per organisatie.
async fn begin(app: &App, caller: &Caller, organisatie: Id, (proef, sha256): (bool, String)) -> Result<Gebruikersimport, Problem> {
    let (nu, door) = (app.clock.now(), caller.persoon().map(|p| p.id));
    app.store
        .write(caller.actor(), nu, Some(caller.trace().header()), move |tx| -> Result<_, Problem> {
            if let Some(lopend) = store::gebruikers::lopende_import(tx.conn(), organisatie)? {
                if lopend.clone().op(nu).status == ImportStatus::Bezig {
                    return Err(problem::conflict("import-loopt-al", "Er loopt al een import van deze lijst. Wacht tot die klaar is."));
                }
                store::gebruikers::sluit_import(tx, &Gebruikersimport { status: ImportStatus::Afgebroken, ..lopend })?;
            }
            let import = Gebruikersimport {
                id: tx.nieuw_id(),
                organisatie_id: organisatie,
                status: ImportStatus::Bezig,
                proef,
                sha256: sha256.clone(),
                gelezen: 0,
                nieuw: 0,
                gewijzigd: 0,
                ongewijzigd: 0,
                aantal_fouten: 0,
                fouten: Vec::new(),
                door_persoon_id: door,
                aangemaakt_op: nu,
                gewijzigd_op: nu,
            };
            store::gebruikers::insert_import(tx, &import)?;
            tx.record(organisatie_van("gebruikersimport.begonnen", "gebruikersimport", import.id, Some(organisatie), None, Some(&spoor(&import)))?)?;
            Ok(import)
        })
        .await
}

/// Wat de audit van een import bewaart: aantallen, geen gegevens.
fn spoor(i: &Gebruikersimport) -> serde_json::Value {
    json!({
        "status": i.status, "proef": i.proef, "sha256": i.sha256, "gelezen": i.gelezen,
        "nieuw": i.nieuw, "gewijzigd": i.gewijzigd, "ongewijzigd": i.ongewijzigd, "aantalFouten": i.aantal_fouten,
    })
}

/// Een import die loopt.
struct Import {
    app: Data<App>,
    caller: Caller,
    import: Gebruikersimport,
    indeling: Indeling,
    /// Het bestand blijft op schijf zolang er gelezen wordt.
    _bestand: Arc<Bestand>,
}

impl Import {
    async fn uitvoeren(mut self, lezer: Lezer) {
        let id = self.import.id;
        let hartslag = actix_web::rt::spawn(leeft(self.app.clone(), id));
        let gegaan = self.stappen(lezer).await;
        hartslag.abort();
        if let Err(oorzaak) = gegaan {
            tracing::error!(%oorzaak, import = %id, "import afgebroken");
            self.import.status = ImportStatus::Afgebroken;
            if let Err(oorzaak) = self.sluit(Vec::new()).await {
                tracing::error!(%oorzaak, import = %id, "import niet afgesloten");
            }
        }
    }

    async fn stappen(&mut self, lezer: Lezer) -> Result<(), Problem> {
        let keuring = self.lees(lezer).await?;
        self.import.aantal_fouten = keuring.aantal_fouten;
        self.import.fouten = keuring.fouten;
        self.import.status = match (keuring.aantal_fouten, self.import.proef) {
            (0, false) => ImportStatus::Uitgevoerd,
            (0, true) => ImportStatus::Proef,
            _ => ImportStatus::Afgekeurd,
        };
        self.sluit(keuring.rijen).await
    }

    /// Leest en keurt alle rijen, en meldt onderweg hoe ver het is.
    async fn lees(&mut self, mut lezer: Lezer) -> Result<Rijkeuring, Problem> {
        let mut keuring = Rijkeuring::default();
        loop {
            let indeling = self.indeling.clone();
            let blok = actix_web::web::block(move || {
                let gelezen = lees_blok(&mut lezer, &indeling, &mut keuring);
                (lezer, keuring, gelezen)
            });
            let gelezen;
            (lezer, keuring, gelezen) = blok.await.map_err(problem::fout)?;
            self.import.gelezen += i64::try_from(gelezen).unwrap_or_default();
            if gelezen < PER_MELDING {
                return Ok(keuring);
            }
            self.app.store.import_voortgang(self.import.id, self.import.gelezen, self.app.clock.now()).await?;
        }
    }

    /// Legt de lijst en het verslag samen vast.
    async fn sluit(&self, rijen: Vec<Lijstrij>) -> Result<(), Problem> {
        let gate = self.app.gate(&self.caller);
        let (import, kolommen, nu) = (self.import.clone(), self.indeling.kolommen(), self.app.clock.now());
        self.app
            .store
            .write(self.caller.actor(), nu, Some(self.caller.trace().header()), move |tx| -> Result<_, Problem> {
                let wijziging = wat_verandert(tx, &import, &rijen, kolommen)?;
                let aantal = |n: usize| i64::try_from(n).unwrap_or_default();
                let klaar = Gebruikersimport {
                    nieuw: aantal(wijziging.nieuw.len()),
                    gewijzigd: aantal(wijziging.gewijzigd.len()),
                    ongewijzigd: wijziging.ongewijzigd,
                    gewijzigd_op: nu,
                    ..import.clone()
                };
                if !store::gebruikers::sluit_import(tx, &klaar)? {
                    return Err(problem::conflict("import-gesloten", "Deze import liep niet meer."));
                }
                if klaar.status == ImportStatus::Uitgevoerd {
                    store::gebruikers::leg_vast(tx, &wijziging)?;
                    volgen::bijwerken(tx, klaar.organisatie_id, gate.caller().id())?;
                }
                let gewijzigd: Vec<_> = wijziging.gewijzigd.iter().map(|(_, g)| g.id).collect();
                let na = super::met(spoor(&klaar), "gewijzigdeGebruikers", json!(gewijzigd));
                tx.record(organisatie_van("gebruikersimport.afgerond", "gebruikersimport", klaar.id, Some(klaar.organisatie_id), None, Some(&na))?)?;
                Ok(())
            })
            .await
    }
}

/// Geeft om de paar seconden een teken van leven, ook als een blok of het vastleggen lang duurt: valt dit proces weg, dan is dat snel te zien.
async fn leeft(app: Data<App>, import: Id) {
    loop {
        actix_web::rt::time::sleep(TEKEN_VAN_LEVEN).await;
        if let Err(oorzaak) = app.store.import_leeft(import, app.clock.now()).await {
            tracing::warn!(%oorzaak, %import, "geen teken van leven van een import");
        }
    }
}

fn wat_verandert(tx: &mut Tx<'_>, import: &Gebruikersimport, rijen: &[Lijstrij], kolommen: Kolommen) -> Result<Lijstwijziging, Problem> {
    if !matches!(import.status, ImportStatus::Uitgevoerd | ImportStatus::Proef) {
        return Ok(Lijstwijziging::default());
    }
    let (nu, bestaand) = (tx.now(), store::gebruikers::alle(tx.conn(), import.organisatie_id)?);
    Ok(verwerk(&bestaand, rijen.to_vec(), kolommen, |gegevens| gegevens.gekeurd(tx.nieuw_id(), import.organisatie_id, nu), nu))
}

/// Leest een blok rijen; wat niet te lezen is, is een fout in het verslag en het einde van het lezen.
fn lees_blok(lezer: &mut Lezer, indeling: &Indeling, keuring: &mut Rijkeuring) -> usize {
    for gelezen in 0..PER_MELDING {
        match lezer.volgende() {
            Ok(Some((nummer, cellen))) => keuring.neem(indeling.rij(nummer, &cellen)),
            Ok(None) => return gelezen,
            Err(Tabelfout { code, detail, rij }) => {
                keuring.fout(Rijfout { rij: rij.unwrap_or(1), kolom: String::new(), code: code.to_owned(), detail });
                return gelezen;
            }
        }
    }
    PER_MELDING
}
