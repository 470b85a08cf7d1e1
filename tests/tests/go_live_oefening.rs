//! Een go-live oefening met vijf waarnemers van drie organisaties op telefoons met slecht bereik: verbindingen vallen weg,
//! verzoeken komen dubbel en door elkaar aan, en er gaat niets verloren. Het resultaat is dat van een tweede berekening.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use e2e::{Antwoord, Beller, Loket, Wie};
use serde_json::{Value, json};

const WAARDEN: [&str; 5] = ["ja", "deels", "nee", "niet-waargenomen", "niet-van-toepassing"];

/// Een reeks die overal hetzelfde is, zodat een mislukte proef te herhalen is.
struct Lot(u64);

impl Lot {
    fn onder(&mut self, grens: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % grens
    }

    fn schud<T>(&mut self, rij: &mut [T]) {
        for i in (1..rij.len()).rev() {
            rij.swap(i, self.onder(i + 1));
        }
    }
}

/// Stuurt een verzoek en is weg voordat het antwoord er is, soms al halverwege het lichaam.
fn valt_weg(loket: &Loket, wie: Wie, pad: &str, lichaam: &Value, halverwege: bool) {
    let basis = loket.demo()["basisUrl"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let tekst = lichaam.to_string();
    let verzoek = format!(
        "PUT {pad} HTTP/1.1\r\nhost: {basis}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{tekst}",
        loket.token(wie),
        tekst.len()
    );
    let lengte = if halverwege { verzoek.len() - tekst.len() / 2 } else { verzoek.len() };
    let mut lijn = TcpStream::connect(&basis).unwrap();
    lijn.write_all(&verzoek.as_bytes()[..lengte]).unwrap();
    let _ = lijn.shutdown(Shutdown::Both);
}

/// Wacht als de dienst om rust vraagt, en stuurt dan hetzelfde nog eens.
async fn geduldig(beller: &Beller<'_>, methode: &str, pad: &str, lichaam: &Value) -> Antwoord {
    loop {
        let antwoord = beller.doe(methode, pad, &[], Some(lichaam)).await;
        if antwoord.status != 429 {
            return antwoord;
        }
        tokio::time::sleep(Duration::from_secs(antwoord.kop("retry-after").parse().unwrap_or(1))).await;
    }
}

/// Eén waarnemer vult alle vragen in, met alles wat er onderweg mis kan gaan; geeft wat hij of zij bedoelde.
async fn vul_in(loket: &Loket, wie: Wie, invulling: &str, vragen: &[i16]) -> BTreeMap<i16, String> {
    let mut lot = Lot(wie as u64 + 17);
    let mut bedoeld = BTreeMap::new();
    let mut zendingen: Vec<(i16, Value)> = Vec::new();
    for vraag in vragen {
        // Wie zich bedenkt, geeft een tweede antwoord op een later moment; het laatste geldt.
        for poging in 0..=lot.onder(2) {
            let waarde = WAARDEN[lot.onder(5)];
            let op = format!("2026-01-01T10:{:02}:{poging:02}Z", vraag);
            let antwoord = json!({ "waarde": waarde, "gegevenOp": op, "apparaat": "telefoon", "opmerking": format!("gezien bij {vraag}") });
            bedoeld.insert(*vraag, waarde.to_owned());
            zendingen.extend((0..=lot.onder(2)).map(|_| (*vraag, antwoord.clone())));
        }
    }
    lot.schud(&mut zendingen);
    let beller = loket.als(wie);
    let mut nagestuurd = Vec::new();
    for (vraag, antwoord) in &zendingen {
        let pad = format!("{invulling}/antwoorden/{vraag}");
        match lot.onder(4) {
            0 => valt_weg(loket, wie, &pad, antwoord, false),
            1 => valt_weg(loket, wie, &pad, antwoord, true),
            2 => nagestuurd.push(json!({ "vraag": vraag, "antwoord": antwoord })),
            _ => drop(geduldig(&beller, "PUT", &pad, antwoord).await.ok(200)),
        }
        // De telefoon weet niet wat aankwam en stuurt daarom alles later nog eens.
        nagestuurd.push(json!({ "vraag": vraag, "antwoord": antwoord }));
    }
    lot.schud(&mut nagestuurd);
    for stuk in nagestuurd.chunks(20) {
        let gestuurd = geduldig(&beller, "POST", &format!("{invulling}/antwoorden"), &json!({ "antwoorden": stuk })).await.ok(200);
        assert_eq!(gestuurd["nietBewaard"], 0, "{gestuurd}");
    }
    bedoeld
}

async fn op_stand(beller: &Beller<'_>, bron: &str, pad: &str, lichaam: Value) -> Value {
    beller.op_versie("POST", bron, pad, lichaam).await.ok(201)
}

fn referentie(invoer: &Value) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/hulp/referentie_resultaat.py");
    let mut python = Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
    python.stdin.take().unwrap().write_all(invoer.to_string().as_bytes()).unwrap();
    serde_json::from_slice(&python.wait_with_output().unwrap().stdout).expect("uitkomst van de tweede berekening")
}

fn gelijk(wat: &str, onze: &Value, hunne: &Value) {
    match (onze.as_f64(), hunne.as_f64()) {
        (Some(a), Some(b)) => assert!((a - b).abs() <= 0.000_15, "{wat}: {a} tegen {b}"),
        (a, b) => assert_eq!(a, b, "{wat}"),
    }
}

