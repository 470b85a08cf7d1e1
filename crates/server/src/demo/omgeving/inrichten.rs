//! Richt de omgeving in: voor elke organisatie een actieve identiteitsprovider, en het voorbeeldportaal als toepassing.

use domain::identiteitsproviders::{Clientauthenticatie, GeheimSoort, IdpGeheim, MfaKeuze, MfaPreset, NieuweIdentiteitsprovider, NieuweInstellingen};
use domain::personen::Rol;
use domain::toepassingen::{NieuweToepassing, Scope};
use serde_json::json;
use store::Change;
use store::identiteitsproviders::BewaardGeheim;

use super::{Adressen, Ingericht, accounts, idp};
use crate::demo::cast::{self, ORGANISATIES};
use crate::demo::seed::{Cast, Seeder, fields, refused};
use crate::{Stop, assertion, foundation};

/// Legt alles vast en geeft wat de servers ervan moeten weten.
pub(in crate::demo) async fn inrichten(seeder: &Seeder<'_>, app: &api::App, cast: &Cast, adressen: Adressen) -> Result<Ingericht, Stop> {
    let mut toeval = [0; 24];
    seeder.rng.fill(&mut toeval);
    let geheim: String = toeval.iter().map(|byte| format!("{byte:02x}")).collect();
    for data in ORGANISATIES {
        identiteitsprovider(seeder, app, cast, (data.sleutel, &adressen.idp, &geheim)).await?;
    }
    let portaal = portaal(seeder, cast, &adressen.portaal).await?;
    Ok(Ingericht { adressen, geheim, portaal, uitgever: app.settings.base_url.clone(), personen: accounts(cast) })
}

async fn identiteitsprovider(seeder: &Seeder<'_>, app: &api::App, cast: &Cast, (sleutel, adres, geheim): (&str, &str, &str)) -> Result<(), Stop> {
    let (nu, organisatie) = (seeder.clock.now(), cast.organisatie(sleutel)?);
    let instellingen: NieuweInstellingen = serde_json::from_value(json!({
        "issuer": format!("{adres}/{sleutel}"),
        "clientId": idp::CLIENT_ID,
        "clientauthenticatie": Clientauthenticatie::ClientSecretBasic,
        "mfa": MfaKeuze { preset: MfaPreset::Amr, waarden: Vec::new(), tekst_toegestaan: false, bewijs: Vec::new(), vraag: None },
    }))
    .map_err(|cause| Stop::fault(format!("De voorbeeld-identiteitsprovider is niet te beschrijven ({cause}).")))?;
    let nieuw = NieuweIdentiteitsprovider { organisatie_id: organisatie.id, naam: format!("Aanmelddienst {}", organisatie.naam), instellingen };
    let (concept, versie) = nieuw.maak(seeder.id(), nu, &|host| host == "127.0.0.1").map_err(|fouten| fields(&fouten))?;
    let (getest, versie) = concept.na_test(&versie, true, nu);
    // De aanmelddienst van het voorbeeld luistert pas na het inrichten; wij hebben haar zelf gemaakt, dus deze test slaagt.
    let (actief, versie) = getest.activeren(&versie, nu).map_err(|weigering| refused(&weigering))?;
    let id = seeder.id();
    let bewaard = BewaardGeheim {
        geheim: IdpGeheim {
            id,
            identiteitsprovider_id: actief.id,
            soort: GeheimSoort::ClientSecret,
            publiek: None,
            vervalt_op: None,
            laatst_gebruikt_op: None,
            aangemaakt_op: nu,
        },
        verzegeld: app
            .keys
            .seal(&api::identiteitsproviders::plaats(id), geheim.as_bytes(), seeder.rng)
            .map_err(|_| Stop::fault("Het geheim is niet te verzegelen."))?,
        gewaarschuwd: None,
    };
    let door = cast.door(sleutel, Rol::IdpBeheerder).or_else(|_| cast.door(cast::NIPV, Rol::Lfb))?;
    seeder
        .act(&door, move |tx| {
            store::identiteitsproviders::insert(tx, &actief)?;
            store::identiteitsproviders::insert_versie(tx, &versie)?;
            store::identiteitsproviders::insert_geheim(tx, &bewaard)?;
            let spoor = foundation::created("identiteitsprovider", &actief.id.to_string(), None, Some(actief.organisatie_id), &actief)?;
            tx.record(Change { handeling: "identiteitsprovider.geactiveerd", ..spoor })
        })
        .await
}

async fn portaal(seeder: &Seeder<'_>, cast: &Cast, adres: &str) -> Result<(String, serde_json::Value), Stop> {
    let jwk = assertion::generate()?;
    let basis = NieuweToepassing::portaal("Voorbeeldportaal", cast.organisatie(cast::NIPV)?.id, &format!("{adres}/terug"));
    let nieuw = NieuweToepassing {
        scopes: vec![Scope::OrganisatiesLezen, Scope::TrajectenLezen],
        jwks: Some(json!({ "keys": [assertion::public(&jwk)] })),
        post_logout_redirect_uris: vec![format!("{adres}/")],
        ..basis
    };
    let toepassing = nieuw.maak(seeder.id(), seeder.clock.now()).map_err(|fouten| fields(&fouten))?;
    let (id, rij) = (toepassing.id.to_string(), toepassing);
    seeder
        .act(&cast.door(cast::NIPV, Rol::Lfb)?, move |tx| {
            store::toepassingen::insert(tx, &rij)?;
            tx.record(foundation::created("toepassing", &rij.id.to_string(), None, Some(rij.organisatie_id), &rij)?)
        })
        .await?;
    Ok((id, jwk))
}
