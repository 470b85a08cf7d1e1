//! Afmelden op verzoek van een portaal: met bewijs meteen, zonder bewijs na een vraag, en ook bij de eigen organisatie.

use crate::huis::{Browser, Huis, TERUG};

const AFGEMELD: &str = "https://portaal.example/afgemeld";

async fn aangemeld(huis: &Huis) -> (Browser, String) {
    let mut browser = Browser::default();
    let klaar = huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let tokens = huis.tokens(huis.portaal, TERUG, &klaar.param("code").unwrap()).await;
    let id_token = tokens["id_token"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned();
    (browser, id_token)
}

fn adres(velden: &[(&str, &str)]) -> String {
    format!("/oidc/logout?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(velden).finish())
}

async fn is_afgemeld(huis: &Huis, browser: &mut Browser) -> bool {
    browser.get(huis.app(), &huis.vraag(&[("prompt", "none")])).await.param("error").as_deref() == Some("login_required")
}

#[actix_web::test]
async fn met_een_id_token_van_deze_sessie_gaat_het_meteen_langs_de_organisatie_en_terug_naar_het_portaal() {
    let huis = Huis::nieuw().await;
    let (mut browser, id_token) = aangemeld(&huis).await;
    let weg = browser.get(huis.app(), &adres(&[("id_token_hint", &id_token), ("post_logout_redirect_uri", AFGEMELD), ("state", "s/1")])).await;
    let upstream = url::Url::parse(&weg.locatie()).unwrap();
    assert!(weg.locatie().starts_with(&format!("{}/afmelden?", huis.idp.adres())));
    let veld = |naam: &str| upstream.query_pairs().find(|(eigen, _)| eigen == naam).map(|(_, waarde)| waarde.into_owned());
    assert!(veld("id_token_hint").is_some_and(|hint| hint != id_token), "het token van de organisatie, niet het onze");
    assert_eq!(veld("post_logout_redirect_uri").as_deref(), Some("https://aansluitloket.example/oidc/afgemeld"));
    assert_eq!(veld("client_id").as_deref(), Some("aansluitloket"), "zo weet de organisatie ook zonder hint wie er afmeldt");
    let terug = browser.get(huis.app(), &format!("/oidc/afgemeld?state={}", veld("state").unwrap())).await;
    assert_eq!(terug.locatie(), format!("{AFGEMELD}?state=s%2F1"));
    assert!(is_afgemeld(&huis, &mut browser).await);
}

#[actix_web::test]
async fn een_id_token_met_heel_veel_groepen_maakt_het_afmeldadres_niet_te_lang() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let mut veel = huis.claims("sub-1", "pien@waterschap.example");
    veel["groups"] = (0..200).map(|nummer| format!("00000000-0000-0000-0000-{nummer:012}")).collect();
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string()), ("prompt", "login")]);
    let klaar = huis.bij_idp(&mut browser, &vraag, veel).await;
    let tokens = huis.tokens(huis.portaal, TERUG, &klaar.param("code").unwrap()).await;
    let weg = browser.get(huis.app(), &adres(&[("id_token_hint", tokens["id_token"].as_str().unwrap())])).await.locatie();
    assert!(weg.starts_with(&format!("{}/afmelden?", huis.idp.adres())) && weg.len() < 4_096, "{weg}");
    assert!(!weg.contains("id_token_hint") && weg.contains("client_id="), "{weg}");
}

