//! Fouten in invoer die een schema niet kan zien, en de wijzigingen van een merge patch.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Eén fout in de invoer; een verzoek meldt ze allemaal tegelijk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Antwoordfout)]
pub struct Veldfout {
    /// JSON Pointer (RFC 6901) naar de plaats in de body.
    #[schema(example = "/emaildomeinen/0")]
    pub location: String,
    /// Vaste code.
    #[schema(example = "emaildomein-ongeldig")]
    pub code: String,
    /// Wat er mis is en wat wel mag.
    pub detail: String,
}

impl Veldfout {
    /// Een fout op een plaats.
    #[must_use]
    pub fn new(location: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { location: location.into(), code: code.to_owned(), detail: detail.into() }
    }
}

/// Een veld in een merge patch (RFC 7396): afwezig (`None`), leegmaken (`Some(None)`) of zetten.
pub type Wijziging<T> = Option<Option<T>>;

/// Leest een aanwezig veld, ook als het `null` is; afwezig blijft `None` door `#[serde(default)]`.
///
/// # Errors
/// Geeft de fout van het onderliggende type door.
pub fn aanwezig<'de, T, D>(deserializer: D) -> Result<Wijziging<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Past een wijziging toe op een veld dat leeg mag zijn.
pub(crate) fn zet<T: Clone>(doel: &mut Option<T>, wijziging: &Wijziging<T>) {
    if let Some(waarde) = wijziging {
        doel.clone_from(waarde);
    }
}

/// Kijkt of een tekst na trimmen niet leeg is.
pub(crate) fn verplicht(fouten: &mut Vec<Veldfout>, location: &str, tekst: &str) {
    if tekst.trim().is_empty() {
        fouten.push(Veldfout::new(location, "leeg", "Vul dit veld in; alleen spaties is niet genoeg."));
    }
}

/// Of een tekst een domeinnaam in kleine letters is (RFC 1123, met ten minste één punt).
pub(crate) fn is_domeinnaam(tekst: &str) -> bool {
    tekst.len() <= 253
        && tekst.contains('.')
        && tekst.split('.').all(|deel| {
            !deel.is_empty()
                && deel.len() <= 63
                && !deel.starts_with('-')
                && !deel.ends_with('-')
                && deel.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}

/// `Ok` als er geen fouten zijn, anders alle fouten.
pub(crate) fn klaar<T>(fouten: Vec<Veldfout>, waarde: T) -> Result<T, Vec<Veldfout>> {
    if fouten.is_empty() { Ok(waarde) } else { Err(fouten) }
}
