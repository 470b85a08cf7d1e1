//! Op weg naar de identiteitsprovider van de gekozen organisatie (OIDC Core, 3.1.2.1; RFC 7636).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Id;
use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::sessies::Sessie;
use federation::Vertrek;
use provider::authorize::GeldigVerzoek;
use sha2::{Digest, Sha256};
use store::pogingen::{Poging, Stand};
use store::{Actor, Conn, StoreError};
use url::form_urlencoded;

use super::bezoek::{Bezoek, Uit, veld};
use super::fout::{Fout, toon};
use super::geheimen::{self, Koekje};
use super::poging::{self, Heenweg};
use crate::app::App;
use crate::problem::{self, Problem};

/// Begint een aanmelding: meteen naar de organisatie als die zeker is, anders eerst kiezen.
pub(super) async fn beginnen(bezoek: &mut Bezoek, verzoek: GeldigVerzoek, sessie: Option<Sessie>) -> Result<Uit, Fout> {
    let bestemming = bestemming(bezoek, &verzoek, sessie.as_ref()).await?;
    let browser = bezoek.browser();
    let poging = poging::nieuw(bezoek, &verzoek, browser)?;
    let (poging, adres) = match bestemming {
        Bestemming::Zeker(idp) => vertrek(bezoek, &poging, &verzoek, idp).await?,
        Bestemming::Welke(organisatie) => {
            let naar = welke(poging.id, organisatie);
            (poging, naar)
        }
        // Hoort een domein bij geen of bij meer organisaties, dan kiest de persoon zelf; de bladzijde is altijd dezelfde.
        Bestemming::Onbekend => {
            let naar = adres("/oidc/aanmelden/kiezen", &[("poging", &poging.id.to_string())]);
            (poging, naar)
        }
    };
    let klaar = bezoek.app.store.write(Actor::default(), bezoek.nu, bezoek.traceparent(), move |tx| store::pogingen::insert(tx, &poging));
    klaar.await.map_err(Problem::from)?;
    Ok(Uit::Naar(adres))
}

/// Waar iemand heen moet.
#[derive(Clone, Copy, Debug)]
enum Bestemming {
    /// Dit is hem.
    Zeker(Idp),
    /// De organisatie is zeker, maar zij heeft meer dan één identiteitsprovider.
    Welke(Id),
    /// De persoon kiest een organisatie.
    Onbekend,
}

/// Waar het heen moet: de organisatie die het portaal noemt, waar de lopende sessie vandaan komt, of waar het domein van het
/// e-mailadres bij hoort, mits dat er precies één is. Heeft die meer identiteitsproviders, dan die van de lopende sessie.
async fn bestemming(bezoek: &Bezoek, verzoek: &GeldigVerzoek, sessie: Option<&Sessie>) -> Result<Bestemming, Fout> {
    let genoemd = verzoek.organisatie.as_deref().and_then(|tekst| tekst.parse::<Id>().ok());
    let organisatie = match genoemd.or(sessie.map(|sessie| sessie.organisatie_id)) {
        Some(id) => Some(id),
        None => van_domein(bezoek, verzoek.login_hint.as_deref()).await?,
    };
    let Some(organisatie) = organisatie else { return Ok(Bestemming::Onbekend) };
    let eerder = sessie.filter(|sessie| sessie.organisatie_id == organisatie).and_then(|sessie| sessie.identiteitsprovider_id);
    Ok(match idps_van(bezoek, organisatie).await?.as_slice() {
        [] => Bestemming::Onbekend,
        [enige] => Bestemming::Zeker(*enige),
        meer => meer.iter().find(|idp| Some(idp.id) == eerder).map_or(Bestemming::Welke(organisatie), |idp| Bestemming::Zeker(*idp)),
    })
}

async fn van_domein(bezoek: &Bezoek, login_hint: Option<&str>) -> Result<Option<Id>, Problem> {
    let Some(domein) = login_hint.and_then(|hint| hint.rsplit('@').next()).map(str::to_ascii_lowercase) else { return Ok(None) };
    let kandidaten = bezoek.app.store.read(move |conn: &mut Conn| -> Result<_, StoreError> { store::kiezer::met_domein(conn, &domein) }).await?;
    Ok(kandidaten.first().copied().filter(|_| kandidaten.len() == 1))
}

/// Een identiteitsprovider met de organisatie voor wie hij spreekt.
#[derive(Clone, Copy, Debug)]
struct Idp {
    id: Id,
    organisatie: Id,
}

/// De actieve identiteitsproviders van een organisatie.
async fn idps_van(bezoek: &Bezoek, organisatie: Id) -> Result<Vec<Idp>, Problem> {
    let gevonden = bezoek.app.idps.van_organisatie(&bezoek.app, organisatie).await?;
    Ok(gevonden.iter().map(|id| Idp { id: *id, organisatie }).collect())
}

