//! Het traject over HTTP: wie het uit live haalt, wat een merge patch doet, en wie de stand van een activiteit wijzigt.

use domain::personen::Rol;
use serde_json::{Value, json};

use crate::afnames::op_stand;
use crate::borging::live;
use crate::huis::{Beller, Gezien, Huis};

#[actix_web::test]
async fn een_traject_dat_live_is_gaat_alleen_door_nipvs_adviseur_terug() {
    let huis = Huis::nieuw().await;
    let pad = live(&huis).await;
    let organisatie = format!("/organisaties/{}", huis.projectleider.organisatie);
    let terug = json!({ "naarStap": 1, "reden": "Wij stoppen ermee." });
    let zet = async |wie: &Beller| op_stand(&huis, wie, &pad, &format!("{pad}/stapovergangen"), terug.clone()).await;
    for wie in [&huis.projectleider, &huis.lfb, &huis.implementatieadviseur] {
        zet(wie).await.is(403, "niet-bevoegd");
    }
    let stoppen = json!({ "reden": "gestopt", "toelichting": "Wij stoppen ermee." });
    op_stand(&huis, &huis.projectleider, &pad, &format!("{pad}/beeindigingen"), stoppen).await.is(409, "traject-live");
    assert_eq!(huis.get(&huis.projectleider, &pad).await.body["status"], "live");
    assert_eq!(huis.get(&huis.projectleider, &organisatie).await.body["aansluitstatus"], "live");
    assert_eq!(zet(&huis.adviseur).await.status, 201);
    assert_eq!(huis.get(&huis.projectleider, &organisatie).await.body["aansluitstatus"], "in-traject");
}

async fn patch(huis: &Huis, wie: &Beller, pad: &str, body: Value) -> Gezien {
    let etag = huis.get(wie, pad).await.etag();
    huis.met(wie, "PATCH", pad, &etag, Some(body)).await
}

#[actix_web::test]
async fn de_aansluitvorm_wijzigt_per_veld_en_null_maakt_haar_leeg() {
    let huis = Huis::nieuw().await;
    let vorm = json!({ "code": "volledig", "naam": "Volledig", "omschrijving": "Alles." });
    assert_eq!(huis.post(&huis.lfb, "/aansluitvormen", vorm).await.status, 201);
    let pad = format!("/trajecten/{}", huis.traject().await);
    let kies = async |keuze: Value| patch(&huis, &huis.projectleider, &pad, json!({ "aansluitvorm": keuze })).await;
    kies(json!({ "motivatie": "past" })).await.wijst_aan("/aansluitvorm/code", "verplicht");
    kies(json!({ "code": "volledig" })).await.wijst_aan("/aansluitvorm/motivatie", "verplicht");
    kies(json!({ "code": 5, "motivatie": "past" })).await.wijst_aan("/aansluitvorm/code", "type");
    kies(json!({ "code": "bestaat-niet", "motivatie": "past" })).await.wijst_aan("/aansluitvorm/code", "aansluitvorm-onbekend");
    kies(json!({ "code": "volledig", "motivatie": "past", "extra": 1 })).await.wijst_aan("/aansluitvorm/extra", "onbekend");
    assert_eq!(kies(json!({ "code": "volledig", "motivatie": "past" })).await.body["aansluitvorm"]["code"], "volledig");
    assert_eq!(kies(json!({ "motivatie": "nieuw" })).await.body["aansluitvorm"], json!({ "code": "volledig", "motivatie": "nieuw" }));
    patch(&huis, &huis.implementatieadviseur, &pad, json!({ "aansluitvorm": null })).await.is(403, "niet-bevoegd");
    let leeg = kies(Value::Null).await;
    assert_eq!((leeg.status, leeg.body.get("aansluitvorm")), (200, None), "{}", leeg.body);
}

