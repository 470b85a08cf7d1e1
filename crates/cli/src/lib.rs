//! Client voor de API van Aansluitloket.
//!
//! Kent alleen de gepubliceerde API: geen crate van de dienst zelf. Onbekende velden en waarden in antwoorden
//! worden genegeerd of doorgegeven, zodat een nieuwere dienst een oudere client niet breekt.
//!
//! ```no_run
//! use loket::{Loket, Toegang, TrajectFilter};
//!
//! # async fn voorbeeld() -> Result<(), loket::Fout> {
//! let toegang = Toegang::token("eyJhbGciOi…");
//! let loket = Loket::new("http://127.0.0.1:8080", toegang)?;
//! let mut bladen = loket.trajecten(&TrajectFilter { stap: Some(4), ..TrajectFilter::default() })?;
//! while let Some(blad) = bladen.volgende().await? {
//!     for traject in blad {
//!         println!("{} {}", traject.kenmerk, traject.organisatie_naam);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod bladen;
mod client;
mod fout;
mod model;
mod toegang;
mod verzending;

pub use bladen::Bladen;
pub use client::{Loket, TrajectFilter};
pub use fout::{Fout, Ontbrekend, Probleem, Veldfout};
pub use model::{Aansluitvorm, Actiehouder, Activiteit, Gebeurtenis, GebeurtenisGegevens, Gelezen, Ik, Partij, Poort, Stapovergang, Traject, Voorwaarde};
pub use toegang::{Sleutel, Toegang};
