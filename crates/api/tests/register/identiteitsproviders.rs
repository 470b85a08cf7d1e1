//! De IdP-beheerder sluit de aanmelddienst van de eigen organisatie aan: registreren, testen, activeren, en dan pas aanmelden.

use api::identiteitsproviders::Afgewezen;
use chrono::TimeDelta;
use domain::Id;
use domain::diagnose::DiagnoseCode;
use domain::personen::Rol;
use federation::{CallbackParams, ProvenLogin, Verwacht};
use serde_json::{Value, json};

use super::huis::{BASIS, Beller, Gezien, Huis, nu};
use super::idp::Idp;

fn instellingen(issuer: &str) -> Value {
    json!({ "issuer": issuer, "clientId": "aansluitloket", "clientauthenticatie": "client-secret-basic", "mfa": { "preset": "amr" } })
}

/// Een huis met een IdP en wie erover gaat.
struct Proef {
    huis: Huis,
    idp: Idp,
    beheerder: Beller,
    tgv: Beller,
}

impl Proef {
    async fn nieuw() -> Self {
        let huis = Huis::nieuw().await;
        let beheerder = huis.persoon_met(&huis.projectleider, "Ivo", &[Rol::IdpBeheerder]).await;
        let tgv = huis.persoon_met(&huis.lfb, "Tim", &[Rol::ProductmanagerTgv]).await;
        Self { huis, idp: Idp::start(), beheerder, tgv }
    }

    async fn registreer(&self) -> String {
        let body = json!({ "organisatieId": self.beheerder.organisatie, "naam": "Entra Voorbeeld", "instellingen": instellingen(&self.idp.issuer) });
        self.huis.post(&self.beheerder, "/identiteitsproviders", body).await.id()
    }

    async fn post(&self, id: &str, deel: &str, body: Value) -> Gezien {
        self.huis.post(&self.beheerder, &format!("/identiteitsproviders/{id}/{deel}"), body).await
    }

    async fn etag(&self, id: &str) -> String {
        self.huis.get(&self.beheerder, &format!("/identiteitsproviders/{id}")).await.etag()
    }

    /// Een overgang met de ETag van nu.
    async fn zet(&self, wie: &Beller, id: &str, deel: &str, body: Value) -> Gezien {
        let etag = self.etag(id).await;
        self.huis.met(wie, "POST", &format!("/identiteitsproviders/{id}/{deel}"), &etag, Some(body)).await
    }

    async fn geheim(&self, id: &str) {
        let gezet = self.post(id, "geheimen", json!({ "soort": "client-secret", "waarde": "geheim-van-de-idp" })).await;
        assert_eq!(gezet.status, 201, "{}", gezet.body);
    }

    async fn actief(&self) -> String {
        let id = self.registreer().await;
        self.geheim(&id).await;
        let test = self.post(&id, "verbindingstests", json!({})).await;
        assert_eq!((test.status, &test.body["geslaagd"]), (201, &json!(true)), "{}", test.body);
        let actief = self.zet(&self.beheerder, &id, "activeringen", json!({ "versienummer": 1 })).await;
        assert_eq!((actief.status, &actief.body["status"]), (201, &json!("actief")), "{}", actief.body);
        id
    }

    async fn meld_aan(&self, id: &str) -> Result<ProvenLogin, Afgewezen> {
        self.meld_aan_met(id, 1).await
    }

    /// Meldt aan na een vertrek met deze versie van de registratie.
    async fn meld_aan_met(&self, id: &str, versienummer: i32) -> Result<ProvenLogin, Afgewezen> {
        let id: Id = id.parse().expect("id");
        let verwacht = Verwacht {
            state: "s".into(),
            nonce: "n".into(),
            code_verifier: "v".into(),
            redirect_uri: self.huis.app.idps.redirect_uri(id),
            vertrokken_op: nu(),
            max_age: None,
        };
        let params = CallbackParams::parse("code=c&state=s").expect("params");
        self.huis.app.idps.terugkomst(&self.huis.app, (id, versienummer), &params, &verwacht).await
    }

    async fn geweigerd(&self, id: &str) -> DiagnoseCode {
        self.geweigerd_met(id, 1).await
    }

    async fn geweigerd_met(&self, id: &str, versienummer: i32) -> DiagnoseCode {
        match self.meld_aan_met(id, versienummer).await {
            Err(Afgewezen::Geweigerd(nee)) => nee.diagnose.code,
            anders => panic!("{anders:?}"),
        }
    }
}

