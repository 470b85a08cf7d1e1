//! Identiteitsproviders (IdP's) van organisaties: registreren, testen, activeren en opschorten.
//!
//! Een registratie heeft onveranderlijke versies. De actieve versie blijft dienen terwijl een nieuwe wordt getest.

mod geheimen;
mod instellingen;
mod recept;
mod registratie;
mod verslag;

pub use geheimen::{Geheim, GeheimSoort, NieuwGeheim, WAARSCHUW_DAGEN, te_waarschuwen};
pub use instellingen::{
    Algoritme, ClaimMapping, Clientauthenticatie, IdpInstellingen, KLOKVERSCHIL, KLOKVERSCHIL_MAX, NieuweInstellingen, Onderscheid, Userinfogebruik,
};
pub use recept::{EIDAS, GevraagdeClaim, MfaBewijs, MfaKeuze, MfaPreset, MfaRecept, MfaToets, MfaVraag};
pub use registratie::{
    Beoordeling, EidasNiveau, Identiteitsprovider, IdentiteitsproviderWijziging, IdpStatus, IdpVersie, NieuweBeoordeling, NieuweIdentiteitsprovider,
    VersieStatus, deelbaar,
};
pub use verslag::{Controle, Gezondheid, GezondheidStand, TestSoort, Uitkomst, Verbindingstest, Verslag};
