//! Wat niet doorgaat: een bladzijde die zegt wat er is, wie het kan oplossen en waar het terug te vinden is, en een regel in
//! het logboek. De uitleg is voor de gebruiker; wat er verwacht en gezien is, staat alleen in het logboek.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use domain::Id;
use domain::aanmeldingen::{Aanmelding, Uitkomst};
use domain::diagnose::{Diagnose, DiagnoseCode, Eigenaar};
use domain::personen::Rol;
use federation::Upstream;
use provider::authorize::{Antwoord, AuthorizeFout, Terugweg};
use store::pogingen::Poging;
use store::{Actor, Conn, StoreError};

use super::bewijs::Bewijs;
use super::bezoek::{Bezoek, Bladzijde, Kader, Uit, Velden, oorsprong};
use super::engels::engels;
use super::poging;
use super::tekst::Taal;
use crate::identiteitsproviders::Afgewezen;
use crate::problem::Problem;

/// Waarom een bezoek niet doorgaat.
#[derive(Debug)]
pub(crate) enum Fout {
    /// De aanmelding lukt niet.
    Aanmelding(Box<Mislukt>),
    /// De persoon is aangemeld, maar niet zo sterk als het portaal eist.
    TeZwak { poging: Box<Poging>, bewijs: Box<Bewijs>, terug: Box<Terugweg> },
    /// Het verzoek van een portaal klopt niet; met het portaal als dat bekend is.
    Verzoek(Box<AuthorizeFout>, Option<Id>),
    /// Het verzoek klopt, maar het antwoord is nee.
    Portaal(Box<AuthorizeFout>),
    /// Een fout van de dienst.
    Problem(Problem),
}

/// Een mislukte aanmelding met wat er van bekend is.
#[derive(Debug)]
pub(crate) struct Mislukt {
    diagnose: Diagnose,
    poging: Option<Poging>,
    bewijs: Option<Bewijs>,
    /// Wat de identiteitsprovider zei over een aanmelding die niet bewezen is.
    gezegd: Option<Upstream>,
}

impl Mislukt {
    const fn van(diagnose: Diagnose) -> Self {
        Self { diagnose, poging: None, bewijs: None, gezegd: None }
    }
}

impl From<Problem> for Fout {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Fout {
    pub(crate) fn van(diagnose: Diagnose) -> Self {
        Self::Aanmelding(Box::new(Mislukt::van(diagnose)))
    }

    pub(crate) fn bij(diagnose: Diagnose, poging: Poging) -> Self {
        Self::Aanmelding(Box::new(Mislukt { poging: Some(poging), ..Mislukt::van(diagnose) }))
    }

    /// Een weigering van de kant van de identiteitsprovider, bij deze poging.
    pub(crate) fn idp(afgewezen: Afgewezen, poging: &Poging) -> Self {
        match afgewezen {
            Afgewezen::Geweigerd(nee) => {
                let mislukt = Mislukt { poging: Some(poging.clone()), gezegd: nee.gezegd, ..Mislukt::van(nee.diagnose) };
                Self::Aanmelding(Box::new(mislukt))
            }
            Afgewezen::Storing(problem) => Self::Problem(problem),
        }
    }