/// De bladzijde waar iemand uit de identiteitsproviders van één organisatie kiest.
fn welke(poging: Id, organisatie: Id) -> String {
    adres("/oidc/aanmelden/kiezen", &[("poging", &poging.to_string()), ("organisatie", &organisatie.to_string())])
}

/// De persoon koos een organisatie in de lijst.
pub(super) async fn gekozen(app: Data<App>, req: HttpRequest) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let uit = naar_keuze(&mut bezoek).await;
    toon(bezoek, uit).await
}

async fn naar_keuze(bezoek: &mut Bezoek) -> Result<Uit, Fout> {
    let id = veld(&bezoek.query, "poging").map(str::to_owned);
    // Wie terugkomt met de knop 'vorige' mag opnieuw kiezen; de eerdere heenweg vervalt dan.
    let oud = poging::laad(bezoek, id.as_deref(), &[Stand::Kiezen, Stand::Onderweg]).await?;
    let organisatie: Id = veld(&bezoek.query, "organisatie").and_then(|tekst| tekst.parse().ok()).ok_or_else(poging::verlopen)?;
    let verzoek = poging::verzoek(&oud)?;
    let niet_actief = || Fout::bij(Diagnose::new(DiagnoseCode::IdpNietActief), Poging { organisatie_id: Some(organisatie), ..oud.clone() });
    let idps = idps_van(bezoek, organisatie).await?;
    let idp = match veld(&bezoek.query, "idp") {
        Some(gekozen) => idps.iter().find(|idp| idp.id.to_string() == gekozen),
        None if idps.len() > 1 => return Ok(Uit::Naar(welke(oud.id, organisatie))),
        None => idps.first(),
    };
    let idp = *idp.ok_or_else(niet_actief)?;
    let (nieuw, adres) = vertrek(bezoek, &oud, &verzoek, idp).await?;
    let klaar = bezoek.app.store.write(Actor::default(), bezoek.nu, bezoek.traceparent(), move |tx| store::pogingen::verder(tx, &oud, &nieuw));
    if !klaar.await.map_err(Problem::from)? {
        return Err(poging::verlopen());
    }
    let cookie = bezoek.keuzes().met(verzoek.client_id, organisatie, bezoek.geheimen(), bezoek.nu);
    bezoek.zet(Koekje::Keuze, &cookie);
    Ok(Uit::Naar(adres))
}

/// Maakt de heenweg: verse `state`, `nonce` en PKCE, en wat het portaal eist vertaald naar deze identiteitsprovider.
async fn vertrek(bezoek: &Bezoek, poging: &Poging, verzoek: &GeldigVerzoek, idp: Idp) -> Result<(Poging, String), Fout> {
    let (state, nonce, verifier) = (geheimen::toeval(&bezoek.app.rng), geheimen::toeval(&bezoek.app.rng), geheimen::toeval(&bezoek.app.rng));
    let max_age = if verzoek.opnieuw_aanmelden() { Some(0) } else { verzoek.max_age.and_then(|max_age| u64::try_from(max_age).ok()) };
    let redirect_uri = bezoek.app.idps.redirect_uri(idp.id);
    // Wie voor de tweede keer naar dezelfde gaat, kwam daar de eerste keer niet verder mee: op haar lopende sessie zou zij hetzelfde
    // antwoord geven.
    let nog_eens = poging.heenweg.is_some() && poging.identiteitsprovider_id == Some(idp.id);
    let wens = Vertrek {
        redirect_uri: redirect_uri.clone(),
        state: state.clone(),
        nonce: nonce.clone(),
        code_challenge: URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
        max_age,
        prompt_login: nog_eens || max_age == Some(0),
        login_hint: verzoek.login_hint.clone().filter(|hint| hint.contains('@')),
        acr_eis: verzoek.gevraagde_acr().into_iter().map(str::to_owned).collect(),
    };
    let gekozen = Poging { organisatie_id: Some(idp.organisatie), identiteitsprovider_id: Some(idp.id), ..poging.clone() };
    let (adres, versienummer) = bezoek.app.idps.vertrek(&bezoek.app, idp.id, &wens).await.map_err(|nee| Fout::idp(nee, &gekozen))?;
    let heenweg = Heenweg { nonce, code_verifier: verifier, redirect_uri, vertrokken_op: bezoek.nu, max_age, versienummer };
    let heenweg = Some(serde_json::to_value(&heenweg).map_err(problem::fout)?);
    Ok((Poging { stand: Stand::Onderweg, state_hash: Some(geheimen::hash(&state)), heenweg, ..gekozen }, adres.to_string()))
}

/// Een adres op deze dienst met deze velden.
pub(super) fn adres(pad: &str, velden: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(velden.iter().filter(|(_, waarde)| !waarde.is_empty()));
    format!("{pad}?{}", query.finish())
}
