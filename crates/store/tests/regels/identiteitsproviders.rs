//! Registraties van identiteitsproviders op beide databases: één actieve versie, geheimen, tests en metingen.

use chrono::TimeDelta;
use domain::Id;
use domain::identiteitsproviders::{GeheimSoort, IdpGeheim, IdpGezondheid, NieuweIdentiteitsprovider, TestSoort, Verbindingstest, VersieStatus};
use serde_json::json;
use store::identiteitsproviders::{self as idps, BewaardGeheim};
use store::{Actor, Change, Page, Store, StoreError};

use super::{nu, opslagen, voeg_toe};

fn gezaaid() -> Change {
    Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: "zaad".to_owned(), ..Change::default() }
}

async fn registreer(store: &Store, organisatie: Id, onderscheid: Option<&str>) -> Id {
    let mut body = json!({
        "organisatieId": organisatie, "naam": "Voorbeeld",
        "instellingen": { "issuer": "https://idp.voorbeeld.example", "clientId": "c", "clientauthenticatie": "client-secret-basic", "mfa": { "preset": "amr" } },
    });
    if let Some(waarde) = onderscheid {
        body["instellingen"]["onderscheid"] = json!({ "claim": "tid", "waarde": waarde });
    }
    let nieuw: NieuweIdentiteitsprovider = serde_json::from_value(body).unwrap();
    store
        .write(Actor::default(), nu(), None, move |tx| -> Result<Id, StoreError> {
            let (idp, versie) = nieuw.clone().maak(tx.nieuw_id(), nu(), &|_| false).unwrap();
            idps::insert(tx, &idp)?;
            idps::insert_versie(tx, &versie)?;
            tx.record(gezaaid())?;
            Ok(idp.id)
        })
        .await
        .unwrap()
}

async fn activeer(store: &Store, id: Id, nummer: i32) {
    let klaar = store.write(Actor::default(), nu(), None, move |tx| -> Result<(), StoreError> {
        idps::lock_issuers(tx)?;
        let idp = idps::get(tx.conn(), id)?.unwrap();
        let versie = idps::get_versie(tx.conn(), id, nummer)?.unwrap();
        let test = Verbindingstest {
            id: tx.nieuw_id(),
            identiteitsprovider_id: id,
            versienummer: nummer,
            soort: TestSoort::Verbinding,
            geslaagd: true,
            controles: Vec::new(),
            getest_op: nu(),
        };
        idps::insert_test(tx, &test)?;
        assert_eq!(idps::tests(tx.conn(), id, &Page { limit: 9, after: None })?.items.iter().filter(|t| t.versienummer == nummer).count(), 1);
        let (getest, versie) = idp.na_test(&versie, test.geslaagd, nu());
        let (nieuw, actief) = getest.activeren(&versie, nu()).unwrap();
        idps::update(tx, &nieuw, idp.versie)?;
        idps::zet_versiestatus(tx, &actief)?;
        tx.record(gezaaid())
    });
    klaar.await.unwrap();
}

#[tokio::test]
async fn een_registratie_komt_terug_zoals_zij_bewaard_is_en_heeft_een_actieve_versie() {
    for (_map, store) in opslagen() {
        let organisatie = voeg_toe(&store, "Voorbeeld").await.id;
        let id = registreer(&store, organisatie, None).await;
        activeer(&store, id, 1).await;
        let nieuw = store.write(Actor::default(), nu(), None, move |tx| -> Result<(), StoreError> {
            let idp = idps::get(tx.conn(), id)?.unwrap();
            let laatste = idps::get_versie(tx.conn(), id, 1)?.unwrap();
            let mut anders = laatste.instellingen.clone();
            anders.client_id = "d".into();
            let (idp2, versie) = idp.nieuwe_versie(&laatste, anders, nu()).unwrap();
            idps::update(tx, &idp2, idp.versie)?;
            idps::insert_versie(tx, &versie)?;
            tx.record(gezaaid())
        });
        nieuw.await.unwrap();
        activeer(&store, id, 2).await;
        let blad = store.read(move |c| -> Result<_, StoreError> { idps::versies(c, id, &Page { limit: 9, after: None }) }).await.unwrap();
        let standen: Vec<_> = blad.items.iter().map(|v| (v.nummer, v.status, v.instellingen.client_id.as_str())).collect();
        assert_eq!(standen, [(1, VersieStatus::Vervangen, "c"), (2, VersieStatus::Actief, "d")], "{store:?}");
        let actief = store.read(move |c| -> Result<_, StoreError> { idps::actief_voor(c, organisatie) }).await.unwrap();
        assert_eq!((actief.len(), actief[0].actieve_versie), (1, Some(2)));
        let stale = store.write(Actor::default(), nu(), None, move |tx| -> Result<(), StoreError> {
            let idp = idps::get(tx.conn(), id)?.unwrap();
            idps::update(tx, &idp, idp.versie - 1)
        });
        assert!(matches!(stale.await, Err(StoreError::Stale { .. })));
    }
}

