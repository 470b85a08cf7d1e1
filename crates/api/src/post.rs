//! Uitgaande post bezorgen: wat er in de opslag klaarligt, gaat naar een bezorger; wat niet lukt, later opnieuw.

use std::future::Future;
use std::pin::Pin;

use domain::Clock;
use store::Store;
use store::post::{Bezorging, Zending};

use crate::app::App;
use crate::problem::Problem;

/// Zoveel berichten biedt een ronde ten hoogste aan.
const PER_RONDE: usize = 20;

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
    ronde(&app.store, &app.clock, bezorger).await
}

async fn ronde(store: &Store, clock: &Clock, bezorger: &dyn Bezorger) -> Result<usize, Problem> {
    for aangeboden in 0..PER_RONDE {
        // Eén tegelijk: een beurt is kort, en wie er meer neemt dan hij op tijd bezorgt, bezorgt wat een ander al overnam.
        let Some(zending) = store.post_nemen(clock.now(), 1).await?.pop() else { return Ok(aangeboden) };
        let uitkomst = bezorger.bezorg(&zending).await;
        match &uitkomst {
            Bezorging::Gelukt => tracing::info!(bericht = %zending.id, poging = zending.poging, "bericht bezorgd"),
            Bezorging::Later(fout) | Bezorging::Geweigerd(fout) => tracing::warn!(bericht = %zending.id, poging = zending.poging, fout, "bericht niet bezorgd"),
        }
        store.post_afgehandeld(&zending, uitkomst, clock.now()).await?;
    }
    Ok(PER_RONDE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::allow_attributes, clippy::unwrap_used, reason = "in een proef is een fout een mislukte proef")]

    use std::sync::Mutex;

    use domain::{Moment, Rng};
    use store::post::Bericht;
    use store::{Actor, Change, StoreConfig, StoreError};

    use super::*;

    fn nu() -> Moment {
        Moment::from_timestamp(1_790_000_000, 0).unwrap()
    }

    /// Bezorgt, en laat een andere node onderweg nemen wat er nog ligt.
    #[derive(Debug)]
    struct TweeNodes {
        store: Store,
        bezorgd: Mutex<Vec<String>>,
    }

    impl Bezorger for TweeNodes {
        fn bezorg<'a>(&'a self, zending: &'a Zending) -> Pin<Box<dyn Future<Output = Bezorging> + Send + 'a>> {
            Box::pin(async move {
                let ander = self.store.post_nemen(nu(), 10).await.unwrap();
                let namen = ander.iter().chain([zending]).map(|zending| zending.bericht.onderwerp.clone());
                self.bezorgd.lock().unwrap().extend(namen);
                Bezorging::Gelukt
            })
        }
    }

    #[actix_web::test]
    async fn een_ronde_houdt_niet_vast_wat_een_ander_al_kan_bezorgen() {
        let map = tempfile::tempdir().unwrap();
        let teller = std::sync::atomic::AtomicU8::new(0);
        let rng = Rng::new(move |buffer| buffer.fill(teller.fetch_add(1, std::sync::atomic::Ordering::Relaxed)));
        let store = Store::open(StoreConfig { database_url: None, data_dir: map.path().to_owned(), pool_size: 2, audit_key: [7; 32], rng, max_pages: None });
        let store = store.unwrap();
        store.migrate().unwrap();
        let geplaatst: Result<(), StoreError> = store
            .write(Actor::default(), nu(), None, |tx| {
                for onderwerp in ["een", "twee", "drie"] {
                    store::post::plaats(tx, &Bericht { onderwerp: onderwerp.to_owned(), ..Bericht::default() })?;
                }
                tx.record(Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: "post".to_owned(), ..Change::default() })
            })
            .await;
        geplaatst.unwrap();
        let nodes = TweeNodes { store: store.clone(), bezorgd: Mutex::default() };
        assert_eq!(ronde(&store, &Clock::new(nu), &nodes).await.unwrap(), 1);
        let mut bezorgd = nodes.bezorgd.into_inner().unwrap();
        bezorgd.sort();
        assert_eq!(bezorgd, ["drie", "een", "twee"]);
    }
}