#[actix_web::test]
async fn van_registreren_tot_een_bewezen_aanmelding() {
    let p = Proef::nieuw().await;
    let id = p.registreer().await;
    assert_eq!(p.idp.gevraagd(), 0, "registreren gaat niet over het netwerk");
    assert_eq!(p.geweigerd(&id).await, DiagnoseCode::IdpNietActief);
    p.geheim(&id).await;
    let test = p.post(&id, "verbindingstests", json!({})).await;
    assert_eq!(test.body["geslaagd"], true, "{}", test.body);
    p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 1 })).await;
    p.idp.meldt_aan("noor", "n", &["pwd", "otp"]);
    let wie = p.meld_aan(&id).await.expect("bewezen");
    assert_eq!((wie.issuer(), wie.sub(), wie.organisatie_id()), (p.idp.issuer.as_str(), "noor", p.beheerder.organisatie));
    assert!(p.idp.laatste("/token").contains(&format!("callback%2F{id}")), "ieder zijn eigen adres");
    p.idp.meldt_aan("noor", "n", &["pwd"]);
    assert_eq!(p.geweigerd(&id).await, DiagnoseCode::MfaNietBewezen);
}

#[actix_web::test]
async fn een_geheim_komt_nooit_terug_en_toont_alleen_zijn_laatste_gebruik() {
    let p = Proef::nieuw().await;
    let id = p.actief().await;
    p.idp.meldt_aan("noor", "n", &["mfa"]);
    p.meld_aan(&id).await.expect("bewezen");
    let lijst = p.huis.get(&p.beheerder, &format!("/identiteitsproviders/{id}/geheimen")).await;
    assert_eq!(lijst.items()[0]["laatstGebruiktOp"], json!(nu()));
    assert!(lijst.items()[0].get("waarde").is_none());
    for pad in ["", "/versies", "/geheimen", "/verbindingstests", "/instructie", "/gezondheid"] {
        let gezien = p.huis.get(&p.beheerder, &format!("/identiteitsproviders/{id}{pad}")).await;
        assert!(gezien.status == 200 && !gezien.body.to_string().contains("geheim-van-de-idp"), "{pad} {}", gezien.body);
    }
    p.huis.app.store.seal(nu()).await.expect("verzegeld");
    let spoor = p.huis.get(&p.huis.lfb, "/auditregels?limit=200").await;
    assert!(spoor.body.to_string().contains("identiteitsprovidergeheim.gezet") && !spoor.body.to_string().contains("geheim-van-de-idp"));
}

#[actix_web::test]
async fn twee_geheimen_gelden_tegelijk_en_een_derde_niet() {
    let p = Proef::nieuw().await;
    let id = p.registreer().await;
    p.geheim(&id).await;
    p.geheim(&id).await;
    p.post(&id, "geheimen", json!({ "soort": "client-secret", "waarde": "nog-een-geheim" })).await.is(409, "te-veel-geheimen");
    let lijst = p.huis.get(&p.beheerder, &format!("/identiteitsproviders/{id}/geheimen")).await;
    let oud = lijst.items()[1]["id"].as_str().expect("id").to_owned();
    let (geheim, etag) = (format!("/identiteitsproviders/{id}/geheimen/{oud}"), p.huis.get(&p.beheerder, &format!("/identiteitsproviders/{id}")).await.etag());
    p.huis.vraag(&p.beheerder, "DELETE", &geheim, None, None).await.is(428, "if-match-verplicht");
    let weg = p.huis.met(&p.beheerder, "DELETE", &geheim, &etag, None).await;
    assert_eq!(weg.status, 204, "{}", weg.body);
    // Wie er nog een wil weghalen op grond van wat hij eerder zag, kijkt eerst wat er over is.
    let over = p.huis.get(&p.beheerder, &format!("/identiteitsproviders/{id}/geheimen")).await.items()[0]["id"].as_str().expect("id").to_owned();
    p.huis.met(&p.beheerder, "DELETE", &format!("/identiteitsproviders/{id}/geheimen/{over}"), &etag, None).await.is(412, "versie-verouderd");
    p.geheim(&id).await;
    for (body, plaats, code) in [
        (json!({ "soort": "client-secret" }), "/waarde", "verplicht"),
        (json!({ "soort": "client-secret", "waarde": "**********" }), "/waarde", "geheim-ongeldig"),
        (json!({ "soort": "sleutel", "waarde": "zelf-gemaakt" }), "/waarde", "geheim-overbodig"),
        (json!({ "soort": "sleutel", "vervaltOp": nu() }), "/vervaltOp", "vervallen"),
    ] {
        p.post(&id, "geheimen", body).await.wijst_aan(plaats, code);
    }
}

