//! De terugkomst van de identiteitsprovider: het antwoord hoort bij deze browser, bij deze poging en bij deze
//! identiteitsprovider, en bewijst de aanmelding; anders gebeurt er niets.

use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::aanmeldingen::binnen_domeinen;
use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::organisaties::Organisatie;
use domain::personen::{NieuwePersoon, Persoon, PersoonStatus};
use domain::{Id, Moment};
use federation::{CallbackParams, Verwacht};
use store::pogingen::{Poging, Stand};
use store::{Actor, Change, Conn, StoreError, Tx};

use super::afronden::{self, Klaar};
use super::bewijs::Bewijs;
use super::bezoek::{Bezoek, Uit};
use super::fout::{Fout, toon};
use super::geheimen::Koekje;
use super::{code, geheimen, poging};
use crate::app::App;
use crate::problem::{self, Problem};

pub(super) async fn callback(app: Data<App>, req: HttpRequest, idp: Path<Id>) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let uit = teruggekomen(&mut bezoek, idp.into_inner(), req.query_string()).await;
    toon(bezoek, uit).await
}

/// Een aanmelddienst die met een formulier antwoordt. Daar vroegen wij niet om, en de browser stuurt er geen koekjes bij mee:
/// de aanmelding gaat niet door. Zij staat wel bij de IdP-beheerder in het logboek, want de `state` zegt welke het is.
pub(super) async fn formulier(app: Data<App>, req: HttpRequest, idp: Path<Id>, body: Bytes) -> HttpResponse {
    let bezoek = Bezoek::nieuw(&app, &req);
    let fout = met_formulier(&bezoek, idp.into_inner(), &body).await;
    toon(bezoek, Err(fout)).await
}

async fn met_formulier(bezoek: &Bezoek, idp: Id, body: &[u8]) -> Fout {
    let velden = std::str::from_utf8(body).ok().and_then(|tekst| CallbackParams::parse(tekst).ok());
    let Some(state) = velden.and_then(|velden| velden.state) else { return poging::verlopen() };
    match met_state(bezoek, &state).await {
        Ok(poging) if poging.identiteitsprovider_id == Some(idp) => {
            let diagnose = Diagnose::new(DiagnoseCode::TerugkeerOnjuist).verwacht("een antwoord in het adres ('response_mode=query')");
            Fout::bij(diagnose.gezien("een formulier ('response_mode=form_post')"), poging)
        }
        Ok(_) => poging::verlopen(),
        Err(fout) => fout,
    }
}

async fn teruggekomen(bezoek: &mut Bezoek, idp: Id, query: &str) -> Result<Uit, Fout> {
    let params = match CallbackParams::parse(query) {
        Ok(params) => params,
        Err(onleesbaar) => return Err(zonder_state(bezoek, idp, onleesbaar).await),
    };
    let Some(state) = params.state.clone() else {
        let gezien = match query {
            "" => "niets; staat het antwoord achter een '#', dan antwoordt de aanmelddienst niet met 'response_mode=query'",
            _ if params.error.is_some() => "een fout zonder 'state'",
            _ => "geen 'state'",
        };
        let diagnose = Diagnose::new(DiagnoseCode::TerugkeerOnjuist).verwacht("de state van dit vertrek").gezien(gezien);
        return Err(zonder_state(bezoek, idp, diagnose).await);
    };
    let poging = onderweg(bezoek, &state, idp).await?;
    let heenweg = poging::heenweg(&poging)?;
    let verwacht = Verwacht {
        state,
        nonce: heenweg.nonce,
        code_verifier: heenweg.code_verifier,
        redirect_uri: heenweg.redirect_uri,
        vertrokken_op: heenweg.vertrokken_op,
        max_age: heenweg.max_age,
    };
    let proven = bezoek.app.idps.terugkomst(&bezoek.app, (idp, heenweg.versienummer), &params, &verwacht).await.map_err(|nee| Fout::idp(nee, &poging))?;
    // De verbinding met de identiteitsprovider kostte tijd: vanaf hier telt het moment van nu.
    bezoek.nu = bezoek.app.clock.now();
    let bewijs = Bewijs::from(&proven);
    let gemist = proven.gemist().cloned();
    let verzoek = poging::verzoek(&poging)?;
    if !verzoek.sterk_genoeg(Some(bewijs.acr())) {
        return Err(Fout::TeZwak { poging: Box::new(poging), bewijs: Box::new(bewijs), terug: Box::new(verzoek.terugweg) });
    }
    verder(bezoek, poging, bewijs, gemist).await
}

