//! Vult een lege opslag met de voorbeeldgegevens: elke wijziging gaat door de regels van het domein en door één
//! transactie met auditregel en gebeurtenis, met als dader wie het in het echt zou doen.

use std::collections::HashMap;

use chrono::Months;
use domain::audit::Door;
use domain::invoer::Veldfout;
use domain::organisaties::{Certificering, CertificeringSoort, NieuweCertificering, NieuweOrganisatie, Organisatie};
use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::referentie::NieuweSector;
use domain::toepassingen::{NieuweToepassing, Scope, Toepassing};
use domain::trajecten::Traject;
use domain::{Clock, Id, Rng, Weigering, nieuw_id};
use serde_json::{Value, json};
use store::{Actor, Store, StoreError, Tx};

use super::cast::{self, OrganisatieData};
use crate::foundation::{self, Beheerder};
use crate::{Stop, wiring};

/// Wat er is aangemaakt, voor tokens en demo.json.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub(super) organisaties: HashMap<&'static str, Organisatie>,
    pub(super) personen: Vec<Lid>,
    pub(super) certificeringen: Vec<Certificering>,
    pub(super) trajecten: Vec<Traject>,
    pub(super) toepassing: Option<Toepassing>,
}

/// Een persoon met zijn organisatie en de naam van zijn token.
#[derive(Debug, Clone)]
pub(super) struct Lid {
    pub(super) persoon: Persoon,
    pub(super) organisatie: &'static str,
    pub(super) token: Option<&'static str>,
}

impl Cast {
    pub(super) fn organisatie(&self, sleutel: &str) -> Result<&Organisatie, Stop> {
        self.organisaties.get(sleutel).ok_or_else(|| Stop::fault(format!("De voorbeeldgegevens noemen een onbekende organisatie ({sleutel}).")))
    }

    pub(super) fn organisatie_bij(&self, id: Id) -> Result<&Organisatie, Stop> {
        self.organisaties.values().find(|o| o.id == id).ok_or_else(|| Stop::fault("De voorbeeldgegevens noemen een onbekende organisatie."))
    }

    pub(super) fn zet_organisatie(&mut self, nieuw: Organisatie) {
        if let Some(oud) = self.organisaties.values_mut().find(|o| o.id == nieuw.id) {
            *oud = nieuw;
        }
    }

    /// Wie in een organisatie een rol heeft, als dader.
    pub(super) fn door(&self, sleutel: &str, rol: Rol) -> Result<Door, Stop> {
        let lid = self.personen.iter().find(|lid| lid.organisatie == sleutel && lid.persoon.rollen.contains(&rol));
        lid.map(|lid| foundation::door(&lid.persoon)).ok_or_else(|| Stop::fault(format!("In de voorbeeldgegevens heeft {sleutel} geen {rol}.")))
    }
}

/// De vuller: opslag, klok en toeval.
pub(super) struct Seeder<'a> {
    pub(super) store: &'a Store,
    pub(super) clock: &'a Clock,
    pub(super) rng: &'a Rng,
    pub(super) issuer: &'a str,
}