#[actix_web::test]
async fn een_sleutel_maken_wij_zelf_en_haar_publieke_deel_staat_op_het_adres_in_de_instructie() {
    let p = Proef::nieuw().await;
    let mut keuze = instellingen(&p.idp.issuer);
    keuze["clientauthenticatie"] = json!("private-key-jwt");
    let body = json!({ "organisatieId": p.beheerder.organisatie, "naam": "Keycloak Voorbeeld", "instellingen": keuze });
    let id = p.huis.post(&p.beheerder, "/identiteitsproviders", body).await.id();
    let sleutel = p.post(&id, "geheimen", json!({ "soort": "sleutel" })).await;
    assert!(sleutel.body["publiek"]["kid"].is_string() && sleutel.body["publiek"].get("d").is_none(), "{}", sleutel.body);
    let instructie = p.huis.get(&p.beheerder, &format!("/identiteitsproviders/{id}/instructie")).await;
    assert_eq!(instructie.body["redirectUri"], format!("{BASIS}/oidc/callback/{id}"));
    assert_eq!(instructie.body["jwksUri"], format!("{BASIS}/oidc/idp/{id}/jwks"));
    let test = p.post(&id, "verbindingstests", json!({})).await;
    assert_eq!(test.body["geslaagd"], true, "{}", test.body);
    assert!(p.idp.laatste("/token").contains("client_assertion="));
}

#[actix_web::test]
async fn alleen_een_versie_waarvan_de_laatste_test_slaagde_wordt_actief() {
    let p = Proef::nieuw().await;
    let id = p.registreer().await;
    p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 1 })).await.is(409, "versie-niet-getest");
    let zonder_geheim = p.post(&id, "verbindingstests", json!({})).await;
    assert_eq!(zonder_geheim.body["geslaagd"], false);
    p.geheim(&id).await;
    p.post(&id, "verbindingstests", json!({})).await;
    // Een latere test die mislukt, telt zwaarder dan een eerdere die slaagde.
    p.idp.weigert_de_client(true);
    let mislukt = p.post(&id, "verbindingstests", json!({})).await;
    let client = mislukt.body["controles"].as_array().expect("controles").iter().find(|c| c["code"] == "client").expect("client").clone();
    assert_eq!((client["uitkomst"].as_str(), client["diagnose"]["code"].as_str()), (Some("fout"), Some("client-geweigerd")));
    p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 1 })).await.is(409, "versie-niet-getest");
    p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 7 })).await.wijst_aan("/versienummer", "versie-onbekend");
    p.idp.weigert_de_client(false);
    p.post(&id, "verbindingstests", json!({})).await;
    assert_eq!(p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 1 })).await.status, 201);
    p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 1 })).await.is(409, "versie-al-actief");
}

#[actix_web::test]
async fn een_nieuwe_versie_wordt_getest_terwijl_de_oude_dient() {
    let p = Proef::nieuw().await;
    let id = p.actief().await;
    let mut strenger = instellingen(&p.idp.issuer);
    strenger["mfa"] = json!({ "preset": "acr", "waarden": ["goud"] });
    p.zet(&p.beheerder, &id, "versies", instellingen(&p.idp.issuer)).await.is(409, "versie-ongewijzigd");
    let nieuw = p.zet(&p.beheerder, &id, "versies", strenger).await;
    assert_eq!((nieuw.status, &nieuw.body["nummer"], &nieuw.body["status"]), (201, &json!(2), &json!("concept")), "{}", nieuw.body);
    p.idp.meldt_aan("noor", "n", &["mfa"]);
    assert_eq!(p.meld_aan(&id).await.expect("de oude dient").versienummer(), 1);
    p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 2 })).await.is(409, "versie-niet-getest");
    p.post(&id, "verbindingstests", json!({})).await;
    assert_eq!(p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 2 })).await.status, 201);
    let ingewisseld = p.idp.gevraagd();
    assert_eq!(p.geweigerd_met(&id, 1).await, DiagnoseCode::StateOnjuist, "wie vertrok met een andere versie, begint opnieuw");
    assert_eq!(p.idp.gevraagd(), ingewisseld, "en zijn code gaat nergens heen");
    assert_eq!(p.geweigerd_met(&id, 2).await, DiagnoseCode::AcrClaimOntbreekt);
    let versies = p.huis.get(&p.beheerder, &format!("/identiteitsproviders/{id}/versies")).await;
    let standen: Vec<_> = versies.items().iter().map(|v| v["status"].as_str().unwrap_or_default()).collect();
    assert_eq!(standen, ["vervangen", "actief"]);
    // Terug kan, met een nieuwe test.
    p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 1 })).await.is(409, "versie-niet-getest");
    p.post(&id, "verbindingstests", json!({ "versienummer": 1 })).await;
    assert_eq!(p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 1 })).await.body["actieveVersie"], 1);
    assert!(p.meld_aan(&id).await.is_ok());
}

