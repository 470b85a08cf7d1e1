//! De lopende aanmelding: beginnen, terugvinden, en niemand anders erbij laten.

use domain::aanmeldingen::POGING_GELDIG;
use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::{Id, Moment};
use provider::authorize::GeldigVerzoek;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::pogingen::{Poging, Stand};

use super::bezoek::Bezoek;
use super::fout::Fout;
use crate::problem::{self, Problem};

/// Wat bij terugkomst van de identiteitsprovider verwacht wordt; de `state` zelf staat alleen als hash in de opslag.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Heenweg {
    pub(crate) nonce: String,
    pub(crate) code_verifier: String,
    pub(crate) redirect_uri: String,
    pub(crate) vertrokken_op: Moment,
    pub(crate) max_age: Option<u64>,
    /// De versie van de registratie waarmee de persoon vertrok.
    #[serde(default)]
    pub(crate) versienummer: i32,
}

/// Een nieuwe poging in deze browser.
pub(crate) fn nieuw(bezoek: &Bezoek, verzoek: &GeldigVerzoek, browser_hash: String) -> Result<Poging, Problem> {
    Ok(Poging {
        id: domain::nieuw_id(bezoek.nu, &bezoek.app.rng),
        browser_hash,
        stand: Stand::Kiezen,
        toepassing_id: Some(verzoek.client_id),
        verzoek: serde_json::to_value(verzoek).map_err(problem::fout)?,
        organisatie_id: None,
        identiteitsprovider_id: None,
        state_hash: None,
        heenweg: None,
        bewijs: None,
        persoon_id: None,
        begonnen_op: bezoek.nu,
        verloopt_op: bezoek.nu + POGING_GELDIG,
    })
}

/// Wat het portaal vroeg.
pub(crate) fn verzoek(poging: &Poging) -> Result<GeldigVerzoek, Problem> {
    serde_json::from_value(poging.verzoek.clone()).map_err(problem::fout)
}

pub(crate) fn heenweg(poging: &Poging) -> Result<Heenweg, Problem> {
    let waarde = poging.heenweg.clone().ok_or_else(|| problem::fout("poging onderweg zonder heenweg"))?;
    serde_json::from_value(waarde).map_err(problem::fout)
}

pub(crate) fn verlopen() -> Fout {
    Fout::van(Diagnose::new(DiagnoseCode::StateOnjuist))
}

/// De poging die deze browser noemt, in een van deze standen.
pub(crate) async fn laad(bezoek: &mut Bezoek, id: Option<&str>, standen: &[Stand]) -> Result<Poging, Fout> {
    let id: Id = id.and_then(|id| id.parse().ok()).ok_or_else(verlopen)?;
    let gevonden = bezoek.app.store.read_point(move |conn| -> Result<_, StoreError> { store::pogingen::get(conn, id) }).await.map_err(Problem::from)?;
    let browser = bezoek.browser();
    gevonden.filter(|poging| poging.browser_hash == browser && poging.verloopt_op > bezoek.nu && standen.contains(&poging.stand)).ok_or_else(verlopen)
}
