//! Wat mensen buiten de API lezen: stukken om te tekenen, te bewaren of mee te nemen als het netwerk weg is.
//!
//! Deze crate kent geen opslag, geen netwerk en geen klok: gegevens en moment komen van de aanroeper. Alles wat zwaar is om te
//! bouwen (de zetter van de PDF's) zit hier, en nergens anders.

pub mod matrix;
pub mod nederlands;
pub mod pdf;
pub mod svg;
pub mod tabel;
