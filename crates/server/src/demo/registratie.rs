//! De registratie van organisatiebeheerders van de hoofdrolspeler: ingediend, zodat een nieuwkomer haar zelf kan tekenen.

use domain::Id;
use domain::personen::{Persoon, Rol};
use domain::registraties::{Artikel, BeheerderInvoer, Grondslag, NieuweBeheerafspraken, NieuweRegistratie, Registratie, Registratiebesluit, gevolgen};
use domain::trajecten::volgen::Gevolg;
use serde_json::json;
use store::vastleggingen::{self, Soort};
use store::{Change, StoreError, Tx};

use super::cast;
use super::seed::{Cast, Seeder, fields, refused};
use crate::Stop;

/// Een voorbeeldtekst: de echte stelt NIPV zelf vast.
const ARTIKELEN: [(&str, &str); 4] = [
    ("Voorbeeldtekst", "Deze tekst hoort bij de voorbeeldgegevens. In het echt stelt NIPV (landelijk functioneel beheer) de afspraken vast."),
    (
        "Beheer van gebruikers",
        "De organisatiebeheerders voegen gebruikers van de eigen organisatie toe, geven hun profielen volgens het autorisatieplan en verwijderen wie vertrekt.",
    ),
    ("Controle", "De organisatie loopt ten minste eens per jaar na of gebruikers en profielen nog kloppen, en meldt de uitkomst aan NIPV."),
    (
        "Vertrek van een beheerder",
        "Vertrekt een organisatiebeheerder, dan verwijdert de organisatie die meteen en wijst zij met een nieuwe registratie een opvolger aan.",
    ),
];

impl Seeder<'_> {
    /// Stelt de voorbeeldtekst vast en dient de registratie van de hoofdrolspeler in.
    pub(super) async fn registratie(&self, cast: &Cast) -> Result<(), Stop> {
        let nu = self.clock.now();
        let artikel = |(kop, alinea): (&str, &str)| Artikel { kop: kop.to_owned(), alineas: vec![alinea.to_owned()] };
        let tekst =
            NieuweBeheerafspraken { titel: "Afspraken over beheer en controle LCMS (voorbeeld)".to_owned(), artikelen: ARTIKELEN.map(artikel).to_vec() };
        let afspraken = tekst.vaststellen(self.id(), 1, nu).map_err(|fouten| fields(&fouten))?;
        let rij = afspraken.clone();
        self.act(&cast.door(cast::NIPV, Rol::Lfb)?, move |tx| {
            store::registraties::insert_afspraken(tx, &rij)?;
            let na = Some(serde_json::to_value(&rij)?);
            tx.record(Change {
                handeling: "beheerafspraken.vastgesteld",
                onderwerp_soort: "beheerafspraken",
                onderwerp_id: rij.id.to_string(),
                na,
                ..Change::default()
            })
        })
        .await?;
        let personen: Vec<Persoon> = cast.personen.iter().filter(|lid| lid.organisatie == cast::HOOFDROL).map(|lid| lid.persoon.clone()).collect();
        let grondslag = Grondslag { personen: &personen, afspraken: &afspraken, vorige: None, minimum: 2 };
        let invoer = |p: &Persoon| BeheerderInvoer { persoon_id: p.id, functie: None, telefoon: Some("+31 20 000 00 00".to_owned()), vervanger_van: None };
        let gekozen = personen.iter().filter(|p| p.rollen.contains(&Rol::Organisatiebeheerder) || p.rollen.contains(&Rol::Informatiefunctionaris));
        let nieuw = NieuweRegistratie { organisatie_id: cast.organisatie(cast::HOOFDROL)?.id, beheerders: Some(gekozen.map(invoer).collect()) };
        let concept = nieuw.maak(self.id(), 1, &grondslag, nu).map_err(|fouten| fields(&fouten))?;
        let ingediend = concept.indienen(&grondslag, nu).map_err(|weigering| refused(&weigering))?;
        let door = cast.door(cast::HOOFDROL, Rol::Projectleider)?;
        let indiening = ingediend.besluit(self.id(), door.clone(), None);
        self.act(&door, move |tx| bewaar(tx, &concept, &ingediend, &indiening)).await
    }
}

fn bewaar(tx: &mut Tx<'_>, concept: &Registratie, ingediend: &Registratie, indiening: &Registratiebesluit) -> Result<(), StoreError> {
    store::registraties::insert(tx, concept)?;
    tx.record(spoor("registratie.begonnen", concept))?;
    store::registraties::update(tx, ingediend, concept.versie)?;
    vastleggingen::insert(tx, Soort::Indiening, indiening.id, ingediend.id, indiening)?;
    tx.record(spoor("registratie.ingediend", ingediend))?;
    volg(tx, ingediend.organisatie_id, &gevolgen::activiteiten(None, Some(ingediend)))
}

/// Laat de activiteiten van het traject volgen uit wat er is klaargelegd, zoals de API dat bij iedere wijziging doet.
pub(super) fn volg(tx: &mut Tx<'_>, organisatie: Id, gevolgen: &[Gevolg]) -> Result<(), StoreError> {
    let Some(traject) = store::trajecten::open_van(tx.conn(), organisatie)? else { return Ok(()) };
    for oud in store::trajecten::activiteiten(tx.conn(), traject)? {
        let Some(nieuw) = gevolgen.iter().find_map(|gevolg| oud.volgt(gevolg, None, tx.now())) else { continue };
        store::trajecten::update_activiteit(tx, &nieuw, oud.versie)?;
        let id = oud.id.to_string();
        tx.record(crate::foundation::changed("activiteit.gevolgd", "activiteit", &id, Some(traject), Some(organisatie), &oud, &nieuw)?)?;
    }
    Ok(())
}

fn spoor(handeling: &'static str, r: &Registratie) -> Change {
    Change {
        handeling,
        onderwerp_soort: "organisatiebeheerder-registratie",
        onderwerp_id: r.id.to_string(),
        organisatie_id: Some(r.organisatie_id),
        na: Some(json!({ "nummer": r.nummer, "status": r.status, "ronde": r.ronde, "versie": r.versie })),
        ..Change::default()
    }
}
