//! De eenmalige code van de eerste aanmelding: zij koppelt de bewezen identiteit aan de persoon die de organisatiebeheerder
//! registreerde. Zij wordt getypt in het venster dat haar vroeg; in de e-mail staat geen link.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use domain::Id;
use domain::aanmeldingen::{CODE_GELDIG, CODES_PER_DAG, CodeOordeel, EenmaligeCode, cijfers, nieuwe_code};
use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::personen::{Persoon, PersoonStatus};
use serde_json::json;
use store::pogingen::{Poging, Stand};
use store::post::Bericht;
use store::{Actor, Change, StoreError, Tx};

use super::afronden::{self, Klaar, Ronde};
use super::bewijs::Bewijs;
use super::bezoek::{Bezoek, Bladzijde, Kader, Uit, Velden, oorsprong, veld, velden};
use super::fout::{Fout, toon as af};
use super::geheimen::Koekje;
use super::poging;
use crate::app::App;
use crate::problem::{self, Problem};

#[derive(Template)]
#[template(path = "code.html")]
struct Bladcode {
    k: Kader,
    poging: Id,
    csrf: String,
    adres: String,
    opnieuw: bool,
    fout: Option<String>,
}

/// Of er een code op de post ging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verstuurd {
    Ja,
    /// Naar dit adres gingen vandaag al te veel codes.
    TeVeel,
}

/// De hash van een code: met onze sleutel, en alleen goed voor deze persoon in deze poging.
fn code_hash(app: &App, poging: Id, persoon: Id, code: &str) -> String {
    app.aanmelden.geheimen.teken("eenmalige-code", &[&poging.to_string(), &persoon.to_string(), code])
}

/// Of de ingevoerde cijfers bij een uitstaande code horen, in vaste tijd.
fn code_klopt(app: &App, code: &EenmaligeCode, cijfers: &str) -> bool {
    let (poging, persoon) = (code.poging_id.to_string(), code.persoon_id.to_string());
    app.aanmelden.geheimen.klopt("eenmalige-code", &[&poging, &persoon, cijfers], &code.code_hash)
}

/// Maakt een code, maakt een eerdere ongeldig en zet het bericht op de post: alles in deze transactie.
pub(super) fn verstuur(tx: &mut Tx<'_>, app: &App, poging: &Poging, persoon: &Persoon) -> Result<Verstuurd, StoreError> {
    let adres_hash = app.aanmelden.geheimen.teken("adres", &[&persoon.email]);
    let nu = tx.now();
    if store::pogingen::codes_verstuurd(tx.conn(), &adres_hash, nu)? >= CODES_PER_DAG {
        return Ok(Verstuurd::TeVeel);
    }
    let code = nieuwe_code(&app.rng);
    let verloopt_op = nu + CODE_GELDIG;
    let hash = code_hash(app, poging.id, persoon.id, &code);
    store::pogingen::code_zet(tx, &EenmaligeCode { persoon_id: persoon.id, poging_id: poging.id, code_hash: hash, pogingen: 0, verloopt_op })?;
    store::pogingen::code_verstuurd(tx, &adres_hash)?;
    let (links, rechts) = code.split_at(4);
    let tekst = format!(
        "Beste {},\r\n\r\nUw code om u voor het eerst aan te melden bij het Aansluitloket is:\r\n\r\n    {links} {rechts}\r\n\r\n\
         Typ deze code over in het venster waarin u zich aanmeldt. De code geldt tien minuten.\r\n\r\n\
         Hebt u zich niet aangemeld? Dan hoeft u niets te doen: zonder deze code gebeurt er niets. Geef de code aan niemand.\r\n\r\n\
         Your code to sign in to Aansluitloket for the first time is {links} {rechts}. It is valid for ten minutes.\r\n",
        persoon.naam
    );
    store::post::plaats(
        tx,
        &Bericht { aan: persoon.email.clone(), onderwerp: "Uw code voor het Aansluitloket".to_owned(), tekst, verloopt_op: Some(verloopt_op) },
    )?;
    tx.record(Change {
        handeling: "eenmalige-code.verstuurd",
        onderwerp_soort: "persoon",
        onderwerp_id: persoon.id.to_string(),
        organisatie_id: Some(persoon.organisatie_id),
        na: Some(json!({ "verlooptOp": verloopt_op })),
        ..Change::default()
    })?;
    Ok(Verstuurd::Ja)
}

fn csrf(bezoek: &Bezoek, poging: Id) -> String {
    let browser = bezoek.lees(Koekje::Browser).unwrap_or_default();
    bezoek.geheimen().teken("csrf", &[&browser, &poging.to_string()])
}

