//! Op weg naar de identiteitsprovider van de gekozen organisatie (OIDC Core, 3.1.2.1; RFC 7636).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Id;
use domain::diagnose::{Diagnose, DiagnoseCode};
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
pub(super) async fn beginnen(bezoek: &mut Bezoek, verzoek: GeldigVerzoek, zelfde: Option<Id>) -> Result<Uit, Fout> {
    let bestemming = bestemming(bezoek, &verzoek, zelfde).await?;
    let browser = bezoek.browser();
    let poging = poging::nieuw(bezoek, &verzoek, browser)?;
    let Some(idp) = bestemming else {
        // Hoort een domein bij geen of bij meer organisaties, dan kiest de persoon zelf; de bladzijde is altijd dezelfde.
        let naar = format!("/oidc/aanmelden/kiezen?poging={}", poging.id);
        let klaar = bezoek.app.store.write(Actor::default(), bezoek.nu, bezoek.traceparent(), move |tx| store::pogingen::insert(tx, &poging));
        klaar.await.map_err(Problem::from)?;
        return Ok(Uit::Naar(naar));
    };
    let (onderweg, adres) = vertrek(bezoek, &poging, &verzoek, idp).await?;
    let klaar = bezoek.app.store.write(Actor::default(), bezoek.nu, bezoek.traceparent(), move |tx| store::pogingen::insert(tx, &onderweg));
    klaar.await.map_err(Problem::from)?;
    Ok(Uit::Naar(adres))
}

/// De identiteitsprovider waar het heen moet, als dat zonder kiezen zeker is: wat het portaal noemt, waar de lopende sessie
/// vandaan komt, of het domein van het e-mailadres, mits dat bij precies één organisatie hoort.
async fn bestemming(bezoek: &Bezoek, verzoek: &GeldigVerzoek, zelfde: Option<Id>) -> Result<Option<Idp>, Fout> {
    let genoemd = verzoek.organisatie.as_deref().and_then(|tekst| tekst.parse::<Id>().ok());
    let domein = verzoek.login_hint.as_deref().and_then(|hint| hint.rsplit('@').next()).map(str::to_ascii_lowercase);
    let organisatie = match genoemd.or(zelfde) {
        Some(id) => Some(id),
        None => {
            let kandidaten = bezoek.app.store.read(move |conn: &mut Conn| match &domein {
                Some(domein) => store::kiezer::met_domein(conn, domein),
                None => Ok::<_, StoreError>(Vec::new()),
            });
            let kandidaten = kandidaten.await.map_err(Problem::from)?;
            kandidaten.first().copied().filter(|_| kandidaten.len() == 1)
        }
    };
    let Some(organisatie) = organisatie else { return Ok(None) };
    Ok(idp_van(bezoek, organisatie).await?)
}

/// Een identiteitsprovider met de organisatie voor wie hij spreekt.
#[derive(Clone, Copy, Debug)]
struct Idp {
    id: Id,
    organisatie: Id,
}

/// De actieve identiteitsprovider van een organisatie.
async fn idp_van(bezoek: &Bezoek, organisatie: Id) -> Result<Option<Idp>, Problem> {
    let id = bezoek.app.store.read_point(move |conn| -> Result<_, StoreError> { store::kiezer::idp_van(conn, organisatie) }).await?;
    Ok(id.map(|id| Idp { id, organisatie }))
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
    let idp = idp_van(bezoek, organisatie).await?.ok_or_else(niet_actief)?;
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
    let wens = Vertrek {
        redirect_uri: redirect_uri.clone(),
        state: state.clone(),
        nonce: nonce.clone(),
        code_challenge: URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
        max_age,
        prompt_login: verzoek.opnieuw_aanmelden(),
        login_hint: verzoek.login_hint.clone().filter(|hint| hint.contains('@')),
        acr_eis: verzoek.gevraagde_acr().into_iter().map(str::to_owned).collect(),
    };
    let gekozen = Poging { organisatie_id: Some(idp.organisatie), identiteitsprovider_id: Some(idp.id), ..poging.clone() };
    let adres = bezoek.app.idps.vertrek(&bezoek.app, idp.id, &wens).await.map_err(|nee| Fout::idp(nee, &gekozen))?;
    let heenweg = Heenweg { nonce, code_verifier: verifier, redirect_uri, vertrokken_op: bezoek.nu, max_age };
    let heenweg = Some(serde_json::to_value(&heenweg).map_err(problem::fout)?);
    Ok((Poging { stand: Stand::Onderweg, state_hash: Some(geheimen::hash(&state)), heenweg, ..gekozen }, adres.to_string()))
}

/// Een adres op deze dienst met deze velden.
pub(super) fn adres(pad: &str, velden: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(velden.iter().filter(|(_, waarde)| !waarde.is_empty()));
    format!("{pad}?{}", query.finish())
}
