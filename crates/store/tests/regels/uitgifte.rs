//! Codes en tokens tellen één keer, hoe vaak en hoe tegelijk iemand het ook probeert.

use domain::toepassingen::{NieuweToepassing, Scope};
use domain::{Id, Moment};
use store::autorisaties::{self, Autorisatie, Klaargelegd};
use store::{Actor, Change, Store, StoreError, Tx};

use super::{nu, opslagen, spoor};

fn later(seconden: i64) -> Moment {
    nu() + chrono::TimeDelta::seconds(seconden)
}

async fn schrijf<T: Send + 'static>(store: &Store, act: impl Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static) -> T {
    store.write(Actor::default(), nu(), None, act).await.unwrap()
}

/// Een persoon, een portaal en een autorisatie met code `code`.
async fn autorisatie(store: &Store) -> Autorisatie {
    schrijf(store, |tx| {
        let organisatie = super::organisatie(tx, "Organisatie");
        store::organisaties::insert(tx, &organisatie)?;
        tx.record(spoor(&organisatie))?;
        let nieuw = domain::personen::NieuwePersoon {
            organisatie_id: organisatie.id,
            naam: "Lotte Voorbeeld".into(),
            email: "lotte@voorbeeld.example".into(),
            telefoon: None,
            functie: None,
            rollen: vec![],
        };
        let persoon = nieuw.maak(tx.nieuw_id(), nu()).unwrap();
        store::personen::insert(tx, &persoon)?;
        let sleutel = serde_json::json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "een", "x": "a".repeat(43), "y": "b".repeat(43) }] });
        let portaal = NieuweToepassing::machine("Script", organisatie.id, vec![Scope::TrajectenLezen], sleutel).maak(tx.nieuw_id(), nu()).unwrap();
        store::toepassingen::insert(tx, &portaal)?;
        let nieuw = Autorisatie {
            id: tx.nieuw_id(),
            toepassing_id: portaal.id,
            sessie_id: tx.nieuw_id(),
            persoon_id: persoon.id,
            inhoud: serde_json::json!({}),
            code_verloopt_op: later(60),
            code_ingewisseld_op: None,
            aangemaakt_op: nu(),
            verloopt_op: later(86_400),
            ingetrokken_op: None,
        };
        autorisaties::insert(tx, &nieuw, "code")?;
        autorisaties::insert_verversing(tx, "verversing", nieuw.id, later(3_600))?;
        Ok(nieuw)
    })
    .await
}

async fn tegelijk<F: Future<Output = bool> + Send + 'static>(store: &Store, een: impl Fn(Store) -> F) -> usize {
    let taken: Vec<_> = (0..20).map(|_| tokio::spawn(een(store.clone()))).collect();
    let mut gelukt = 0;
    for taak in taken {
        gelukt += usize::from(taak.await.unwrap());
    }
    gelukt
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn van_twintig_die_tegelijk_dezelfde_code_inwisselen_lukt_het_er_een() {
    for (_grond, store) in opslagen() {
        let id = autorisatie(&store).await.id;
        let wissel = move |store: Store| async move { schrijf(&store, move |tx| autorisaties::wissel_code_in(tx, id)).await };
        assert_eq!(tegelijk(&store, wissel).await, 1);
        let ververs = |store: Store| async move { schrijf(&store, |tx| autorisaties::gebruik_verversing(tx, "verversing")).await };
        assert_eq!(tegelijk(&store, ververs).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn een_jti_telt_een_keer_ook_als_velen_samen_worden_vastgelegd() {
    for (_grond, store) in opslagen() {
        let een = |store: Store| async move { store.use_jti("client", "jti", later(60), nu()).await.unwrap() };
        assert_eq!(tegelijk(&store, een).await, 1);
        let mut nieuw = 0;
        for taak in (0..50)
            .map(|nummer| {
                tokio::spawn({
                    let store = store.clone();
                    async move { store.use_jti("client", &nummer.to_string(), later(60), nu()).await.unwrap() }
                })
            })
            .collect::<Vec<_>>()
        {
            nieuw += usize::from(taak.await.unwrap());
        }
        assert_eq!(nieuw, 50);
        assert!(store.use_jti("ander", "jti", later(60), nu()).await.unwrap(), "een jti is van één client");
        let dubbel = schrijf(&store, |tx| Ok((tx.use_jti("client", "jti", later(60))?, tx.use_jti("client", "nieuw", later(60))?))).await;
        assert_eq!(dubbel, (false, true), "een dubbele jti breekt de transactie niet af");
    }
}

#[tokio::test]
async fn wat_is_ingetrokken_blijft_ingetrokken_en_wordt_vastgelegd() {
    for (_grond, store) in opslagen() {
        let nieuw = autorisatie(&store).await;
        let id = nieuw.id;
        let zonder: Result<bool, StoreError> = store.write(Actor::default(), nu(), None, move |tx| autorisaties::trek_in(tx, id, "proef")).await;
        assert!(zonder.is_err(), "een intrekking zonder auditregel bestaat niet");
        let trek_in = move |tx: &mut Tx<'_>| {
            let eerste = autorisaties::trek_in(tx, id, "proef")?;
            tx.record(Change { handeling: "autorisatie.ingetrokken", onderwerp_soort: "autorisatie", onderwerp_id: id.to_string(), ..Change::default() })?;
            Ok(eerste)
        };
        assert!(schrijf(&store, trek_in).await && !schrijf(&store, trek_in).await);
        let gelezen = store.read(move |conn| autorisaties::get(conn, id)).await.unwrap().unwrap();
        assert_eq!(gelezen, Autorisatie { ingetrokken_op: Some(nu()), ..nieuw });
    }
}

#[tokio::test]
async fn een_klaargelegd_verzoek_is_eenmaal_te_verbruiken_en_verlopen_rijen_verdwijnen() {
    for (_grond, store) in opslagen() {
        let van = autorisatie(&store).await.toepassing_id;
        let verzoek = Klaargelegd { toepassing_id: van, inhoud: serde_json::json!({ "velden": [] }), verloopt_op: later(90) };
        let rij = verzoek.clone();
        schrijf(&store, move |tx| autorisaties::leg_klaar(tx, "hash", &rij)).await;
        assert_eq!(store.read(|conn| autorisaties::klaargelegd(conn, "hash")).await.unwrap(), Some(verzoek));
        assert!(schrijf(&store, |tx| autorisaties::verbruik_klaargelegd(tx, "hash")).await);
        assert!(!schrijf(&store, |tx| autorisaties::verbruik_klaargelegd(tx, "hash")).await);
        assert_eq!(store.cleanup(later(10)).await.unwrap(), 0);
        assert_eq!(store.cleanup(later(90_000)).await.unwrap(), 2, "de autorisatie en haar verversingstoken");
        assert!(store.read(|conn| autorisaties::by_code(conn, "code")).await.unwrap().is_none());
        assert!(!store.read(move |conn| autorisaties::sessie_loopt(conn, Id::nil(), nu())).await.unwrap());
    }
}