/// Een antwoord waarin de `state` niet te vinden is. Is deze browser bij deze identiteitsprovider onderweg, dan komt het bij die
/// poging in het logboek, zodat de IdP-beheerder ziet wat zijn aanmelddienst weglaat; anders is het een los bezoek.
async fn zonder_state(bezoek: &Bezoek, idp: Id, diagnose: Diagnose) -> Fout {
    let Some(browser) = bezoek.lees(Koekje::Browser).map(|eigen| geheimen::hash(&eigen)) else { return poging::verlopen() };
    let nu = bezoek.nu;
    let gezocht = bezoek.app.store.read(move |conn: &mut Conn| -> Result<_, StoreError> { store::pogingen::onderweg(conn, &browser, idp, nu) }).await;
    match gezocht {
        Ok(Some(poging)) => Fout::bij(diagnose, poging),
        Ok(None) => poging::verlopen(),
        Err(fout) => Fout::Problem(fout.into()),
    }
}

/// De poging die met deze `state` onderweg is, in welke browser en waarheen dan ook.
async fn met_state(bezoek: &Bezoek, state: &str) -> Result<Poging, Fout> {
    let hash = geheimen::hash(state);
    let gevonden = bezoek.app.store.read(move |conn: &mut Conn| -> Result<_, StoreError> { store::pogingen::by_state(conn, &hash) }).await;
    let loopt = |poging: &Poging| poging.stand == Stand::Onderweg && poging.verloopt_op > bezoek.nu;
    gevonden.map_err(Problem::from)?.filter(loopt).ok_or_else(poging::verlopen)
}

/// De poging die met deze `state` onderweg is, in deze browser en naar deze identiteitsprovider.
async fn onderweg(bezoek: &mut Bezoek, state: &str, idp: Id) -> Result<Poging, Fout> {
    let browser = bezoek.browser();
    let poging = met_state(bezoek, state).await?;
    if poging.browser_hash != browser {
        return Err(poging::verlopen());
    }
    if poging.identiteitsprovider_id != Some(idp) {
        // Het antwoord kwam binnen op het adres van een ander: een verwisseling (RFC 9207, 1).
        let diagnose = Diagnose::new(DiagnoseCode::IssParameterOnjuist);
        let diagnose = diagnose.verwacht("een antwoord van de aanmelddienst waarheen de persoon vertrok").gezien("een antwoord op het adres van een andere");
        return Err(Fout::bij(diagnose, poging));
    }
    Ok(poging)
}

/// Wat er met een bewezen identiteit kan.
enum Erkend {
    /// De identiteit is gekoppeld aan deze persoon.
    Bekend(Box<Persoon>),
    /// De persoon is geregistreerd, maar meldt zich voor het eerst aan.
    EersteKeer(Box<Persoon>),
    /// Nog niet geregistreerd, en de organisatie wil dat dat nu gebeurt.
    Nieuw(Box<Persoon>),
    /// Het gaat niet door.
    Nee(Diagnose),
}

/// De registratie van wie zich voor het eerst aanmeldt, als de organisatie dat zo wil: zonder rollen, onder het eigen adres.
/// Het adres ligt al binnen de domeinen van de organisatie; de eenmalige code bewijst het daarna.
fn aanmaken(organisatie: &Organisatie, bewijs: &Bewijs, email: &str, id: Id, nu: Moment) -> Result<Persoon, Diagnose> {
    if !organisatie.aanmaken_bij_eerste_aanmelding {
        return Err(DiagnoseCode::PersoonNietGeregistreerd.into());
    }
    if bewijs.email_ontkend() {
        return Err(Diagnose::new(DiagnoseCode::EMailNietBevestigd)
            .verwacht("'email_verified' true, of geen 'email_verified'")
            .gezien("'email_verified' false"));
    }
    let naam: String = bewijs.naam().or_else(|| email.split('@').next()).unwrap_or_default().chars().take(200).collect();
    let nieuw = NieuwePersoon { organisatie_id: organisatie.id, naam, email: email.to_owned(), telefoon: None, functie: None, rollen: Vec::new() };
    nieuw.maak(id, nu).map_err(|fouten| {
        let gezien: Vec<String> = fouten.into_iter().map(|fout| format!("{}: {}", fout.location, fout.detail)).collect();
        Diagnose::new(DiagnoseCode::ClaimOntbreekt).verwacht("een naam en een e-mailadres om te registreren").gezien(gezien.join("; "))
    })
}

