//! De achtergrondwerkers: verzegelen, sleutels wisselen, opruimen. Elke werker overleeft een storing van de opslag.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use actix_web::web::Data;
use api::App;
use api::post::Bezorger;
use metrics::counter;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::metering::WORKER_RUNS;

/// Tot zij is bijgeteld, blijft iedere gemeten duur in het geheugen; ook als niemand de meetwaarden ophaalt.
const METRICS: Duration = Duration::from_secs(1);
const SEAL: Duration = Duration::from_millis(500);
const KEYS: Duration = Duration::from_secs(60);
const IDPS: Duration = Duration::from_secs(60);
const POST: Duration = Duration::from_secs(1);
const POST_MEASURED: Duration = Duration::from_secs(60);
const CLEANUP: Duration = Duration::from_secs(900);
const REMINDERS: Duration = Duration::from_secs(3600);

/// De lopende werkers.
#[derive(Debug)]
pub(crate) struct Workers(Vec<JoinHandle<()>>);

impl Workers {
    pub(crate) fn start(app: &Data<App>, metrics: &PrometheusHandle, bezorger: Option<Arc<dyn Bezorger>>) -> Self {
        let mut workers = vec![
            every("meetwaarden", METRICS, metrics, |metrics| async move {
                metrics.run_upkeep();
                Ok::<(), std::convert::Infallible>(())
            }),
            every("verzegelen", SEAL, app, |app| async move { api::workers::seal(&app).await.map(drop) }),
            every("sleutels", KEYS, app, |app| async move { api::workers::rotate_keys(&app).await.map(drop) }),
            every("herinneren", REMINDERS, app, |app| async move { api::workers::remind(&app).await.map(drop) }),
            every("identiteitsproviders", IDPS, app, |app| async move { api::workers::watch_idps(&app).await.map(drop) }),
            every("postmeting", POST_MEASURED, app, |app| async move { api::workers::measure_post(&app).await }),
            every("opruimen", CLEANUP, app, |app| async move { api::workers::cleanup(&app).await.map(drop) }),
        ];
        match bezorger {
            Some(bezorger) => workers.push(every("post", POST, app, move |app| {
                let bezorger = Arc::clone(&bezorger);
                async move { api::post::bezorg(&app, bezorger.as_ref()).await.map(drop) }
            })),
            None => tracing::warn!("er is geen mailserver ingesteld (`mail.host`): eenmalige codes en berichten blijven wachten"),
        }
        Self(workers)
    }

    /// Stopt de rondes en verzegelt wat er nog ligt.
    pub(crate) async fn stop(self, app: &Data<App>) {
        for worker in &self.0 {
            worker.abort();
        }
        if let Err(cause) = api::workers::seal(app).await {
            tracing::warn!(%cause, "laatste auditregels nog niet verzegeld; de volgende start doet dat");
        }
    }
}

/// Een ronde, een wachttijd, een ronde; een mislukte ronde wordt geteld, eenmaal gemeld en daarna opnieuw geprobeerd. Raakt een
/// ronde in paniek, dan is zij mislukt; de werker gaat door.
fn every<A, F, R, E>(name: &'static str, pause: Duration, app: &A, round: F) -> JoinHandle<()>
where
    A: Clone + 'static,
    F: Fn(A) -> R + 'static,
    R: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    let app = app.clone();
    let (succeeded, failed) =
        (counter!(WORKER_RUNS, "werker" => name, "uitkomst" => "gelukt"), counter!(WORKER_RUNS, "werker" => name, "uitkomst" => "mislukt"));
    actix_web::rt::spawn(async move {
        let mut healthy = true;
        loop {
            let turn = caught(async { round(app.clone()).await.map_err(|cause| cause.to_string()) });
            match turn.await {
                Ok(()) => {
                    succeeded.increment(1);
                    if !healthy {
                        tracing::info!(werker = name, "werkt weer");
                    }
                    healthy = true;
                }
                Err(cause) => {
                    failed.increment(1);
                    if healthy {
                        tracing::error!(werker = name, %cause, "ronde mislukt; wordt herhaald");
                    }
                    healthy = false;
                }
            }
            actix_web::rt::time::sleep(pause).await;
        }
    })
}

/// Voert een ronde uit; een paniek wordt een fout. Waar zij vandaan kwam, staat dan al in de foutuitvoer.
async fn caught(round: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let mut round = pin!(round);
    poll_fn(|context| {
        catch_unwind(AssertUnwindSafe(|| round.as_mut().poll(context))).unwrap_or_else(|_| Poll::Ready(Err("de ronde raakte in paniek".to_owned())))
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    #[actix_web::test]
    async fn een_ronde_die_in_paniek_raakt_houdt_de_volgende_rondes_niet_tegen() {
        let rounds = Rc::new(Cell::new(0));
        let worker = every("proef", Duration::ZERO, &rounds, |rounds| async move {
            rounds.set(rounds.get() + 1);
            actix_web::rt::task::yield_now().await;
            assert!(rounds.get() > 2, "hoort bij deze proef");
            Ok::<(), String>(())
        });
        while rounds.get() < 4 {
            assert!(!worker.is_finished(), "de werker is weg");
            actix_web::rt::time::sleep(Duration::from_millis(1)).await;
        }
        worker.abort();
    }
}