#[tokio::test]
async fn iedere_actieve_identiteitsprovider_van_een_organisatie_is_te_kiezen() {
    for (_map, store) in opslagen() {
        let organisatie = voeg_toe(&store, "Voorbeeld").await.id;
        for _ in 0..21 {
            let id = registreer(&store, organisatie, None).await;
            activeer(&store, id, 1).await;
        }
        let te_kiezen = store.read(move |c| -> Result<_, StoreError> { store::kiezer::idps_van(c, organisatie) }).await.unwrap();
        assert_eq!(te_kiezen.len(), 21, "ook de eenentwintigste, op {store:?}");
    }
}

#[tokio::test]
async fn wie_dezelfde_uitgever_gebruikt_wordt_gezien_met_zijn_onderscheid() {
    for (_map, store) in opslagen() {
        let (een, twee) = (voeg_toe(&store, "Een").await.id, voeg_toe(&store, "Twee").await.id);
        let id = registreer(&store, een, Some("t-1")).await;
        let vraag = |wie: Id| store.read(move |c| -> Result<_, StoreError> { idps::actieve_andere_organisaties(c, "https://idp.voorbeeld.example", wie) });
        assert!(vraag(twee).await.unwrap().is_empty(), "een concept telt niet");
        activeer(&store, id, 1).await;
        assert_eq!(vraag(twee).await.unwrap()[0].as_ref().unwrap().waarde, "t-1");
        assert!(vraag(een).await.unwrap().is_empty(), "de eigen organisatie telt niet");
    }
}

#[tokio::test]
async fn een_geheim_onthoudt_gebruik_per_uur_en_waarschuwt_iedere_grens_een_keer() {
    for (_map, store) in opslagen() {
        let organisatie = voeg_toe(&store, "Voorbeeld").await.id;
        let id = registreer(&store, organisatie, None).await;
        let gezet = store.write(Actor::default(), nu(), None, move |tx| -> Result<Id, StoreError> {
            let geheim = IdpGeheim {
                id: tx.nieuw_id(),
                identiteitsprovider_id: id,
                soort: GeheimSoort::ClientSecret,
                publiek: None,
                vervalt_op: Some(nu() + TimeDelta::days(20)),
                laatst_gebruikt_op: None,
                aangemaakt_op: nu(),
            };
            idps::insert_geheim(tx, &BewaardGeheim { geheim: geheim.clone(), verzegeld: vec![1, 2, 3], gewaarschuwd: None })?;
            tx.record(gezaaid())?;
            Ok(geheim.id)
        });
        let geheim = gezet.await.unwrap();
        for (minuten, verwacht) in [(0, 0), (30, 0), (61, 61)] {
            let op = nu() + TimeDelta::minutes(minuten);
            let gebruikt = store.write(Actor::default(), op, None, move |tx| -> Result<(), StoreError> { idps::zet_gebruikt(tx, geheim) });
            gebruikt.await.unwrap();
            let gezien = store.read(move |c| -> Result<_, StoreError> { idps::get_geheim(c, id, geheim) }).await.unwrap().unwrap();
            assert_eq!(gezien.geheim.laatst_gebruikt_op, Some(nu() + TimeDelta::minutes(verwacht)));
            assert_eq!(gezien.verzegeld, [1, 2, 3]);
        }
        assert_eq!(store.read(move |c| -> Result<_, StoreError> { idps::te_waarschuwen(c, nu()) }).await.unwrap().len(), 1);
        for (dagen, verwacht) in [(30, true), (30, false), (60, false), (7, true)] {
            let gegeven = store.write(Actor::default(), nu(), None, move |tx| -> Result<bool, StoreError> { idps::waarschuwing_gegeven(tx, geheim, dagen) });
            assert_eq!(gegeven.await.unwrap(), verwacht, "{dagen} dagen op {store:?}");
        }
    }
}

#[tokio::test]
async fn een_meting_vervangt_de_vorige() {
    for (_map, store) in opslagen() {
        let organisatie = voeg_toe(&store, "Voorbeeld").await.id;
        let id = registreer(&store, organisatie, None).await;
        for minuten in [0, 15] {
            let op = nu() + TimeDelta::minutes(minuten);
            let gemeten = store.write(Actor::default(), op, None, move |tx| -> Result<(), StoreError> {
                idps::zet_gezondheid(tx, &IdpGezondheid::uit(id, None, &[], None, op))
            });
            gemeten.await.unwrap();
            let gezien = store.read(move |c| -> Result<_, StoreError> { idps::gezondheid(c, id) }).await.unwrap().unwrap();
            assert_eq!((gezien.gemeten_op, gezien.laatst_goed_op), (Some(op), Some(op)));
        }
    }
}
