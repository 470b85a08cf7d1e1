//! Het einde van een aanmelding: de sessie begint (of wordt vernieuwd), het portaal krijgt zijn code, het logboek een regel.

use std::sync::Arc;

use actix_web::web::Data;
use domain::aanmeldingen::{Aanmelding, Uitkomst};
use domain::personen::{Persoon, PersoonStatus};
use domain::sessies::{EindeReden, Sessie};
use domain::toepassingen::Toepassing;
use domain::{Id, Moment};
use provider::authorize::{Antwoord, AuthorizeFout, GeldigVerzoek};
use serde_json::json;
use store::pogingen::{Poging, Stand};
use store::{Actor, Change, StoreError, Tx};

use super::bewijs::Bewijs;
use super::bezoek::{Bezoek, Uit};
use super::fout::Fout;
use super::geheimen::{self, Koekje};
use super::{poging, portaal};
use crate::app::App;
use crate::problem::Problem;

/// Wat een transactie nodig heeft van het bezoek waarin zij valt.
#[derive(Clone, Debug)]
pub(super) struct Ronde {
    app: Data<App>,
    /// Het portaal dat de aanmelding vroeg.
    toepassing: Arc<Toepassing>,
    /// De sessie die deze browser al had.
    vorige: Option<String>,
    /// Het geheim voor de sessie die begint.
    geheim: String,
    kenmerk: String,
}

impl Ronde {
    pub(super) async fn van(bezoek: &Bezoek, poging: &Poging) -> Result<Self, Problem> {
        Ok(Self {
            app: bezoek.app.clone(),
            toepassing: portaal::toepassing(&bezoek.app, &poging::verzoek(poging)?).await?,
            vorige: bezoek.lees(Koekje::Sessie).map(|geheim| geheimen::hash(&geheim)),
            geheim: geheimen::toeval(&bezoek.app.rng),
            kenmerk: bezoek.kenmerk(),
        })
    }
}

/// Een aangemelde persoon met het antwoord voor het portaal.
#[derive(Debug)]
pub(super) struct Klaar {
    geheim: Option<String>,
    antwoord: Result<Antwoord, AuthorizeFout>,
}

/// Meldt de persoon aan; `None` als een ander verzoek deze poging al afmaakte.
pub(super) fn aangemeld(tx: &mut Tx<'_>, ronde: &Ronde, poging: &Poging, bewijs: &Bewijs, persoon: &Persoon) -> Result<Option<Klaar>, Problem> {
    let verzoek = poging::verzoek(poging)?;
    // Het bewijs blijft niet liggen als het zijn werk gedaan heeft.
    let klaar = Poging { stand: Stand::Klaar, state_hash: None, heenweg: None, bewijs: None, ..poging.clone() };
    if !store::pogingen::verder(tx, poging, &klaar)? {
        return Ok(None);
    }
    if persoon.status == PersoonStatus::Uitgenodigd {
        activeer(tx, persoon)?;
    }
    let sessie = sessie(tx, ronde, bewijs, persoon)?;
    let (upstream_acr, upstream_amr) = bewijs.upstream();
    let regel = Aanmelding {
        id: tx.nieuw_id(),
        op: tx.now(),
        uitkomst: Uitkomst::Geslaagd,
        organisatie_id: Some(persoon.organisatie_id),
        identiteitsprovider_id: sessie.identiteitsprovider_id,
        toepassing_id: poging.toepassing_id,
        persoon_id: Some(persoon.id),
        sessie_id: Some(sessie.id),
        diagnose: None,
        acr: sessie.acr.clone(),
        upstream_acr: upstream_acr.map(str::to_owned),
        upstream_amr: upstream_amr.to_vec(),
        trace_id: ronde.kenmerk.clone(),
    };
    store::aanmeldingen::insert(tx, &regel)?;
    let antwoord = portaal::antwoord(tx, &ronde.app, &ronde.toepassing, &sessie, &verzoek)?;
    Ok(Some(Klaar { geheim: Some(ronde.geheim.clone()), antwoord }))
}

fn activeer(tx: &mut Tx<'_>, persoon: &Persoon) -> Result<(), StoreError> {
    let nieuw = persoon.activeren(tx.now());
    store::personen::update(tx, &nieuw, persoon.versie)?;
    tx.record(Change {
        handeling: "persoon.geactiveerd",
        onderwerp_soort: "persoon",
        onderwerp_id: persoon.id.to_string(),
        organisatie_id: Some(persoon.organisatie_id),
        voor: Some(json!({ "status": persoon.status })),
        na: Some(json!({ "status": nieuw.status })),
        ..Change::default()
    })
}