#[actix_web::test]
async fn zonder_bewijs_beslist_de_persoon_zelf_en_een_vreemd_formulier_niet() {
    let huis = Huis::nieuw().await;
    let (mut browser, _) = aangemeld(&huis).await;
    let vraag = browser.get(huis.app(), &adres(&[("client_id", &huis.portaal.to_string()), ("post_logout_redirect_uri", AFGEMELD)])).await;
    assert_eq!(vraag.status, 200);
    assert!(vraag.body.contains("Wilt u zich afmelden?"));
    assert!(!is_afgemeld(&huis, &mut browser).await);
    for bevestigd in ["", "ja", "onzin"] {
        assert_eq!(browser.post(huis.app(), "/oidc/logout", &[("bevestigd", bevestigd)]).await.status, 200);
        assert!(!is_afgemeld(&huis, &mut browser).await);
    }
    let velden =
        [("bevestigd", vraag.veld("bevestigd")), ("client_id", vraag.veld("client_id")), ("post_logout_redirect_uri", vraag.veld("post_logout_redirect_uri"))];
    let velden: Vec<(&str, &str)> = velden.iter().map(|(naam, waarde)| (*naam, waarde.as_str())).collect();
    let klaar = browser.post(huis.app(), "/oidc/logout", &velden).await;
    assert!(klaar.body.contains("U bent afgemeld") && klaar.body.contains("http-equiv=\"refresh\""), "{}", klaar.body);
    assert!(is_afgemeld(&huis, &mut browser).await);
}

#[actix_web::test]
async fn zonder_cookie_beeindigt_een_id_token_de_sessie_die_het_noemt_en_de_weg_terug_geldt() {
    let huis = Huis::nieuw().await;
    let (mut browser, id_token) = aangemeld(&huis).await;
    let (mut ander, vraag) = (Browser::default(), adres(&[("id_token_hint", &id_token), ("post_logout_redirect_uri", AFGEMELD), ("state", "x")]));
    assert!(ander.get(huis.app(), &vraag).await.locatie().starts_with(&format!("{}/afmelden?", huis.idp.adres())), "ook bij de organisatie");
    assert!(is_afgemeld(&huis, &mut browser).await);
    // Daarna is er niets meer te doen.
    assert_eq!(ander.get(huis.app(), &vraag).await.locatie(), format!("{AFGEMELD}?state=x"));
    assert!(ander.get(huis.app(), "/oidc/logout").await.body.contains("U bent afgemeld"));
}

#[actix_web::test]
async fn een_id_token_dat_wij_niet_herkennen_bewijst_niets_en_de_persoon_beslist() {
    let huis = Huis::nieuw().await;
    let (mut browser, id_token) = aangemeld(&huis).await;
    let vals = format!("{}x", &id_token[..id_token.len() - 2]);
    assert!(browser.get(huis.app(), &adres(&[("id_token_hint", &vals)])).await.body.contains("Wilt u zich afmelden?"));
    let client = huis.portaal.to_string();
    let velden = [("id_token_hint", vals.as_str()), ("client_id", client.as_str()), ("post_logout_redirect_uri", AFGEMELD)];
    assert!(browser.get(huis.app(), &adres(&velden)).await.body.contains("Wilt u zich afmelden?"));
    assert!(!is_afgemeld(&huis, &mut browser).await);
}

#[actix_web::test]
async fn een_adres_dat_niet_geregistreerd_is_of_een_hint_die_niet_van_ons_is_leidt_nergens_heen() {
    let huis = Huis::nieuw().await;
    let (mut browser, id_token) = aangemeld(&huis).await;
    let client = huis.portaal.to_string();
    let vals = format!("{}x", &id_token[..id_token.len() - 2]);
    for velden in [
        vec![("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", "https://kwaad.example/")],
        vec![("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", "https://portaal.example/afgemeld/")],
        vec![("post_logout_redirect_uri", AFGEMELD)],
        vec![("id_token_hint", vals.as_str()), ("post_logout_redirect_uri", AFGEMELD)],
        vec![("id_token_hint", id_token.as_str()), ("client_id", "0190a000-0000-7000-8000-00000000dead")],
        vec![("client_id", client.as_str()), ("client_id", client.as_str())],
    ] {
        let blad = browser.get(huis.app(), &adres(&velden)).await;
        blad.weigert(400, "portaal-verzoek-onjuist");
        assert!(blad.body.contains("Afmelden is niet gelukt"));
    }
    assert!(!is_afgemeld(&huis, &mut browser).await);
    let vals = browser.get(huis.app(), "/oidc/afgemeld?state=aHR0cHM6Ly9rd2FhZC5leGFtcGxlLw.AAAA").await;
    assert_eq!(vals.status, 200, "een weg terug zonder onze handtekening bestaat niet");
}

