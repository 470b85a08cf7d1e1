//! De achtergrondwerkers: verzegelen, sleutels wisselen, opruimen. Elke werker overleeft een storing van de opslag.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use actix_web::web::Data;
use api::App;
use api::post::Bezorger;
use metrics::counter;

use crate::metering::WORKER_RUNS;

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
    pub(crate) fn start(app: &Data<App>, bezorger: Option<Arc<dyn Bezorger>>) -> Self {
        let mut workers = vec![
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

/// Een ronde, een wachttijd, een ronde; een mislukte ronde wordt geteld, eenmaal gemeld en daarna opnieuw geprobeerd.
fn every<F, R, E>(name: &'static str, pause: Duration, app: &Data<App>, round: F) -> JoinHandle<()>
where
    F: Fn(Data<App>) -> R + 'static,
    R: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    let app = app.clone();
    let (succeeded, failed) =
        (counter!(WORKER_RUNS, "werker" => name, "uitkomst" => "gelukt"), counter!(WORKER_RUNS, "werker" => name, "uitkomst" => "mislukt"));
    actix_web::rt::spawn(async move {
        let mut healthy = true;
        loop {
            match round(app.clone()).await {
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
