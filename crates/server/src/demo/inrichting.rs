//! De hoofdrol is aan het inrichten: gebruikers, teams, een sjabloon van NIPV, en een autorisatieplan in concept waar nog iets aan mankeert.

use domain::audit::Door;
use domain::autorisatieplannen::{NieuwAutorisatieplan, Paginarecht, Planinhoud, Planverschillen, Profiel, Recht, Toewijzing, gevolgen};
use domain::gebruikers::NieuweGebruiker;
use domain::inrichting::{Bullet, Coordinatieniveau, InrichtingSoort, NieuwInrichtingsonderdeel, NieuwSjabloon, Pagina, Sjabloon, Sjablooninhoud, Thema, Veld};
use domain::personen::Rol;
use domain::{Id, invoer::Veldfout};
use serde::Serialize;
use store::{Change, StoreError};

use super::cast::{HOOFDROL, NIPV};
use super::registratie::volg;
use super::seed::{Cast, Seeder, fields, refused};
use crate::Stop;

const GEBRUIKERS: [(&str, &str); 6] = [
    ("Anouk", "Informatiemanager"),
    ("Berend", "Informatiemanager"),
    ("Charlotte", "Voorzitter crisisteam"),
    ("Dirk", "Plotter"),
    ("Esra", "Liaison"),
    ("Tess", "Organisatiebeheerder"),
];

const ONDERDELEN: [(InrichtingSoort, &str, &str, Option<Coordinatieniveau>, bool); 7] = [
    (InrichtingSoort::Team, "crisisteam", "Crisisteam", Some(Coordinatieniveau::Strategisch), true),
    (InrichtingSoort::Team, "actiecentrum", "Actiecentrum zorg", Some(Coordinatieniveau::Operationeel), false),
    (InrichtingSoort::Discipline, "zorg", "Zorg", None, true),
    (InrichtingSoort::Functie, "informatiemanager", "Informatiemanager", None, true),
    (InrichtingSoort::Functie, "voorzitter", "Voorzitter", None, true),
    (InrichtingSoort::Functie, "plotter", "Plotter", None, false),
    (InrichtingSoort::Functie, "liaison", "Liaison", None, false),
];

fn regel<T: Serialize>(handeling: &'static str, soort: &'static str, id: Id, organisatie: Id, na: &T) -> Result<Change, StoreError> {
    Ok(Change {
        handeling,
        onderwerp_soort: soort,
        onderwerp_id: id.to_string(),
        organisatie_id: Some(organisatie),
        na: Some(serde_json::to_value(na)?),
        ..Change::default()
    })
}

fn gevuld<T>(uitkomst: Result<T, Vec<Veldfout>>) -> Result<T, Stop> {
    uitkomst.map_err(|fouten| fields(&fouten))
}

fn voorbeeld() -> Sjablooninhoud {
    let thema = |naam: &str, bullets: &[&str]| Thema { naam: naam.to_owned(), bullets: bullets.iter().map(|b| Bullet { tekst: (*b).to_owned() }).collect() };
    let veld = |naam: &str, themas: Vec<Thema>| Veld { naam: naam.to_owned(), themas };
    Sjablooninhoud {
        paginas: vec![
            Pagina {
                naam: "Situatiebeeld".to_owned(),
                velden: vec![
                    veld("Gebeurtenis", vec![thema("Wat is er aan de hand", &["Plaats en tijd", "Bron van de informatie"])]),
                    veld("Beeld van het team", vec![thema("Continuïteit", &["Wat werkt", "Wat is uitgevallen"]), thema("Slachtoffers", &[])]),
                ],
            },
            Pagina { naam: "Besluiten en acties".to_owned(), velden: vec![veld("Besluiten", Vec::new()), veld("Acties", Vec::new())] },
        ],
    }
}

fn profiel(code: &str, naam: &str, (team, functie): (&str, &str), recht: Recht) -> Profiel {
    let paginas = ["Besluiten en acties", "Situatiebeeld"];
    Profiel {
        code: code.to_owned(),
        naam: naam.to_owned(),
        team: team.to_owned(),
        discipline: "zorg".to_owned(),
        functie: functie.to_owned(),
        rechten: paginas.iter().map(|pagina| Paginarecht { pagina: (*pagina).to_owned(), recht }).collect(),
    }
}

