//! Een lijst kost evenveel opdrachten aan de database, hoeveel rijen er ook op een blad staan.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Connection, InstrumentationEvent};
use domain::organisaties::Organisatie;
use domain::personen::{NieuwePersoon, Rol};
use domain::referentie::NieuwStappenplan;
use domain::trajecten::{NieuwTraject, Traject};
use store::{Actor, AuditFilter, Conn, Page, Store, StoreError, Zicht};

use super::{nu, opslagen, organisatie, spoor};

/// Telt de opdrachten die `lees` aan de database geeft.
pub(crate) async fn geteld<T: Send + 'static>(store: &Store, lees: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static) -> (T, usize) {
    store
        .read(move |conn| -> Result<_, StoreError> {
            let teller = Arc::new(AtomicUsize::new(0));
            let meting = Arc::clone(&teller);
            let luister = move |gebeurtenis: InstrumentationEvent<'_>| {
                if matches!(gebeurtenis, InstrumentationEvent::StartQuery { .. }) {
                    meting.fetch_add(1, Ordering::Relaxed);
                }
            };
            match conn {
                Conn::Pg(c) => c.set_instrumentation(luister),
                Conn::Sqlite(c) => c.set_instrumentation(luister),
            }
            let uitkomst = lees(conn);
            match conn {
                Conn::Pg(c) => c.set_instrumentation(|_: InstrumentationEvent<'_>| {}),
                Conn::Sqlite(c) => c.set_instrumentation(|_: InstrumentationEvent<'_>| {}),
            }
            Ok((uitkomst?, teller.load(Ordering::Relaxed)))
        })
        .await
        .unwrap()
}

