//! Afnames in de voorbeelddienst: een open go-live afname, en gesloten afnames uit eerdere jaren zodat de Staat iets laat zien.

use chrono::{Datelike as _, Days, NaiveDate};
use domain::afnames::antwoorden::standen;
use domain::afnames::{Aanleiding, Afname, Antwoord, Hoedanigheid, NieuweAfname, NieuweSluiting, NieuweWaarnemer, Sluitfeiten, Waarnemer};
use domain::audit::Door;
use domain::organisaties::{Aansluitstatus, NieuweOrganisatie, Organisatie};
use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::resultaten::{Meegeteld, resultaat};
use domain::staat::Bijdrage;
use domain::vragenlijsten::{Coordinatieniveau, Vragenlijst};
use domain::{Moment, vandaag};
use store::{Change, StoreError, Tx};

use super::cast;
use super::seed::{Cast, Seeder, fields, refused};
use crate::{Stop, foundation};

/// Organisaties die al jaren netcentrisch werken, met hun sector; verzonnen, en zonder traject in dit systeem.
const ERVAREN: [(&str, &str); 9] = [
    ("Veiligheidsregio Voorbeelddal", "openbare-orde"),
    ("Veiligheidsregio Voorbeeldduin", "openbare-orde"),
    ("Veiligheidsregio Voorbeeldheide", "openbare-orde"),
    ("Waterschap Voorbeeldpolder", "water"),
    ("Waterschap Voorbeeldstroom", "water"),
    ("Drinkwater Voorbeeldbron", "water"),
    ("Zorgnetwerk Voorbeeldzorg", "zorg"),
    ("Ambulancezorg Voorbeeldrit", "zorg"),
    ("Netbeheer Voorbeeldstroom", "energie"),
];
/// Hoeveel jaren geschiedenis.
const JAREN: i32 = 3;

