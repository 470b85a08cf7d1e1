//! Opnieuw of sterker aanmelden gaat door naar de eigen organisatie, en komt waarheidsgetrouw terug.

use url::Url;

use crate::huis::{Browser, Huis, TERUG};

fn veld(adres: &str, naam: &str) -> Option<String> {
    Url::parse(adres).unwrap().query_pairs().find(|(eigen, _)| eigen == naam).map(|(_, waarde)| waarde.into_owned())
}

#[actix_web::test]
async fn prompt_login_en_max_age_gaan_door_naar_de_organisatie_en_de_sessie_blijft_dezelfde() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let (_, voor) = huis.api(huis.persoon.id, "GET", "/v1/sessies?lopend=true", None).await;
    huis.later(600);
    let heen = browser.get(huis.app(), &huis.vraag(&[("prompt", "login")])).await.locatie();
    assert_eq!((veld(&heen, "prompt").as_deref(), veld(&heen, "max_age").as_deref()), (Some("login"), Some("60")));
    let mut claims = huis.claims("sub-1", "pien@waterschap.example");
    claims["auth_time"] = huis.nu().into();
    let klaar = browser.get(huis.app(), &huis.antwoord(&heen, claims)).await;
    let tokens = huis.tokens(huis.portaal, TERUG, &klaar.param("code").unwrap()).await;
    assert!(tokens["access_token"].is_string(), "{tokens}");
    let (_, na) = huis.api(huis.persoon.id, "GET", "/v1/sessies?lopend=true", None).await;
    assert_eq!(na["items"].as_array().unwrap().len(), 1);
    assert_eq!(na["items"][0]["id"], voor["items"][0]["id"], "andere portalen blijven aangemeld");
    assert!(na["items"][0]["aangemeldOp"].as_str() > voor["items"][0]["aangemeldOp"].as_str());
}

#[actix_web::test]
async fn een_organisatie_die_stil_doorlaat_terwijl_een_verse_aanmelding_gevraagd_is_wordt_geweigerd() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    huis.later(600);
    let heen = browser.get(huis.app(), &huis.vraag(&[("max_age", "300")])).await.locatie();
    assert_eq!(veld(&heen, "max_age").as_deref(), Some("300"));
    let mut claims = huis.claims("sub-1", "pien@waterschap.example");
    claims["auth_time"] = (huis.nu() - 600).into();
    browser.get(huis.app(), &huis.antwoord(&heen, claims)).await.weigert(403, "aanmelding-te-oud");
}

#[actix_web::test]
async fn een_sterkte_die_niet_bewezen_is_gaat_als_fout_terug_en_nooit_als_bewijs() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let eis = r#"{"id_token":{"acr":{"essential":true,"values":["http://eidas.europa.eu/LoA/high"]}}}"#;
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let heen = browser.get(huis.app(), &huis.vraag(&[("claims", eis)])).await.locatie();
    let terug = browser.get(huis.app(), &huis.antwoord(&heen, huis.claims("sub-1", "pien@waterschap.example"))).await;
    assert_eq!(terug.param("error").as_deref(), Some("unmet_authentication_requirements"));
    let (_, logboek) = huis.api(huis.idp_beheerder, "GET", "/v1/aanmeldingen?code=sterkte-niet-bewezen", None).await;
    assert_eq!(logboek["items"].as_array().unwrap().len(), 1, "{logboek}");
}

#[actix_web::test]
async fn een_andere_persoon_in_dezelfde_browser_vervangt_de_sessie() {
    let huis = Huis::nieuw().await;
    huis.uitgenodigd(huis.organisatie.id, "Otto", "otto@waterschap.example").await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let eerste = browser.cookies.clone();
    let heen = browser.get(huis.app(), &huis.vraag(&[("prompt", "login")])).await.locatie();
    let mut claims = huis.claims("sub-2", "otto@waterschap.example");
    claims["auth_time"] = huis.nu().into();
    let blad = browser.get(huis.app(), &huis.antwoord(&heen, claims)).await.locatie();
    let blad = browser.get(huis.app(), &blad).await;
    let code = huis.code("otto@waterschap.example").await;
    browser.post(huis.app(), "/oidc/aanmelden/code", &[("poging", &blad.veld("poging")), ("csrf", &blad.veld("csrf")), ("code", &code)]).await.locatie();
    // Het eerdere geheim opent niets meer.
    let mut oud = Browser { cookies: eerste };
    assert_eq!(oud.get(huis.app(), &huis.vraag(&[("prompt", "none")])).await.param("error").as_deref(), Some("login_required"));
    let (_, sessies) = huis.api(huis.persoon.id, "GET", "/v1/sessies", None).await;
    assert_eq!(sessies["items"][0]["eindeReden"], "vervangen", "{sessies}");
}

#[actix_web::test]
async fn noemt_een_organisatie_geen_moment_van_aanmelden_dan_zeggen_wij_er_ook_geen_en_telt_niets_als_vers() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let zonder = || {
        let mut claims = huis.claims("sub-1", "pien@waterschap.example");
        claims.as_object_mut().unwrap().remove("auth_time");
        claims
    };
    let organisatie = huis.organisatie.id.to_string();
    // Niet gevraagd: de aanmelding gaat door, en het ID-token noemt geen auth_time.
    let mut ander = Browser::default();
    let terug = huis.bij_idp(&mut ander, &huis.vraag(&[("organisatie", &organisatie)]), zonder()).await;
    let tokens = huis.tokens(huis.portaal, crate::huis::TERUG, &terug.param("code").unwrap()).await;
    let inhoud = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims: serde_json::Value =
        serde_json::from_slice(&base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, inhoud).unwrap()).unwrap();
    assert!(claims.get("auth_time").is_none(), "{claims}");
    // Wel gevraagd: die sessie is nooit vers genoeg, en een antwoord zonder bewijs wordt geweigerd.
    for vers in [("max_age", "3600"), ("prompt", "login")] {
        huis.bij_idp(&mut ander, &huis.vraag(&[("organisatie", &organisatie), vers]), zonder()).await.weigert(403, "auth-time-ontbreekt");
    }
    assert_eq!(ander.get(huis.app(), &huis.vraag(&[("prompt", "none"), ("max_age", "3600")])).await.param("error").as_deref(), Some("login_required"));
}
