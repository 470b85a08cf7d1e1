//! Wie wat mag (voorlopig leeg; de machinerie vraagt alleen [`Beleid::new`] en [`wie_mag`]).

/// Het beleid.
#[derive(Debug)]
pub struct Beleid;

impl Beleid {
    /// Leest en keurt het beleid.
    ///
    /// # Errors
    /// Als het beleid niet klopt.
    pub fn new() -> Result<Self, String> {
        Ok(Self)
    }
}

/// Wie deze handeling mag, als tekst voor het document.
#[must_use]
pub fn wie_mag(_actie: &str) -> String {
    String::new()
}