#[actix_web::test]
async fn nipv_schort_op_en_hervat_en_dat_werkt_meteen() {
    let p = Proef::nieuw().await;
    let id = p.actief().await;
    p.idp.meldt_aan("noor", "n", &["mfa"]);
    assert!(p.meld_aan(&id).await.is_ok());
    let reden = json!({ "reden": "Gecompromitteerd volgens de organisatie" });
    p.zet(&p.beheerder, &id, "opschortingen", reden.clone()).await.is(403, "niet-bevoegd");
    p.zet(&p.huis.adviseur, &id, "opschortingen", reden.clone()).await.is(403, "niet-bevoegd");
    assert_eq!(p.zet(&p.tgv, &id, "opschortingen", reden.clone()).await.body["status"], "opgeschort");
    assert_eq!(p.geweigerd(&id).await, DiagnoseCode::IdpNietActief);
    p.zet(&p.beheerder, &id, "activeringen", json!({ "versienummer": 1 })).await.is(409, "idp-opgeschort");
    p.zet(&p.beheerder, &id, "hervattingen", reden.clone()).await.is(403, "niet-bevoegd");
    assert_eq!(p.zet(&p.tgv, &id, "hervattingen", reden.clone()).await.body["status"], "actief");
    assert!(p.meld_aan(&id).await.is_ok());
    assert_eq!(p.zet(&p.beheerder, &id, "intrekkingen", reden.clone()).await.body["status"], "ingetrokken");
    assert_eq!(p.geweigerd(&id).await, DiagnoseCode::IdpNietActief);
    p.zet(&p.beheerder, &id, "intrekkingen", reden).await.is(409, "idp-ingetrokken");
}

#[actix_web::test]
async fn niemand_beheert_de_idp_van_een_ander_en_een_script_activeert_nooit() {
    let p = Proef::nieuw().await;
    let id = p.registreer().await;
    let elders = p.huis.persoon_met(&p.huis.buitenstaander, "Els", &[Rol::IdpBeheerder]).await;
    let body = json!({ "organisatieId": p.beheerder.organisatie, "naam": "Kaping", "instellingen": instellingen(&p.idp.issuer) });
    p.huis.post(&elders, "/identiteitsproviders", body.clone()).await.is(403, "niet-bevoegd");
    p.huis.post(&p.tgv, "/identiteitsproviders", body.clone()).await.is(403, "niet-bevoegd");
    p.huis.post(&p.huis.organisatiebeheerder, "/identiteitsproviders", body.clone()).await.is(403, "niet-bevoegd");
    assert_eq!(p.huis.get(&elders, &format!("/identiteitsproviders/{id}")).await.status, 404);
    assert!(p.huis.get(&elders, "/identiteitsproviders").await.items().is_empty());
    assert_eq!(p.huis.get(&p.tgv, "/identiteitsproviders").await.items().len(), 1);
    assert_eq!(p.huis.get(&p.huis.organisatiebeheerder, &format!("/identiteitsproviders/{id}")).await.status, 200);
    let script = p.huis.toepassing(&p.beheerder).await;
    p.huis.post(&script, "/identiteitsproviders", body).await.is(403, "persoon-vereist");
    assert_eq!(p.zet(&script, &id, "activeringen", json!({ "versienummer": 1 })).await.status, 404);
}

