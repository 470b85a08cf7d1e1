//! Auditlogboek en wijzigingenstroom: ieder het eigen deel, zonder persoonsgegevens in de stroom.

use serde_json::json;

use crate::huis::Huis;

#[actix_web::test]
async fn het_auditlogboek_is_voor_lfb_en_voor_de_eigen_organisatiebeheerder() {
    let huis = Huis::nieuw().await;
    huis.traject().await;
    huis.get(&huis.projectleider, "/auditregels").await.is(403, "niet-bevoegd");
    huis.get(&huis.adviseur, "/auditregels").await.is(403, "niet-bevoegd");
    let alles = huis.get(&huis.lfb, "/auditregels?limit=200").await;
    let nummers: Vec<i64> = alles.items().iter().filter_map(|regel| regel["volgnummer"].as_i64()).collect();
    assert!(nummers.windows(2).all(|paar| paar[0] == paar[1] + 1), "aaneengesloten, nieuwste eerst: {nummers:?}");
    let eigen = huis.get(&huis.organisatiebeheerder, "/auditregels?limit=200").await;
    let van = huis.organisatiebeheerder.organisatie.to_string();
    assert!(!eigen.items().is_empty() && eigen.items().len() < alles.items().len());
    assert!(eigen.items().iter().all(|regel| regel["organisatieId"] == van), "{}", eigen.body);
}

#[actix_web::test]
async fn de_stroom_toont_wie_betrokken_is_het_traject_en_een_ander_niets() {
    let huis = Huis::nieuw().await;
    let traject = huis.traject().await;
    let pad = format!("/gebeurtenissen?trajectId={traject}");
    let gezien = huis.get(&huis.projectleider, &pad).await;
    assert!(gezien.items().iter().any(|g| g["type"] == "nl.crisispartners.traject.begonnen.v1"), "{}", gezien.body);
    for wie in [&huis.implementatieadviseur, &huis.lfb] {
        assert_eq!(huis.get(wie, &pad).await.items().len(), gezien.items().len());
    }
    assert!(huis.get(&huis.buitenstaander, &pad).await.items().is_empty());
    for gebeurtenis in gezien.items() {
        assert_eq!(gebeurtenis["specversion"], "1.0");
        assert!(gebeurtenis["source"].as_str().is_some_and(|bron| bron.starts_with("urn:nld:oin:")), "{gebeurtenis}");
        assert!(gebeurtenis["data"]["voor"].is_null() && gebeurtenis["data"]["na"].is_null());
    }
}

#[actix_web::test]
async fn de_stroom_bevat_geen_persoonsgegevens_en_is_blad_voor_blad_volledig() {
    let huis = Huis::nieuw().await;
    let nieuw = json!({ "organisatieId": huis.projectleider.organisatie, "naam": "Zeldzame Naam", "email": "zeldzaam@voorbeeld.example" });
    let persoon = huis.post(&huis.organisatiebeheerder, "/personen", nieuw).await.id();
    huis.traject().await;
    let mut gezien = Vec::new();
    let mut pad = "/gebeurtenissen?limit=3".to_owned();
    loop {
        let blad = huis.get(&huis.lfb, &pad).await;
        assert!(!blad.body.to_string().to_lowercase().contains("zeldza"), "{}", blad.body);
        gezien.extend(blad.items().iter().map(|g| g["sequence"].as_str().unwrap().parse::<i64>().unwrap()));
        match blad.body["_links"]["next"]["href"].as_str() {
            Some(href) => pad = href.trim_start_matches("/v1").to_owned(),
            None => break,
        }
    }
    assert_eq!(gezien, (1..=i64::try_from(gezien.len()).unwrap()).collect::<Vec<_>>());
    let erover = huis.get(&huis.organisatiebeheerder, "/gebeurtenissen?limit=200").await;
    assert!(erover.items().iter().any(|g| g["data"]["onderwerpId"] == json!(persoon)));
}
