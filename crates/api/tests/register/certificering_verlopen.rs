//! Een script werkt alleen voor trajecten van zijn organisatie, zolang die gecertificeerd is.

use serde_json::json;

use crate::huis::Huis;

#[actix_web::test]
async fn een_script_ziet_alleen_de_trajecten_waar_zijn_organisatie_bij_betrokken_is() {
    let huis = Huis::nieuw().await;
    let traject = huis.traject().await;
    let (eigen, vreemd) = (huis.toepassing(&huis.implementatieadviseur).await, huis.toepassing(&huis.buitenstaander).await);
    assert_eq!(huis.get(&eigen, "/trajecten").await.items().len(), 1);
    assert!(huis.get(&vreemd, "/trajecten").await.items().is_empty());
    huis.get(&vreemd, &format!("/trajecten/{traject}")).await.is(404, "niet-gevonden");
}

#[actix_web::test]
async fn na_intrekking_van_de_certificering_staat_het_script_buiten_en_hoort_het_waarom() {
    let huis = Huis::nieuw().await;
    let traject = huis.traject().await;
    let pad = format!("/organisaties/{}/certificeringen", huis.implementatieadviseur.organisatie);
    let id = huis.get(&huis.lfb, &pad).await.items()[0]["id"].as_str().unwrap().to_owned();
    let intrekken = format!("{pad}/{id}/intrekkingen");
    assert_eq!(huis.met(&huis.lfb, "POST", &intrekken, "\"1\"", Some(json!({ "reden": "Einde." }))).await.status, 201);
    let script = huis.toepassing(&huis.implementatieadviseur).await;
    huis.get(&script, &format!("/trajecten/{traject}")).await.is(403, "certificering-ongeldig");
    assert!(huis.get(&script, "/trajecten").await.items().is_empty());
    // De mensen van de partner blijven het traject zien.
    assert_eq!(huis.get(&huis.implementatieadviseur, &format!("/trajecten/{traject}")).await.status, 200);
}
