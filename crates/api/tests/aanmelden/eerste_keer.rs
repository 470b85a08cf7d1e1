//! De eerste aanmelding: wie nog niet geregistreerd is, en wie na een verhuizing opnieuw moet bewijzen wie hij is.

use serde_json::json;

use crate::huis::{Browser, Huis, huizen};

/// Zet 'bij eerste aanmelding aanmaken' aan, zoals de organisatiebeheerder dat doet.
pub(crate) async fn aanmaken(huis: &Huis) {
    let pad = format!("/v1/organisaties/{}", huis.organisatie.id);
    let (status, antwoord) = huis.wijzig(huis.idp_beheerder, &pad, json!({ "aanmakenBijEersteAanmelding": true })).await;
    assert_eq!((status, &antwoord["aanmakenBijEersteAanmelding"]), (200, &json!(true)), "{antwoord}");
}

#[actix_web::test]
async fn een_organisatie_kan_mensen_bij_hun_eerste_aanmelding_laten_registreren_en_de_code_bewijst_hun_adres() {
    for huis in huizen().await {
        aanmaken(&huis).await;
        let mut browser = Browser::default();
        let klaar = huis.aangemeld(&mut browser, "sub-7", "nieuw@waterschap.example").await;
        assert!(klaar.param("code").is_some());
        let (_, personen) = huis.api(huis.lfb, "GET", &format!("/v1/personen?organisatieId={}", huis.organisatie.id), None).await;
        let nieuw = personen["items"].as_array().unwrap().iter().find(|persoon| persoon["email"] == "nieuw@waterschap.example").expect("geregistreerd");
        assert_eq!((&nieuw["naam"], &nieuw["status"], &nieuw["rollen"]), (&json!("Iemand Voorbeeld"), &json!("actief"), &json!([])), "{personen}");
        let (_, regels) = huis.api(huis.lfb, "GET", "/v1/auditregels?handeling=persoon.geregistreerd", None).await;
        assert!(regels.to_string().contains(nieuw["id"].as_str().unwrap()), "{regels}");
    }
}

#[actix_web::test]
async fn alleen_met_een_eigen_adres_dat_de_organisatie_niet_zelf_tegenspreekt() {
    let huis = Huis::nieuw().await;
    aanmaken(&huis).await;
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
    let mut vreemd = huis.claims("sub-8", "iemand@elders.example");
    huis.bij_idp(&mut Browser::default(), &vraag, vreemd.clone()).await.weigert(403, "e-mail-buiten-domein");
    vreemd["email"] = json!("iemand@waterschap.example");
    vreemd["email_verified"] = json!(false);
    huis.bij_idp(&mut Browser::default(), &vraag, vreemd).await.weigert(403, "e-mail-niet-bevestigd");
    assert!(huis.post("iemand@waterschap.example").await.is_empty());
}

#[actix_web::test]
async fn zonder_e_maildomeinen_is_het_niet_aan_te_zetten() {
    let huis = Huis::nieuw().await;
    let pad = format!("/v1/organisaties/{}", huis.organisatie.id);
    let (status, antwoord) = huis.wijzig(huis.lfb, &pad, json!({ "aanmakenBijEersteAanmelding": true, "emaildomeinen": [] })).await;
    assert_eq!((status, &antwoord["errors"][0]["code"]), (400, &json!("emaildomeinen-nodig")), "{antwoord}");
}

