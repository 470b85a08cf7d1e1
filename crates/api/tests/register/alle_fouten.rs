//! Wie meer dan één ding verkeerd doet, hoort alles in één antwoord: een verwijzing die niet klopt verbergt geen ander veld.

use serde_json::{Value, json};

use crate::huis::{Beller, Gezien, Huis};

const NIEMAND: &str = "0190f3a0-0000-7000-8000-00000000dead";

fn noemt(gezien: &Gezien, verwacht: &[(&str, &str)]) {
    assert_eq!(gezien.status, 400, "{}", gezien.body);
    let tekst = |fout: &Value, veld: &str| fout[veld].as_str().unwrap().to_owned();
    let mut fouten: Vec<_> = gezien.body["errors"].as_array().unwrap().iter().map(|fout| (tekst(fout, "location"), tekst(fout, "code"))).collect();
    fouten.sort_unstable();
    let verwacht: Vec<_> = verwacht.iter().map(|(plaats, code)| ((*plaats).to_owned(), (*code).to_owned())).collect();
    assert_eq!(fouten, verwacht, "{}", gezien.body);
}

#[actix_web::test]
async fn een_nieuw_ding_noemt_verwijzingen_en_velden_samen() {
    let huis = Huis::nieuw().await;
    let maak = async |wie: &Beller, pad: &str, body: Value| huis.post(wie, pad, body).await;

    let organisatie = json!({ "naam": "  ", "sectorCode": "water", "onderdeelVan": NIEMAND });
    let fouten = [("/naam", "leeg"), ("/onderdeelVan", "organisatie-onbekend"), ("/sectorCode", "sector-onbekend")];
    noemt(&maak(&huis.lfb, "/organisaties", organisatie).await, &fouten);

    let persoon = json!({ "organisatieId": NIEMAND, "naam": " ", "email": "zonder-apenstaart" });
    let fouten = [("/email", "email-ongeldig"), ("/naam", "leeg"), ("/organisatieId", "organisatie-onbekend")];
    noemt(&maak(&huis.lfb, "/personen", persoon).await, &fouten);

    let planning = json!({ "startDatum": "2027-05-01", "goLiveDatum": "2027-04-01" });
    let traject = json!({ "organisatieId": NIEMAND, "stappenplanId": NIEMAND, "planning": planning });
    let fouten = [("/organisatieId", "onbekend"), ("/planning/goLiveDatum", "einde-voor-begin"), ("/stappenplanId", "onbekend")];
    noemt(&maak(&huis.lfb, "/trajecten", traject).await, &fouten);

    let afname = json!({
        "organisatieId": huis.projectleider.organisatie, "vragenlijstId": NIEMAND, "trajectId": NIEMAND, "aanleiding": "go-live",
        "titel": "Oefening", "beginDatum": "2027-01-10", "eindDatum": "2027-01-20",
    });
    noemt(&maak(&huis.projectleider, "/afnames", afname).await, &[("/trajectId", "traject-onbekend"), ("/vragenlijstId", "vragenlijst-onbekend")]);

    let profiel =
        json!({ "eigenaarId": huis.buitenstaander.organisatie, "gebruikerId": NIEMAND, "profiel": "liaison", "motivatie": "x", "totDatum": "2020-01-01" });
    let fouten = [("/gebruikerId", "gebruiker-onbekend"), ("/profiel", "profiel-onbekend"), ("/totDatum", "periode-ongeldig")];
    noemt(&maak(&huis.organisatiebeheerder, "/samenwerkingsprofielen", profiel).await, &fouten);
}

#[actix_web::test]
async fn een_wijziging_noemt_iedere_verwijzing_die_niet_klopt() {
    let huis = Huis::nieuw().await;
    let pad = format!("/trajecten/{}", huis.traject().await);
    let wijziging = json!({
        "aansluitvorm": { "code": "bestaat-niet", "motivatie": " " },
        "contactpersonen": [huis.projectleider.id, NIEMAND, huis.buitenstaander.id],
        "planning": { "startDatum": "2027-05-01", "goLiveDatum": "2027-04-01" },
        "stappenplanId": NIEMAND,
    });
    let etag = huis.get(&huis.projectleider, &pad).await.etag();
    let fouten = [
        ("/aansluitvorm/code", "aansluitvorm-onbekend"),
        ("/aansluitvorm/motivatie", "leeg"),
        ("/contactpersonen/1", "persoon-onbekend"),
        ("/contactpersonen/2", "persoon-onbekend"),
        ("/planning/goLiveDatum", "einde-voor-begin"),
        ("/stappenplanId", "stappenplan-onbekend"),
    ];
    noemt(&huis.met(&huis.projectleider, "PATCH", &pad, &etag, Some(wijziging)).await, &fouten);
    assert_eq!(huis.get(&huis.projectleider, &pad).await.etag(), etag, "er is niets gewijzigd");
}

#[actix_web::test]
async fn wie_het_recht_niet_heeft_hoort_dat_en_niet_wat_er_bestaat() {
    let huis = Huis::nieuw().await;
    let afname = json!({
        "organisatieId": huis.projectleider.organisatie, "vragenlijstId": NIEMAND, "aanleiding": "oefening",
        "titel": "Oefening", "beginDatum": "2027-01-10", "eindDatum": "2027-01-20",
    });
    huis.post(&huis.buitenstaander, "/afnames", afname).await.is(403, "niet-bevoegd");
}
