//! Wie er in de proeven meedoen.

use domain::Id;
use domain::organisaties::{NieuweOrganisatie, Organisatie, OrganisatieSoort};
use domain::personen::{NieuwePersoon, Persoon, PersoonStatus, Rol};
use domain::toepassingen::{NieuweToepassing, Scope, Toepassing};
use store::{Actor, Change, StoreError};

use crate::common::Dienst;

fn change(id: Id) -> Change {
    Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: id.to_string(), ..Change::default() }
}

/// Een crisispartner met het domein `voorbeeld.example`.
pub(crate) async fn organisatie(dienst: &Dienst) -> Organisatie {
    let now = dienst.now();
    let nieuw = NieuweOrganisatie {
        naam: "Waterschap Voorbeeldland".to_owned(),
        afkorting: None,
        oin: None,
        sector_code: None,
        emaildomeinen: vec!["voorbeeld.example".to_owned()],
        onderdeel_van: None,
    };
    let mut organisatie = nieuw.maak(domain::nieuw_id(now, &dienst.app.rng), now).expect("organisatie");
    organisatie.soort = OrganisatieSoort::Crisispartner;
    let stored = organisatie.clone();
    let written: Result<(), StoreError> = dienst
        .app
        .store
        .write(Actor::default(), now, None, move |tx| {
            store::organisaties::insert(tx, &stored)?;
            tx.record(change(stored.id))
        })
        .await;
    written.expect("organisatie opgeslagen");
    organisatie
}

/// Een persoon van deze organisatie, met deze status.
pub(crate) async fn persoon(dienst: &Dienst, organisatie: Id, status: PersoonStatus) -> Persoon {
    let now = dienst.now();
    let id = domain::nieuw_id(now, &dienst.app.rng);
    let nieuw = NieuwePersoon {
        organisatie_id: organisatie,
        naam: "Lotte Voorbeeld".to_owned(),
        email: format!("{id}@voorbeeld.example"),
        telefoon: None,
        functie: None,
        rollen: vec![Rol::Projectleider],
    };
    let mut persoon = nieuw.maak(id, now).expect("persoon");
    persoon.status = status;
    let stored = persoon.clone();
    let written: Result<(), StoreError> = dienst
        .app
        .store
        .write(Actor::default(), now, None, move |tx| {
            store::personen::insert(tx, &stored)?;
            tx.record(change(stored.id))
        })
        .await;
    written.expect("persoon opgeslagen");
    persoon
}

/// Wijzigt een persoon in de opslag, buiten de API om.
pub(crate) async fn zet(dienst: &Dienst, persoon: &Persoon, status: PersoonStatus) {
    let (old, mut new) = (persoon.versie, persoon.clone());
    new.status = status;
    new.versie += 1;
    let written: Result<(), StoreError> = dienst
        .app
        .store
        .write(Actor::default(), dienst.now(), None, move |tx| {
            store::personen::update(tx, &new, old)?;
            tx.record(change(new.id))
        })
        .await;
    written.expect("persoon gewijzigd");
}

/// Een toepassing met deze publieke sleutel en scopes.
pub(crate) async fn toepassing(dienst: &Dienst, organisatie: Id, key: &provider::SigningKey, scopes: &[Scope]) -> Toepassing {
    let jwks = serde_json::json!({ "keys": [key.public_jwk()] });
    client(dienst, NieuweToepassing::machine("Script", organisatie, scopes.to_vec(), jwks)).await
}

/// Deze client, opgeslagen.
pub(crate) async fn client(dienst: &Dienst, nieuw: NieuweToepassing) -> Toepassing {
    let now = dienst.now();
    let toepassing = nieuw.maak(domain::nieuw_id(now, &dienst.app.rng), now).expect("toepassing");
    let stored = toepassing.clone();
    let written: Result<(), StoreError> = dienst
        .app
        .store
        .write(Actor::default(), now, None, move |tx| {
            store::toepassingen::insert(tx, &stored)?;
            tx.record(change(stored.id))
        })
        .await;
    written.expect("toepassing opgeslagen");
    toepassing
}