    pub(crate) fn met_bewijs(diagnose: Diagnose, poging: Poging, bewijs: Bewijs) -> Self {
        Self::Aanmelding(Box::new(Mislukt { poging: Some(poging), bewijs: Some(bewijs), ..Mislukt::van(diagnose) }))
    }
}

struct Contact {
    naam: String,
    email: String,
}

#[derive(Template)]
#[template(path = "fout.html")]
struct Foutblad {
    k: Kader,
    titel: &'static str,
    uitleg: String,
    wat_nu: String,
    eigenaar: &'static str,
    wie: String,
    contacten: Vec<Contact>,
    opnieuw: Option<String>,
    terug: Option<String>,
    terug_formulier: Option<Formulier>,
    code: String,
    /// Wat er aan het verzoek van een portaal mis is, voor wie het bouwt.
    oorzaak: Option<String>,
    kenmerk: String,
    moment: String,
}

/// De weg terug voor een portaal dat zijn antwoord als formulier wil.
struct Formulier {
    actie: String,
    velden: Velden,
}

/// Sluit een bezoek af; van een fout wordt een bladzijde of een antwoord aan het portaal.
pub(crate) async fn toon(mut bezoek: Bezoek, uit: Result<Uit, Fout>) -> HttpResponse {
    let uit = match uit {
        Ok(uit) => Ok(uit),
        Err(fout) => verwerk(&mut bezoek, fout).await,
    };
    // Lukt ook de foutbladzijde niet (de opslag is weg), dan nog één zonder opslag.
    match uit.or_else(|problem| storing(&bezoek, &problem)) {
        Ok(uit) => bezoek.klaar(uit),
        Err(problem) => problem.response(),
    }
}

async fn verwerk(bezoek: &mut Bezoek, fout: Fout) -> Result<Uit, Problem> {
    match fout {
        Fout::Problem(problem) => Err(problem),
        Fout::Verzoek(fout, portaal) => {
            leg_vast(bezoek, &Mislukt::van(verzoek_onjuist(&fout)), portaal).await;
            naar_portaal(bezoek, &fout).await
        }
        Fout::Portaal(fout) => naar_portaal(bezoek, &fout).await,
        Fout::TeZwak { poging, bewijs, terug } => {
            let verzoek = poging::verzoek(&poging)?;
            let eis: Vec<String> = verzoek.acr_eisen.iter().map(|eis| eis.join(" of ")).collect();
            let diagnose = Diagnose::new(DiagnoseCode::SterkteNietBewezen).verwacht(eis.join(" en ")).gezien(bewijs.acr());
            leg_vast(bezoek, &Mislukt { poging: Some(*poging), bewijs: Some(*bewijs), ..Mislukt::van(diagnose) }, None).await;
            // OpenID Connect Core Error Code unmet_authentication_requirements 1.0.
            let fout = AuthorizeFout::terug(&terug, "unmet_authentication_requirements", "De gevraagde sterkte is niet bewezen.");
            fout.antwoord(&bezoek.app.settings.base_url).map_or_else(|| Err(crate::problem::interne_fout()), |antwoord| bezoek.portaal(antwoord))
        }
        Fout::Aanmelding(mislukt) => {
            leg_vast(bezoek, &mislukt, None).await;
            blad(bezoek, &mislukt).await
        }
    }
}

/// Wat er aan het verzoek mis is, voor wie het portaal bouwt; de bladzijde zelf noemt geen geregistreerde adressen.
fn verzoek_onjuist(fout: &AuthorizeFout) -> Diagnose {
    Diagnose::new(DiagnoseCode::PortaalVerzoekOnjuist).gezien(format!("{}: {}", fout.error, fout.description))
}

/// Het portaal hoort wat er mis is; is het adres daarvan niet zeker, dan ziet de persoon een bladzijde.
async fn naar_portaal(bezoek: &Bezoek, fout: &AuthorizeFout) -> Result<Uit, Problem> {
    tracing::info!(fout = fout.error, reden = fout.description, "verzoek van een portaal geweigerd");
    match fout.antwoord(&bezoek.app.settings.base_url) {
        Some(antwoord) => bezoek.portaal(antwoord),
        None => blad(bezoek, &Mislukt::van(verzoek_onjuist(fout))).await,
    }
}

/// Schrijft de regel in het logboek. Lukt dat niet, dan staat de oorzaak nog in het gewone logboek.
async fn leg_vast(bezoek: &Bezoek, mislukt: &Mislukt, portaal: Option<Id>) {
    let diagnose = &mislukt.diagnose;
    tracing::info!(code = %diagnose.code, verwacht = diagnose.verwacht, gezien = diagnose.gezien, "aanmelding geweigerd");
    // Zonder poging (een verlopen venster, een los antwoord) is er niets om iemand mee te helpen; zo vult ook niemand het logboek.
    let poging = mislukt.poging.as_ref();
    let toepassing_id = portaal.or(poging.and_then(|poging| poging.toepassing_id));
    if toepassing_id.is_none() {
        return;
    }
    let gezegd = || mislukt.gezegd.as_ref().map(|gezegd| (gezegd.acr.as_deref(), gezegd.amr.as_slice()));
    let (acr, amr) = mislukt.bewijs.as_ref().map(Bewijs::upstream).or_else(gezegd).unwrap_or_default();
    let regel = Aanmelding {
        id: domain::nieuw_id(bezoek.nu, &bezoek.app.rng),
        op: bezoek.nu,
        uitkomst: Uitkomst::Geweigerd,
        organisatie_id: poging.and_then(|poging| poging.organisatie_id),
        identiteitsprovider_id: poging.and_then(|poging| poging.identiteitsprovider_id),
        toepassing_id,
        persoon_id: poging.and_then(|poging| poging.persoon_id),
        sessie_id: None,
        diagnose: Some(diagnose.clone()),
        acr: mislukt.bewijs.as_ref().map(|bewijs| bewijs.acr().to_owned()),
        upstream_acr: acr.map(str::to_owned),
        upstream_amr: amr.to_vec(),
        trace_id: bezoek.kenmerk(),
    };
    let geschreven: Result<(), StoreError> =
        bezoek.app.store.write(Actor::default(), bezoek.nu, bezoek.traceparent(), move |tx| store::aanmeldingen::insert(tx, &regel)).await;
    if let Err(oorzaak) = geschreven {
        tracing::error!(%oorzaak, "regel in het logboek van aanmeldingen niet geschreven");
    }
}

/// Wie het kan oplossen, met namen alleen voor wie zich bij de organisatie heeft bewezen.
async fn wie(bezoek: &Bezoek, mislukt: &Mislukt) -> Result<(String, Vec<Contact>), Problem> {
    let w = bezoek.taal.woorden();
    let eigenaar = mislukt.diagnose.eigenaar;
    let Some(organisatie) = mislukt.poging.as_ref().and_then(|poging| poging.organisatie_id) else {
        return Ok((in_woorden(bezoek, eigenaar, w.uw_organisatie), Vec::new()));
    };
    let rol = if eigenaar == Eigenaar::OrganisatieIdp { Rol::IdpBeheerder } else { Rol::Organisatiebeheerder };
    let bewezen = mislukt.bewijs.is_some() && matches!(eigenaar, Eigenaar::Gebruiker | Eigenaar::OrganisatieIdp);
    let gelezen = bezoek.app.store.read(move |conn: &mut Conn| -> Result<_, StoreError> {
        let naam = store::organisaties::get(conn, organisatie)?.map(|organisatie| organisatie.naam);
        Ok((naam, if bewezen { store::kiezer::met_rol(conn, organisatie, rol)? } else { Vec::new() }))
    });
    let (naam, personen) = gelezen.await?;
    let contacten = personen.into_iter().map(|persoon| Contact { naam: persoon.naam, email: persoon.email }).collect();
    Ok((in_woorden(bezoek, eigenaar, naam.as_deref().unwrap_or(w.uw_organisatie)), contacten))
}

fn in_woorden(bezoek: &Bezoek, eigenaar: Eigenaar, organisatie: &str) -> String {
    let w = bezoek.taal.woorden();
    match eigenaar {
        Eigenaar::Gebruiker => format!("{} {organisatie}", w.wie_gebruiker),
        Eigenaar::OrganisatieIdp => format!("{} {organisatie}", w.wie_idp),
        Eigenaar::Portaal => w.wie_portaal.to_owned(),
        Eigenaar::Nipv => format!("{} ({})", w.wie_nipv, bezoek.app.settings.security_contact.trim_start_matches("mailto:")),
    }
}

async fn blad(bezoek: &Bezoek, mislukt: &Mislukt) -> Result<Uit, Problem> {
    let diagnose = &mislukt.diagnose;
    let (wie, contacten) = wie(bezoek, mislukt).await?;
    let (terug, terug_formulier) = match mislukt.poging.as_ref().map(|poging| terug(bezoek, poging)).transpose()?.flatten() {
        Some(Antwoord::Redirect(adres)) => (Some(adres), None),
        Some(Antwoord::Formulier { actie, velden }) => (None, Some(Formulier { actie, velden })),
        None => (None, None),
    };
    let formulier_naar = terug_formulier.iter().filter_map(|formulier| oorsprong(&formulier.actie)).collect();
    let (uitleg, wat_nu) = match bezoek.taal {
        Taal::Nl => (diagnose.uitleg.as_str(), diagnose.wat_nu.as_str()),
        Taal::En => engels(diagnose.code),
    };
    let opnieuw = mislukt.poging.as_ref().filter(|poging| mislukt.bewijs.is_none() && poging.verloopt_op > bezoek.nu);
    let inhoud = Foutblad {
        k: bezoek.kader(false),
        titel: titel(bezoek),
        uitleg: uitleg.to_owned(),
        wat_nu: wat_nu.to_owned(),
        eigenaar: diagnose.eigenaar.as_str(),
        wie,
        contacten,
        opnieuw: opnieuw.map(|poging| kiezen(poging.id)),
        terug,
        terug_formulier,
        code: diagnose.code.to_string(),
        oorzaak: diagnose.gezien.clone().filter(|_| diagnose.code == DiagnoseCode::PortaalVerzoekOnjuist),
        kenmerk: bezoek.kenmerk(),
        moment: moment(bezoek),
    };
    Ok(Uit::Bladzijde(Bladzijde { status: status(diagnose), formulier_naar, ..Bladzijde::van(&inhoud)? }))
}

fn titel(bezoek: &Bezoek) -> &'static str {
    let w = bezoek.taal.woorden();
    if bezoek.bij_afmelden() { w.fout_afmelden_titel } else { w.fout_titel }
}

