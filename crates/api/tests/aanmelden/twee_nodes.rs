//! Twee nodes op één PostgreSQL: wat op de ene begint, gaat op de andere verder.

use crate::huis::{Browser, TERUG, huizen};

#[actix_web::test]
async fn een_aanmelding_die_op_de_ene_node_begint_is_op_de_andere_af_te_maken() {
    for huis in huizen().await.into_iter().filter(|huis| huis.nodes.len() == 2) {
        let (een, twee) = (&huis.nodes[0], &huis.nodes[1]);
        let mut browser = Browser::default();
        let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
        let vertrek = browser.get(een, &vraag).await.locatie();
        let terug = browser.get(twee, &huis.antwoord(&vertrek, huis.claims("sub-1", "pien@waterschap.example"))).await.locatie();
        let blad = browser.get(een, &terug).await;
        let code = huis.code("pien@waterschap.example").await;
        let klaar = browser.post(twee, "/oidc/aanmelden/code", &[("poging", &blad.veld("poging")), ("csrf", &blad.veld("csrf")), ("code", &code)]).await;
        assert!(klaar.locatie().starts_with(TERUG));
        // De sessie telt op beide, en een einde op de ene is een einde op de andere.
        assert!(browser.get(een, &huis.vraag(&[])).await.param("code").is_some());
        assert!(browser.get(twee, "/oidc/logout").await.body.contains("Wilt u zich afmelden?"));
        let (_, sessies) = huis.api(huis.persoon.id, "GET", "/v1/sessies?lopend=true", None).await;
        let id = sessies["items"][0]["id"].as_str().unwrap();
        huis.api(huis.persoon.id, "POST", &format!("/v1/sessies/{id}/beeindigingen"), Some(serde_json::json!({ "reden": "proef" }))).await;
        assert_eq!(browser.get(twee, &huis.vraag(&[("prompt", "none")])).await.param("error").as_deref(), Some("login_required"));
    }
}

#[actix_web::test]
async fn een_nieuwe_sleutel_ziet_de_andere_node_binnen_tien_seconden_en_beide_tekenen_met_dezelfde() {
    for huis in huizen().await {
        let [een, twee] = huis.nodes.as_slice() else { continue };
        let lees = |node: &actix_web::web::Data<api::App>| {
            let node = node.clone();
            async move {
                let keys = node.keys.current(&node.store, node.clock.now()).await.unwrap();
                (keys.jwks()["keys"].as_array().unwrap().len(), keys.active().unwrap().kid().to_owned())
            }
        };
        een.keys.signing(&een.store, &een.rng, een.clock.now()).await.unwrap();
        twee.keys.signing(&twee.store, &twee.rng, twee.clock.now()).await.unwrap();
        assert_eq!(lees(een).await, lees(twee).await);
        let (aantal, oude) = lees(een).await;
        // Vlak voor het einde van de actieve sleutel maakt één node de opvolger; die staat er al voordat hij tekent.
        huis.later(100_000 * 60 - 240);
        lees(twee).await;
        assert!(een.keys.rotate(&een.store, &een.rng, een.clock.now()).await.unwrap());
        huis.later(10);
        assert_eq!(lees(twee).await, (aantal + 1, oude.clone()));
        // De tweede node maakt er geen tweede bij, en na de wissel tekenen beide met de nieuwe.
        assert!(!twee.keys.rotate(&twee.store, &twee.rng, twee.clock.now()).await.unwrap());
        huis.later(400);
        let (een, twee) = (lees(een).await, lees(twee).await);
        assert_eq!(een, twee);
        assert_ne!(een.1, oude);
    }
}
