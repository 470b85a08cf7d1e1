//! Afmelden op verzoek van een portaal (OIDC RP-Initiated Logout 1.0), ook bij de eigen organisatie.
//!
//! Zonder lopende sessie is er niets te doen, maar de weg terug geldt dan nog wel. Een portaal dat niet bewijst dat de persoon
//! erom vroeg (geen `id_token_hint` van deze sessie), krijgt een vraag aan de persoon in plaats van een afmelding. Brengt de
//! browser geen sessie mee, dan beëindigt het ID-token de sessie die het noemt: het bewijs is onze eigen handtekening.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Id;
use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::sessies::{EindeReden, Sessie};
use store::sessies::Afmeldgegevens;
use store::{Actor, StoreError};
use url::Url;

use super::afronden::beeindigd;
use super::begin::lopende_sessie;
use super::bezoek::{Bezoek, Bladzijde, Kader, Uit, Velden, veld, velden};
use super::fout::{Fout, toon};
use super::geheimen::Koekje;
use super::heen::adres;
use crate::app::App;
use crate::problem::Problem;

/// De velden die wij lezen; ieder ten hoogste één keer.
const VELDEN: [&str; 6] = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "logout_hint", "ui_locales"];
const DOEL_VRAAG: &str = "afmelden";
const DOEL_TERUG: &str = "afgemeld";

#[derive(Template)]
#[template(path = "afmelden.html")]
struct Vraag {
    k: Kader,
    csrf: String,
    velden: Velden,
}

#[derive(Template)]
#[template(path = "afgemeld.html")]
struct Afgemeld {
    k: Kader,
    titel: &'static str,
    uitleg: &'static str,
    sluit: bool,
    verder: Option<String>,
}

pub(super) async fn vraag(app: Data<App>, req: HttpRequest) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let params = bezoek.query.clone();
    let uit = afmelden(&mut bezoek, &params, Vorm::Adres).await;
    toon(bezoek, uit).await
}

pub(super) async fn formulier(app: Data<App>, req: HttpRequest, body: Bytes) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let params = velden(&body);
    // Een formulier van een portaal komt zonder onze cookies (SameSite=Lax): de browser haalt het verzoek daarna zelf op, en
    // brengt de sessie dan wel mee. Alleen ons eigen formulier heeft het veld 'bevestigd'.
    let uit = if params.iter().any(|(naam, _)| naam == "bevestigd") {
        afmelden(&mut bezoek, &params, Vorm::Formulier).await
    } else {
        let over: Vec<(&str, &str)> =
            params.iter().filter(|(naam, _)| VELDEN.contains(&naam.as_str())).map(|(naam, waarde)| (naam.as_str(), waarde.as_str())).collect();
        Ok(Uit::Naar(adres("/oidc/logout", &over)))
    };
    toon(bezoek, uit).await
}

/// Hoe het verzoek binnenkwam: na een formulier mag een browser niet overal heen worden omgeleid, dan verwijst een bladzijde.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vorm {
    Adres,
    Formulier,
}

fn onjuist(wat: &str) -> Fout {
    Fout::van(Diagnose::new(DiagnoseCode::PortaalVerzoekOnjuist).gezien(wat))
}

/// Wat een portaal met een geldig verzoek mag.
#[derive(Clone, Debug, Default)]
struct Gevraagd {
    /// De sessie uit de hint.
    sid: Option<Id>,
    /// Waar de browser daarna heen gaat, met `state`.
    terug: Option<String>,
}