/// Eén organisatie met een persoon (twee rollen) en een traject, `aantal` keer.
pub(crate) async fn vul(store: &Store, van: usize, aantal: usize) {
    store
        .write(Actor::default(), nu(), None, move |tx| -> Result<(), StoreError> {
            let plan = store::referentie::laatst_gepubliceerd(tx.conn())?.unwrap();
            for nummer in van..van + aantal {
                let o: Organisatie = organisatie(tx, &format!("Voorbeeld {nummer}"));
                store::organisaties::insert(tx, &o)?;
                tx.record(spoor(&o))?;
                let persoon: NieuwePersoon = serde_json::from_value(
                    serde_json::json!({ "organisatieId": o.id, "naam": "Pim Voorbeeld", "email": format!("pim{nummer}@voorbeeld.example") }),
                )
                .unwrap();
                let mut persoon = persoon.maak(tx.nieuw_id(), nu()).unwrap();
                persoon.rollen = vec![Rol::Projectleider, Rol::Organisatiebeheerder];
                store::personen::insert(tx, &persoon)?;
                let nieuw = NieuwTraject { organisatie_id: o.id, stappenplan_id: None, planning: None };
                let traject: Traject = nieuw.maak(tx.nieuw_id(), tx.nieuw_id(), format!("T-2026-{nummer:04}"), &o, &plan, nu()).unwrap();
                store::trajecten::insert(tx, &traject)?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

type Lijst = fn(&mut Conn, &Page) -> Result<usize, StoreError>;

const LIJSTEN: [(&str, usize, Lijst); 5] = [
    ("organisaties", 1, |c, page| Ok(store::organisaties::list(c, &store::organisaties::Filter::default(), page)?.items.len())),
    ("personen met hun rollen", 2, |c, page| Ok(store::personen::list(c, &store::personen::Filter::default(), &Zicht::Alles, page)?.items.len())),
    ("trajecten met hun partijen", 2, |c, page| {
        let sortering = store::trajecten::Sortering::default();
        Ok(store::trajecten::list(c, &store::trajecten::Filter::default(), &Zicht::Alles, sortering, page)?.items.len())
    }),
    ("auditregels", 1, |c, page| Ok(store::audit_list(c, &AuditFilter::default(), &Zicht::Alles, page)?.items.len())),
    ("wijzigingenstroom", 1, |c, page| Ok(store::feed_list(c, &AuditFilter::default(), &Zicht::Alles, page)?.items.len())),
];

#[tokio::test]
async fn een_blad_kost_evenveel_opdrachten_bij_een_rij_als_bij_veertig() {
    for (_grond, store) in opslagen() {
        stappenplan(&store).await;
        vul(&store, 0, 1).await;
        store.seal(nu()).await.unwrap();
        let mut bij_een = Vec::new();
        for (naam, hoogstens, lijst) in LIJSTEN {
            let (rijen, opdrachten) = geteld(&store, move |c| lijst(c, &Page { limit: 50, after: None })).await;
            assert!(rijen >= 1 && (1..=hoogstens).contains(&opdrachten), "{naam} op {store:?}: {opdrachten} opdrachten voor {rijen} rijen");
            bij_een.push(opdrachten);
        }
        vul(&store, 1, 40).await;
        store.seal(nu()).await.unwrap();
        for ((naam, _, lijst), eerst) in LIJSTEN.into_iter().zip(bij_een) {
            let (rijen, opdrachten) = geteld(&store, move |c| lijst(c, &Page { limit: 50, after: None })).await;
            assert!(rijen >= 40, "{naam} op {store:?}: {rijen} rijen");
            assert_eq!(opdrachten, eerst, "{naam} op {store:?}");
        }
    }
}

#[tokio::test]
async fn een_traject_met_zijn_partijen_is_een_opdracht() {
    for (_grond, store) in opslagen() {
        stappenplan(&store).await;
        vul(&store, 0, 2).await;
        let page = Page { limit: 1, after: None };
        let filter = store::trajecten::Filter::default();
        let blad =
            store.read(move |c| -> Result<_, StoreError> { store::trajecten::list(c, &filter, &Zicht::Alles, store::trajecten::Sortering::Oudste, &page) });
        let id = blad.await.unwrap().items[0].id;
        let (traject, opdrachten) = geteld(&store, move |c| store::trajecten::get(c, id)).await;
        assert_eq!((traject.unwrap().partijen.len(), opdrachten), (1, 1), "{store:?}");
    }
}

#[derive(diesel::QueryableByName)]
struct Aantal {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    aantal: i64,
}

#[tokio::test]
async fn de_lijst_van_een_partner_wordt_elke_keer_voor_die_partner_gepland() {
    use diesel::RunQueryDsl;
    for (_grond, store) in opslagen() {
        stappenplan(&store).await;
        vul(&store, 0, 2).await;
        let voorbereid = store
            .read(|conn| -> Result<_, StoreError> {
                let zicht = Zicht::Relaties {
                    organisatie: domain::nieuw_id(nu(), &super::rng()),
                    rollen: domain::trajecten::PartijRol::ALLE.to_vec(),
                    vandaag: nu().date_naive(),
                };
                let page = Page { limit: 5, after: None };
                for _ in 0..8 {
                    store::trajecten::list(conn, &store::trajecten::Filter::default(), &zicht, store::trajecten::Sortering::Nieuwste, &page)?;
                    store::feed_list(conn, &AuditFilter::default(), &zicht, &page)?;
                }
                // Een voorbereide opdracht over partijen zou na vijf keer een plan voor de gemiddelde organisatie krijgen.
                let vraag = "SELECT count(*) AS aantal FROM pg_prepared_statements WHERE statement LIKE '%\"rol\" = ANY%' AND statement NOT LIKE '%pg_prepared_statements%'";
                match conn {
                    Conn::Pg(c) => Ok(diesel::sql_query(vraag).load::<Aantal>(c)?.iter().map(|rij| rij.aantal).sum::<i64>()),
                    Conn::Sqlite(_) => Ok(0),
                }
            })
            .await
            .unwrap();
        assert_eq!(voorbereid, 0, "{store:?}");
    }
}

/// Een gepubliceerd stappenplan, nodig voor een traject.
pub(crate) async fn stappenplan(store: &Store) {
    store
        .write(Actor::default(), nu(), None, |tx| -> Result<(), StoreError> {
            let bestand: serde_json::Value = serde_json::from_str(include_str!("../../../../data/stappenplan-2026.json")).unwrap();
            let nieuw = serde_json::json!({
                "code": "2026", "titel": "Stappenplan",
                "inhoud": { "fasen": bestand["fasen"], "processchema": bestand["processchema"], "techniekacties": bestand["techniekacties"] },
            });
            let nieuw: NieuwStappenplan = serde_json::from_value(nieuw).unwrap();
            let plan = nieuw.maak(tx.nieuw_id(), nu()).unwrap().publiceren(nu()).unwrap();
            store::referentie::insert_stappenplan(tx, &plan)?;
            tx.record(store::Change {
                handeling: "stappenplan.gepubliceerd",
                onderwerp_soort: "stappenplan",
                onderwerp_id: plan.id.to_string(),
                ..Default::default()
            })
        })
        .await
        .unwrap();
}
