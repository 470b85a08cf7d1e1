//! De hele weg van een registratie: indienen, teruggeven, verbeteren, twee keer tekenen, opleiden, verwijderen en opnieuw.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use e2e::{Antwoord, Loket, Wie};
use serde_json::{Value, json};

const PAD: &str = "/v1/organisatiebeheerder-registraties";

async fn doe(loket: &Loket, wie: Wie, registratie: &str, wat: &str, lichaam: Option<&Value>) -> Antwoord {
    let etag = loket.als(Wie::Lfb).lees(registratie).await.kop("etag").to_owned();
    loket.als(wie).doe("POST", &format!("{registratie}/{wat}"), &[("if-match", &etag)], lichaam).await
}

async fn taken(loket: &Loket, wie: Wie) -> Vec<String> {
    let lijst = loket.als(wie).lees("/v1/taken").await.ok(200);
    let mut soorten: Vec<String> = lijst["items"].as_array().unwrap().iter().map(|t| t["soort"].as_str().unwrap().to_owned()).collect();
    soorten.retain(|soort| soort.starts_with("registratie-") || soort.starts_with("beheerder-") || soort.starts_with("sharepoint-"));
    soorten
}

async fn activiteiten(loket: &Loket, traject: &str) -> Vec<String> {
    let lijst = loket.als(Wie::Projectleider).lees(&format!("{traject}/activiteiten?limit=200")).await.ok(200);
    let van = |code: &str| lijst["items"].as_array().unwrap().iter().find(|a| a["code"] == code).unwrap()["status"].as_str().unwrap().to_owned();
    ["techniek-5", "techniek-6", "techniek-8"].map(van).to_vec()
}

async fn voldaan(loket: &Loket, traject: &str) -> bool {
    let poort = loket.als(Wie::Projectleider).lees(&format!("{traject}/poorten/4")).await.ok(200);
    poort["voorwaarden"].as_array().unwrap().iter().any(|v| v["code"] == "registratie-organisatiebeheerders-actief" && v["voldaan"] == true)
}