impl Seeder<'_> {
    /// Vult vragenlijsten, afnames en de Staat.
    pub(super) async fn afnames(&self, cast: &Cast) -> Result<(), Stop> {
        let lijsten = self.store.read(|conn| store::vragenlijsten::van_code(conn, "SNW-3")).await;
        let lijst = lijsten.map_err(|cause| crate::wiring::store_stop(&cause))?.pop().ok_or_else(|| Stop::fault("Vragenlijst 3 ontbreekt."))?;
        let lfb = cast.door(cast::NIPV, Rol::Lfb)?;
        let dit_jaar = vandaag(self.clock.now()).year();
        for (nummer, (naam, sector)) in (0_usize..).zip(ERVAREN) {
            let (organisatie, persoon) = self.ervaren(&lfb, naam, sector).await?;
            for terug in (1..=JAREN).rev() {
                // De verzonnen Netbeheer is in het laatste jaar te laat: zo is te zien hoe deelname eruitziet.
                if sector != "energie" || terug > 1 {
                    self.gesloten_afname(&lijst, &organisatie, &persoon, dit_jaar - terug, nummer).await?;
                }
            }
        }
        self.open_afname(cast, &lijst).await
    }

    async fn ervaren(&self, lfb: &Door, naam: &'static str, sector: &str) -> Result<(Organisatie, Persoon), Stop> {
        let nu = self.clock.now();
        let domein = format!("{}.example", naam.to_lowercase().replace(' ', "-"));
        let nieuw = NieuweOrganisatie {
            naam: naam.to_owned(),
            afkorting: None,
            oin: None,
            sector_code: Some(sector.to_owned()),
            emaildomeinen: vec![domein.clone()],
            onderdeel_van: None,
        };
        let organisatie = Organisatie { aansluitstatus: Aansluitstatus::Live, ..nieuw.maak(self.id(), nu).map_err(|fouten| fields(&fouten))? };
        let nieuw = NieuwePersoon {
            organisatie_id: organisatie.id,
            naam: "Mila Voorbeeld".to_owned(),
            email: format!("mila@{domein}"),
            telefoon: None,
            functie: Some("Informatiemanager".to_owned()),
            rollen: vec![Rol::Waarnemer],
        };
        let persoon = nieuw.maak(self.id(), nu).map_err(|fouten| fields(&fouten))?.activeren(nu);
        let (o, p) = (organisatie.clone(), persoon.clone());
        self.act(lfb, move |tx| {
            store::organisaties::insert(tx, &o)?;
            tx.record(foundation::created("organisatie", &o.id.to_string(), None, Some(o.id), &o)?)?;
            store::personen::insert(tx, &p)?;
            tx.record(foundation::created("persoon", &p.id.to_string(), None, Some(o.id), &p)?)
        })
        .await?;
        Ok((organisatie, persoon))
    }

    /// Een jaarlijkse afname die in een eerder jaar is gesloten, met haar bijdrage aan de Staat.
    async fn gesloten_afname(&self, lijst: &Vragenlijst, organisatie: &Organisatie, persoon: &Persoon, jaar: i32, nummer: usize) -> Result<(), Stop> {
        let dag = NaiveDate::from_ymd_opt(jaar, 10, 6).unwrap_or_default();
        let toen = dag.and_hms_opt(13, 30, 0).unwrap_or_default().and_utc();
        let door = foundation::door(persoon);
        let afname =
            NieuweAfname { begin_datum: dag, eind_datum: dag, ..nieuw(lijst, organisatie, Aanleiding::Jaarlijks, format!("Jaarlijkse afname {jaar}")) };
        let afname = afname.maak(self.id(), lijst, None, toen).map_err(|fouten| fields(&fouten))?;
        let waarnemer = NieuweWaarnemer::maak(self.id(), &afname, persoon, Hoedanigheid::EigenOrganisatie, toen).map_err(|w| refused(&w))?;
        let (afname, opening) = afname.openen(self.id(), door.clone(), toen).map_err(|w| refused(&w))?;
        let antwoorden = verzonnen(lijst, &afname, nummer, jaar, toen);
        let gegeven = standen(&antwoorden);
        let waarnemer = waarnemer.indienen(&gegeven, toen).map_err(|w| refused(&w))?;
        let (meetellend, per_invulling) = ([waarnemer.clone()], [(waarnemer.id, gegeven.clone())]);
        let feiten = Sluitfeiten { waarnemers: &meetellend, standen: &per_invulling, vragenlijst: lijst };
        let sluiting = NieuweSluiting::default();
        let (gesloten, overgang) = afname.sluiten(self.id(), &sluiting, feiten, door.clone(), toen).map_err(|w| refused(&w))?;
        let uitkomst = resultaat(&gesloten, lijst, &[Meegeteld { hoedanigheid: waarnemer.hoedanigheid, standen: gegeven }]);
        let bijdrage = Bijdrage::van(&uitkomst, &gesloten, organisatie.sector_code.as_deref(), None);
        self.act(&door, move |tx| {
            store::afnames::insert(tx, &gesloten)?;
            bewaar_waarnemer(tx, &waarnemer, &antwoorden)?;
            store::afnames::insert_overgang(tx, &opening)?;
            store::afnames::insert_overgang(tx, &overgang)?;
            store::staat::vervang_bijdrage(tx, gesloten.organisatie_id, &gesloten.vragenlijst_code, jaar, Some(&bijdrage))?;
            tx.record(spoor("afname.gesloten", &gesloten)?)
        })
        .await
    }

    /// De go-live afname van de organisatie in stap 5, open voor haar waarnemers.
    async fn open_afname(&self, cast: &Cast, lijst: &Vragenlijst) -> Result<(), Stop> {
        let Some(traject) = cast.trajecten.iter().find(|t| t.stap == 5) else { return Ok(()) };
        let organisatie = cast.organisatie_bij(traject.organisatie_id)?;
        let (nu, dag) = (self.clock.now(), vandaag(self.clock.now()));
        let nieuw = NieuweAfname {
            traject_id: Some(traject.id),
            begin_datum: dag.checked_sub_days(Days::new(1)).unwrap_or(dag),
            eind_datum: dag.checked_add_days(Days::new(14)).unwrap_or(dag),
            ..nieuw(lijst, organisatie, Aanleiding::GoLive, "Go-live oefening Ontsporing".to_owned())
        };
        let afname = nieuw.maak(self.id(), lijst, Some(traject), nu).map_err(|fouten| fields(&fouten))?;
        let adviseur = cast.door(cast::NIPV, Rol::Adviseur)?;
        let (open, opening) = afname.openen(self.id(), adviseur.clone(), nu).map_err(|w| refused(&w))?;
        let genodigd = [Rol::Adviseur, Rol::Adoptieadviseur, Rol::Waarnemer].map(|rol| cast.personen.iter().find(|lid| lid.persoon.rollen.contains(&rol)));
        let mut waarnemers = Vec::new();
        for lid in genodigd.into_iter().flatten() {
            let hoedanigheid = Hoedanigheid::van(cast.organisatie(lid.organisatie)?, &open, Some(traject), dag);
            waarnemers.push(NieuweWaarnemer::maak(self.id(), &open, &lid.persoon, hoedanigheid, nu).map_err(|w| refused(&w))?);
        }
        self.act(&adviseur, move |tx| {
            store::afnames::insert(tx, &open)?;
            store::afnames::insert_overgang(tx, &opening)?;
            for waarnemer in &waarnemers {
                store::afnames::insert_waarnemer(tx, waarnemer)?;
            }
            tx.record(spoor("afname.geopend", &open)?)
        })
        .await
    }
}

