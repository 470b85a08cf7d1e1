//! Het logboek: JSON of leesbaar, met spoornummers, en zonder tokens of geheimen.

mod redact;

use std::io::{self, Write};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

pub use redact::redact;

use crate::Stop;
use crate::config::{Config, LogFormat};
use crate::telemetry::Telemetry;

/// Zet het logboek aan volgens de configuratie; de uitkomst moet leven tot het einde van het proces.
///
/// # Errors
/// Als het filter niet te lezen is of de verzamelaar niet in te stellen.
pub fn start(config: &Config) -> Result<Option<Telemetry>, Stop> {
    let filter = EnvFilter::try_new(&config.logging.level)
        .map_err(|_| Stop::config(format!("`logging.level` is geen geldig filter ({}); geef bijvoorbeeld \"info\".", config.logging.level)))?;
    let (telemetry, spans) = match Telemetry::start(&config.telemetry)? {
        Some((telemetry, layer)) => (Some(telemetry), Some(layer)),
        None => (None, None),
    };
    let lines = match config.logging.format {
        LogFormat::Json => fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false).with_writer(Redacting::stderr).boxed(),
        LogFormat::Pretty => fmt::layer().compact().with_target(false).with_writer(Redacting::stderr).boxed(),
    };
    // Een tweede keer instellen (in een proef) is geen fout: het eerste logboek blijft.
    let _already = tracing_subscriber::registry().with(spans).with(filter).with(lines).try_init();
    Ok(telemetry)
}

/// Een schrijver die elke regel schoonmaakt voordat zij naar buiten gaat.
#[derive(Debug, Clone)]
pub struct Redacting<W>(W);

impl Redacting<io::Stderr> {
    fn stderr() -> Self {
        Self(io::stderr())
    }
}

impl<W: Write> Redacting<W> {
    /// Zet de schoonmaak om een andere schrijver heen.
    pub const fn new(inner: W) -> Self {
        Self(inner)
    }
}

impl<W: Write> Write for Redacting<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        // De opmaaklaag schrijft een gebeurtenis in één keer, dus een geheim valt nooit over twee stukken.
        self.0.write_all(redact(&String::from_utf8_lossy(buffer)).as_bytes())?;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Bewaart wat er geschreven wordt, voor proeven.
#[derive(Debug, Clone, Default)]
pub struct Captured(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Captured {
    /// Alles wat tot nu toe is geschreven.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.lock().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }
}

impl Write for Captured {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if let Ok(mut bytes) = self.0.lock() {
            bytes.extend_from_slice(buffer);
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Redacting<Self>;

    fn make_writer(&'a self) -> Self::Writer {
        Redacting::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::Captured;

    #[test]
    fn het_logboek_bevat_nooit_een_token_of_geheim() {
        let captured = Captured::default();
        let subscriber = tracing_subscriber::registry().with(tracing_subscriber::fmt::layer().json().with_writer(captured.clone()));
        tracing::subscriber::with_default(subscriber, || {
            let token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJsb3R0ZSJ9.c2lnbmF0dXJl";
            let span = tracing::info_span!("verzoek", trace_id = "4bf92f3577b34da6a3ce929d0e0e4736");
            let _in = span.enter();
            tracing::warn!(header = %format!("Bearer {token}"), "geweigerd");
            tracing::error!(jwk = r#"{"kty":"EC","d":"geheim-deel"}"#, url = "postgresql://loket:wachtwoord1@db/loket", "fout met client_assertion={token}");
        });
        let text = captured.text();
        assert!(text.contains("4bf92f3577b34da6a3ce929d0e0e4736"), "{text}");
        for secret in ["eyJ", "geheim-deel", "wachtwoord1"] {
            assert!(!text.contains(secret), "{secret} staat in {text}");
        }
        assert!(text.contains("[afgeschermd]"));
    }
}
