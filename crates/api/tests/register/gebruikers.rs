//! De gebruikerslijst: wie haar ziet, wie haar beheert, en wat een import doet.

use serde_json::{Value, json};

use crate::huis::{Beller, Gezien, Huis};

fn lijst(wie: &Beller) -> String {
    format!("/organisaties/{}/gebruikers", wie.organisatie)
}

fn imports(wie: &Beller) -> String {
    format!("/organisaties/{}/gebruikersimports", wie.organisatie)
}

fn noor() -> Value {
    json!({ "naam": "Noor Voorbeeld", "email": "Noor.V@voorbeeld.example" })
}

/// Stuurt een lijst en wacht tot zij verwerkt is.
async fn importeer(huis: &Huis, csv: &str, vraag: &str) -> Gezien {
    let wie = &huis.organisatiebeheerder;
    let begonnen = huis.stuur(wie, &format!("{}{vraag}", imports(wie)), "text/csv", csv.to_owned()).await;
    let pad = format!("{}/{}", imports(wie), begonnen.id());
    loop {
        let nu = huis.get(wie, &pad).await;
        if nu.body["status"] != "bezig" {
            return nu;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

fn aantallen(import: &Gezien) -> (&str, i64, i64, i64) {
    let getal = |veld: &str| import.body[veld].as_i64().expect("getal");
    (import.body["status"].as_str().expect("status"), getal("nieuw"), getal("gewijzigd"), getal("ongewijzigd"))
}

#[actix_web::test]
async fn de_gebruikerslijst_is_van_de_organisatie_zelf() {
    let huis = Huis::nieuw().await;
    huis.traject().await;
    let gebruiker = huis.post(&huis.organisatiebeheerder, &lijst(&huis.organisatiebeheerder), noor()).await;
    assert_eq!(gebruiker.body["email"], "noor.v@voorbeeld.example");
    let pad = format!("{}/{}", lijst(&huis.projectleider), gebruiker.id());
    for mag in [&huis.lfb, &huis.projectleider, &huis.organisatiebeheerder] {
        assert_eq!(huis.get(mag, &pad).await.status, 200);
    }
    for niet in [&huis.adviseur, &huis.buitenstaander, &huis.implementatieadviseur] {
        huis.get(niet, &pad).await.is(404, "niet-gevonden");
        huis.get(niet, &lijst(&huis.projectleider)).await.is(404, "niet-gevonden");
    }
    huis.post(&huis.projectleider, &lijst(&huis.projectleider), noor()).await.is(403, "niet-bevoegd");
    huis.post(&huis.lfb, &lijst(&huis.projectleider), noor()).await.is(403, "niet-bevoegd");
    huis.post(&huis.organisatiebeheerder, &lijst(&huis.projectleider), noor()).await.is(409, "bestaat-al");
}

#[actix_web::test]
async fn niemand_beheert_zichzelf_als_gebruiker_ook_niet_langs_een_omweg() {
    let huis = Huis::nieuw().await;
    let ik = &huis.organisatiebeheerder;
    let ander = huis.post(ik, &lijst(ik), noor()).await;
    let pad = format!("{}/{}", lijst(ik), ander.id());
    let omweg = huis.met(ik, "PATCH", &pad, &ander.etag(), Some(json!({ "email": "otto@voorbeeld.example" }))).await;
    omweg.is(409, "zelf-toekennen");
    let zelf = huis.post(ik, &lijst(ik), json!({ "naam": "Otto Voorbeeld", "email": "otto@voorbeeld.example" })).await;
    let zelf_pad = format!("{}/{}", lijst(ik), zelf.id());
    huis.met(ik, "PATCH", &zelf_pad, &zelf.etag(), Some(json!({ "naam": "Anders" }))).await.is(403, "niet-bevoegd");
    huis.met(ik, "DELETE", &zelf_pad, &zelf.etag(), None).await.is(403, "niet-bevoegd");
}

#[actix_web::test]
async fn blokkeren_verwijderen_en_zoeken() {
    let huis = Huis::nieuw().await;
    let ik = &huis.organisatiebeheerder;
    let g = huis.post(ik, &lijst(ik), noor()).await;
    let pad = format!("{}/{}", lijst(ik), g.id());
    huis.vraag(ik, "POST", &format!("{pad}/blokkeringen"), None, Some(json!({ "reden": "verlof" }))).await.is(428, "if-match-verplicht");
    let dicht = huis.met(ik, "POST", &format!("{pad}/blokkeringen"), &g.etag(), Some(json!({ "reden": "verlof" }))).await;
    assert_eq!((dicht.status, &dicht.body["status"]), (201, &json!("geblokkeerd")));
    huis.met(ik, "POST", &format!("{pad}/deblokkeringen"), &g.etag(), Some(json!({ "reden": "terug" }))).await.is(412, "versie-verouderd");
    let zoek = huis.post(ik, &format!("{}/_zoek", lijst(ik)), json!({ "zoek": "noor" })).await;
    assert_eq!(zoek.items().len(), 1);
    assert_eq!(huis.met(ik, "DELETE", &pad, &dicht.etag(), None).await.status, 204);
    let weg = huis.get(ik, &pad).await;
    assert_eq!((&weg.body["status"], &weg.body["naam"]), (&json!("verwijderd"), &json!("Verwijderde gebruiker")));
    let feed = huis.get(&huis.lfb, "/auditregels?limit=200").await;
    assert!(!feed.body.to_string().contains("noor.v@"), "geen persoonsgegeven in de audit");
}

const CSV: &str = "Naam;E-mail;Functie\nNoor Voorbeeld;noor@voorbeeld.example;Arts\nZoë Voorbeeld;zoe@voorbeeld.example;\n";

#[actix_web::test]
async fn een_proef_verandert_niets_en_zegt_hoe_het_zou_gaan() {
    let huis = Huis::nieuw().await;
    let proef = importeer(&huis, CSV, "?proef=true").await;
    assert_eq!(aantallen(&proef), ("proef", 2, 0, 0));
    assert!(huis.get(&huis.projectleider, &lijst(&huis.projectleider)).await.items().is_empty());
}

#[actix_web::test]
async fn dezelfde_lijst_twee_keer_verandert_de_tweede_keer_niets() {
    let huis = Huis::nieuw().await;
    assert_eq!(aantallen(&importeer(&huis, CSV, "").await), ("uitgevoerd", 2, 0, 0));
    let eerst = huis.get(&huis.lfb, &lijst(&huis.projectleider)).await.body;
    assert_eq!(aantallen(&importeer(&huis, CSV, "").await), ("uitgevoerd", 0, 0, 2));
    assert_eq!(huis.get(&huis.lfb, &lijst(&huis.projectleider)).await.body, eerst);
    let anders = importeer(&huis, &CSV.replace("Arts", "Chirurg"), "").await;
    assert_eq!(aantallen(&anders), ("uitgevoerd", 0, 1, 1));
}

#[actix_web::test]
async fn bij_een_fout_verandert_er_niets_en_het_verslag_noemt_rij_en_kolom() {
    let huis = Huis::nieuw().await;
    let slecht = "naam;e-mail;telefoon\nGoed;goed@voorbeeld.example;\n;kapot;x\nNog een;goed@voorbeeld.example;\n";
    let verslag = importeer(&huis, slecht, "").await;
    assert_eq!(verslag.body["status"], "afgekeurd");
    let fouten: Vec<(i64, &str, &str)> = verslag.body["fouten"]
        .as_array()
        .expect("fouten")
        .iter()
        .map(|f| (f["rij"].as_i64().expect("rij"), f["kolom"].as_str().expect("kolom"), f["code"].as_str().expect("code")))
        .collect();
    assert_eq!(fouten, [(3, "naam", "leeg"), (3, "e-mail", "email-ongeldig"), (3, "telefoon", "telefoon-ongeldig"), (4, "e-mail", "dubbel")]);
    assert!(huis.get(&huis.lfb, &lijst(&huis.projectleider)).await.items().is_empty());
}

#[actix_web::test]
async fn een_bestand_dat_geen_lijst_is_wordt_meteen_geweigerd() {
    let huis = Huis::nieuw().await;
    let (ik, pad) = (&huis.organisatiebeheerder, imports(&huis.organisatiebeheerder));
    for (bytes, code) in [
        ("naam;e-mail;salaris\n", "kolom-onbekend"),
        ("naam\nx\n", "kolom-ontbreekt"),
        ("naam;naam;e-mail\n", "kolom-dubbel"),
        ("e-mail;email;naam\n", "kolom-dubbel"),
        ("%PDF-1.7", "bestandssoort-onbekend"),
        ("", "bestand-leeg"),
    ] {
        let antwoord = huis.stuur(ik, &pad, "text/csv", bytes).await;
        assert_eq!((antwoord.status, antwoord.body["errors"][0]["code"].as_str().unwrap_or_default()), (400, code), "{}", antwoord.body);
    }
    huis.stuur(ik, &pad, "application/json", "{}").await.is(415, "mediatype-onbekend");
    huis.stuur(ik, &pad, "text/csv", vec![b','; 16 * 1024 * 1024 + 1]).await.is(413, "lichaam-te-groot");
    huis.stuur(&huis.projectleider, &pad, "text/csv", CSV).await.is(403, "niet-bevoegd");
    huis.stuur(&huis.buitenstaander, &pad, "text/csv", CSV).await.is(404, "niet-gevonden");
    assert!(huis.get(ik, &pad).await.items().is_empty(), "een geweigerd bestand is geen import");
}

#[actix_web::test]
async fn de_lijst_als_bestand_is_weer_te_importeren_en_bevat_geen_formules() {
    let huis = Huis::nieuw().await;
    let ik = &huis.organisatiebeheerder;
    let gevaar = json!({ "naam": "=HYPERLINK(\"x\")", "email": "a@voorbeeld.example", "telefoon": "+31 20 000 00 00" });
    assert_eq!(huis.post(ik, &lijst(ik), gevaar).await.status, 201);
    let pad = format!("/organisaties/{}/gebruikerslijst", ik.organisatie);
    let (csv, bytes) = huis.bestand(ik, &pad, "text/csv").await;
    assert!(csv.kop("content-type").starts_with("text/csv") && csv.kop("content-disposition").contains("gebruikerslijst.csv"));
    let tekst = String::from_utf8(bytes).expect("utf-8");
    assert!(tekst.contains("'=HYPERLINK") && tekst.contains("'+31"), "{tekst}");
    assert_eq!(aantallen(&importeer(&huis, &tekst, "").await), ("uitgevoerd", 0, 0, 1));
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let (_, werkmap) = huis.bestand(ik, &pad, xlsx).await;
    let weer = huis.stuur(ik, &imports(ik), xlsx, werkmap).await;
    assert_eq!(weer.status, 201, "{}", weer.body);
    huis.bestand(ik, &pad, "application/json").await.0.is(406, "niet-aanvaardbaar");
    huis.bestand(&huis.implementatieadviseur, &pad, "text/csv").await.0.is(404, "niet-gevonden");
}
