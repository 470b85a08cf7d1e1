//! De hele weg van een autorisatieplan: gebruikers geïmporteerd, geweigerd om fouten, verbeterd, akkoord, vastgesteld, uitgevoerd, en een
//! tweede versie vergeleken met de eerste.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use e2e::{Antwoord, Loket, Wie};
use serde_json::{Value, json};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// De organisatie van de hoofdrol, met haar paden.
struct Zaak<'a> {
    loket: &'a Loket,
    organisatie: String,
    plan: String,
}

impl<'a> Zaak<'a> {
    /// Het plan in concept uit de voorbeeldgegevens.
    async fn van(loket: &'a Loket) -> Self {
        let organisatie = loket.organisatie("ziekenhuis");
        let lijst = loket.als(Wie::Organisatiebeheerder).lees("/v1/autorisatieplannen").await.ok(200);
        let plan = &lijst["items"][0];
        assert_eq!((&plan["status"], plan["volgnummer"].as_i64()), (&json!("concept"), Some(1)));
        Self { loket, plan: format!("/v1/autorisatieplannen/{}", plan["id"].as_str().unwrap()), organisatie: format!("/v1/organisaties/{organisatie}") }
    }

    async fn doe(&self, wie: Wie, wat: &str) -> Antwoord {
        let reden = json!({ "toelichting": "Zo besproken in het overleg." });
        self.loket.als(wie).op_versie("POST", &self.plan, &format!("{}/{wat}", self.plan), reden).await
    }

    async fn bewerk(&self, bewerking: Value) -> Antwoord {
        self.loket.als(Wie::Organisatiebeheerder).op_versie("POST", &self.plan, &format!("{}/bewerkingen", self.plan), bewerking).await
    }