#[actix_web::test]
async fn een_token_werkt_na_het_afmelden_niet_meer() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let klaar = huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let tokens = huis.tokens(huis.portaal, TERUG, &klaar.param("code").unwrap()).await;
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(huis.met_token(access, "GET", "/v1/ik", None).await.0, 200);
    browser.get(huis.app(), &adres(&[("id_token_hint", tokens["id_token"].as_str().unwrap())])).await;
    huis.later(10);
    assert_eq!(huis.met_token(access, "GET", "/v1/ik", None).await.0, 401);
}

#[actix_web::test]
async fn een_onbekende_state_na_het_afmelden_leidt_nergens_heen() {
    let huis = Huis::nieuw().await;
    let kwaad = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, "https://kwaad.example/");
    for query in [String::new(), "?state=onzin".to_owned(), format!("?state={kwaad}.onzin"), format!("?state={kwaad}")] {
        let blad = Browser::default().get(huis.app(), &format!("/oidc/afgemeld{query}")).await;
        assert_eq!(blad.status, 200, "{query}");
        assert!(blad.body.contains("U bent afgemeld") && !blad.body.contains("kwaad.example"), "{query}");
    }
}

#[actix_web::test]
async fn een_formulier_van_een_portaal_komt_zonder_cookie_en_beeindigt_toch_de_sessie() {
    let huis = Huis::nieuw().await;
    let (mut browser, id_token) = aangemeld(&huis).await;
    // Van een ander domein gaan onze cookies niet mee (SameSite=Lax); de omleiding daarna is een gewoon bezoek.
    let velden = [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", AFGEMELD), ("state", "s")];
    let verder = Browser::default().post(huis.app(), "/oidc/logout", &velden).await.locatie();
    assert!(browser.get(huis.app(), &verder).await.locatie().starts_with(&format!("{}/afmelden?", huis.idp.adres())));
    assert!(is_afgemeld(&huis, &mut browser).await);
}

#[actix_web::test]
async fn een_id_token_van_een_lopende_sessie_is_ook_na_een_sleutelwissel_te_herkennen() {
    let huis = Huis::nieuw().await;
    huis.app().keys.signing(&huis.app().store, &huis.app().rng, huis.app().clock.now()).await.unwrap();
    // Vlak voor de wissel aangemeld; daarna is de oude sleutel niet meer gepubliceerd, maar de sessie loopt nog.
    huis.later(100_000 * 60 - 240);
    huis.app().keys.rotate(&huis.app().store, &huis.app().rng, huis.app().clock.now()).await.unwrap();
    let (mut browser, id_token) = aangemeld(&huis).await;
    huis.later(3_600);
    let kid = |token: &str| {
        let kop = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, token.split('.').next().unwrap()).unwrap();
        serde_json::from_slice::<serde_json::Value>(&kop).unwrap()["kid"].as_str().unwrap().to_owned()
    };
    let jwks = Browser::default().get(huis.app(), "/oidc/jwks").await.body;
    assert!(!jwks.contains(&kid(&id_token)), "de sleutel is niet meer gepubliceerd");
    assert!(browser.get(huis.app(), &huis.vraag(&[("prompt", "none"), ("id_token_hint", &id_token)])).await.param("code").is_some());
    assert!(browser.get(huis.app(), &adres(&[("id_token_hint", &id_token)])).await.locatie().starts_with(&format!("{}/afmelden?", huis.idp.adres())));
    assert!(is_afgemeld(&huis, &mut browser).await);
}