/// Begint een sessie, of vernieuwt die van dezelfde persoon met dezelfde identiteit: bij andere portalen blijft die persoon
/// dan aangemeld. Het geheim in de browser is altijd nieuw, zodat een eerder geheim niets meer opent.
fn sessie(tx: &mut Tx<'_>, ronde: &Ronde, bewijs: &Bewijs, persoon: &Persoon) -> Result<Sessie, Problem> {
    let nu = tx.now();
    let vorige = match &ronde.vorige {
        Some(hash) => store::sessies::by_geheim(tx.conn(), hash)?.filter(|vorige| vorige.geldt(nu)),
        None => None,
    };
    let hash = geheimen::hash(&ronde.geheim);
    let begonnen = bewijs.sessie(tx.nieuw_id(), persoon, nu);
    let dezelfde =
        |vorige: &Sessie| (vorige.persoon_id, &vorige.issuer, &vorige.upstream_sub) == (begonnen.persoon_id, &begonnen.issuer, &begonnen.upstream_sub);
    match vorige {
        Some(vorige) if dezelfde(&vorige) => {
            let nieuw = Sessie { id: vorige.id, gestart_op: vorige.gestart_op, ..begonnen };
            store::sessies::vernieuw(tx, &nieuw, &hash, &bewijs.afmelden())?;
            tx.record(spoor("sessie.vernieuwd", &nieuw, Some(&vorige))?)?;
            Ok(nieuw)
        }
        vorige => {
            if let Some(vorige) = vorige {
                store::sessies::beeindig(tx, vorige.id, EindeReden::Vervangen)?;
                tx.record(beeindigd(&vorige, EindeReden::Vervangen, nu))?;
            }
            #[expect(clippy::disallowed_methods, reason = "de ene plaats waar een sessie ontstaat: hier ligt een bewijs")]
            store::sessies::insert(tx, &begonnen, &hash, &bewijs.afmelden())?;
            tx.record(spoor("sessie.begonnen", &begonnen, None)?)?;
            Ok(begonnen)
        }
    }
}

fn spoor(handeling: &'static str, nieuw: &Sessie, oud: Option<&Sessie>) -> Result<Change, StoreError> {
    Ok(Change {
        handeling,
        onderwerp_soort: "sessie",
        onderwerp_id: nieuw.id.to_string(),
        organisatie_id: Some(nieuw.organisatie_id),
        traject_id: None,
        voor: oud.map(serde_json::to_value).transpose()?,
        na: Some(serde_json::to_value(nieuw)?),
    })
}

/// De auditregel van een beëindigde sessie.
pub(crate) fn beeindigd(sessie: &Sessie, reden: EindeReden, nu: Moment) -> Change {
    Change {
        handeling: "sessie.beeindigd",
        onderwerp_soort: "sessie",
        onderwerp_id: sessie.id.to_string(),
        organisatie_id: Some(sessie.organisatie_id),
        na: Some(json!({ "persoonId": sessie.persoon_id, "eindeReden": reden, "beeindigdOp": nu })),
        ..Change::default()
    }
}

/// Een lopende sessie voldoet: meteen de code.
pub(super) async fn met_sessie(bezoek: &mut Bezoek, sessie: Sessie, verzoek: GeldigVerzoek) -> Result<Uit, Fout> {
    let actor = Actor { persoon_id: Some(sessie.persoon_id), toepassing_id: None, organisatie_id: Some(sessie.organisatie_id) };
    let (app, toepassing) = (bezoek.app.clone(), portaal::toepassing(&bezoek.app, &verzoek).await?);
    let klaar = bezoek.app.store.write(actor, bezoek.nu, bezoek.traceparent(), move |tx| {
        // In deze transactie nog eens: de sessie kan net beëindigd zijn.
        let nu = tx.now();
        let Some(sessie) = lopend(tx, sessie.id, nu)? else { return Ok(None) };
        store::sessies::gebruikt(tx, sessie.id)?;
        let antwoord = portaal::antwoord(tx, &app, &toepassing, &sessie, &verzoek)?;
        Ok::<_, Problem>(Some(Klaar { geheim: None, antwoord }))
    });
    let klaar = klaar.await?.ok_or_else(poging::verlopen)?;
    antwoord(bezoek, klaar)
}

fn lopend(tx: &mut Tx<'_>, id: Id, nu: Moment) -> Result<Option<Sessie>, StoreError> {
    Ok(store::sessies::get(tx.conn(), id)?.filter(|sessie| sessie.geldt(nu)))
}

/// Het antwoord aan het portaal, en het geheim van de sessie in de browser.
pub(super) fn antwoord(bezoek: &mut Bezoek, klaar: Klaar) -> Result<Uit, Fout> {
    if let Some(geheim) = &klaar.geheim {
        bezoek.zet(Koekje::Sessie, geheim);
    }
    match klaar.antwoord {
        Ok(antwoord) => Ok(bezoek.portaal(antwoord)?),
        Err(fout) => Err(Fout::Portaal(Box::new(fout))),
    }
}