/// Een plan zoals het halverwege is: het regioteam bestaat nog niet, en de plotter heeft geen vervanger.
fn inhoud(gebruikers: &[Id]) -> Planinhoud {
    let wie = |plek: usize, profiel: &str, vervanger: bool| {
        gebruikers.get(plek).map(|id| Toewijzing { profiel: profiel.to_owned(), gebruiker_id: *id, vervanger, van_datum: None, tot_datum: None })
    };
    Planinhoud {
        profielen: vec![
            profiel("crisisteam-im", "Informatiemanager crisisteam", ("crisisteam", "informatiemanager"), Recht::Schrijven),
            profiel("crisisteam-voorzitter", "Voorzitter crisisteam", ("crisisteam", "voorzitter"), Recht::Lezen),
            profiel("actiecentrum-plotter", "Plotter actiecentrum", ("actiecentrum", "plotter"), Recht::Schrijven),
            profiel("regioteam-liaison", "Liaison bij de veiligheidsregio", ("regioteam", "liaison"), Recht::Lezen),
        ],
        toewijzingen: [
            wie(0, "crisisteam-im", false),
            wie(1, "crisisteam-im", true),
            wie(2, "crisisteam-voorzitter", false),
            wie(3, "actiecentrum-plotter", false),
            wie(4, "regioteam-liaison", false),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

impl Seeder<'_> {
    /// Vult de inrichting van de hoofdrol.
    pub(super) async fn inrichting(&self, cast: &Cast) -> Result<(), Stop> {
        let (lfb, beheerder) = (cast.door(NIPV, Rol::Lfb)?, cast.door(HOOFDROL, Rol::Organisatiebeheerder)?);
        let (organisatie, nipv) = (cast.organisatie(HOOFDROL)?.clone(), cast.organisatie(NIPV)?.id);
        self.onderdelen(organisatie.id, &beheerder, &lfb).await?;
        let voorbeeld = self.sjabloon(nipv, &lfb, ("Standaardactiviteit", None)).await?;
        self.sjabloon(organisatie.id, &beheerder, ("Activiteit ziekenhuis", Some(&voorbeeld))).await?;
        let domein = organisatie.emaildomeinen.first().cloned().unwrap_or_default();
        let gebruikers = self.gebruikers(organisatie.id, &domein, &beheerder).await?;
        self.plan(organisatie.id, &gebruikers, &beheerder).await
    }

    async fn onderdelen(&self, organisatie: Id, beheerder: &Door, lfb: &Door) -> Result<(), Stop> {
        for (soort, code, naam, coordinatieniveau, ingericht) in ONDERDELEN {
            let nieuw = NieuwInrichtingsonderdeel { code: code.to_owned(), naam: naam.to_owned(), coordinatieniveau };
            let wens = gevuld(nieuw.maak(self.id(), organisatie, soort, self.clock.now()))?;
            let rij = wens.clone();
            self.act(beheerder, move |tx| {
                store::inrichting::insert(tx, &rij)?;
                tx.record(regel("inrichting.gewenst", soort.as_str(), rij.id, organisatie, &rij)?)
            })
            .await?;
            if ingericht {
                let (klaar, versie) = (wens.inrichten(self.clock.now()).map_err(|w| refused(&w))?, wens.versie);
                self.act(lfb, move |tx| {
                    store::inrichting::update(tx, &klaar, versie)?;
                    tx.record(regel("inrichting.ingericht", soort.as_str(), klaar.id, organisatie, &klaar)?)
                })
                .await?;
            }
        }
        Ok(())
    }

    async fn sjabloon(&self, organisatie: Id, door: &Door, (naam, bron): (&str, Option<&Sjabloon>)) -> Result<Sjabloon, Stop> {
        let nieuw = NieuwSjabloon { naam: naam.to_owned(), inhoud: bron.is_none().then(voorbeeld), kopie_van: bron.map(|b| b.id) };
        let sjabloon = Sjabloon { voorbeeld: bron.is_none(), ..gevuld(nieuw.maak(self.id(), organisatie, bron, self.clock.now()))? };
        let rij = sjabloon.clone();
        self.act(door, move |tx| {
            store::inrichting::insert_sjabloon(tx, &rij)?;
            tx.record(regel("sjabloon.gemaakt", "sjabloon", rij.id, organisatie, &rij)?)
        })
        .await?;
        Ok(sjabloon)
    }

    async fn gebruikers(&self, organisatie: Id, domein: &str, beheerder: &Door) -> Result<Vec<Id>, Stop> {
        let mut ids = Vec::new();
        for (voornaam, functie) in GEBRUIKERS {
            let nieuw = NieuweGebruiker {
                naam: format!("{voornaam} Voorbeeld"),
                email: format!("{}@{domein}", voornaam.to_lowercase()),
                functie: Some(functie.to_owned()),
                ..NieuweGebruiker::default()
            };
            let gebruiker = gevuld(nieuw.maak(self.id(), organisatie, self.clock.now()))?;
            ids.push(gebruiker.id);
            self.act(beheerder, move |tx| {
                store::gebruikers::insert(tx, &gebruiker)?;
                let na = serde_json::json!({ "organisatieId": organisatie, "status": gebruiker.status, "versie": gebruiker.versie });
                tx.record(regel("gebruiker.toegevoegd", "gebruiker", gebruiker.id, organisatie, &na)?)
            })
            .await?;
        }
        Ok(ids)
    }

    async fn plan(&self, organisatie: Id, gebruikers: &[Id], beheerder: &Door) -> Result<(), Stop> {
        let nieuw = NieuwAutorisatieplan { organisatie_id: organisatie, gebaseerd_op: None };
        let (leeg, niets) = nieuw.maak(self.id(), 1, None, self.clock.now()).map_err(|w| refused(&w))?;
        let inhoud = gevuld(inhoud(gebruikers).geordend())?;
        let gevuld = leeg.met_inhoud(&inhoud, self.clock.now()).map_err(|w| refused(&w))?;
        let (verschillen, door) = (Planverschillen::tussen(&niets, &inhoud), beheerder.persoon_id);
        self.act(beheerder, move |tx| {
            store::autorisatieplannen::insert(tx, &leeg, &niets)?;
            tx.record(regel("autorisatieplan.begonnen", "autorisatieplan", leeg.id, organisatie, &leeg)?)?;
            store::autorisatieplannen::update(tx, &gevuld, leeg.versie)?;
            store::autorisatieplannen::zet_inhoud(tx, &gevuld, &inhoud, &verschillen, door)?;
            tx.record(regel("autorisatieplan.gewijzigd", "autorisatieplan", leeg.id, organisatie, &verschillen)?)?;
            volg(tx, organisatie, &gevolgen::activiteiten(organisatie, true, std::slice::from_ref(&gevuld)))
        })
        .await
    }
}
