//! Een bestand dat als lichaam binnenkomt: als stroom naar schijf, met een grens, en nooit in zijn geheel in het geheugen.

use std::future::poll_fn;
use std::io::Write;
use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use actix_web::body::{BodyStream, MessageBody};
use actix_web::rt::time::timeout;
use actix_web::web::Payload;
use sha2::{Digest, Sha256};

use crate::middleware::{too_large, too_slow};
use crate::problem::{self, Problem};

/// Zo lang mag een stuk van het bestand op zich laten wachten.
const STIL: Duration = Duration::from_secs(30);
/// Zo lang mag het hele bestand onderweg zijn.
const SLOWEST: Duration = Duration::from_secs(300);

/// Een ontvangen bestand; het verdwijnt van schijf als niemand het meer vasthoudt.
#[derive(Debug)]
pub(crate) struct Bestand {
    bestand: tempfile::NamedTempFile,
    /// SHA-256 van de inhoud, hexadecimaal.
    pub(crate) sha256: String,
}

impl Bestand {
    /// Waar het staat.
    pub(crate) fn pad(&self) -> &Path {
        self.bestand.path()
    }

    /// Ontvangt een bestand van hoogstens zoveel bytes.
    pub(crate) async fn ontvang(payload: Payload, grens: usize) -> Result<Self, Problem> {
        timeout(SLOWEST, Self::lees(payload, grens)).await.unwrap_or_else(|_| Err(too_slow(SLOWEST)))
    }

    async fn lees(payload: Payload, grens: usize) -> Result<Self, Problem> {
        let mut bestand = tempfile::NamedTempFile::new().map_err(problem::fout)?;
        let mut stroom = pin!(BodyStream::new(payload));
        let (mut hash, mut grootte) = (Sha256::new(), 0_usize);
        loop {
            let stuk = timeout(STIL, poll_fn(|cx| stroom.as_mut().poll_next(cx))).await.map_err(|_| too_slow(STIL))?;
            let Some(stuk) = stuk else { break };
            let stuk = stuk.map_err(|cause| {
                tracing::info!(%cause, "bestand niet ontvangen");
                problem::ongeldig("", "afgebroken", "Het bestand is niet volledig ontvangen. Stuur het opnieuw.")
            })?;
            grootte = grootte.saturating_add(stuk.len());
            if grootte > grens {
                return Err(too_large(grens));
            }
            hash.update(&stuk);
            // Kleine stukken naar de bladzijdencache: korter dan een overstap naar een andere draad.
            bestand.write_all(&stuk).map_err(problem::fout)?;
        }
        if grootte == 0 {
            return Err(problem::ongeldig("", "bestand-leeg", "Er is geen bestand ontvangen. Stuur het als lichaam van het verzoek."));
        }
        bestand.flush().map_err(problem::fout)?;
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { bestand, sha256 })
    }
}
