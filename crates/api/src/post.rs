//! Uitgaande post bezorgen: wat er in de opslag klaarligt, gaat naar een bezorger; wat niet lukt, later opnieuw.

use std::future::Future;
use std::pin::Pin;

use store::post::{Bezorging, Zending};

use crate::app::App;
use crate::problem::Problem;

/// Zoveel berichten neemt een ronde ten hoogste.
const PER_RONDE: i64 = 20;

/// Iets dat post bezorgt: een mailserver, of in de voorbeelddienst een postvak.
pub trait Bezorger: std::fmt::Debug + Send + Sync {
    /// Biedt één bericht aan.
    fn bezorg<'a>(&'a self, zending: &'a Zending) -> Pin<Box<dyn Future<Output = Bezorging> + Send + 'a>>;
}

/// Bezorgt wat aan de beurt is; geeft hoeveel berichten zijn aangeboden.
///
/// # Errors
/// Een fout van de opslag.
pub async fn bezorg(app: &App, bezorger: &dyn Bezorger) -> Result<usize, Problem> {
    let zendingen = app.store.post_nemen(app.clock.now(), PER_RONDE).await?;
    for zending in &zendingen {
        let uitkomst = bezorger.bezorg(zending).await;
        match &uitkomst {
            Bezorging::Gelukt => tracing::info!(bericht = %zending.id, poging = zending.poging, "bericht bezorgd"),
            Bezorging::Later(fout) | Bezorging::Geweigerd(fout) => tracing::warn!(bericht = %zending.id, poging = zending.poging, fout, "bericht niet bezorgd"),
        }
        app.store.post_afgehandeld(zending, uitkomst, app.clock.now()).await?;
    }
    Ok(zendingen.len())
}