impl Seeder<'_> {
    pub(super) fn id(&self) -> Id {
        nieuw_id(self.clock.now(), self.rng)
    }

    /// Eén handeling van één dader in één transactie.
    pub(super) async fn act<T, F>(&self, door: &Door, act: F) -> Result<T, Stop>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let actor = Actor { persoon_id: door.persoon_id, toepassing_id: door.toepassing_id, organisatie_id: door.organisatie_id };
        self.store.write(actor, self.clock.now(), None, act).await.map_err(|cause| wiring::store_stop(&cause))
    }

    /// Vult alles.
    pub(super) async fn fill(&self, public_jwk: &Value) -> Result<Cast, Stop> {
        let mut cast = Cast::default();
        self.nipv(&mut cast).await?;
        let lfb = cast.door(cast::NIPV, Rol::Lfb)?;
        self.sectoren(&lfb).await?;
        for data in cast::ORGANISATIES.iter().filter(|data| data.sleutel != cast::NIPV) {
            self.organisatie(&mut cast, &lfb, data).await?;
        }
        self.certificering(&mut cast, &lfb).await?;
        let stappenplan = self.store.read(store::referentie::laatst_gepubliceerd).await.map_err(|cause| wiring::store_stop(&cause))?;
        let stappenplan = stappenplan.ok_or_else(|| Stop::fault("Er is geen gepubliceerd stappenplan om een traject mee te beginnen."))?;
        for data in cast::TRAJECTEN {
            self.traject(&mut cast, &stappenplan, data).await?;
            // Een rol kan pas passen na een certificering of een go-live.
            self.personen(&mut cast, &lfb, data.crisispartner).await?;
        }
        self.registratie(&cast).await?;
        self.inrichting(&cast).await?;
        self.toepassing(&mut cast, &lfb, public_jwk).await?;
        self.afnames(&cast).await?;
        Ok(cast)
    }

    /// NIPV en de LFB ontstaan zoals bij een echte eerste start.
    async fn nipv(&self, cast: &mut Cast) -> Result<(), Stop> {
        let Some(data) = cast::ORGANISATIES.first() else { return Ok(()) };
        let Some((first, others)) = data.personen.split_first() else { return Ok(()) };
        let email = format!("{}@{}", first.voornaam.to_lowercase(), data.domein);
        let beheerder = Beheerder { naam: format!("{} Voorbeeld", first.voornaam), email, issuer: self.issuer.to_owned(), sub: None };
        let (nipv, lfb) = foundation::lay(self.store, self.clock, self.rng, &beheerder).await?;
        let door = foundation::door(&lfb);
        cast.organisaties.insert(cast::NIPV, nipv);
        cast.personen.push(Lid { persoon: lfb, organisatie: cast::NIPV, token: first.token });
        for persoon in others {
            self.persoon(cast, &door, data, persoon).await?;
        }
        Ok(())
    }

    async fn sectoren(&self, lfb: &Door) -> Result<(), Stop> {
        for data in cast::SECTOREN {
            let sector = NieuweSector { code: data.code.to_owned(), naam: data.naam.to_owned() }.maak().map_err(|fouten| fields(&fouten))?;
            self.act(lfb, move |tx| {
                store::referentie::insert_sector(tx, &sector)?;
                tx.record(foundation::created("sector", &sector.code, None, None, &sector)?)
            })
            .await?;
        }
        Ok(())
    }

    async fn organisatie(&self, cast: &mut Cast, lfb: &Door, data: &'static OrganisatieData) -> Result<(), Stop> {
        let nieuw = NieuweOrganisatie {
            naam: data.naam.to_owned(),
            afkorting: Some(data.afkorting.to_owned()),
            oin: None,
            sector_code: data.sector.map(str::to_owned),
            emaildomeinen: vec![data.domein.to_owned()],
            onderdeel_van: None,
        };
        let organisatie = nieuw.maak(self.id(), self.clock.now()).map_err(|fouten| fields(&fouten))?;
        let rij = organisatie.clone();
        self.act(lfb, move |tx| {
            store::organisaties::insert(tx, &rij)?;
            tx.record(foundation::created("organisatie", &rij.id.to_string(), None, Some(rij.id), &rij)?)
        })
        .await?;
        cast.organisaties.insert(data.sleutel, organisatie);
        self.personen(cast, lfb, data.sleutel).await
    }

    /// Registreert de personen van wie de rollen nu bij hun organisatie passen en die er nog niet zijn.
    async fn personen(&self, cast: &mut Cast, lfb: &Door, sleutel: &'static str) -> Result<(), Stop> {
        let Some(data) = cast::ORGANISATIES.iter().find(|data| data.sleutel == sleutel) else { return Ok(()) };
        for persoon in data.personen {
            let organisatie = cast.organisatie(sleutel)?;
            let partner = cast.certificeringen.iter().any(|c| c.organisatie_id == organisatie.id);
            let past = persoon.rollen.iter().all(|rol| rol.past_bij(organisatie.soort, partner, organisatie.aansluitstatus).is_ok());
            let naam = format!("{} Voorbeeld", persoon.voornaam);
            if past && !cast.personen.iter().any(|lid| lid.organisatie == sleutel && lid.persoon.naam == naam) {
                self.persoon(cast, lfb, data, persoon).await?;
            }
        }
        Ok(())
    }

    async fn persoon(&self, cast: &mut Cast, lfb: &Door, data: &OrganisatieData, lid: &cast::PersoonData) -> Result<(), Stop> {
        let nu = self.clock.now();
        let nieuw = NieuwePersoon {
            organisatie_id: cast.organisatie(data.sleutel)?.id,
            naam: format!("{} Voorbeeld", lid.voornaam),
            email: format!("{}@{}", lid.voornaam.to_lowercase(), data.domein),
            telefoon: None,
            functie: Some(lid.functie.to_owned()),
            rollen: lid.rollen.to_vec(),
        };
        let uitgenodigd = nieuw.maak(self.id(), nu).map_err(|fouten| fields(&fouten))?;
        let actief = uitgenodigd.activeren(nu);
        let (voor, na) = (uitgenodigd, actief.clone());
        self.act(lfb, move |tx| {
            let organisatie = Some(voor.organisatie_id);
            store::personen::insert(tx, &voor)?;
            tx.record(foundation::created("persoon", &voor.id.to_string(), None, organisatie, &voor)?)?;
            store::personen::update(tx, &na, voor.versie)?;
            tx.record(foundation::changed("persoon.geactiveerd", "persoon", &na.id.to_string(), None, organisatie, &voor, &na)?)
        })
        .await?;
        cast.personen.push(Lid { persoon: actief, organisatie: data.sleutel, token: lid.token });
        Ok(())
    }

    async fn certificering(&self, cast: &mut Cast, lfb: &Door) -> Result<(), Stop> {
        let nu = self.clock.now();
        let vandaag = domain::vandaag(nu);
        let nieuw = NieuweCertificering {
            soort: CertificeringSoort::Implementatiepartner,
            geldig_van_datum: vandaag,
            geldig_tot_datum: vandaag.checked_add_months(Months::new(24)).unwrap_or(vandaag),
        };
        let organisatie = cast.organisatie(cast::IMPLEMENTATIEPARTNER)?.id;
        let certificering = nieuw.maak(self.id(), organisatie, nu).map_err(|fouten| fields(&fouten))?;
        let rij = certificering.clone();
        self.act(lfb, move |tx| {
            store::organisaties::insert_certificering(tx, &rij)?;
            tx.record(foundation::created("certificering", &rij.id.to_string(), None, Some(rij.organisatie_id), &rij)?)
        })
        .await?;
        cast.certificeringen.push(certificering);
        self.personen(cast, lfb, cast::IMPLEMENTATIEPARTNER).await
    }

    async fn toepassing(&self, cast: &mut Cast, lfb: &Door, public_jwk: &Value) -> Result<(), Stop> {
        let organisatie = cast.organisatie(cast::IMPLEMENTATIEPARTNER)?.id;
        let scopes = vec![Scope::OrganisatiesLezen, Scope::ReferentieLezen, Scope::TrajectenLezen, Scope::TrajectenSchrijven, Scope::GebeurtenissenLezen];
        let nieuw = NieuweToepassing::machine("Koppelscript Netwerkhuis Voorbeeld", organisatie, scopes, json!({ "keys": [public_jwk] }));
        let toepassing = nieuw.maak(self.id(), self.clock.now()).map_err(|fouten| fields(&fouten))?;
        let rij = toepassing.clone();
        self.act(lfb, move |tx| {
            store::toepassingen::insert(tx, &rij)?;
            tx.record(foundation::created("toepassing", &rij.id.to_string(), None, Some(rij.organisatie_id), &rij)?)
        })
        .await?;
        cast.toepassing = Some(toepassing);
        Ok(())
    }
}

/// Voorbeeldgegevens die een regel overtreden zijn een fout in het programma.
pub(super) fn refused(weigering: &Weigering) -> Stop {
    Stop::fault(format!("De voorbeeldgegevens zijn geweigerd ({}: {}).", weigering.code, weigering.detail))
}

pub(super) fn fields(fouten: &[Veldfout]) -> Stop {
    let list: Vec<_> = fouten.iter().map(|fout| format!("{} {}", fout.location, fout.detail)).collect();
    Stop::fault(format!("De gegevens zijn geweigerd: {}", list.join("; ")))
}