/// Van identiteit naar persoon. Een e-mailadres zegt nooit wie iemand is: het wijst alleen aan naar wie de code gaat.
fn erken(tx: &mut Tx<'_>, bewijs: &Bewijs) -> Result<Erkend, StoreError> {
    let (id, nu) = (tx.nieuw_id(), tx.now());
    let conn = tx.conn();
    let nee = |code: DiagnoseCode| Ok(Erkend::Nee(Diagnose::new(code)));
    let (issuer, sub) = bewijs.identiteit();
    let Some(organisatie) = store::organisaties::get(conn, bewijs.organisatie_id())? else { return nee(DiagnoseCode::IdpNietActief) };
    if let Some(email) = bewijs.email()
        && !binnen_domeinen(email, &organisatie.emaildomeinen)
    {
        let domein = email.rsplit('@').next().unwrap_or_default();
        return Ok(Erkend::Nee(Diagnose::new(DiagnoseCode::EMailBuitenDomein).verwacht(organisatie.emaildomeinen.join(", ")).gezien(domein)));
    }
    if let Some(persoon) = store::personen::by_identiteit(conn, issuer, sub)? {
        let ander = match bewijs.email() {
            // Het adres van een collega onder deze identiteit: de aanmelddienst geeft meer mensen dezelfde 'sub'.
            Some(email) if *email != persoon.email && persoon.organisatie_id == organisatie.id => {
                store::personen::met_email(conn, organisatie.id, email)?.is_some_and(|collega| collega.id != persoon.id)
            }
            _ => false,
        };
        if ander {
            let diagnose = Diagnose::new(DiagnoseCode::IdentiteitGewijzigd).verwacht("het e-mailadres van de persoon aan wie deze 'sub' gekoppeld is");
            return Ok(Erkend::Nee(diagnose.gezien("het e-mailadres van een andere persoon van deze organisatie, bij dezelfde 'sub'")));
        }
        return match persoon.status {
            _ if persoon.organisatie_id != organisatie.id => {
                let diagnose = Diagnose::new(DiagnoseCode::AndereOrganisatie);
                Ok(Erkend::Nee(diagnose.verwacht("een persoon van deze organisatie").gezien("een identiteit van een persoon bij een andere organisatie")))
            }
            PersoonStatus::Actief | PersoonStatus::Uitgenodigd => Ok(Erkend::Bekend(Box::new(persoon))),
            PersoonStatus::Geblokkeerd => nee(DiagnoseCode::PersoonGeblokkeerd),
            PersoonStatus::Verwijderd => nee(DiagnoseCode::PersoonNietGeregistreerd),
        };
    }
    let Some(email) = bewijs.email() else {
        return Ok(Erkend::Nee(
            Diagnose::new(DiagnoseCode::EMailOntbreekt).verwacht("een e-mailadres, in het ID-token of in userinfo").gezien("geen e-mailadres"),
        ));
    };
    let Some(persoon) = store::personen::met_email(conn, organisatie.id, email)? else {
        return match aanmaken(&organisatie, bewijs, email, id, nu) {
            Ok(nieuw) => Ok(Erkend::Nieuw(Box::new(nieuw))),
            Err(diagnose) => Ok(Erkend::Nee(diagnose)),
        };
    };
    match persoon.status {
        PersoonStatus::Geblokkeerd => nee(DiagnoseCode::PersoonGeblokkeerd),
        PersoonStatus::Verwijderd => nee(DiagnoseCode::PersoonNietGeregistreerd),
        // De persoon heeft bij deze uitgever al een andere identiteit: een nieuwe koppelen is overnemen.
        _ if store::kiezer::heeft_identiteit(conn, issuer, persoon.id)? => {
            let diagnose = Diagnose::new(DiagnoseCode::IdentiteitGewijzigd);
            Ok(Erkend::Nee(diagnose.verwacht("de 'sub' waarmee deze persoon zich eerder aanmeldde").gezien("een andere 'sub' bij dit e-mailadres")))
        }
        PersoonStatus::Actief | PersoonStatus::Uitgenodigd => Ok(Erkend::EersteKeer(Box::new(persoon))),
    }
}

