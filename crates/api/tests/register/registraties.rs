//! Registraties van organisatiebeheerders: twee handtekeningen van verschillende mensen, met bewijs dat ieder zelf controleert.

use domain::personen::Rol;
use provider::{canonical, verify_detached};
use serde_json::{Value, json};

use crate::huis::{Beller, Gezien, Huis};

const PAD: &str = "/organisatiebeheerder-registraties";

struct Spel {
    huis: Huis,
    tekenbevoegde: Beller,
    een: Beller,
    twee: Beller,
}

impl Spel {
    async fn nieuw() -> Self {
        let huis = Huis::nieuw().await;
        let artikelen = json!([{ "kop": "Beheer", "alineas": ["De organisatiebeheerder houdt de gebruikers actueel."] }]);
        let tekst = huis.post(&huis.lfb, "/beheerafspraken", json!({ "titel": "Afspraken", "artikelen": artikelen })).await;
        assert_eq!(tekst.status, 201, "{}", tekst.body);
        let tekenbevoegde = huis.persoon_met(&huis.projectleider, "Tess", &[Rol::Tekenbevoegde]).await;
        let een = huis.persoon_met(&huis.projectleider, "Een", &[]).await;
        let twee = huis.persoon_met(&huis.projectleider, "Twee", &[Rol::Tekenbevoegde]).await;
        Self { huis, tekenbevoegde, een, twee }
    }

    fn beheerders(&self) -> Value {
        let regel = |wie: &Beller| json!({ "persoonId": wie.id, "functie": "Informatiemanager", "telefoon": "+31 20 000 00 00" });
        json!([regel(&self.een), regel(&self.twee)])
    }

    async fn concept(&self) -> Gezien {
        let body = json!({ "organisatieId": self.huis.projectleider.organisatie, "beheerders": self.beheerders() });
        self.huis.post(&self.huis.projectleider, PAD, body).await
    }

    /// Een handeling op de versie van nu.
    async fn doe(&self, wie: &Beller, id: &str, wat: &str, body: Option<Value>) -> Gezien {
        let etag = self.huis.get(&self.huis.lfb, &format!("{PAD}/{id}")).await.etag();
        self.huis.met(wie, "POST", &format!("{PAD}/{id}/{wat}"), &etag, body).await
    }

    async fn ingediend(&self) -> String {
        let id = self.concept().await.id();
        let ingediend = self.doe(&self.huis.projectleider, &id, "indieningen", None).await;
        assert_eq!(ingediend.status, 201, "{}", ingediend.body);
        id
    }

    async fn actief(&self) -> String {
        let id = self.ingediend().await;
        for wie in [&self.tekenbevoegde, &self.huis.lfb] {
            let getekend = self.doe(wie, &id, "ondertekeningen", None).await;
            assert_eq!(getekend.status, 201, "{}", getekend.body);
        }
        id
    }

    async fn lees(&self, id: &str) -> Value {
        self.huis.get(&self.huis.lfb, &format!("{PAD}/{id}")).await.body
    }

