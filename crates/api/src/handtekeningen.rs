//! Handtekeningen: de eigen sleutels ervoor, die nooit verdwijnen, en het bewijs waarmee ieder ze zelf controleert.

use chrono::TimeDelta;
use domain::Rng;
use provider::{MasterKey, SigningKey, sign_detached, verify_detached};
use serde_json::{Value, json};
use store::{Change, Tx};

use crate::prelude::*;

/// Hoe lang een sleutel nieuwe handtekeningen zet; daarna komt er een nieuwe bij en blijft de oude gepubliceerd.
const JAAR: i64 = 365;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_handtekeningsleutels);
}

/// De publieke sleutels (JWK Set, RFC 7517).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Handtekeningsleutels {
    /// Alle sleutels die ooit tekenden, oudste eerst; er verdwijnt er nooit een.
    #[schema(value_type = Vec<Object>)]
    pub keys: Vec<Value>,
}

/// Geeft de publieke sleutels waarmee handtekeningen te controleren zijn.
///
/// Openbaar: wie een handtekening controleert, hoeft hier geen account te hebben. Sleutels verdwijnen nooit, zodat ook een
/// handtekening van jaren geleden te controleren blijft.
#[utoipa::path(
    tag = "Registraties",
    responses((status = 200, description = "De sleutels als JWK Set", body = Handtekeningsleutels)),
    security(()),
)]
#[get("/handtekeningsleutels")]
pub(crate) async fn lijst_handtekeningsleutels(app: Data<App>) -> Result<Answer, Problem> {
    let alle = app.store.read(|conn| -> Result<_, Problem> { Ok(store::registraties::handtekeningsleutels(conn)?) }).await?;
    let keys = alle.iter().map(|tekst| serde_json::from_str(tekst).map_err(problem::fout)).collect::<Result<_, _>>()?;
    Answer::ok(&Handtekeningsleutels { keys })?.done()
}

/// Waarmee een transactie kan tekenen.
#[derive(Clone)]
pub(crate) struct Tekenaar {
    master: MasterKey,
    rng: Rng,
}

/// Een gezette handtekening.
pub(crate) struct Gezet {
    pub(crate) kid: String,
    pub(crate) inhoud: String,
    pub(crate) jws: String,
}

impl Tekenaar {
    pub(crate) fn van(app: &App) -> Self {
        Self { master: app.keys.master().clone(), rng: app.rng.clone() }
    }

    /// Tekent de canonieke vorm (RFC 8785) van deze inhoud, en controleert wat er staat voordat het wordt bewaard.
    pub(crate) fn teken(&self, tx: &mut Tx<'_>, inhoud: &Value) -> Result<Gezet, Problem> {
        let key = self.sleutel(tx)?;
        let inhoud = provider::canonical(inhoud).map_err(problem::fout)?;
        let jws = sign_detached(&key, inhoud.as_bytes()).map_err(problem::fout)?;
        verify_detached(&jws, inhoud.as_bytes(), key.public_jwk()).map_err(problem::fout)?;
        Ok(Gezet { kid: key.kid().to_owned(), inhoud, jws })
    }

    /// De sleutel van dit jaar; de eerste keer, en na een jaar, wordt er een gemaakt.
    fn sleutel(&self, tx: &mut Tx<'_>) -> Result<SigningKey, Problem> {
        store::sleutels::lock(tx)?;
        let nu = tx.now();
        if let Some((kid, geheim, _)) = store::registraties::handtekeningsleutel(tx.conn())?.filter(|(_, _, gemaakt)| nu - *gemaakt < TimeDelta::days(JAAR)) {
            let pkcs8 = self.master.open(&doel(&kid), &geheim).map_err(problem::fout)?;
            return SigningKey::from_pkcs8(&pkcs8).map_err(problem::fout);
        }
        let key = SigningKey::generate().map_err(problem::fout)?;
        let geheim = self.master.seal(&doel(key.kid()), key.pkcs8(), &self.rng).map_err(problem::fout)?;
        store::registraties::insert_handtekeningsleutel(tx, key.kid(), &key.public_jwk().to_string(), &geheim)?;
        tx.record(Change {
            handeling: "handtekeningsleutel.gemaakt",
            onderwerp_soort: "handtekeningsleutel",
            onderwerp_id: key.kid().to_owned(),
            na: Some(json!({ "kid": key.kid() })),
            ..Change::default()
        })?;
        Ok(key)
    }
}

/// Bindt het verzegelde geheim aan zijn plaats: een tokensleutel is nooit als handtekeningsleutel te openen.
fn doel(kid: &str) -> String {
    format!("handtekening:{kid}")
}
