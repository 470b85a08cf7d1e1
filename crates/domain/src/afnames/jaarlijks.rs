//! De jaarlijkse afname (bron: stap 6, 'Staat van Netcentrisch Werken'): wie live is, neemt iedere vragenlijst elk kalenderjaar af.
//!
//! Wanneer dat moet, staat alleen hier: taken en borgingspunten volgen er beide uit.

use chrono::Datelike;

use crate::organisaties::Organisatie;
use crate::personen::Rol;
use crate::staat::vastgesteld;
use crate::taken::{Taak, Voor, begin_van, wacht_vanaf};
use crate::{Datum, Id};

/// De drie vragenlijsten van de bron; NIPV kan er meer publiceren.
pub const VRAGENLIJSTEN: [&str; 3] = ["SNW-1", "SNW-2", "SNW-3"];
/// Wie in een organisatie over afnames gaat.
pub const GAAN_OVER_AFNAMES: &[Rol] = &[Rol::Projectleider, Rol::Organisatiebeheerder, Rol::Informatiefunctionaris];

/// De afname waarmee een organisatie voor het laatst in de Staat meetelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meting {
    /// De afname.
    pub afname_id: Id,
    /// Haar eerste dag; die bepaalt het jaar.
    pub begin_datum: Datum,
}

/// Wat er over de jaarlijkse afname van één vragenlijst bij één organisatie bekend is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jaarafname {
    /// Code van de vragenlijst.
    pub code: String,
    /// Sinds wanneer er een uitgave is om af te nemen; `None` als die er nu niet is.
    pub af_te_nemen_sinds: Option<Datum>,
    /// De laatste meting.
    pub laatste: Option<Meting>,
}

impl Jaarafname {
    /// De laatste dag waarop de volgende afname mag beginnen, voor een organisatie die sinds deze dag live is. Zonder uitgave om af te
    /// nemen is er niets dat moet. Van wie jaren oversloeg, is het vorige jaar te laat: wat daarvoor ligt, is niet meer in te halen.
    #[must_use]
    pub fn uiterlijk(&self, live_sinds: Datum, vandaag: Datum) -> Option<Datum> {
        let eerste = self.af_te_nemen_sinds?.max(live_sinds).year();
        let volgende = self.laatste.map_or(eerste, |meting| eerste.max(meting.begin_datum.year() + 1));
        Datum::from_ymd_opt(volgende.max(vandaag.year() - 1), 12, 31)
    }

    /// Wat er te doen is om op tijd te zijn, of het weer te worden.
    #[must_use]
    pub fn te_doen(&self, uiterlijk: Option<Datum>, vandaag: Datum) -> String {
        let code = &self.code;
        match uiterlijk.map(|dag| dag.year()) {
            None if self.af_te_nemen_sinds.is_none() => format!("Er is nog geen gepubliceerde uitgave van {code} om af te nemen; NIPV publiceert haar."),
            Some(jaar) if jaar < vandaag.year() && !vastgesteld(jaar, vandaag) => {
                format!("{code} is in {jaar} niet afgenomen. Sluit vóór 1 februari een afname die in {jaar} begon, of neem {code} dit jaar af.")
            }
            Some(jaar) if jaar < vandaag.year() => format!("{code} is in {jaar} niet afgenomen. Neem {code} dit jaar af en sluit de afname."),
            _ => format!("Neem {code} dit jaar af en sluit de afname."),
        }
    }

    /// De taak die hieruit volgt voor wie over afnames gaat, vanaf drie maanden voor het einde van het jaar.
    #[must_use]
    pub fn taak(&self, organisatie: &Organisatie, live_sinds: Datum, voor: &Voor<'_>) -> Option<Taak> {
        let uiterlijk = self.uiterlijk(live_sinds, voor.vandaag)?;
        let vanaf = wacht_vanaf(uiterlijk);
        (voor.bij(organisatie.id, GAAN_OVER_AFNAMES) && vanaf <= voor.vandaag).then(|| Taak {
            soort: "jaarlijkse-afname".to_owned(),
            titel: self.te_doen(Some(uiterlijk), voor.vandaag),
            onderwerp: format!("/v1/afnames?organisatieId={}&vragenlijstCode={}", organisatie.id, self.code),
            organisatie_id: organisatie.id,
            organisatie_naam: organisatie.naam.clone(),
            sinds_op: begin_van(vanaf),
            uiterlijk_datum: Some(uiterlijk),
        })
    }
}