#[actix_web::test]
async fn bij_een_pauzering_is_te_lezen_wanneer_zij_eindigde() {
    let huis = Huis::nieuw().await;
    let pad = format!("/trajecten/{}", huis.traject().await);
    let doe = async |wat: &str, body: Value| op_stand(&huis, &huis.projectleider, &pad, &format!("{pad}/{wat}"), body).await;
    let pauzeringen = async || huis.get(&huis.projectleider, &format!("{pad}/pauzeringen?limit=1")).await;
    let vastgelegd = doe("pauzeringen", json!({ "reden": "Fusie." })).await;
    assert!(pauzeringen().await.items()[0].get("hervatOp").is_none());
    let hervat = doe("hervattingen", json!({})).await;
    let gelezen = pauzeringen().await;
    assert_eq!(gelezen.items()[0]["hervatOp"], hervat.body["op"]);
    assert_eq!(gelezen.items()[0]["id"], vastgelegd.body["id"]);
    huis.get(&huis.buitenstaander, &format!("{pad}/pauzeringen")).await.is(404, "niet-gevonden");
}

/// Het adres van een activiteit van een nieuw traject.
async fn activiteit(huis: &Huis, code: &str) -> String {
    let traject = huis.traject().await;
    let lijst = huis.get(&huis.projectleider, &format!("/trajecten/{traject}/activiteiten?limit=200")).await;
    let gevonden = lijst.items().iter().find(|a| a["code"] == code).unwrap_or_else(|| panic!("{code}"))["id"].as_str().unwrap().to_owned();
    format!("/trajecten/{traject}/activiteiten/{gevonden}")
}

#[actix_web::test]
async fn de_stand_van_een_activiteit_wijzigt_bij_nipv_alleen_de_functie_die_de_bron_noemt() {
    let huis = Huis::nieuw().await;
    let offerte = activiteit(&huis, "techniek-1").await;
    let productmanager = huis.persoon_met(&huis.lfb, "Petra", &[Rol::ProductmanagerLcms]).await;
    for wie in [&huis.lfb, &huis.adviseur] {
        let geweigerd = patch(&huis, wie, &offerte, json!({ "status": "bezig" })).await;
        geweigerd.is(409, "geen-actiehouder");
        assert!(geweigerd.body["detail"].as_str().unwrap().contains("nipv (productmanager LCMS)"), "{}", geweigerd.body);
        assert_eq!(patch(&huis, wie, &offerte, json!({ "notities": "Gebeld." })).await.status, 200, "meedenken mag ieder");
    }
    assert_eq!(patch(&huis, &productmanager, &offerte, json!({ "status": "bezig" })).await.body["status"], "bezig");
}

#[actix_web::test]
async fn een_actiehouder_wijst_naar_iemand_die_bij_die_partij_werkt() {
    let huis = Huis::nieuw().await;
    let formulier = activiteit(&huis, "techniek-6").await;
    let wijs_aan = async |eigen: Value, nipv: Value| {
        let houders = json!([{ "partij": "crisispartner", "persoonId": eigen }, { "partij": "nipv", "rol": "LFB", "persoonId": nipv }]);
        patch(&huis, &huis.projectleider, &formulier, json!({ "actiehouders": houders })).await
    };
    let weg = huis.persoon(&huis.projectleider, "Willem").await;
    let blokkering = huis.met(&huis.lfb, "POST", &format!("/personen/{}/blokkeringen", weg.id), "\"2\"", Some(json!({ "reden": "Uit dienst." }))).await;
    assert_eq!(blokkering.status, 201, "{}", blokkering.body);
    let (eigen, nipv) = (json!(huis.projectleider.id), json!(huis.lfb.id));
    for fout in [&nipv, &json!(huis.buitenstaander.id), &json!(weg.id), &json!("0190f3a0-0000-7000-8000-000000000001")] {
        wijs_aan(fout.clone(), nipv.clone()).await.wijst_aan("/actiehouders/0/persoonId", "persoon-onbekend");
    }
    wijs_aan(eigen.clone(), eigen.clone()).await.wijst_aan("/actiehouders/1/persoonId", "persoon-onbekend");
    assert_eq!(wijs_aan(eigen, nipv.clone()).await.body["actiehouders"][1]["persoonId"], nipv);
}