#[actix_web::test]
async fn twee_organisaties_delen_een_uitgever_alleen_met_een_onderscheidende_claim() {
    let p = Proef::nieuw().await;
    p.actief().await;
    let elders = p.huis.persoon_met(&p.huis.buitenstaander, "Els", &[Rol::IdpBeheerder]).await;
    let mut keuze = instellingen(&p.idp.issuer);
    let body = |keuze: &Value| json!({ "organisatieId": elders.organisatie, "naam": "Gedeeld", "instellingen": keuze });
    p.huis.post(&elders, "/identiteitsproviders", body(&keuze)).await.is(409, "issuer-gedeeld");
    keuze["onderscheid"] = json!({ "claim": "tid", "waarde": "elders" });
    p.huis.post(&elders, "/identiteitsproviders", body(&keuze)).await.is(409, "issuer-gedeeld");
    // Ook bij de eerste organisatie met dezelfde claim en een andere waarde mag het wel.
    let eerste = p.huis.get(&p.beheerder, "/identiteitsproviders").await.items()[0]["id"].as_str().expect("id").to_owned();
    let mut eigen = instellingen(&p.idp.issuer);
    eigen["onderscheid"] = json!({ "claim": "tid", "waarde": "water" });
    p.zet(&p.beheerder, &eerste, "versies", eigen).await;
    p.post(&eerste, "verbindingstests", json!({})).await;
    assert_eq!(p.zet(&p.beheerder, &eerste, "activeringen", json!({ "versienummer": 2 })).await.status, 201);
    assert_eq!(p.huis.post(&elders, "/identiteitsproviders", body(&keuze)).await.status, 201);
}

#[actix_web::test]
async fn instellingen_worden_gekeurd_voordat_er_iets_over_het_netwerk_gaat() {
    let p = Proef::nieuw().await;
    for (wijziging, plaats, code) in [
        (json!({ "issuer": "https://login.microsoftonline.com/common/v2.0" }), "/instellingen/issuer", "issuer-voor-iedereen"),
        (json!({ "issuer": "https://login.microsoftonline.com/Organizations/v2.0" }), "/instellingen/issuer", "issuer-voor-iedereen"),
        (json!({ "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0" }), "/instellingen/issuer", "issuer-voor-iedereen"),
        (json!({ "issuer": "http://idp.voorbeeld.example" }), "/instellingen/issuer", "issuer-ongeldig"),
        (json!({ "issuer": "https://idp.voorbeeld.example?a=b" }), "/instellingen/issuer", "issuer-ongeldig"),
        (json!({ "issuer": "https://10.0.0.1/" }), "/instellingen/issuer", "issuer-ongeldig"),
        (json!({ "issuer": "geen adres" }), "/instellingen/issuer", "issuer-ongeldig"),
        (json!({ "scopes": ["email"] }), "/instellingen/scopes", "scope-openid-ontbreekt"),
        (json!({ "scopes": ["openid", "a b"] }), "/instellingen/scopes/1", "scope-ongeldig"),
        (json!({ "mfa": { "preset": "entra-v2" } }), "/instellingen/mfa/waarden", "mfa-waarden-leeg"),
        (json!({ "mfa": { "preset": "amr", "waarden": ["mfa"] } }), "/instellingen/mfa/waarden", "mfa-waarden-overbodig"),
        (json!({ "mfa": { "preset": "eidas", "waarden": ["http://eidas.europa.eu/LoA/low"] } }), "/instellingen/mfa/waarden", "mfa-niveau-onbekend"),
        (json!({ "mfa": { "preset": "vrij" } }), "/instellingen/mfa/bewijs", "mfa-bewijs-leeg"),
        (
            json!({ "mfa": { "preset": "vrij", "bewijs": [{ "claim": "sub", "toets": "gelijk", "waarden": ["x"] }] } }),
            "/instellingen/mfa/bewijs/0/claim",
            "mfa-claim-ongeschikt",
        ),
    ] {
        let mut keuze = instellingen(&p.idp.issuer);
        for (naam, waarde) in wijziging.as_object().expect("object") {
            keuze[naam] = waarde.clone();
        }
        let body = json!({ "organisatieId": p.beheerder.organisatie, "naam": "Voorbeeld", "instellingen": keuze });
        p.huis.post(&p.beheerder, "/identiteitsproviders", body).await.wijst_aan(plaats, code);
    }
    assert_eq!(p.idp.gevraagd(), 0);
}

#[actix_web::test]
async fn een_concept_is_te_testen_voordat_het_bewaard_is() {
    let p = Proef::nieuw().await;
    let verslag = p.huis.post(&p.beheerder, "/identiteitsproviders/_verbindingstest", instellingen(&p.idp.issuer)).await;
    assert_eq!((verslag.status, &verslag.body["geslaagd"]), (200, &json!(true)), "{}", verslag.body);
    let anders = p.huis.post(&p.beheerder, "/identiteitsproviders/_verbindingstest", instellingen(&format!("{}/", p.idp.issuer))).await;
    let fout = &anders.body["controles"][0];
    assert_eq!((fout["code"].as_str(), fout["diagnose"]["code"].as_str()), (Some("issuer-gelijk"), Some("issuer-mismatch")), "{}", anders.body);
    assert_eq!(fout["diagnose"]["gezien"], p.idp.issuer);
    p.huis.post(&p.huis.projectleider, "/identiteitsproviders/_verbindingstest", instellingen(&p.idp.issuer)).await.is(403, "niet-bevoegd");
    assert!(p.huis.get(&p.beheerder, "/identiteitsproviders").await.items().is_empty());
}