fn csrf_klopt(bezoek: &Bezoek, poging: Id, gegeven: Option<&str>) -> bool {
    let browser = bezoek.lees(Koekje::Browser).unwrap_or_default();
    gegeven.is_some_and(|gegeven| !browser.is_empty() && bezoek.geheimen().klopt("csrf", &[&browser, &poging.to_string()], gegeven))
}

/// Genoeg van het adres om te weten welke postbus het is.
fn gemaskeerd(email: &str) -> String {
    let (lokaal, domein) = email.split_once('@').unwrap_or((email, ""));
    let eerste: String = lokaal.chars().take(1).collect();
    format!("{eerste}•••@{domein}")
}

/// Wat er op de bladzijde te melden is.
#[derive(Default)]
struct Melding {
    fout: Option<String>,
    opnieuw: bool,
}

async fn bladzijde(bezoek: &Bezoek, poging: &Poging, melding: Melding) -> Result<Uit, Fout> {
    let wie = poging.persoon_id.ok_or_else(|| problem::fout("poging met code zonder persoon"))?;
    let persoon = bezoek.app.store.read_point(move |conn| -> Result<_, StoreError> { store::personen::get(conn, wie) }).await.map_err(Problem::from)?;
    let adres = persoon.map(|persoon| gemaskeerd(&persoon.email)).unwrap_or_default();
    let mislukt = melding.fout.is_some();
    let inhoud = Bladcode { k: bezoek.kader(!mislukt), poging: poging.id, csrf: csrf(bezoek, poging.id), adres, opnieuw: melding.opnieuw, fout: melding.fout };
    let naar = poging::verzoek(poging)?.terugweg.redirect_uri;
    let status = if mislukt { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(Uit::Bladzijde(Bladzijde { status, formulier_naar: oorsprong(&naar).into_iter().collect(), ..Bladzijde::van(&inhoud)? }))
}

pub(super) async fn toon(app: Data<App>, req: HttpRequest) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let id = veld(&bezoek.query, "poging").map(str::to_owned);
    let opnieuw = veld(&bezoek.query, "opnieuw").is_some();
    let uit = match poging::laad(&mut bezoek, id.as_deref(), &[Stand::Code]).await {
        Ok(poging) => bladzijde(&bezoek, &poging, Melding { opnieuw, fout: None }).await,
        Err(fout) => Err(fout),
    };
    af(bezoek, uit).await
}

/// De poging van een formulier, als het formulier van deze browser komt.
async fn van_formulier(bezoek: &mut Bezoek, formulier: &Velden) -> Result<Poging, Fout> {
    let poging = poging::laad(bezoek, veld(formulier, "poging"), &[Stand::Code]).await?;
    if csrf_klopt(bezoek, poging.id, veld(formulier, "csrf")) { Ok(poging) } else { Err(poging::verlopen()) }
}

pub(super) async fn opnieuw(app: Data<App>, req: HttpRequest, body: Bytes) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let uit = nog_een(&mut bezoek, &velden(&body)).await;
    af(bezoek, uit).await
}

async fn nog_een(bezoek: &mut Bezoek, formulier: &Velden) -> Result<Uit, Fout> {
    let poging = van_formulier(bezoek, formulier).await?;
    let (app, eigen) = (bezoek.app.clone(), poging.clone());
    let actor = Actor { organisatie_id: poging.organisatie_id, ..Actor::default() };
    let verstuurd = bezoek.app.store.write(actor, bezoek.nu, bezoek.traceparent(), move |tx| {
        let Some(persoon) = te_koppelen(tx, &eigen)? else { return Ok(None) };
        Ok::<_, Problem>(Some(verstuur(tx, &app, &eigen, &persoon)?))
    });
    match verstuurd.await? {
        Some(Verstuurd::Ja) => Ok(Uit::Naar(format!("/oidc/aanmelden/code?poging={}&opnieuw=ja", poging.id))),
        Some(Verstuurd::TeVeel) => {
            let fout = Some(bezoek.taal.woorden().code_te_veel.to_owned());
            bladzijde(bezoek, &poging, Melding { fout, opnieuw: false }).await
        }
        None => Err(Fout::bij(Diagnose::new(DiagnoseCode::PersoonNietGeregistreerd), poging)),
    }
}

/// De persoon van een poging, als die nog te koppelen is.
fn te_koppelen(tx: &mut Tx<'_>, poging: &Poging) -> Result<Option<Persoon>, StoreError> {
    let Some(wie) = poging.persoon_id else { return Ok(None) };
    let persoon = store::personen::get(tx.conn(), wie)?;
    Ok(persoon.filter(|persoon| matches!(persoon.status, PersoonStatus::Uitgenodigd | PersoonStatus::Actief)))
}