#[tokio::test]
async fn een_registratie_gaat_van_indiening_naar_opgeleide_beheerders() {
    for loket in Loket::alle() {
        let traject = loket.als(Wie::Projectleider).lees("/v1/trajecten").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let traject = format!("/v1/trajecten/{traject}");
        let lijst = loket.als(Wie::Projectleider).lees(&format!("{PAD}?status=ingediend")).await.ok(200);
        let registratie = format!("{PAD}/{}", lijst["items"][0]["id"].as_str().unwrap());
        assert_eq!(taken(&loket, Wie::Tekenbevoegde).await, ["registratie-ondertekenen"]);
        assert_eq!(activiteiten(&loket, &traject).await, ["gereed", "bezig", "open"]);
        // Een derde organisatie ziet het formulier niet, en een script tekent nooit.
        for wie in [Wie::Implementatieadviseur, Wie::Adoptieadviseur, Wie::Toepassing] {
            assert!([403, 404].contains(&loket.als(wie).lees(&registratie).await.status), "{wie:?}");
            assert!([403, 404].contains(&doe(&loket, wie, &registratie, "ondertekeningen", None).await.status), "{wie:?}");
        }
        let te_vroeg = doe(&loket, Wie::Lfb, &registratie, "ondertekeningen", None).await;
        assert_eq!((te_vroeg.status, te_vroeg.code()), (409, "volgorde-ondertekening"), "{}", loket.database);

        // Terug, verbeteren, opnieuw indienen.
        let opmerkingen = json!({ "opmerkingen": "Geef de tweede beheerder als vervanger op." });
        let _ = doe(&loket, Wie::Tekenbevoegde, &registratie, "terugwijzingen", Some(&opmerkingen)).await.ok(201);
        assert_eq!(taken(&loket, Wie::Projectleider).await, ["registratie-verbeteren"]);
        let nu = loket.als(Wie::Projectleider).lees(&registratie).await.ok(200);
        let (een, twee) = (&nu["beheerders"][0]["persoonId"], &nu["beheerders"][1]["persoonId"]);
        let regel = |wie: &Value, van: Option<&Value>| {
            let mut regel = json!({ "persoonId": wie, "functie": "Informatiemanager", "telefoon": "+31 20 000 00 00" });
            if let Some(van) = van {
                regel["vervangerVan"] = van.clone();
            }
            regel
        };
        let beter = json!({ "beheerders": [regel(een, None), regel(twee, Some(een))] });
        let _ = loket.als(Wie::Projectleider).op_versie("PATCH", &registratie, &registratie, beter).await.ok(200);
        let _ = doe(&loket, Wie::Projectleider, &registratie, "indieningen", None).await.ok(201);

        // Twee apparaten tegelijk: één handtekening.
        let etag = loket.als(Wie::Tekenbevoegde).lees(&registratie).await.kop("etag").to_owned();
        let (bureau, telefoon) = (loket.als(Wie::Tekenbevoegde), loket.als(Wie::Tekenbevoegde));
        let (pad, koppen) = (format!("{registratie}/ondertekeningen"), [("if-match", etag.as_str())]);
        let (a, b) = tokio::join!(bureau.doe("POST", &pad, &koppen, None), telefoon.doe("POST", &pad, &koppen, None));
        let mut standen = [a.status, b.status];
        standen.sort_unstable();
        assert!(standen == [201, 412] || standen == [201, 409], "{standen:?} {}", loket.database);
        assert_eq!(bureau.lees(&pad).await.ok(200)["items"].as_array().unwrap().len(), 1);
        assert!(!voldaan(&loket, &traject).await);
        assert_eq!(taken(&loket, Wie::Lfb).await, ["registratie-ondertekenen"]);
        let _ = doe(&loket, Wie::Lfb, &registratie, "ondertekeningen", None).await.ok(201);
        assert!(voldaan(&loket, &traject).await);
        assert_eq!(activiteiten(&loket, &traject).await, ["gereed", "gereed", "open"]);
        let bewijzen = bureau.lees(&pad).await.ok(200);
        assert!(bewijzen["items"].as_array().unwrap().iter().all(|o| o["geldig"] == true));
        let pdf = bureau.doe("GET", &registratie, &[("accept", "application/pdf")], None).await;
        assert_eq!((pdf.status, pdf.kop("content-type")), (200, "application/pdf"));

        // Opleiden door LFB.
        for wie in [een, twee] {
            let training = json!({ "gevolgdDatum": "2026-01-15" });
            let waar = format!("beheerders/{}/trainingen", wie.as_str().unwrap());
            assert_eq!(doe(&loket, Wie::Projectleider, &registratie, &waar, Some(&training)).await.status, 403);
            let _ = doe(&loket, Wie::Lfb, &registratie, &waar, Some(&training)).await.ok(201);
        }
        assert_eq!(activiteiten(&loket, &traject).await, ["gereed", "gereed", "gereed"]);
        let nu = loket.als(Wie::Lfb).lees(&registratie).await.ok(200);
        assert!(nu["beheerders"].as_array().unwrap().iter().all(|b| b["stand"] == "actief"), "{nu:#}");

        // Verwijderen werkt meteen; de nieuwe versie vraagt weer beide handtekeningen.
        let weg = format!("beheerders/{}/verwijderingen", twee.as_str().unwrap());
        let _ = doe(&loket, Wie::Projectleider, &registratie, &weg, Some(&json!({ "reden": "Andere functie." }))).await.ok(201);
        assert_eq!(taken(&loket, Wie::Projectleider).await, ["registratie-aanvullen"]);
        let lijst = json!({ "organisatieId": nu["organisatieId"], "beheerders": [regel(een, None), regel(twee, None)] });
        let nieuw = loket.als(Wie::Projectleider).maak(PAD, lijst).await.ok(201);
        assert_eq!(nieuw["nummer"], 2);
        let nieuw = format!("{PAD}/{}", nieuw["id"].as_str().unwrap());
        let _ = doe(&loket, Wie::Projectleider, &nieuw, "indieningen", None).await.ok(201);
        let _ = doe(&loket, Wie::Tekenbevoegde, &nieuw, "ondertekeningen", None).await.ok(201);
        assert_eq!(loket.als(Wie::Lfb).lees(&registratie).await.ok(200)["status"], "actief", "{}", loket.database);
        let _ = doe(&loket, Wie::Lfb, &nieuw, "ondertekeningen", None).await.ok(201);
        assert_eq!(loket.als(Wie::Lfb).lees(&registratie).await.ok(200)["status"], "vervangen");
        let audit = loket.als(Wie::Lfb).lees("/v1/auditregels?limit=200&handeling=registratie.ondertekend").await.ok(200);
        assert_eq!(audit["items"].as_array().unwrap().len(), 4);
    }
}
