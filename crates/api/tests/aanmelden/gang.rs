//! De hele gang, op beide databases: portaal, kiezer, eigen organisatie, eenmalige code, tokens.

use serde_json::json;

use crate::huis::{Browser, TERUG, TERUG_2, huizen};

#[actix_web::test]
async fn een_eerste_aanmelding_gaat_van_portaal_tot_token_en_een_tweede_vraagt_geen_code_meer() {
    for huis in huizen().await {
        let mut browser = Browser::default();
        let kiezer = browser.get(huis.app(), &huis.vraag(&[])).await.locatie();
        assert!(kiezer.starts_with("/oidc/aanmelden/kiezen?poging="));
        let lijst = browser.get(huis.app(), &kiezer).await;
        assert_eq!(lijst.status, 200, "{}", lijst.body);
        assert!(lijst.body.contains("Portaal Voorbeeld") && lijst.body.contains("Waterschap Voorbeeldland"));
        let poging = lijst.veld("poging");
        let heen = browser.get(huis.app(), &format!("/oidc/aanmelden/heen?poging={poging}&organisatie={}", huis.organisatie.id)).await;
        assert!(heen.locatie().starts_with(&format!("{}/authorize?", huis.idp.adres())));
        let terug = browser.get(huis.app(), &huis.antwoord(&heen.locatie(), huis.claims("sub-1", "Pien@waterschap.example"))).await;
        let blad = browser.get(huis.app(), &terug.locatie()).await;
        assert!(blad.body.contains("p•••@waterschap.example"));
        let code = huis.code("pien@waterschap.example").await;
        let klaar = browser.post(huis.app(), "/oidc/aanmelden/code", &[("poging", &blad.veld("poging")), ("csrf", &blad.veld("csrf")), ("code", &code)]).await;
        assert!(klaar.locatie().starts_with(TERUG));
        assert_eq!(klaar.param("state").as_deref(), Some("staat"));
        assert_eq!(klaar.param("iss").as_deref(), Some("https://aansluitloket.example"));
        let tokens = huis.tokens(huis.portaal, TERUG, &klaar.param("code").unwrap()).await;
        let (status, ik) = huis.met_token(tokens["access_token"].as_str().unwrap_or_else(|| panic!("{tokens}")), "GET", "/v1/ik", None).await;
        assert_eq!(status, 200, "{ik}");
        assert!(ik.to_string().contains("Pien Voorbeeld"), "{ik}");

        // Een andere browser, dezelfde identiteit: geen code meer, wel weer naar de eigen organisatie.
        let mut ander = Browser::default();
        let weer =
            huis.bij_idp(&mut ander, &huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]), huis.claims("sub-1", "pien@waterschap.example")).await;
        assert!(weer.param("code").is_some());
    }
}

#[actix_web::test]
async fn een_lopende_sessie_geeft_een_tweede_portaal_meteen_een_code() {
    for huis in huizen().await {
        let mut browser = Browser::default();
        huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
        let meteen = browser.get(huis.app(), &huis.vraag_van(huis.portaal_2, TERUG_2, &[])).await;
        assert!(meteen.locatie().starts_with(TERUG_2));
        assert!(meteen.param("code").is_some());
        let tokens = huis.tokens(huis.portaal_2, TERUG_2, &meteen.param("code").unwrap()).await;
        assert!(tokens["id_token"].is_string(), "{tokens}");
    }
}

#[actix_web::test]
async fn een_formulier_van_een_portaal_vindt_de_lopende_sessie_terug() {
    let huis = crate::huis::Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    // Een formulier van een ander domein komt zonder cookies (SameSite=Lax).
    let vraag = huis.vraag(&[]);
    let velden: Vec<(String, String)> = url::form_urlencoded::parse(vraag.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
    let velden: Vec<(&str, &str)> = velden.iter().map(|(naam, waarde)| (naam.as_str(), waarde.as_str())).collect();
    let gezet = Browser::default().post(huis.app(), "/oidc/authorize", &velden).await.locatie();
    let klaar = browser.get(huis.app(), &gezet).await;
    assert!(klaar.param("code").is_some());
    // Wat opgehaald is, is weg.
    browser.get(huis.app(), &gezet).await.weigert(400, "state-onjuist");
}

#[actix_web::test]
async fn een_portaal_dat_een_formulier_wil_krijgt_er_een_dat_alleen_daarheen_mag() {
    let huis = crate::huis::Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let blad = browser.get(huis.app(), &huis.vraag(&[("response_mode", "form_post")])).await;
    assert_eq!(blad.status, 200);
    assert!(blad.body.contains(&format!("action=\"{TERUG}\" method=\"post\"")), "{}", blad.body);
    assert!(!blad.veld("code").is_empty());
    assert_eq!(blad.veld("state"), "staat");
    let csp = blad.kop("content-security-policy");
    assert!(
        csp.contains("form-action 'self' https://portaal.example;") && csp.contains("script-src 'nonce-") && csp.contains("frame-ancestors 'none'"),
        "{csp}"
    );
}

#[actix_web::test]
async fn de_sessie_zegt_wat_de_identiteitsprovider_zei_en_het_logboek_ook() {
    let huis = crate::huis::Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let (_, sessies) = huis.api(huis.idp_beheerder, "GET", "/v1/sessies", None).await;
    let sessie = &sessies["items"][0];
    assert_eq!(sessie["acr"], "https://refeds.org/profile/mfa", "{sessies}");
    assert_eq!(sessie["upstreamAmr"], json!(["pwd", "otp"]));
    assert_eq!(sessie["persoonId"], huis.persoon.id.to_string());
    let (_, logboek) = huis.api(huis.idp_beheerder, "GET", "/v1/aanmeldingen", None).await;
    assert_eq!(logboek["items"][0]["uitkomst"], "geslaagd", "{logboek}");
    assert_eq!(logboek["items"][0]["sessieId"], sessie["id"]);
}