pub(super) async fn bevestig(app: Data<App>, req: HttpRequest, body: Bytes) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let uit = ingevoerd(&mut bezoek, &velden(&body)).await;
    af(bezoek, uit).await
}

/// Hoe een ingevoerde code afloopt.
enum Afloop {
    Klaar(Klaar),
    Oordeel(CodeOordeel),
    Nee(DiagnoseCode),
}

async fn ingevoerd(bezoek: &mut Bezoek, formulier: &Velden) -> Result<Uit, Fout> {
    let poging = van_formulier(bezoek, formulier).await?;
    let w = bezoek.taal.woorden();
    let Some(code) = veld(formulier, "code").and_then(cijfers) else {
        return bladzijde(bezoek, &poging, Melding { fout: Some(w.code_vorm.to_owned()), opnieuw: false }).await;
    };
    let bewijs = Bewijs::van_poging(&poging)?.ok_or_else(poging::verlopen)?;
    let ronde = Ronde::van(bezoek, &poging).await?;
    let stap = Stap { app: bezoek.app.clone(), poging: poging.clone(), bewijs: bewijs.clone(), code, ronde };
    let actor = Actor { persoon_id: poging.persoon_id, toepassing_id: None, organisatie_id: poging.organisatie_id };
    let afloop = bezoek.app.store.write(actor, bezoek.nu, bezoek.traceparent(), move |tx| stap.zet(tx)).await?;
    let fout = match afloop {
        Afloop::Klaar(klaar) => return afronden::antwoord(bezoek, klaar),
        Afloop::Nee(code) => return Err(Fout::met_bewijs(Diagnose::new(code), poging, bewijs)),
        Afloop::Oordeel(CodeOordeel::Fout { over }) if over > 0 => format!("{} {over}.", w.code_fout),
        Afloop::Oordeel(_) => w.code_dood.to_owned(),
    };
    bladzijde(bezoek, &poging, Melding { fout: Some(fout), opnieuw: false }).await
}

struct Stap {
    app: Data<App>,
    poging: Poging,
    bewijs: Bewijs,
    code: String,
    ronde: Ronde,
}

impl Stap {
    /// Eén transactie: tellen of verbruiken, koppelen, aanmelden.
    fn zet(&self, tx: &mut Tx<'_>) -> Result<Afloop, Problem> {
        let Some(persoon) = te_koppelen(tx, &self.poging)? else { return Ok(Afloop::Nee(DiagnoseCode::PersoonGeblokkeerd)) };
        let Some(code) = store::pogingen::code_get(tx.conn(), persoon.id)? else { return Ok(Afloop::Oordeel(CodeOordeel::Dood)) };
        let klopt = code_klopt(&self.app, &code, &self.code);
        let oordeel = code.oordeel(self.poging.id, klopt, tx.now());
        match oordeel {
            CodeOordeel::Dood => Ok(Afloop::Oordeel(oordeel)),
            // Telt een ander verzoek tegelijk, dan telt deze poging niet als vrij: zij is verloren.
            CodeOordeel::Fout { .. } => Ok(Afloop::Oordeel(if store::pogingen::code_tel(tx, &code)? { oordeel } else { CodeOordeel::Dood })),
            CodeOordeel::Goed if !store::pogingen::code_verbruik(tx, &code)? => Ok(Afloop::Oordeel(CodeOordeel::Dood)),
            CodeOordeel::Goed => self.koppel(tx, &persoon),
        }
    }

    fn koppel(&self, tx: &mut Tx<'_>, persoon: &Persoon) -> Result<Afloop, Problem> {
        let (issuer, sub) = self.bewijs.identiteit();
        if store::kiezer::heeft_identiteit(tx.conn(), issuer, persoon.id)? {
            return Ok(Afloop::Nee(DiagnoseCode::IdentiteitGewijzigd));
        }
        store::personen::koppel(tx, issuer, sub, persoon.id)?;
        tx.record(Change {
            handeling: "identiteit.gekoppeld",
            onderwerp_soort: "persoon",
            onderwerp_id: persoon.id.to_string(),
            organisatie_id: Some(persoon.organisatie_id),
            na: Some(json!({ "issuer": issuer })),
            ..Change::default()
        })?;
        let klaar = afronden::aangemeld(tx, &self.ronde, &self.poging, &self.bewijs, persoon)?;
        Ok(klaar.map_or(Afloop::Oordeel(CodeOordeel::Dood), Afloop::Klaar))
    }
}

#[cfg(test)]
mod tests {
    use super::gemaskeerd;

    #[test]
    fn van_het_adres_is_alleen_te_zien_welke_postbus_het_is() {
        assert_eq!(gemaskeerd("lotte@voorbeeld.example"), "l•••@voorbeeld.example");
        assert_eq!(gemaskeerd(""), "•••@");
    }
}