    async fn taken(&self, wie: &Beller) -> Vec<String> {
        let lijst = self.huis.get(wie, "/taken").await;
        lijst.items().iter().map(|taak| taak["soort"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

#[actix_web::test]
async fn de_hele_weg_van_concept_tot_opgeleid() {
    let spel = Spel::nieuw().await;
    let traject = spel.huis.traject().await;
    let (huis, poort) = (&spel.huis, format!("/trajecten/{traject}/poorten/4"));
    let voldaan = |poort: &Gezien| {
        let voorwaarden = poort.body["voorwaarden"].as_array().unwrap();
        voorwaarden.iter().find(|v| v["code"] == "registratie-organisatiebeheerders-actief").unwrap()["voldaan"] == true
    };
    let id = spel.ingediend().await;
    assert_eq!(spel.taken(&spel.tekenbevoegde).await, ["registratie-ondertekenen"]);
    assert!(spel.taken(&huis.lfb).await.is_empty());
    spel.doe(&huis.lfb, &id, "ondertekeningen", None).await.is(409, "volgorde-ondertekening");
    let terug = spel.doe(&spel.tekenbevoegde, &id, "terugwijzingen", Some(json!({ "opmerkingen": "De functie klopt niet." }))).await;
    assert_eq!(terug.body["status"], "teruggegeven");
    assert_eq!(spel.taken(&huis.projectleider).await, ["registratie-verbeteren"]);
    assert_eq!(spel.doe(&huis.projectleider, &id, "indieningen", None).await.status, 201);
    assert_eq!(spel.doe(&spel.tekenbevoegde, &id, "ondertekeningen", None).await.status, 201);
    assert!(!voldaan(&huis.get(&huis.projectleider, &poort).await));
    assert_eq!(spel.doe(&huis.lfb, &id, "ondertekeningen", None).await.status, 201);
    assert!(voldaan(&huis.get(&huis.projectleider, &poort).await));
    let persoon = huis.get(&huis.lfb, &format!("/personen/{}", spel.een.id)).await;
    assert_eq!(persoon.body["rollen"], json!(["organisatiebeheerder"]));
    let training = format!("beheerders/{}/trainingen", spel.een.id);
    spel.doe(&huis.projectleider, &id, &training, Some(json!({ "gevolgdDatum": "2027-01-14" }))).await.is(403, "niet-bevoegd");
    let gevolgd = spel.doe(&huis.lfb, &id, &training, Some(json!({ "gevolgdDatum": "2027-01-14" }))).await;
    assert_eq!(gevolgd.status, 201, "{}", gevolgd.body);
    assert_eq!(spel.lees(&id).await["beheerders"][0]["stand"], "actief");
}

#[actix_web::test]
async fn niemand_tekent_zijn_eigen_registratie_en_een_toepassing_tekent_nooit() {
    let spel = Spel::nieuw().await;
    let id = spel.ingediend().await;
    spel.doe(&spel.twee, &id, "ondertekeningen", None).await.is(409, "eigen-registratie-ondertekenen");
    spel.doe(&spel.huis.projectleider, &id, "ondertekeningen", None).await.is(403, "niet-bevoegd");
    spel.doe(&spel.huis.buitenstaander, &id, "ondertekeningen", None).await.is(404, "niet-gevonden");
    spel.doe(&spel.huis.adviseur, &id, "ondertekeningen", None).await.is(403, "niet-bevoegd");
    let script = spel.huis.toepassing(&spel.huis.projectleider).await;
    assert!([403, 404].contains(&spel.doe(&script, &id, "ondertekeningen", None).await.status));
    spel.huis.get(&script, "/taken").await.is(403, "persoon-vereist");
}

#[actix_web::test]
async fn alleen_de_organisatie_zelf_wijst_beheerders_aan() {
    let spel = Spel::nieuw().await;
    let body = json!({ "organisatieId": spel.huis.projectleider.organisatie, "beheerders": spel.beheerders() });
    for wie in [&spel.huis.lfb, &spel.huis.adviseur, &spel.huis.implementatieadviseur, &spel.huis.buitenstaander] {
        spel.huis.post(wie, PAD, body.clone()).await.is(403, "niet-bevoegd");
    }
    let id = spel.concept().await.id();
    spel.concept().await.is(409, "registratie-al-onderweg");
    spel.huis.get(&spel.huis.buitenstaander, &format!("{PAD}/{id}")).await.is(404, "niet-gevonden");
    // Wie genoemd wordt, ziet het formulier ook zonder rol.
    assert_eq!(spel.huis.get(&spel.een, &format!("{PAD}/{id}")).await.status, 200);
}

#[actix_web::test]
async fn tekenen_vraagt_een_aanmelding_van_ten_hoogste_vijftien_minuten_oud() {
    let spel = Spel::nieuw().await;
    let id = spel.ingediend().await;
    for seconden in [901, 1000, 3600] {
        let oud = spel.huis.eerder_aangemeld(&spel.tekenbevoegde, seconden);
        let geweigerd = spel.doe(&oud, &id, "ondertekeningen", None).await;
        geweigerd.is(401, "aanmelding-te-zwak");
        let uitdaging = geweigerd.koppen.get("www-authenticate").unwrap().to_str().unwrap();
        assert!(uitdaging.contains("insufficient_user_authentication") && uitdaging.contains("max_age=\"900\""), "{uitdaging}");
    }
    let vers = spel.huis.eerder_aangemeld(&spel.tekenbevoegde, 899);
    assert_eq!(spel.doe(&vers, &id, "ondertekeningen", None).await.status, 201);
}

#[actix_web::test]
async fn twee_apparaten_die_tegelijk_tekenen_zetten_een_handtekening() {
    let spel = Spel::nieuw().await;
    let id = spel.ingediend().await;
    let etag = spel.huis.get(&spel.tekenbevoegde, &format!("{PAD}/{id}")).await.etag();
    let pad = format!("{PAD}/{id}/ondertekeningen");
    let teken = || spel.huis.met(&spel.tekenbevoegde, "POST", &pad, &etag, None);
    let (a, b, c) = tokio::join!(teken(), teken(), teken());
    let mut standen = [a.status, b.status, c.status];
    standen.sort_unstable();
    assert_eq!(standen, [201, 412, 412]);
    assert_eq!(spel.huis.get(&spel.tekenbevoegde, &pad).await.items().len(), 1);
}

fn bladeren(waarde: &Value, pad: &str, uit: &mut Vec<String>) {
    match waarde {
        Value::Object(velden) => velden.iter().for_each(|(naam, veld)| bladeren(veld, &format!("{pad}/{naam}"), uit)),
        Value::Array(items) => items.iter().enumerate().for_each(|(plek, item)| bladeren(item, &format!("{pad}/{plek}"), uit)),
        _ => uit.push(pad.to_owned()),
    }
}

#[actix_web::test]
async fn iedere_verandering_van_wat_getekend_is_maakt_de_handtekening_ongeldig() {
    let spel = Spel::nieuw().await;
    let id = spel.actief().await;
    let pad = format!("{PAD}/{id}/ondertekeningen");
    let alle = spel.huis.get(&spel.huis.lfb, &pad).await;
    let gepubliceerd = spel.huis.get(&spel.huis.lfb, "/handtekeningsleutels").await.body;
    assert_eq!(alle.items().len(), 2);
    for kort in alle.items() {
        let bewijs = spel.huis.get(&spel.huis.projectleider, &format!("{pad}/{}", kort["id"].as_str().unwrap())).await.body;
        assert_eq!(bewijs["geldig"], true);
        let sleutel = gepubliceerd["keys"].as_array().unwrap().iter().find(|jwk| jwk["kid"] == bewijs["sleutel"]["kid"]).unwrap();
        let klopt = |inhoud: &Value| verify_detached(bewijs["jws"].as_str().unwrap(), canonical(inhoud).unwrap().as_bytes(), sleutel).is_ok();
        assert!(klopt(&bewijs["inhoud"]));
        let mut paden = Vec::new();
        bladeren(&bewijs["inhoud"], "", &mut paden);
        assert!(paden.len() > 30, "{paden:?}");
        for blad in paden {
            for anders in [json!("anders"), json!(null), json!(424_242)] {
                let mut inhoud = bewijs["inhoud"].clone();
                if inhoud.pointer(&blad) == Some(&anders) {
                    continue;
                }
                *inhoud.pointer_mut(&blad).unwrap() = anders;
                assert!(!klopt(&inhoud), "{blad}");
            }
        }
        let mut meer = bewijs["inhoud"].clone();
        meer["extra"] = json!(1);
        assert!(!klopt(&meer));
    }
}

#[actix_web::test]
async fn een_verwijderde_beheerder_is_dat_meteen_en_een_nieuwe_versie_wordt_opnieuw_getekend() {
    let spel = Spel::nieuw().await;
    let (huis, id) = (&spel.huis, spel.actief().await);
    let etag = huis.get(&huis.lfb, &format!("{PAD}/{id}")).await.etag();
    let toegang = huis.met(&huis.lfb, "PUT", &format!("{PAD}/{id}/beheerders/{}/sharepointtoegang", spel.een.id), &etag, None).await;
    assert_eq!(toegang.status, 200, "{}", toegang.body);
    let weg = format!("beheerders/{}/verwijderingen", spel.een.id);
    let zonder = spel.doe(&huis.projectleider, &id, &weg, Some(json!({ "reden": "Uit dienst." }))).await;
    assert_eq!((zonder.status, &zonder.body["status"]), (201, &json!("actief")), "{}", zonder.body);
    assert_eq!(zonder.body["beheerders"][0]["stand"], "beeindigd");
    assert_eq!(zonder.body["beheerders"][0]["sharepoint"], "in-te-trekken");
    assert_eq!(huis.get(&huis.lfb, &format!("/personen/{}", spel.een.id)).await.body["rollen"], json!([]));
    assert!(spel.taken(&huis.lfb).await.contains(&"sharepoint-intrekken".to_owned()));
    assert_eq!(spel.taken(&huis.projectleider).await, ["registratie-aanvullen"]);
    // De opvolger: de oude registratie blijft van kracht tot de nieuwe door beide is getekend.
    let drie = huis.persoon_met(&huis.projectleider, "Drie", &[]).await;
    let regel = |wie: &Beller| json!({ "persoonId": wie.id, "functie": "Beheerder", "telefoon": "+31 20 000 00 00" });
    let body = json!({ "organisatieId": huis.projectleider.organisatie, "beheerders": [regel(&spel.twee), regel(&drie)] });
    let nieuw = huis.post(&huis.projectleider, PAD, body).await;
    assert_eq!((nieuw.body["nummer"].as_i64(), nieuw.body["vervangtId"].as_str()), (Some(2), Some(id.as_str())));
    let nieuw = nieuw.id();
    assert_eq!(spel.doe(&huis.projectleider, &nieuw, "indieningen", None).await.status, 201);
    assert_eq!(spel.doe(&spel.tekenbevoegde, &nieuw, "ondertekeningen", None).await.status, 201);
    assert_eq!(spel.lees(&id).await["status"], "actief");
    assert_eq!(spel.doe(&huis.lfb, &nieuw, "ondertekeningen", None).await.status, 201);
    assert_eq!(spel.lees(&id).await["status"], "vervangen");
    assert_eq!(spel.lees(&nieuw).await["status"], "actief");
}

#[actix_web::test]
async fn indieningen_terugwijzingen_en_de_intrekking_zijn_terug_te_lezen() {
    let spel = Spel::nieuw().await;
    let (huis, id) = (&spel.huis, spel.ingediend().await);
    let terug = spel.doe(&spel.tekenbevoegde, &id, "terugwijzingen", Some(json!({ "opmerkingen": "De functie klopt niet." }))).await;
    let adres = terug.kop("location").trim_start_matches("/v1").to_owned();
    let een = huis.get(&huis.lfb, &adres).await;
    assert_eq!((een.status, &een.body["toelichting"], &een.body["ronde"]), (200, &json!("De functie klopt niet."), &json!(1)), "{}", een.body);
    assert_eq!(een.body["door"]["persoonId"], json!(spel.tekenbevoegde.id));
    huis.get(&huis.buitenstaander, &adres).await.is(404, "niet-gevonden");
    huis.get(&huis.lfb, &adres.replace("terugwijzingen", "indieningen")).await.is(404, "niet-gevonden");
    assert_eq!(spel.doe(&huis.projectleider, &id, "indieningen", None).await.status, 201);
    assert_eq!(spel.doe(&huis.projectleider, &id, "intrekkingen", Some(json!({ "reden": "Wij beginnen opnieuw." }))).await.status, 201);
    for (wat, hoeveel) in [("indieningen", 2), ("terugwijzingen", 1), ("intrekkingen", 1)] {
        assert_eq!(huis.get(&huis.projectleider, &format!("{PAD}/{id}/{wat}")).await.items().len(), hoeveel, "{wat}");
    }
    assert_eq!(spel.lees(&id).await["status"], "ingetrokken");
}

#[actix_web::test]
async fn een_geblokkeerde_beheerder_is_werk_voor_de_organisatie_en_voor_lfb() {
    let spel = Spel::nieuw().await;
    let (huis, id) = (&spel.huis, spel.actief().await);
    assert!(!spel.taken(&huis.projectleider).await.contains(&"beheerder-uitgevallen".to_owned()));
    let pad = format!("/personen/{}", spel.een.id);
    let etag = huis.get(&huis.lfb, &pad).await.etag();
    let dicht = huis.met(&huis.lfb, "POST", &format!("{pad}/blokkeringen"), &etag, Some(json!({ "reden": "Uit dienst." }))).await;
    assert_eq!(dicht.status, 201, "{}", dicht.body);
    for wie in [&huis.projectleider, &huis.lfb] {
        let lijst = huis.get(wie, "/taken").await;
        let taak = lijst.items().iter().find(|taak| taak["soort"] == "beheerder-uitgevallen").expect("een taak");
        assert_eq!(taak["onderwerp"], format!("/v1{PAD}/{id}"));
    }
    assert!(spel.taken(&huis.buitenstaander).await.is_empty());
    let weg = spel.doe(&huis.projectleider, &id, &format!("beheerders/{}/verwijderingen", spel.een.id), Some(json!({ "reden": "Uit dienst." }))).await;
    assert_eq!(weg.status, 201, "{}", weg.body);
    for wie in [&huis.projectleider, &huis.lfb] {
        assert!(!spel.taken(wie).await.contains(&"beheerder-uitgevallen".to_owned()));
    }
}

#[actix_web::test]
async fn een_beheerder_die_na_de_indiening_is_geblokkeerd_wordt_niet_meer_aangesteld() {
    let spel = Spel::nieuw().await;
    let (huis, id) = (&spel.huis, spel.ingediend().await);
    let blokkeer = async |wie: &Beller, wat: &str| {
        let pad = format!("/personen/{}", wie.id);
        let etag = huis.get(&huis.lfb, &pad).await.etag();
        assert_eq!(huis.met(&huis.lfb, "POST", &format!("{pad}/{wat}"), &etag, Some(json!({ "reden": "Vergissing." }))).await.status, 201);
    };
    blokkeer(&spel.een, "blokkeringen").await;
    let geweigerd = spel.doe(&spel.tekenbevoegde, &id, "ondertekeningen", None).await;
    geweigerd.is(409, "beheerder-uitgevallen");
    let detail = geweigerd.body["detail"].as_str().unwrap();
    assert!(detail.contains("Een Voorbeeld") && detail.contains("Geef de registratie terug"), "{detail}");
    let terug = spel.doe(&spel.tekenbevoegde, &id, "terugwijzingen", Some(json!({ "opmerkingen": "Een is geblokkeerd." }))).await;
    assert_eq!(terug.body["status"], "teruggegeven", "{}", terug.body);
    // Ook tussen de twee handtekeningen in.
    huis.met(&huis.lfb, "POST", &format!("/personen/{}/deblokkeringen", spel.een.id), "\"3\"", Some(json!({ "reden": "Terug." }))).await;
    assert_eq!(spel.doe(&huis.projectleider, &id, "indieningen", None).await.status, 201);
    assert_eq!(spel.doe(&spel.tekenbevoegde, &id, "ondertekeningen", None).await.status, 201);
    blokkeer(&spel.twee, "blokkeringen").await;
    spel.doe(&huis.lfb, &id, "ondertekeningen", None).await.is(409, "beheerder-uitgevallen");
    assert_eq!(spel.lees(&id).await["status"], "ondertekend-organisatie");
}

#[actix_web::test]
async fn wie_in_de_registratie_zit_krijgt_een_teruggenomen_rol_terug_en_een_ander_niet() {
    let spel = Spel::nieuw().await;
    let (huis, id) = (&spel.huis, spel.actief().await);
    let rollen = format!("/personen/{}/rollen", spel.een.id);
    let etag = async || huis.get(&huis.lfb, &format!("/personen/{}", spel.een.id)).await.etag();
    let geef = async || huis.met(&huis.projectleider, "POST", &rollen, &etag().await, Some(json!({ "rol": "organisatiebeheerder" }))).await;
    assert_eq!(huis.met(&huis.projectleider, "DELETE", &format!("{rollen}/organisatiebeheerder"), &etag().await, None).await.status, 204);
    assert_eq!(geef().await.body["rollen"], json!(["organisatiebeheerder"]));
    let weg = format!("beheerders/{}/verwijderingen", spel.een.id);
    assert_eq!(spel.doe(&huis.projectleider, &id, &weg, Some(json!({ "reden": "Andere functie." }))).await.status, 201);
    geef().await.is(409, "rol-uit-registratie");
}

#[actix_web::test]
async fn de_poort_van_stap_vier_gaat_dicht_als_geen_beheerder_meer_mag_werken() {
    let spel = Spel::nieuw().await;
    let traject = spel.huis.traject().await;
    let huis = &spel.huis;
    spel.actief().await;
    let voorwaarde = async || {
        let poort = huis.get(&huis.projectleider, &format!("/trajecten/{traject}/poorten/4")).await;
        let voorwaarden = poort.body["voorwaarden"].as_array().unwrap();
        voorwaarden.iter().find(|v| v["code"] == "registratie-organisatiebeheerders-actief").unwrap().clone()
    };
    for (wie, verwacht) in [(&spel.een, true), (&spel.twee, false)] {
        let pad = format!("/personen/{}", wie.id);
        let etag = huis.get(&huis.lfb, &pad).await.etag();
        assert_eq!(huis.met(&huis.lfb, "POST", &format!("{pad}/blokkeringen"), &etag, Some(json!({ "reden": "Uit dienst." }))).await.status, 201);
        assert_eq!(voorwaarde().await["voldaan"], verwacht);
    }
    let ontbreekt = voorwaarde().await["ontbreekt"].as_str().unwrap().to_owned();
    assert!(ontbreekt.contains("Maak een nieuwe versie van de registratie"), "{ontbreekt}");
}

#[actix_web::test]
async fn wie_opnieuw_beheerder_wordt_houdt_zijn_toegang_tot_sharepoint() {
    let spel = Spel::nieuw().await;
    let (huis, id) = (&spel.huis, spel.actief().await);
    let etag = huis.get(&huis.lfb, &format!("{PAD}/{id}")).await.etag();
    let toegang = format!("{PAD}/{id}/beheerders/{}/sharepointtoegang", spel.een.id);
    assert_eq!(huis.met(&huis.lfb, "PUT", &toegang, &etag, None).await.status, 200);
    let weg = format!("beheerders/{}/verwijderingen", spel.een.id);
    assert_eq!(spel.doe(&huis.projectleider, &id, &weg, Some(json!({ "reden": "Andere functie." }))).await.status, 201);
    assert!(spel.taken(&huis.lfb).await.contains(&"sharepoint-intrekken".to_owned()));
    let nieuw = spel.concept().await.id();
    assert_eq!(spel.doe(&huis.projectleider, &nieuw, "indieningen", None).await.status, 201);
    for wie in [&spel.tekenbevoegde, &huis.lfb] {
        assert!(spel.taken(&huis.lfb).await.contains(&"sharepoint-intrekken".to_owned()), "tot beide hebben getekend");
        assert_eq!(spel.doe(wie, &nieuw, "ondertekeningen", None).await.status, 201);
    }
    assert_eq!(spel.lees(&nieuw).await["beheerders"][0]["sharepoint"], "verleend");
    assert!(!spel.taken(&huis.lfb).await.contains(&"sharepoint-intrekken".to_owned()));
}

#[actix_web::test]
async fn een_activiteit_volgt_de_registratie_ook_als_het_traject_later_begint() {
    let spel = Spel::nieuw().await;
    let (huis, _) = (&spel.huis, spel.actief().await);
    let traject = huis.traject().await;
    let pad = format!("/trajecten/{traject}/activiteiten?bijlage=2");
    let stand = |lijst: &Gezien, code: &str| lijst.items().iter().find(|a| a["code"] == code).expect("activiteit").clone();
    let lijst = huis.get(&huis.projectleider, &pad).await;
    assert_eq!((&stand(&lijst, "techniek-5")["status"], &stand(&lijst, "techniek-6")["status"]), (&json!("gereed"), &json!("gereed")));
    let registratie = stand(&lijst, "techniek-6");
    let hier = format!("/trajecten/{traject}/activiteiten/{}", registratie["id"].as_str().expect("id"));
    let zet = async |body: Value| {
        let etag = huis.get(&huis.projectleider, &hier).await.etag();
        huis.met(&huis.projectleider, "PATCH", &hier, &etag, Some(body)).await
    };
    let weigering = zet(json!({ "status": "open" })).await;
    weigering.is(409, "activiteit-volgt-vanzelf");
    assert!(weigering.body["detail"].as_str().expect("detail").contains("/v1/organisatiebeheerder-registraties"), "{}", weigering.body);
    assert_eq!(zet(json!({ "notities": "Besproken.", "status": "gereed" })).await.status, 200, "dezelfde stand meesturen mag");
    assert_eq!(zet(json!({ "status": "niet-van-toepassing", "reden": "Wij lopen mee met een ander." })).await.body["status"], "niet-van-toepassing");
    assert_eq!(zet(json!({ "status": "open" })).await.body["status"], "gereed", "weer van toepassing: meteen de stand van de registratie");
}

#[actix_web::test]
async fn een_registratie_is_ook_een_toegankelijke_pdf() {
    let spel = Spel::nieuw().await;
    let pad = format!("{PAD}/{}", spel.actief().await);
    let (soort, pdf) = spel.huis.haal(&spel.huis.projectleider, &pad, "application/pdf").await;
    assert_eq!(soort, "application/pdf");
    assert!(pdf.starts_with(b"%PDF-"));
    if let Some(map) = std::env::var_os("STUK") {
        std::fs::write(map, &pdf).unwrap();
    }
    for accept in ["*/*", "application/json", "application/json, application/pdf;q=0.5", "application/pdf;q=0.5, */*"] {
        assert_eq!(spel.huis.haal(&spel.huis.projectleider, &pad, accept).await.0, "application/json", "{accept}");
    }
    assert_eq!(spel.huis.haal(&spel.huis.projectleider, &pad, "text/html").await.0, "application/problem+json");
}

#[actix_web::test]
async fn zonder_tekst_van_de_afspraken_kan_er_niets_getekend_worden() {
    let huis = Huis::nieuw().await;
    let body = json!({ "organisatieId": huis.projectleider.organisatie, "beheerders": [] });
    huis.post(&huis.projectleider, PAD, body).await.is(409, "afspraken-niet-vastgesteld");
    let tekst = json!({ "titel": "Afspraken", "artikelen": [{ "kop": " ", "alineas": ["Tekst."] }] });
    huis.post(&huis.adviseur, "/beheerafspraken", tekst.clone()).await.is(403, "niet-bevoegd");
    huis.post(&huis.lfb, "/beheerafspraken", tekst).await.wijst_aan("/artikelen/0/kop", "leeg");
}

#[actix_web::test]
async fn wie_aan_de_beurt_is_krijgt_bericht_in_dezelfde_transactie_als_de_wijziging() {
    let spel = Spel::nieuw().await;
    let post = |wat: &'static str| {
        let app = spel.huis.app.clone();
        async move {
            let zendingen = app.store.post_nemen(crate::huis::nu(), 50).await.expect(wat);
            zendingen.into_iter().map(|z| (z.bericht.aan, z.bericht.tekst)).collect::<Vec<_>>()
        }
    };
    let id = spel.ingediend().await;
    let eerste = post("na indienen").await;
    assert_eq!(
        eerste.iter().map(|(aan, _)| aan.as_str()).collect::<Vec<_>>(),
        ["tess@voorbeeld.example"],
        "een tekenbevoegde die zelf beheerder is, hoort niets"
    );
    assert!(!eerste[0].1.contains("http"), "geen link in een bericht");
    // Een geweigerde handeling stuurt niets.
    spel.doe(&spel.huis.lfb, &id, "ondertekeningen", None).await.is(409, "volgorde-ondertekening");
    assert!(post("na een weigering").await.is_empty());
    assert_eq!(spel.doe(&spel.tekenbevoegde, &id, "ondertekeningen", None).await.status, 201);
    assert_eq!(post("na tekenen").await.iter().map(|(aan, _)| aan.as_str()).collect::<Vec<_>>(), ["noor@voorbeeld.example"]);
}
