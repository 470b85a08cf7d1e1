//! Geheimen die zichzelf nooit laten zien.

use std::fmt;

use serde::Deserialize;

/// Een geheim uit de configuratie: alleen met [`Secret::expose`] te lezen, nooit per ongeluk te loggen.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Bewaart een geheim.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Het geheim zelf; geef het door aan wie het nodig heeft en nergens anders heen.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[afgeschermd]")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn een_geheim_verschijnt_niet_in_debug() {
        let shown = format!("{:?}", Some(Secret::new("hoofdsleutel-123")));
        assert_eq!(shown, "Some([afgeschermd])");
    }
}