#[actix_web::test]
async fn na_een_verhuizing_bewijst_iedereen_zich_een_keer_opnieuw_en_de_oude_koppeling_telt_niet_meer() {
    for huis in huizen().await {
        huis.aangemeld(&mut Browser::default(), "oude-sub", "pien@waterschap.example").await;
        let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
        let nieuwe = || huis.claims("nieuwe-sub", "pien@waterschap.example");
        huis.bij_idp(&mut Browser::default(), &vraag, nieuwe()).await.weigert(403, "identiteit-gewijzigd");
        let pad = format!("/v1/identiteitsproviders/{}", huis.idp_id);
        let (status, proef) = huis.api(huis.idp_beheerder, "GET", &format!("{pad}/herkoppelingsproef"), None).await;
        assert_eq!((status, &proef["aantal"], &proef["aantalBeletsels"]), (200, &json!(1), &json!(0)), "{proef}");
        // De proef verandert niets.
        huis.bij_idp(&mut Browser::default(), &vraag, nieuwe()).await.weigert(403, "identiteit-gewijzigd");
        let body = json!({ "reden": "De app-registratie is vervangen.", "personen": [huis.persoon.id] });
        let (status, gedaan) = huis.api(huis.idp_beheerder, "POST", &format!("{pad}/herkoppelingen"), Some(body)).await;
        assert_eq!((status, &gedaan["aantal"]), (201, &json!(1)), "{gedaan}");
        // De nieuwe identiteit vraagt een code, en daarna niet meer; de oude is niet meer van deze persoon.
        let mut browser = Browser::default();
        assert!(huis.bij_idp(&mut browser, &vraag, nieuwe()).await.locatie().starts_with("/oidc/aanmelden/code"));
        assert!(huis.aangemeld(&mut browser, "nieuwe-sub", "pien@waterschap.example").await.param("code").is_some());
        assert!(huis.bij_idp(&mut Browser::default(), &vraag, nieuwe()).await.param("code").is_some());
        let oude = huis.claims("oude-sub", "pien@waterschap.example");
        huis.bij_idp(&mut Browser::default(), &vraag, oude).await.weigert(403, "identiteit-gewijzigd");
        let (_, regels) = huis.api(huis.lfb, "GET", "/v1/auditregels?handeling=identiteiten.losgekoppeld", None).await;
        assert_eq!(regels["items"].as_array().map(Vec::len), Some(1), "{regels}");
    }
}

#[actix_web::test]
async fn opnieuw_koppelen_is_van_de_eigen_idp_beheerder_en_gaat_alleen_over_eigen_mensen() {
    let huis = Huis::nieuw().await;
    huis.aangemeld(&mut Browser::default(), "sub-1", "pien@waterschap.example").await;
    let pad = format!("/v1/identiteitsproviders/{}/herkoppelingen", huis.idp_id);
    let (status, _) = huis.api(huis.lfb, "POST", &pad, Some(json!({ "reden": "Voorbeeld" }))).await;
    assert_eq!(status, 403);
    let (status, fout) = huis.api(huis.idp_beheerder, "POST", &pad, Some(json!({ "reden": "Voorbeeld", "personen": [huis.lfb] }))).await;
    assert_eq!((status, &fout["errors"][0]["code"]), (400, &json!("persoon-niet-gekoppeld")), "{fout}");
}

#[actix_web::test]
async fn post_die_niet_aankomt_ziet_nipv_met_wat_de_mailserver_zei_en_zonder_inhoud() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.bij_idp(&mut browser, &huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]), huis.claims("sub-1", "pien@waterschap.example")).await;
    let store = &huis.app().store;
    let nu = huis.app().clock.now();
    assert_eq!(store.post_stand().await.unwrap().wachtend, 1);
    let zending = store.post_nemen(nu, 10).await.unwrap().pop().unwrap();
    store.post_afgehandeld(&zending, store::post::Bezorging::Geweigerd("550 onbekend adres".to_owned()), nu).await.unwrap();
    assert_eq!(store.post_stand().await.unwrap().opgegeven, 1);
    let (status, berichten) = huis.api(huis.lfb, "GET", "/v1/berichten?status=opgegeven", None).await;
    let bericht = &berichten["items"][0];
    assert_eq!((status, &bericht["aan"], &bericht["laatsteFout"]), (200, &json!("pien@waterschap.example"), &json!("550 onbekend adres")), "{berichten}");
    assert!(bericht.get("tekst").is_none());
    assert_eq!(huis.api(huis.idp_beheerder, "GET", "/v1/berichten", None).await.0, 403);
}
