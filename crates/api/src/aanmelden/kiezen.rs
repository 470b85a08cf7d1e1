//! De organisatiekiezer: zoeken en bladeren zonder JavaScript, nooit de hele lijst in één antwoord.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use domain::Id;
use store::pogingen::Stand;
use store::{Conn, StoreError};

use super::bezoek::{Bezoek, Bladzijde, Kader, Uit, veld};
use super::fout::{Fout, toon};
use super::geheimen::Koekje;
use super::heen::adres;
use super::poging;
use crate::app::App;
use crate::problem::Problem;

/// Zoveel organisaties staan er op één bladzijde.
const PER_BLADZIJDE: i64 = 10;
/// Langste zoekterm die telt.
const LANGSTE_ZOEK: usize = 100;

struct Regel {
    id: Id,
    naam: String,
    afkorting: Option<String>,
    href: String,
}

#[derive(Template)]
#[template(path = "kiezen.html")]
struct Kiezen {
    k: Kader,
    poging: String,
    portaal: Option<String>,
    eerder: Option<Regel>,
    vergeet: String,
    zoek: String,
    organisaties: Vec<Regel>,
    eerste: Option<String>,
    volgende: Option<String>,
}

/// Een identiteitsprovider in de lijst van één organisatie.
struct Dienst {
    id: Id,
    naam: String,
    href: String,
}

#[derive(Template)]
#[template(path = "welke.html")]
struct Welke {
    k: Kader,
    poging: String,
    organisatie: String,
    diensten: Vec<Dienst>,
    andere: String,
}

pub(super) async fn kiezen(app: Data<App>, req: HttpRequest) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let uit = lijst(&mut bezoek).await;
    toon(bezoek, uit).await
}

async fn lijst(bezoek: &mut Bezoek) -> Result<Uit, Fout> {
    let id = veld(&bezoek.query, "poging").map(str::to_owned);
    let poging = poging::laad(bezoek, id.as_deref(), &[Stand::Kiezen, Stand::Onderweg]).await?;
    let verzoek = poging::verzoek(&poging)?;
    if let Some(organisatie) = veld(&bezoek.query, "organisatie").and_then(|id| id.parse::<Id>().ok())
        && let Some(blad) = welke(bezoek, poging.id, organisatie).await?
    {
        return Ok(blad);
    }
    let zoek: String = veld(&bezoek.query, "zoek").unwrap_or_default().trim().chars().take(LANGSTE_ZOEK).collect();
    let na = veld(&bezoek.query, "na").map(str::to_owned);
    let eerder = bezoek.keuzes().voor(verzoek.client_id);
    let (term, vanaf) = (zoek.clone(), na.clone());
    let gelezen = bezoek.app.store.read(move |conn: &mut Conn| -> Result<_, StoreError> {
        let bladzijde = store::kiezer::lijst(conn, &term, vanaf.as_deref(), PER_BLADZIJDE)?;
        let eerder = match eerder {
            Some(id) => store::kiezer::een(conn, id)?,
            None => None,
        };
        Ok((bladzijde, eerder))
    });
    let (bladzijde, eerder) = gelezen.await.map_err(Problem::from)?;
    let portaal = bezoek.app.clients.van(&bezoek.app, verzoek.client_id).await.map_err(Problem::from)?.map(|toepassing| toepassing.naam.clone());
    let id = poging.id.to_string();
    let regel = |keus: store::kiezer::Keus| {
        let href = adres("/oidc/aanmelden/heen", &[("poging", &id), ("organisatie", &keus.id.to_string())]);
        Regel { id: keus.id, naam: keus.naam, afkorting: keus.afkorting, href }
    };
    let terug = |na: &str| adres("/oidc/aanmelden/kiezen", &[("poging", &id), ("zoek", &zoek), ("na", na)]);
    let inhoud = Kiezen {
        k: bezoek.kader(true),
        portaal,
        eerder: eerder.map(regel),
        vergeet: adres("/oidc/aanmelden/keuze-wissen", &[("poging", &id)]),
        eerste: na.is_some().then(|| terug("")),
        volgende: bladzijde.volgende.as_deref().map(terug),
        organisaties: bladzijde.items.into_iter().map(regel).collect(),
        zoek: zoek.clone(),
        poging: id.clone(),
    };
    Ok(Uit::Bladzijde(Bladzijde::van(&inhoud)?))
}

/// De identiteitsproviders van een organisatie die er meer dan één heeft; anders is er niets te kiezen.
async fn welke(bezoek: &Bezoek, poging: Id, organisatie: Id) -> Result<Option<Uit>, Fout> {
    let gelezen = bezoek
        .app
        .store
        .read(move |conn: &mut Conn| -> Result<_, StoreError> { Ok((store::kiezer::een(conn, organisatie)?, store::kiezer::idps_van(conn, organisatie)?)) });
    let (Some(keus), idps) = gelezen.await.map_err(Problem::from)? else { return Ok(None) };
    if idps.len() < 2 {
        return Ok(None);
    }
    let (poging, organisatie) = (poging.to_string(), organisatie.to_string());
    let dienst = |(id, naam): (Id, String)| {
        let href = adres("/oidc/aanmelden/heen", &[("poging", &poging), ("organisatie", &organisatie), ("idp", &id.to_string())]);
        Dienst { id, naam, href }
    };
    let diensten = idps.into_iter().map(dienst).collect();
    let inhoud = Welke { k: bezoek.kader(true), organisatie: keus.naam, diensten, andere: adres("/oidc/aanmelden/kiezen", &[("poging", &poging)]), poging };
    Ok(Some(Uit::Bladzijde(Bladzijde::van(&inhoud)?)))
}

/// Vergeet de onthouden keuzes op dit apparaat.
pub(super) async fn wissen(app: Data<App>, req: HttpRequest) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    bezoek.wis(Koekje::Keuze);
    let uit = match veld(&bezoek.query, "poging").and_then(|id| id.parse::<Id>().ok()) {
        Some(poging) => Ok(Uit::Naar(adres("/oidc/aanmelden/kiezen", &[("poging", &poging.to_string())]))),
        None => super::afmelden::vergeten(&bezoek),
    };
    toon(bezoek, uit).await
}