#[tokio::test]
async fn vijf_waarnemers_met_slecht_bereik_verliezen_niets_en_het_resultaat_klopt() {
    for loket in Loket::alle() {
        let leider = loket.als(Wie::Projectleider);
        let traject = leider.lees("/v1/trajecten").await.ok(200)["items"][0].clone();
        let lijst = leider.lees("/v1/vragenlijsten?code=SNW-3").await.ok(200)["items"][0].clone();
        let jaar: i32 = loket.demo()["aangemaaktOp"].as_str().unwrap()[..4].parse().unwrap();
        let afname = leider
            .maak(
                "/v1/afnames",
                json!({
                    "organisatieId": traject["organisatieId"], "trajectId": traject["id"], "vragenlijstId": lijst["id"], "aanleiding": "go-live",
                    "titel": "Go-live oefening", "coordinatieniveau": "tactisch", "beginDatum": format!("{jaar}-01-01"), "eindDatum": format!("{}-01-01", jaar + 1),
                }),
            )
            .await
            .ok(201);
        let pad = format!("/v1/afnames/{}", afname["id"].as_str().unwrap());
        let waarnemers = [Wie::Waarnemer, Wie::Organisatiebeheerder, Wie::Adoptieadviseur, Wie::Adviseur, Wie::ProductmanagerLcms];
        let mut invullingen = Vec::new();
        for wie in waarnemers {
            let ik = loket.als(wie).lees("/v1/ik").await.ok(200);
            let genodigd = leider.maak(&format!("{pad}/waarnemers"), json!({ "persoonId": ik["id"] })).await.ok(201);
            invullingen.push(format!("{pad}/invullingen/{}", genodigd["id"].as_str().unwrap()));
        }
        let _ = op_stand(&leider, &pad, &format!("{pad}/openingen"), json!({})).await;
        let vragen: Vec<i16> = (1..=35).collect();
        let doe = |i: usize| vul_in(&loket, waarnemers[i], &invullingen[i], &vragen);
        let (a, b, c, d, e) = tokio::join!(doe(0), doe(1), doe(2), doe(3), doe(4));
        for ((wie, invulling), bedoeld) in waarnemers.iter().zip(&invullingen).zip([a, b, c, d, e]) {
            let gezien = loket.als(*wie).lees(invulling).await.ok(200);
            let geldt: BTreeMap<i16, String> = gezien["antwoorden"]
                .as_array()
                .unwrap()
                .iter()
                .map(|s| (i16::try_from(s["vraag"].as_i64().unwrap()).unwrap(), s["antwoord"]["waarde"].as_str().unwrap().to_owned()))
                .collect();
            assert_eq!(geldt, bedoeld, "{wie:?} op {}", loket.database);
            let _ = op_stand(&loket.als(*wie), invulling, &format!("{invulling}/indieningen"), json!({})).await;
        }
        let _ = op_stand(&leider, &pad, &format!("{pad}/sluitingen"), json!({})).await;
        let onze = leider.lees(&format!("{pad}/resultaat")).await.ok(200);
        let antwoorden = leider.lees(&format!("{pad}/antwoorden")).await.ok(200);
        let hunne = referentie(&json!({ "vragenlijst": lijst["inhoud"], "coordinatieniveau": "tactisch", "invullingen": antwoorden["items"] }));
        assert_eq!(onze["waarnemers"], 5);
        for vraag in onze["vragen"].as_array().unwrap() {
            let onafhankelijk = &hunne["vragen"][vraag["nummer"].to_string()];
            for veld in ["score", "laagste", "hoogste", "spreiding", "meegeteld", "nietMeegeteld"] {
                gelijk(&format!("vraag {} {veld}", vraag["nummer"]), &vraag[veld], &onafhankelijk[veld]);
            }
            for telling in vraag["tellingen"].as_array().unwrap() {
                assert_eq!(telling["aantal"], onafhankelijk["tellingen"][telling["waarde"].as_str().unwrap()], "vraag {}", vraag["nummer"]);
            }
        }
        assert_eq!(onze["vragen"].as_array().unwrap().len(), hunne["vragen"].as_object().unwrap().len());
        for categorie in onze["categorieen"].as_array().unwrap() {
            gelijk(categorie["code"].as_str().unwrap(), &categorie["score"], &hunne["categorieen"][categorie["code"].as_str().unwrap()]);
        }
        gelijk("kernvragen", &onze["kernvragen"]["score"], &hunne["kernvragen"]);
        gelijk("totaal", &onze["totaal"]["score"], &hunne["totaal"]);
        let sluiting = leider.lees(&format!("{pad}/sluitingen")).await.ok(200)["items"][0].clone();
        assert_eq!((&sluiting["staatJaar"], &sluiting["meegeteld"]), (&json!(jaar), &json!(5)));
        let poort = leider.lees(&format!("/v1/trajecten/{}/poorten/5", traject["id"].as_str().unwrap())).await.ok(200);
        let bewijs = poort["voorwaarden"].as_array().unwrap().iter().find(|v| v["code"] == "vragenlijst-3-gesloten").unwrap().clone();
        assert_eq!((&bewijs["voldaan"], &bewijs["bewijs"]), (&json!(true), &json!(format!("{pad}/resultaat"))));
        for soort in ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/pdf"] {
            let stuk = leider.doe("GET", &format!("{pad}/resultaat"), &[("accept", soort)], None).await;
            assert!(stuk.status == 200 && stuk.kop("content-type").starts_with(soort), "{soort}: {} {}", stuk.status, stuk.json);
        }
        for beeld in ["radar", "staafdiagram", "trend"] {
            assert_eq!(leider.doe("GET", &format!("{pad}/resultaat/{beeld}"), &[("accept", "image/svg+xml")], None).await.kop("content-type"), "image/svg+xml");
        }
    }
}
