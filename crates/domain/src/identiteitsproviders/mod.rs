//! Identiteitsproviders (IdP's) van organisaties: registreren, testen, activeren en opschorten.
//!
//! Een registratie heeft onveranderlijke versies. De actieve versie blijft dienen terwijl een nieuwe wordt getest.

mod geheimen;
mod herkoppeling;
mod instellingen;
mod instructie;
mod recept;
mod registratie;
mod verslag;

pub use geheimen::{GeheimSoort, IdpGeheim, NieuwIdpGeheim, WAARSCHUW_DAGEN, te_waarschuwen};
pub use herkoppeling::*;
pub use instellingen::{
    BeweringBestemming, ClaimMapping, Clientauthenticatie, EXTRA_BESTEMMING_TEKENS, EXTRA_BESTEMMINGEN, IdpAlgoritme, IdpInstellingen, KLOKVERSCHIL,
    KLOKVERSCHIL_MAX, NieuweInstellingen, Onderscheid, Userinfogebruik,
};
pub use instructie::{Instructie, instructie};
pub use recept::{EIDAS, GevraagdeClaim, MfaBewijs, MfaKeuze, MfaPreset, MfaRecept, MfaToets, MfaVraag};
pub use registratie::{
    EidasNiveau, Identiteitsprovider, IdentiteitsproviderWijziging, IdpBeoordeling, IdpStatus, IdpVersie, NieuweIdentiteitsprovider, NieuweIdpBeoordeling,
    VersieStatus, deelbaar,
};
pub use verslag::{Controleuitkomst, IdpGezondheid, IdpGezondheidStand, TestSoort, Testcontrole, Testverslag, Verbindingstest};