async fn lees(bezoek: &Bezoek, params: &Velden) -> Result<Gevraagd, Fout> {
    if let Some(naam) = VELDEN.iter().find(|naam| params.iter().filter(|(eigen, _)| eigen == *naam).count() > 1) {
        return Err(onjuist(&format!("de parameter '{naam}' komt meer dan één keer voor")));
    }
    let hint = match veld(params, "id_token_hint") {
        // Een hint die wij niet (meer) herkennen, bewijst niets: dan beslist de persoon.
        Some(token) => super::portaal::hint(bezoek, token).await?,
        None => None,
    };
    let genoemd = veld(params, "client_id").map(|id| id.parse::<Id>().map_err(|_| onjuist("client_id is onbekend"))).transpose()?;
    let client = match (hint.as_ref().map(|hint| hint.client_id), genoemd) {
        (Some(hint), Some(genoemd)) if hint != genoemd => return Err(onjuist("id_token_hint hoort bij een andere client dan client_id")),
        (hint, genoemd) => hint.or(genoemd),
    };
    let sid = hint.and_then(|hint| hint.sid);
    let Some(adres) = veld(params, "post_logout_redirect_uri") else { return Ok(Gevraagd { sid, terug: None }) };
    let client = client.ok_or_else(|| onjuist("post_logout_redirect_uri zonder id_token_hint van deze uitgever, en zonder client_id"))?;
    let toepassing = bezoek.app.clients.van(&bezoek.app, client).await;
    let bekend = toepassing.map_err(Problem::from)?.is_some_and(|toepassing| toepassing.kent_post_logout_redirect_uri(adres));
    if !bekend {
        return Err(onjuist("post_logout_redirect_uri is niet geregistreerd"));
    }
    Ok(Gevraagd { sid, terug: Some(met_state(adres, veld(params, "state"))?) })
}

fn met_state(adres: &str, state: Option<&str>) -> Result<String, Fout> {
    let mut url = Url::parse(adres).map_err(|_| onjuist("post_logout_redirect_uri is geen adres"))?;
    if let Some(state) = state {
        url.query_pairs_mut().append_pair("state", state);
    }
    Ok(url.into())
}

async fn afmelden(bezoek: &mut Bezoek, params: &Velden, vorm: Vorm) -> Result<Uit, Fout> {
    if let Some(talen) = veld(params, "ui_locales").map(|talen| vec![talen.to_owned()]) {
        bezoek.volg_taal(&talen);
    }
    let gevraagd = lees(bezoek, params).await?;
    let Some(sessie) = lopende_sessie(bezoek).await? else {
        bezoek.wis(Koekje::Sessie);
        let verder = match genoemde_sessie(bezoek, gevraagd.sid).await? {
            Some(sessie) => beeindig(bezoek, &sessie, gevraagd.terug.as_deref()).await?.or(gevraagd.terug),
            None => gevraagd.terug,
        };
        return naar(bezoek, verder, vorm);
    };
    let geheim = bezoek.lees(Koekje::Sessie).unwrap_or_default();
    let bevestigd = veld(params, "bevestigd").is_some_and(|teken| vorm == Vorm::Formulier && bezoek.geheimen().klopt(DOEL_VRAAG, &[&geheim], teken));
    if gevraagd.sid != Some(sessie.id) && !bevestigd {
        return bevestigen(bezoek, params, &geheim);
    }
    let upstream = beeindig(bezoek, &sessie, gevraagd.terug.as_deref()).await?;
    bezoek.wis(Koekje::Sessie);
    let verder = upstream.or(gevraagd.terug);
    naar(bezoek, verder, vorm)
}

/// De lopende sessie die een ID-token noemt.
async fn genoemde_sessie(bezoek: &Bezoek, sid: Option<Id>) -> Result<Option<Sessie>, Problem> {
    let Some(sid) = sid else { return Ok(None) };
    let sessie = bezoek.app.store.read_point(move |conn| -> Result<_, StoreError> { store::sessies::get(conn, sid) }).await?;
    Ok(sessie.filter(|sessie| sessie.geldt(bezoek.nu)))
}

/// Vraagt de persoon zelf.
fn bevestigen(bezoek: &Bezoek, params: &Velden, geheim: &str) -> Result<Uit, Fout> {
    let over = params.iter().filter(|(naam, _)| VELDEN.contains(&naam.as_str())).cloned().collect();
    let inhoud = Vraag { k: bezoek.kader(false), csrf: bezoek.geheimen().teken(DOEL_VRAAG, &[geheim]), velden: over };
    Ok(Uit::Bladzijde(Bladzijde { status: StatusCode::OK, ..Bladzijde::van(&inhoud)? }))
}