/// Hoe een transactie na een bewezen aanmelding afloopt.
enum Afloop {
    Klaar(Klaar),
    Code(Id),
    Nee(Diagnose),
    TeLaat,
}

async fn verder(bezoek: &mut Bezoek, poging: Poging, bewijs: Bewijs, gemist: Option<Diagnose>) -> Result<Uit, Fout> {
    let ronde = afronden::Ronde::van(bezoek, &poging).await?;
    let stap = Stap { app: bezoek.app.clone(), poging: poging.clone(), bewijs: bewijs.clone(), ronde };
    let actor = Actor { organisatie_id: Some(bewijs.organisatie_id()), ..Actor::default() };
    let afloop = bezoek.app.store.write(actor, bezoek.nu, bezoek.traceparent(), move |tx| stap.zet(tx)).await;
    match afloop? {
        Afloop::Klaar(klaar) => afronden::antwoord(bezoek, klaar),
        Afloop::Code(poging) => Ok(Uit::Naar(format!("/oidc/aanmelden/code?poging={poging}"))),
        Afloop::Nee(diagnose) => {
            // Ontbreekt het e-mailadres doordat userinfo niet werkte, dan is dat de oorzaak.
            let oorzaak = gemist.filter(|_| diagnose.code == DiagnoseCode::EMailOntbreekt).unwrap_or(diagnose);
            Err(Fout::met_bewijs(oorzaak, poging, bewijs))
        }
        Afloop::TeLaat => Err(poging::verlopen()),
    }
}

struct Stap {
    app: Data<App>,
    poging: Poging,
    bewijs: Bewijs,
    ronde: afronden::Ronde,
}

impl Stap {
    /// Eén transactie: de poging gaat verder, en de sessie begint of de code gaat op de post.
    fn zet(&self, tx: &mut Tx<'_>) -> Result<Afloop, Problem> {
        match erken(tx, &self.bewijs)? {
            Erkend::Nee(diagnose) => Ok(Afloop::Nee(diagnose)),
            Erkend::Bekend(persoon) => {
                let klaar = afronden::aangemeld(tx, &self.ronde, &self.poging, &self.bewijs, &persoon)?;
                Ok(klaar.map_or(Afloop::TeLaat, Afloop::Klaar))
            }
            Erkend::Nieuw(persoon) => {
                store::personen::insert(tx, &persoon)?;
                tx.record(geregistreerd(&persoon))?;
                self.eerste_keer(tx, &persoon)
            }
            Erkend::EersteKeer(persoon) => self.eerste_keer(tx, &persoon),
        }
    }

    fn eerste_keer(&self, tx: &mut Tx<'_>, persoon: &Persoon) -> Result<Afloop, Problem> {
        let wacht = Poging {
            stand: Stand::Code,
            state_hash: None,
            heenweg: None,
            bewijs: Some(serde_json::to_value(&self.bewijs).map_err(problem::fout)?),
            persoon_id: Some(persoon.id),
            ..self.poging.clone()
        };
        // Eerst verder, dan de post: wie te laat komt, stuurt geen tweede code.
        if !store::pogingen::verder(tx, &self.poging, &wacht)? {
            return Ok(Afloop::TeLaat);
        }
        match code::verstuur(tx, &self.app, &wacht, persoon)? {
            code::Verstuurd::Ja => Ok(Afloop::Code(wacht.id)),
            code::Verstuurd::TeVeel => Ok(Afloop::Nee(Diagnose::new(DiagnoseCode::TeVeelCodes))),
        }
    }
}

fn geregistreerd(persoon: &Persoon) -> Change {
    Change {
        handeling: "persoon.geregistreerd",
        onderwerp_soort: "persoon",
        onderwerp_id: persoon.id.to_string(),
        organisatie_id: Some(persoon.organisatie_id),
        na: Some(crate::personen::spoor(persoon)),
        ..Change::default()
    }
}
