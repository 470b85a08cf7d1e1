//! `/oidc/authorize`: het verzoek van een portaal. Een lopende sessie die voldoet, geeft meteen een code; anders begint een
//! aanmelding (OIDC Core, 3.1.2).

use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use domain::Id;
use domain::personen::PersoonStatus;
use domain::sessies::Sessie;
use domain::toepassingen::Toepassing;
use provider::authorize::{AuthorizeFout, GeldigVerzoek, Prompt};
use store::pogingen::Stand;
use store::{Actor, Conn, StoreError};

use super::bezoek::{Bezoek, Uit, Velden, veld, velden};
use super::fout::{Fout, toon};
use super::geheimen::{self, Koekje};
use super::{afronden, heen, poging, portaal};
use crate::app::App;
use crate::problem::Problem;

/// GET: de browser komt van het portaal en brengt zijn cookies mee.
pub(super) async fn authorize(app: Data<App>, req: HttpRequest) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let params = bezoek.query.clone();
    let uit = vraag(&mut bezoek, &params).await;
    toon(bezoek, uit).await
}

/// POST: een formulier van een ander domein komt zonder onze cookies. Het verzoek wordt beoordeeld en klaargezet; de browser
/// haalt het daarna zelf op, en brengt zijn sessie dan wel mee.
pub(super) async fn authorize_formulier(app: Data<App>, req: HttpRequest, body: Bytes) -> HttpResponse {
    let bezoek = Bezoek::nieuw(&app, &req);
    let soort = req.headers().get(header::CONTENT_TYPE).and_then(|kop| kop.to_str().ok()).unwrap_or_default();
    let uit = if soort.split(';').next().is_some_and(|soort| soort.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        klaarzetten(&bezoek, &velden(&body)).await
    } else {
        Err(Fout::Portaal(Box::new(AuthorizeFout::pagina("invalid_request", "Stuur het verzoek als formulier (application/x-www-form-urlencoded)."))))
    };
    toon(bezoek, uit).await
}

async fn klaarzetten(bezoek: &Bezoek, params: &Velden) -> Result<Uit, Fout> {
    let (_, verzoek) = portaal::lees(bezoek, params).await?;
    let poging = poging::nieuw(bezoek, &verzoek, String::new())?;
    let naar = format!("/oidc/aanmelden/verder?poging={}", poging.id);
    let klaar = bezoek.app.store.write(Actor::default(), bezoek.nu, bezoek.traceparent(), move |tx| store::pogingen::insert(tx, &poging));
    klaar.await.map_err(Problem::from)?;
    Ok(Uit::Naar(naar))
}

/// Haalt op wat een formulier klaarzette; de eerste browser die komt, neemt het mee.
pub(super) async fn verder(app: Data<App>, req: HttpRequest) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let uit = opgehaald(&mut bezoek).await;
    toon(bezoek, uit).await
}

async fn opgehaald(bezoek: &mut Bezoek) -> Result<Uit, Fout> {
    let id: Id = veld(&bezoek.query, "poging").and_then(|id| id.parse().ok()).ok_or_else(poging::verlopen)?;
    let gevonden = bezoek.app.store.read_point(move |conn| -> Result<_, StoreError> { store::pogingen::get(conn, id) }).await.map_err(Problem::from)?;
    let oud = gevonden.filter(|p| p.browser_hash.is_empty() && p.stand == Stand::Kiezen && p.verloopt_op > bezoek.nu).ok_or_else(poging::verlopen)?;
    let verzoek = poging::verzoek(&oud)?;
    let klaar = store::pogingen::Poging { stand: Stand::Klaar, ..oud.clone() };
    let eerste = bezoek.app.store.write(Actor::default(), bezoek.nu, bezoek.traceparent(), move |tx| store::pogingen::verder(tx, &oud, &klaar));
    if !eerste.await.map_err(Problem::from)? {
        return Err(poging::verlopen());
    }
    let toepassing = portaal::toepassing(&bezoek.app, &verzoek).await?;
    door(bezoek, &toepassing, verzoek).await
}

