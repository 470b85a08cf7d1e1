//! De eenmalige code: acht cijfers, tien minuten, vijf pogingen, één tegelijk, alleen in het venster dat haar vroeg.

use crate::huis::{Browser, Gezien, Huis};

const PIEN: &str = "pien@waterschap.example";

async fn bij_code(huis: &Huis, browser: &mut Browser) -> Gezien {
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
    let terug = huis.bij_idp(browser, &vraag, huis.claims("sub-1", PIEN)).await;
    browser.get(huis.app(), &terug.locatie()).await
}

async fn voer_in(huis: &Huis, browser: &mut Browser, blad: &Gezien, code: &str) -> Gezien {
    browser.post(huis.app(), "/oidc/aanmelden/code", &[("poging", &blad.veld("poging")), ("csrf", &blad.veld("csrf")), ("code", code)]).await
}

fn anders(code: &str) -> String {
    code.chars().map(|cijfer| if cijfer == '0' { '1' } else { '0' }).collect()
}

#[actix_web::test]
async fn na_vijf_pogingen_is_een_code_dood_ook_als_zij_klopt() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let blad = bij_code(&huis, &mut browser).await;
    let code = huis.code(PIEN).await;
    for over in [4, 3, 2, 1] {
        let fout = voer_in(&huis, &mut browser, &blad, &anders(&code)).await;
        assert_eq!(fout.status, 400);
        assert!(fout.body.contains(&format!("aantal pogingen over: {over}.")), "{}", fout.body);
    }
    voer_in(&huis, &mut browser, &blad, &anders(&code)).await;
    let te_laat = voer_in(&huis, &mut browser, &blad, &code).await;
    assert!(te_laat.status == 400 && te_laat.body.contains("werkt niet meer"), "{}", te_laat.body);
}

#[actix_web::test]
async fn een_code_geldt_tien_minuten() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let blad = bij_code(&huis, &mut browser).await;
    let code = huis.code(PIEN).await;
    huis.later(600);
    assert!(voer_in(&huis, &mut browser, &blad, &code).await.body.contains("werkt niet meer"));
}

#[actix_web::test]
async fn een_nieuwe_code_vervangt_de_vorige_en_zegt_dat() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let blad = bij_code(&huis, &mut browser).await;
    let eerste = huis.code(PIEN).await;
    let opnieuw = browser.post(huis.app(), "/oidc/aanmelden/code/opnieuw", &[("poging", &blad.veld("poging")), ("csrf", &blad.veld("csrf"))]).await;
    let nieuw = browser.get(huis.app(), &opnieuw.locatie()).await;
    assert!(nieuw.body.contains("De vorige werkt niet meer"));
    let tweede = huis.code(PIEN).await;
    assert_eq!(voer_in(&huis, &mut browser, &blad, &eerste).await.status, 400);
    assert!(voer_in(&huis, &mut browser, &blad, &tweede).await.param("code").is_some());
}

#[actix_web::test]
async fn een_code_werkt_alleen_in_het_venster_dat_haar_vroeg() {
    let huis = Huis::nieuw().await;
    let (mut eigen, mut ander) = (Browser::default(), Browser::default());
    let blad = bij_code(&huis, &mut eigen).await;
    let code = huis.code(PIEN).await;
    // Een andere browser met hetzelfde formulier.
    voer_in(&huis, &mut ander, &blad, &code).await.weigert(400, "state-onjuist");
    // Een tweede aanmelding van dezelfde persoon maakt de eerste code ongeldig.
    let tweede = bij_code(&huis, &mut ander).await;
    let nieuwe = huis.code(PIEN).await;
    assert_eq!(voer_in(&huis, &mut eigen, &blad, &code).await.status, 400);
    assert_eq!(voer_in(&huis, &mut eigen, &blad, &nieuwe).await.status, 400, "de code hoort bij de andere browser");
    assert!(voer_in(&huis, &mut ander, &tweede, &nieuwe).await.param("code").is_some());
}

#[actix_web::test]
async fn een_formulier_zonder_ons_teken_doet_niets() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let blad = bij_code(&huis, &mut browser).await;
    let code = huis.code(PIEN).await;
    let poging = blad.veld("poging");
    for csrf in ["", "onzin", &blad.veld("poging")] {
        browser.post(huis.app(), "/oidc/aanmelden/code", &[("poging", &poging), ("csrf", csrf), ("code", &code)]).await.weigert(400, "state-onjuist");
        browser.post(huis.app(), "/oidc/aanmelden/code/opnieuw", &[("poging", &poging), ("csrf", csrf)]).await.weigert(400, "state-onjuist");
    }
    assert!(voer_in(&huis, &mut browser, &blad, &code).await.param("code").is_some(), "en de code is nog heel");
}

#[actix_web::test]
async fn naar_een_adres_gaan_op_een_dag_niet_meer_dan_acht_codes() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let blad = bij_code(&huis, &mut browser).await;
    let (poging, csrf) = (blad.veld("poging"), blad.veld("csrf"));
    for _ in 0..7 {
        assert_eq!(browser.post(huis.app(), "/oidc/aanmelden/code/opnieuw", &[("poging", &poging), ("csrf", &csrf)]).await.status, 303);
    }
    let te_veel = browser.post(huis.app(), "/oidc/aanmelden/code/opnieuw", &[("poging", &poging), ("csrf", &csrf)]).await;
    assert!(te_veel.status == 400 && te_veel.body.contains("te veel codes"), "{}", te_veel.body);
    assert_eq!(huis.post(PIEN).await.len(), 8);
    // Ook een nieuwe aanmelding krijgt er geen meer, tot het etmaal voorbij is.
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
    huis.bij_idp(&mut Browser::default(), &vraag, huis.claims("sub-1", PIEN)).await.weigert(403, "te-veel-codes");
    huis.later(86_401);
    assert!(huis.bij_idp(&mut Browser::default(), &vraag, huis.claims("sub-1", PIEN)).await.locatie().starts_with("/oidc/aanmelden/code"));
}

#[actix_web::test]
async fn in_de_e_mail_staat_geen_link_en_in_het_onderwerp_geen_code() {
    let huis = Huis::nieuw().await;
    bij_code(&huis, &mut Browser::default()).await;
    let zending = huis.app().store.post_nemen(huis.app().clock.now(), 5).await.unwrap().pop().unwrap();
    assert!(!zending.bericht.tekst.contains("http") && !zending.bericht.tekst.contains("www"));
    assert!(!zending.bericht.onderwerp.chars().any(|teken| teken.is_ascii_digit()));
    assert_eq!(zending.bericht.verloopt_op.unwrap().timestamp(), huis.nu() + 600);
}