#[actix_web::test]
async fn de_gezondheid_wordt_gemeten_en_een_verlopend_geheim_gemeld_ieder_een_keer() {
    let p = Proef::nieuw().await;
    let id = p.actief().await;
    p.post(&id, "geheimen", json!({ "soort": "client-secret", "waarde": "loopt-af-binnenkort", "vervaltOp": nu() + TimeDelta::days(20) })).await;
    let pad = format!("/identiteitsproviders/{id}/gezondheid");
    assert_eq!(p.huis.get(&p.beheerder, &pad).await.body["stand"], "onbekend");
    assert_eq!(api::workers::watch_idps(&p.huis.app).await.expect("ronde"), 2, "één meting, één waarschuwing");
    assert_eq!(p.huis.get(&p.beheerder, &pad).await.body["stand"], "waarschuwing");
    assert_eq!(api::workers::watch_idps(&p.huis.app).await.expect("ronde"), 0, "niet nog eens");
    p.huis.app.store.seal(nu()).await.expect("verzegeld");
    let spoor = p.huis.get(&p.huis.lfb, "/auditregels?limit=200").await;
    let meldingen: Vec<_> = spoor.items().iter().filter(|r| r["handeling"] == "identiteitsprovidergeheim.verloopt").collect();
    assert_eq!(meldingen.len(), 1);
    assert_eq!(meldingen[0]["na"]["binnenDagen"], 30);
}

#[actix_web::test]
async fn een_kapotte_idp_is_te_zien_en_raakt_anderen_niet() {
    let p = Proef::nieuw().await;
    let id = p.actief().await;
    p.idp.is_weg(true);
    api::workers::watch_idps(&p.huis.app).await.expect("ronde");
    let gezien = p.huis.get(&p.beheerder, &format!("/identiteitsproviders/{id}/gezondheid")).await;
    assert_eq!((gezien.body["stand"].as_str(), gezien.body["diagnose"]["code"].as_str()), (Some("fout"), Some("idp-onbereikbaar")));
    assert_eq!(p.geweigerd(&id).await, DiagnoseCode::IdpOnbereikbaar);
    assert_eq!(p.huis.get(&p.beheerder, "/identiteitsproviders").await.status, 200);
}

#[actix_web::test]
async fn de_poort_ziet_een_actieve_federatie() {
    let p = Proef::nieuw().await;
    let traject = p.huis.traject().await;
    let pad = format!("/trajecten/{traject}/poorten/4");
    let voldaan = |gezien: &Gezien| {
        let regel = gezien.body["voorwaarden"].as_array().expect("voorwaarden").iter().find(|v| v["code"] == "toegang-tgv-geregeld").expect("regel").clone();
        (regel["voldaan"].as_bool(), regel["bewijs"].as_str().map(str::to_owned))
    };
    assert_eq!(voldaan(&p.huis.get(&p.huis.projectleider, &pad).await), (Some(false), None));
    let id = p.actief().await;
    assert_eq!(voldaan(&p.huis.get(&p.huis.projectleider, &pad).await), (Some(true), Some(format!("/v1/identiteitsproviders/{id}"))));
    p.zet(&p.tgv, &id, "opschortingen", json!({ "reden": "Onderzoek" })).await;
    assert_eq!(voldaan(&p.huis.get(&p.huis.projectleider, &pad).await).0, Some(false));
}

#[actix_web::test]
async fn nipv_legt_een_beoordeling_vast_en_anderen_niet() {
    let p = Proef::nieuw().await;
    let id = p.registreer().await;
    let body = json!({ "niveau": "substantieel", "verwijzing": "Zaak 2026-0001" });
    p.zet(&p.beheerder, &id, "beoordelingen", body.clone()).await.is(403, "niet-bevoegd");
    let gezien = p.zet(&p.tgv, &id, "beoordelingen", body).await;
    assert_eq!((gezien.status, &gezien.body["beoordeling"]["niveau"]), (201, &json!("substantieel")), "{}", gezien.body);
}