async fn vraag(bezoek: &mut Bezoek, params: &Velden) -> Result<Uit, Fout> {
    let (toepassing, verzoek) = portaal::lees(bezoek, params).await?;
    door(bezoek, &toepassing, verzoek).await
}

/// Wat er met een geldig verzoek moet gebeuren.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Besluit {
    /// De sessie voldoet.
    Code,
    /// De persoon moet naar de eigen organisatie.
    Aanmelden,
    /// Dat mag niet zonder een bladzijde, en het portaal wil er geen.
    Stil(&'static str, &'static str),
}

/// Beslist, zonder iets te doen (OIDC Core, 3.1.2.3 en 3.1.2.6).
fn besluit(verzoek: &GeldigVerzoek, sessie: Option<&Sessie>, zelfde: bool, nu: domain::Moment) -> Besluit {
    let kiezen = verzoek.prompt.contains(&Prompt::SelectAccount);
    match sessie {
        Some(sessie)
            if zelfde
                && !verzoek.opnieuw_aanmelden()
                && !kiezen
                && verzoek.vers_genoeg(sessie.auth_time, nu)
                && verzoek.sterk_genoeg(sessie.acr.as_deref()) =>
        {
            Besluit::Code
        }
        _ if !verzoek.stil() => Besluit::Aanmelden,
        None => Besluit::Stil("login_required", "Er is geen lopende sessie."),
        Some(_) if !zelfde => Besluit::Stil("login_required", "De lopende sessie is van een andere persoon dan het portaal verwacht."),
        Some(sessie) if !verzoek.vers_genoeg(sessie.auth_time, nu) => Besluit::Stil("login_required", "De aanmelding is ouder dan max_age toelaat."),
        Some(_) => Besluit::Stil("interaction_required", "De sessie is niet sterk genoeg voor dit verzoek."),
    }
}

async fn door(bezoek: &mut Bezoek, toepassing: &Toepassing, verzoek: GeldigVerzoek) -> Result<Uit, Fout> {
    bezoek.volg_taal(&verzoek.ui_locales);
    let sessie = lopende_sessie(bezoek).await?;
    let zelfde = match &sessie {
        Some(sessie) => portaal::verwacht_deze(&bezoek.app, toepassing, &verzoek, sessie)?,
        None => true,
    };
    match besluit(&verzoek, sessie.as_ref(), zelfde, bezoek.nu) {
        Besluit::Code => match sessie {
            Some(sessie) => afronden::met_sessie(bezoek, sessie, verzoek).await,
            None => Err(poging::verlopen()),
        },
        Besluit::Stil(error, uitleg) => Err(Fout::Portaal(Box::new(AuthorizeFout::terug(&verzoek.terugweg, error, uitleg)))),
        Besluit::Aanmelden => {
            let verder_met = sessie.filter(|_| !verzoek.prompt.contains(&Prompt::SelectAccount));
            heen::beginnen(bezoek, verzoek, verder_met).await
        }
    }
}

/// De sessie van deze browser, als die nu telt en de persoon nog mag werken.
pub(super) async fn lopende_sessie(bezoek: &Bezoek) -> Result<Option<Sessie>, Problem> {
    let Some(geheim) = bezoek.lees(Koekje::Sessie) else { return Ok(None) };
    let (hash, nu) = (geheimen::hash(&geheim), bezoek.nu);
    let gevonden = bezoek.app.store.read_point(move |conn: &mut Conn| -> Result<_, StoreError> {
        let Some(sessie) = store::sessies::by_geheim(conn, &hash)?.filter(|sessie| sessie.geldt(nu)) else { return Ok(None) };
        let persoon = store::personen::get(conn, sessie.persoon_id)?;
        Ok(persoon.filter(|persoon| persoon.status == PersoonStatus::Actief).map(|_| sessie))
    });
    Ok(gevonden.await?)
}

#[cfg(test)]
mod tests;