/// Beëindigt de sessie; geeft het afmeldadres van de eigen organisatie, als die er een heeft.
async fn beeindig(bezoek: &Bezoek, sessie: &Sessie, terug: Option<&str>) -> Result<Option<String>, Problem> {
    let (sessie, idp) = (sessie.clone(), sessie.identiteitsprovider_id);
    let actor = Actor { persoon_id: Some(sessie.persoon_id), toepassing_id: None, organisatie_id: Some(sessie.organisatie_id) };
    let gedaan = bezoek.app.store.write(actor, bezoek.nu, bezoek.traceparent(), move |tx| {
        let gegevens = store::sessies::afmeldgegevens(tx.conn(), sessie.id)?;
        store::sessies::beeindig(tx, sessie.id, EindeReden::Afgemeld)?;
        tx.record(beeindigd(&sessie, EindeReden::Afgemeld, tx.now()))?;
        Ok::<_, Problem>(gegevens)
    });
    let gegevens = gedaan.await?;
    bezoek.app.forget_callers();
    let client_id = match idp {
        Some(idp) => bezoek.app.idps.actief(&bezoek.app, idp).await.ok().map(|idp| idp.instellingen.client_id.clone()),
        None => None,
    };
    Ok(upstream_adres(bezoek, &gegevens, client_id.as_deref(), terug))
}

/// Het adres om bij de eigen organisatie af te melden; daarna komt de browser hier terug (OIDC RP-Initiated Logout, 2). Zonder
/// `id_token_hint` weet de identiteitsprovider met `client_id` bij wie het terugkeeradres hoort.
fn upstream_adres(bezoek: &Bezoek, gegevens: &Afmeldgegevens, client_id: Option<&str>, terug: Option<&str>) -> Option<String> {
    let mut url = Url::parse(gegevens.end_session_endpoint.as_deref()?).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
    let hier = format!("{}/oidc/afgemeld", bezoek.app.settings.base_url);
    let mut query = url.query_pairs_mut();
    query.extend_pairs(gegevens.id_token.as_deref().map(|token| ("id_token_hint", token)));
    query.extend_pairs(client_id.map(|client_id| ("client_id", client_id)));
    query.append_pair("post_logout_redirect_uri", &hier);
    if let Some(terug) = terug {
        let inhoud = URL_SAFE_NO_PAD.encode(terug);
        query.append_pair("state", &format!("{inhoud}.{}", bezoek.geheimen().teken(DOEL_TERUG, &[&inhoud])));
    }
    drop(query);
    Some(url.into())
}

fn naar(bezoek: &Bezoek, doel: Option<String>, vorm: Vorm) -> Result<Uit, Fout> {
    match (doel, vorm) {
        (Some(doel), Vorm::Adres) => Ok(Uit::Naar(doel)),
        (doel, _) => blad(bezoek, doel),
    }
}

fn blad(bezoek: &Bezoek, verder: Option<String>) -> Result<Uit, Fout> {
    let w = bezoek.taal.woorden();
    let inhoud = Afgemeld { k: bezoek.kader(false), titel: w.afgemeld_titel, uitleg: w.afgemeld_uitleg, sluit: verder.is_none(), verder };
    Ok(Uit::Bladzijde(Bladzijde::van(&inhoud)?))
}

/// De bladzijde na het vergeten van een keuze.
pub(super) fn vergeten(bezoek: &Bezoek) -> Result<Uit, Fout> {
    let w = bezoek.taal.woorden();
    let inhoud = Afgemeld { k: bezoek.kader(false), titel: w.vergeten_titel, uitleg: w.vergeten_uitleg, sluit: false, verder: None };
    Ok(Uit::Bladzijde(Bladzijde::van(&inhoud)?))
}

/// De browser komt terug van het afmelden bij de eigen organisatie.
pub(super) async fn afgemeld(app: Data<App>, req: HttpRequest) -> HttpResponse {
    let bezoek = Bezoek::nieuw(&app, &req);
    let terug = veld(&bezoek.query, "state").and_then(|state| {
        let (inhoud, teken) = state.split_once('.')?;
        let bytes = bezoek.geheimen().klopt(DOEL_TERUG, &[inhoud], teken).then(|| URL_SAFE_NO_PAD.decode(inhoud).ok())??;
        String::from_utf8(bytes).ok()
    });
    let uit = match terug {
        Some(adres) => Ok(Uit::Naar(adres)),
        None => blad(&bezoek, None),
    };
    toon(bezoek, uit).await
}
