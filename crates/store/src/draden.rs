//! Eigen draden voor de opslag: zoveel als er tegelijk met de database kan worden gepraat.
//!
//! Op de gewone blokkerende draden zou ieder wachtend verzoek een eigen draad bezet houden, en vochten tientallen draden om
//! enkele verbindingen. Met evenveel draden als verbindingen pakt wie klaar is meteen het volgende werk, op volgorde van vragen.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::StoreError;

/// Zo lang blijft een draad zonder werk bestaan.
const RUST: Duration = Duration::from_secs(60);
/// Zoveel transacties of lezingen doet een draad voor een rij achter elkaar; dan mag eerst wie op een draad wacht.
pub(crate) const ACHTEREEN: usize = 8;

pub(crate) struct Draden(Option<Runtime>);

impl Draden {
    pub(crate) fn nieuw(aantal: usize) -> Result<Self, StoreError> {
        let bouw = Builder::new_current_thread().thread_name("opslag").max_blocking_threads(aantal).thread_keep_alive(RUST).build();
        bouw.map(|runtime| Self(Some(runtime))).map_err(StoreError::fault)
    }

    /// Laat `werk` doen op een van de draden, zonder erop te wachten.
    pub(crate) fn begin(&self, werk: impl FnOnce() + Send + 'static) {
        if let Some(runtime) = &self.0 {
            drop(runtime.spawn_blocking(werk));
        }
    }

    /// Doet `werk` op een van de draden. Een paniek in het werk wordt een fout.
    pub(crate) async fn doe<T: Send + 'static>(&self, werk: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
        let Some(runtime) = &self.0 else { return Err(StoreError::fault("de opslag sluit")) };
        runtime.spawn_blocking(werk).await.map_err(StoreError::fault)
    }
}

impl Drop for Draden {
    fn drop(&mut self) {
        // Wachten kan hier niet: de laatste eigenaar kan zelf op een runtime draaien. Lopend werk maakt zich af.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