fn nieuw(lijst: &Vragenlijst, organisatie: &Organisatie, aanleiding: Aanleiding, titel: String) -> NieuweAfname {
    NieuweAfname {
        organisatie_id: organisatie.id,
        vragenlijst_id: lijst.id,
        traject_id: None,
        oefening_id: None,
        aanleiding,
        titel,
        team: Some("Crisisteam".to_owned()),
        coordinatieniveau: Some(Coordinatieniveau::Tactisch),
        begin_datum: NaiveDate::default(),
        eind_datum: NaiveDate::default(),
    }
}

/// Verzonnen antwoorden: elk jaar iets beter, elke organisatie een beetje anders, en niet alles wordt gezien.
fn verzonnen(lijst: &Vragenlijst, afname: &Afname, nummer: usize, jaar: i32, toen: Moment) -> Vec<Antwoord> {
    let jaar = usize::try_from(jaar % 10).unwrap_or_default();
    lijst
        .vragen_voor(afname.coordinatieniveau)
        .map(|vraag| {
            let lot = (usize::try_from(vraag.nummer).unwrap_or_default() * 7 + nummer * 5) % 11;
            let waarde = match lot {
                0 => "niet-waargenomen",
                lot if lot < 4 + jaar / 2 => "ja",
                lot if lot < 8 => "deels",
                _ => "nee",
            };
            Antwoord {
                vraag: vraag.nummer,
                waarde: waarde.to_owned(),
                opmerking: None,
                gegeven_op: toen,
                apparaat: String::new(),
                gezien_op: None,
                ontvangen_op: toen,
            }
        })
        .collect()
}

fn bewaar_waarnemer(tx: &mut Tx<'_>, waarnemer: &Waarnemer, antwoorden: &[Antwoord]) -> Result<(), StoreError> {
    store::afnames::insert_waarnemer(tx, waarnemer)?;
    store::afnames::insert_antwoorden(tx, waarnemer.id, antwoorden)
}

fn spoor(handeling: &'static str, afname: &Afname) -> Result<Change, StoreError> {
    Ok(Change { handeling, ..foundation::created("afname", &afname.id.to_string(), afname.traject_id, Some(afname.organisatie_id), afname)? })
}