    async fn importeer(&self, csv: &str) -> Value {
        let ob = self.loket.als(Wie::Organisatiebeheerder);
        let begonnen = ob.stuur(&format!("{}/gebruikersimports", self.organisatie), &[("content-type", "text/csv")], csv.to_owned()).await.unwrap();
        let adres = begonnen.kop("location").to_owned();
        assert_eq!(begonnen.status, 201, "{:#}", begonnen.json);
        for _ in 0..600 {
            let nu = ob.lees(&adres).await.ok(200);
            if nu["status"] != "bezig" {
                return nu;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("de import komt niet klaar");
    }

    async fn gebruiker(&self, zoek: &str) -> Value {
        let gevonden = self.loket.als(Wie::Organisatiebeheerder).maak(&format!("{}/gebruikers/_zoek", self.organisatie), json!({ "zoek": zoek })).await.ok(200);
        gevonden["items"][0]["id"].clone()
    }

    /// Of `GET /v1/taken` van deze rol een taak van deze soort over het plan noemt.
    async fn wacht(&self, wie: Wie, soort: &str) -> bool {
        let taken = self.loket.als(wie).lees("/v1/taken").await.ok(200);
        taken["items"].as_array().unwrap().iter().any(|t| t["soort"] == soort && t["onderwerp"] == self.plan)
    }

    /// De stand van een activiteit van Bijlage 2 in het traject.
    async fn activiteit(&self, code: &str) -> Value {
        let adviseur = self.loket.als(Wie::Adviseur);
        let pad = format!("/v1/trajecten?partij={}", self.loket.organisatie("ziekenhuis"));
        let traject = adviseur.lees(&pad).await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let alle = adviseur.lees(&format!("/v1/trajecten/{traject}/activiteiten?bijlage=2&limit=200")).await.ok(200);
        alle["items"].as_array().unwrap().iter().find(|a| a["code"] == code).unwrap()["status"].clone()
    }

    /// Het bewijs van een voorwaarde.
    async fn bewijs(&self, stap: i16, code: &str) -> Value {
        let adviseur = self.loket.als(Wie::Adviseur);
        let pad = format!("/v1/trajecten?partij={}", self.loket.organisatie("ziekenhuis"));
        let traject = adviseur.lees(&pad).await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let poort = adviseur.lees(&format!("/v1/trajecten/{traject}/poorten/{stap}")).await.ok(200);
        poort["voorwaarden"].as_array().unwrap().iter().find(|v| v["code"] == code).unwrap()["bewijs"].clone()
    }

    /// Voert alle regels uit die deze rol kan uitvoeren, in één keer.
    async fn voer_uit(&self, wie: Wie, uitvoerder: &str) -> Antwoord {
        let pad = format!("{}/uitvoeringsregels?stand=open&uitvoerder={uitvoerder}&limit=200", self.plan);
        let open = self.loket.als(wie).lees(&pad).await.ok(200);
        let regels: Vec<Value> = open["items"].as_array().unwrap().iter().map(|r| json!({ "regelId": r["id"], "resultaat": "gedaan" })).collect();
        self.loket.als(wie).maak(&format!("{}/uitvoeringen", self.plan), json!({ "regels": regels })).await
    }
}

#[tokio::test]
async fn van_een_lijst_met_gebruikers_tot_een_uitgevoerd_plan_en_een_tweede_versie() {
    for loket in Loket::alle() {
        let mut zaak = Zaak::van(&loket).await;
        let (ob, lfb) = (loket.als(Wie::Organisatiebeheerder), loket.als(Wie::Lfb));

        let lijst = "naam;e-mail;functie\nFleur Voorbeeld;fleur@ziekenhuis.example;Liaison\nGerard Voorbeeld;gerard@ziekenhuis.example;Plotter\n";
        let import = zaak.importeer(lijst).await;
        assert_eq!((&import["status"], &import["nieuw"]), (&json!("uitgevoerd"), &json!(2)), "{}: {import:#}", loket.database);
        assert_eq!(zaak.importeer(lijst).await["ongewijzigd"], 2);

        let fouten = ob.lees(&format!("{}/bevindingen?ernst=fout", zaak.plan)).await.ok(200);
        assert_eq!((&fouten["aantalFouten"], &fouten["bevindingen"][0]["code"]), (&json!(1), &json!("team-onbekend")));
        let geweigerd = zaak.doe(Wie::Organisatiebeheerder, "indieningen").await;
        assert_eq!((geweigerd.status, geweigerd.code()), (409, "bevindingen-blokkeren"));

        let team = json!({ "code": "regioteam", "naam": "Regioteam", "coordinatieniveau": "operationeel" });
        let _ = ob.maak(&format!("{}/teams", zaak.organisatie), team).await.ok(201);
        let erbij = json!({ "toewijzingen": [
            { "profiel": "regioteam-liaison", "gebruikerId": zaak.gebruiker("fleur@").await },
            { "profiel": "actiecentrum-plotter", "gebruikerId": zaak.gebruiker("gerard@").await, "vervanger": true },
        ] });
        let _ = zaak.bewerk(erbij).await.ok(201);
        let _ = zaak.doe(Wie::Organisatiebeheerder, "indieningen").await.ok(201);
        assert!(zaak.wacht(Wie::Lfb, "autorisatieplan-beoordelen").await);
        assert_eq!(zaak.activiteit("techniek-9").await, "gereed");
        let _ = zaak.doe(Wie::Lfb, "terugwijzingen").await.ok(201);
        assert!(zaak.wacht(Wie::Organisatiebeheerder, "autorisatieplan-verbeteren").await && !zaak.wacht(Wie::Lfb, "autorisatieplan-beoordelen").await);
        let _ = zaak.doe(Wie::Organisatiebeheerder, "indieningen").await.ok(201);
        let _ = zaak.doe(Wie::Lfb, "akkoorden").await.ok(201);
        assert!(zaak.wacht(Wie::Tekenbevoegde, "autorisatieplan-vaststellen").await);
        assert_eq!(zaak.bewijs(4, "autorisatieplan-vastgesteld").await, Value::Null);
        assert_eq!(zaak.doe(Wie::Organisatiebeheerder, "vaststellingen").await.status, 403);
        let _ = zaak.doe(Wie::Tekenbevoegde, "vaststellingen").await.ok(201);

        assert_eq!(zaak.bewijs(4, "autorisatieplan-vastgesteld").await, zaak.plan.as_str());
        assert!(zaak.wacht(Wie::Lfb, "autorisatieplan-inrichten").await && zaak.wacht(Wie::Organisatiebeheerder, "autorisatieplan-uitvoeren").await);
        let te_vroeg = zaak.voer_uit(Wie::Organisatiebeheerder, "organisatiebeheerder").await;
        assert_eq!((te_vroeg.status, te_vroeg.code()), (409, "inrichting-eerst"));
        assert_eq!(zaak.voer_uit(Wie::Lfb, "lfb").await.ok(201)["status"], "uitvoering");
        assert_eq!(zaak.voer_uit(Wie::Organisatiebeheerder, "organisatiebeheerder").await.ok(201)["status"], "uitgevoerd");
        assert_eq!((zaak.activiteit("techniek-10").await, zaak.activiteit("techniek-11").await), (json!("gereed"), json!("gereed")));
        assert_eq!(zaak.bewijs(5, "autorisatieplan-uitgevoerd").await, zaak.plan.as_str());
        let teams = lfb.lees(&format!("{}/teams", zaak.organisatie)).await.ok(200);
        assert!(teams["items"].as_array().unwrap().iter().all(|t| t["status"] == "ingericht"));

        tweede_versie(&mut zaak).await;
    }
}

async fn tweede_versie(zaak: &mut Zaak<'_>) {
    let ob = zaak.loket.als(Wie::Organisatiebeheerder);
    let eerste = zaak.plan.clone();
    let eerste_id = eerste.rsplit('/').next().unwrap().to_owned();
    let nieuw = json!({ "organisatieId": zaak.loket.organisatie("ziekenhuis"), "gebaseerdOp": eerste_id });
    let tweede = ob.maak("/v1/autorisatieplannen", nieuw).await.ok(201);
    zaak.plan = format!("/v1/autorisatieplannen/{}", tweede["id"].as_str().unwrap());
    assert_eq!(ob.lees(&format!("{}/verschillen", zaak.plan)).await.ok(200), json!({ "profielen": [], "toewijzingen": [] }));

    let _ = zaak.bewerk(json!({ "verwijderdeProfielen": ["actiecentrum-plotter"] })).await.ok(201);
    let verschil = ob.lees(&format!("{}/verschillen?met={eerste_id}", zaak.plan)).await.ok(200);
    assert_eq!((verschil["profielen"].as_array().unwrap().len(), verschil["toewijzingen"].as_array().unwrap().len()), (1, 2), "{verschil:#}");
    assert_eq!(verschil["profielen"][0]["soort"], "verwijderd");

    for soort in ["text/csv", XLSX] {
        let pad = format!("{}/inhoud", zaak.plan);
        let (eerst, tabel) = (ob.lees(&pad).await.ok(200), ob.haal(&pad, soort).await);
        let etag = ob.lees(&zaak.plan).await.kop("etag").to_owned();
        let koppen = [("content-type", soort), ("if-match", etag.as_str())];
        let _ = ob.stuur(&format!("{}/inhoudsimports", zaak.plan), &koppen, tabel).await.unwrap().ok(201);
        assert_eq!(ob.lees(&pad).await.ok(200), eerst, "{soort}");
    }

    let _ = zaak.doe(Wie::Organisatiebeheerder, "indieningen").await.ok(201);
    let _ = zaak.doe(Wie::Lfb, "akkoorden").await.ok(201);
    let _ = zaak.doe(Wie::Projectleider, "vaststellingen").await.ok(201);
    assert_eq!(ob.lees(&eerste).await.ok(200)["status"], "uitgevoerd", "het oude plan geldt tot het nieuwe is uitgevoerd");
    assert_eq!(zaak.voer_uit(Wie::Organisatiebeheerder, "organisatiebeheerder").await.ok(201)["status"], "uitgevoerd");
    assert_eq!(ob.lees(&eerste).await.ok(200)["status"], "vervangen");
}

#[tokio::test]
async fn wat_niet_van_u_is_bestaat_niet_en_een_script_schrijft_niets() {
    for loket in Loket::alle() {
        let zaak = Zaak::van(&loket).await;
        for wie in [Wie::Adoptieadviseur, Wie::ProductmanagerTgv] {
            for pad in [zaak.plan.clone(), format!("{}/inhoud", zaak.plan), format!("{}/gebruikers", zaak.organisatie), format!("{}/teams", zaak.organisatie)] {
                assert_eq!(loket.als(wie).lees(&pad).await.status, 404, "{wie:?} {pad}");
            }
        }
        let script = loket.als(Wie::Toepassing).maak(&format!("{}/gebruikers", zaak.organisatie), json!({ "naam": "X", "email": "x@y.example" })).await;
        assert!([403, 404].contains(&script.status), "{}", script.status);
    }
}