fn kiezen(poging: Id) -> String {
    format!("/oidc/aanmelden/kiezen?poging={poging}")
}

fn moment(bezoek: &Bezoek) -> String {
    bezoek.nu.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// Een weigering is 403, een storing bij de ander 502, een verlopen venster of een onjuist verzoek 400.
fn status(diagnose: &Diagnose) -> StatusCode {
    match (diagnose.code, diagnose.eigenaar) {
        (DiagnoseCode::StateOnjuist | DiagnoseCode::PortaalVerzoekOnjuist, _) => StatusCode::BAD_REQUEST,
        (
            DiagnoseCode::IdpOnbereikbaar
            | DiagnoseCode::DiscoveryOnjuist
            | DiagnoseCode::SleutelsOnjuist
            | DiagnoseCode::TokenantwoordOnjuist
            | DiagnoseCode::IdpFoutmelding,
            _,
        ) => StatusCode::BAD_GATEWAY,
        _ => StatusCode::FORBIDDEN,
    }
}

/// De weg terug naar het portaal, dat hoort dat het niet doorging (RFC 6749, 4.1.2.1; RFC 9207).
fn terug(bezoek: &Bezoek, poging: &Poging) -> Result<Option<Antwoord>, Problem> {
    let verzoek = poging::verzoek(poging)?;
    let fout = AuthorizeFout::terug(&verzoek.terugweg, "access_denied", "De aanmelding is niet gelukt.");
    Ok(fout.antwoord(&bezoek.app.settings.base_url))
}

/// De dienst zelf kan even niet: ook dat is een bladzijde, zonder dat er iets uit de opslag nodig is.
fn storing(bezoek: &Bezoek, problem: &Problem) -> Result<Uit, Problem> {
    let w = bezoek.taal.woorden();
    let (uitleg, wat_nu) = match problem.status() {
        StatusCode::TOO_MANY_REQUESTS => (w.te_vaak_uitleg, w.te_vaak_wat_nu),
        _ => (w.storing_uitleg, w.storing_wat_nu),
    };
    let inhoud = Foutblad {
        k: bezoek.kader(false),
        titel: titel(bezoek),
        uitleg: uitleg.to_owned(),
        wat_nu: wat_nu.to_owned(),
        eigenaar: Eigenaar::Nipv.as_str(),
        wie: in_woorden(bezoek, Eigenaar::Nipv, ""),
        contacten: Vec::new(),
        opnieuw: None,
        terug: None,
        terug_formulier: None,
        code: problem.code.to_string(),
        oorzaak: None,
        kenmerk: bezoek.kenmerk(),
        moment: moment(bezoek),
    };
    Ok(Uit::Bladzijde(Bladzijde { status: problem.status(), ..Bladzijde::van(&inhoud)? }))
}

/// Als [`storing`], voor een weigering voordat het bezoek begon; de koppen van het probleem (zoals `Retry-After`) gaan mee.
pub(crate) fn geweigerd(bezoek: Bezoek, problem: &Problem) -> Option<HttpResponse> {
    let uit = storing(&bezoek, problem).ok()?;
    let mut antwoord = bezoek.klaar(uit);
    for (naam, waarde) in &problem.headers {
        antwoord.headers_mut().insert(naam.clone(), waarde.clone());
    }
    Some(antwoord)
}
