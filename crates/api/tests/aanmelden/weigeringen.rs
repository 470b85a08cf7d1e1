//! Wat geweigerd wordt: met een bladzijde die zegt wat er is en van wie het is, en met een regel in het logboek.

use serde_json::json;

use crate::huis::{Browser, Huis, TERUG};

async fn heen(huis: &Huis, browser: &mut Browser) -> String {
    browser.get(huis.app(), &huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())])).await.locatie()
}

#[actix_web::test]
async fn zonder_tweede_factor_komt_niemand_binnen_en_de_idp_beheerder_leest_waarom() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let mut claims = huis.claims("sub-1", "pien@waterschap.example");
    claims["amr"] = json!(["pwd"]);
    claims["acr"] = json!("zonder-tweede");
    let geweigerd = huis.bij_idp(&mut browser, &huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]), claims).await;
    geweigerd.weigert(403, "mfa-niet-bewezen");
    assert!(geweigerd.body.contains("data-eigenaar=\"organisatie-idp\"") && geweigerd.body.contains("Waterschap Voorbeeldland"));
    assert!(browser.cookies.keys().all(|naam| !naam.contains("sessie")));
    let (_, logboek) = huis.api(huis.idp_beheerder, "GET", "/v1/aanmeldingen?uitkomst=geweigerd", None).await;
    let regel = &logboek["items"][0];
    assert_eq!(regel["diagnose"]["code"], "mfa-niet-bewezen", "{logboek}");
    assert_eq!(regel["identiteitsproviderId"], huis.idp_id.to_string());
    assert_eq!((&regel["upstreamAcr"], &regel["upstreamAmr"]), (&json!("zonder-tweede"), &json!(["pwd"])), "wat de identiteitsprovider zei");
    // Het kenmerk op de bladzijde vindt de regel terug.
    let kenmerk = geweigerd.body.split("id=\"kenmerk\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let (_, gevonden) = huis.api(huis.lfb, "GET", &format!("/v1/aanmeldingen?traceId={kenmerk}"), None).await;
    assert_eq!(gevonden["items"][0]["id"], regel["id"]);
}

#[actix_web::test]
async fn wie_niet_geregistreerd_is_hoort_wie_dat_kan_doen_en_wordt_niet_aangemaakt() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
    let geweigerd = huis.bij_idp(&mut browser, &vraag, huis.claims("sub-9", "vreemd@waterschap.example")).await;
    geweigerd.weigert(403, "persoon-niet-geregistreerd");
    assert!(geweigerd.body.contains("luuk@waterschap.example"), "de organisatiebeheerder staat erbij");
    assert!(huis.post("vreemd@waterschap.example").await.is_empty());
}

#[actix_web::test]
async fn een_identiteitsprovider_spreekt_niet_voor_mensen_van_een_ander() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.uitgenodigd(huis.ander.id, "Bo", "bo@netbeheer.example").await;
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
    huis.bij_idp(&mut browser, &vraag, huis.claims("sub-1", "bo@netbeheer.example")).await.weigert(403, "e-mail-buiten-domein");
    assert!(huis.post("bo@netbeheer.example").await.is_empty());
    let mut zonder = huis.claims("sub-1", "");
    zonder.as_object_mut().unwrap().remove("email");
    huis.bij_idp(&mut browser, &vraag, zonder).await.weigert(403, "e-mail-ontbreekt");
}

#[actix_web::test]
async fn een_kapotte_userinfo_houdt_alleen_tegen_wie_daar_iets_van_nodig_heeft() {
    let huis = Huis::nieuw().await;
    huis.idp.heeft_kapotte_userinfo();
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
    let zonder = |naam: &str| {
        let mut claims = huis.claims("sub-1", "pien@waterschap.example");
        claims.as_object_mut().unwrap().remove(naam);
        claims
    };
    let mut browser = Browser::default();
    huis.bij_idp(&mut browser, &vraag, zonder("email")).await.weigert(403, "userinfo-onjuist");
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    for naam in ["name", "email"] {
        assert!(huis.bij_idp(&mut Browser::default(), &vraag, zonder(naam)).await.param("code").is_some(), "wie gekoppeld is, heeft '{naam}' niet nodig");
    }
}

#[actix_web::test]
async fn wie_het_na_een_weigering_opnieuw_probeert_gaat_niet_stil_door_op_dezelfde_sessie() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let prompt = |vertrek: &str| url::Url::parse(vertrek).unwrap().query_pairs().find(|(naam, _)| naam == "prompt").map(|(_, waarde)| waarde.into_owned());
    let eerste = heen(&huis, &mut browser).await;
    assert_eq!(prompt(&eerste), None);
    let mut claims = huis.claims("sub-1", "pien@waterschap.example");
    claims["amr"] = json!(["pwd"]);
    let geweigerd = browser.get(huis.app(), &huis.antwoord(&eerste, claims)).await;
    geweigerd.weigert(403, "mfa-niet-bewezen");
    let poging = geweigerd.body.split("/oidc/aanmelden/kiezen?poging=").nth(1).expect("een knop om het opnieuw te proberen").split('"').next().unwrap();
    let opnieuw = browser.get(huis.app(), &format!("/oidc/aanmelden/heen?poging={poging}&organisatie={}", huis.organisatie.id)).await.locatie();
    assert_eq!(prompt(&opnieuw).as_deref(), Some("login"));
    let terug = huis.antwoord(&opnieuw, huis.claims("sub-1", "pien@waterschap.example"));
    assert!(browser.get(huis.app(), &terug).await.locatie().starts_with("/oidc/aanmelden/code"));
}

#[actix_web::test]
async fn een_identiteitsprovider_die_de_state_weglaat_of_iets_herhaalt_staat_in_het_logboek_van_zijn_beheerder() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let vertrek = heen(&huis, &mut browser).await;
    let url = url::Url::parse(&vertrek).unwrap();
    let state = url.query_pairs().find(|(naam, _)| naam == "state").unwrap().1.into_owned();
    let adres = |query: &str| format!("/oidc/callback/{}?{query}", huis.idp_id);
    browser.get(huis.app(), &adres("")).await.weigert(403, "terugkeer-onjuist");
    for query in ["code=c".to_owned(), "error=server_error".to_owned(), format!("code=c&code=c&state={state}")] {
        browser.get(huis.app(), &adres(&query)).await.weigert(403, "terugkeer-onjuist");
        // In een vreemde browser hoort het nergens bij, en vult het geen logboek.
        Browser::default().get(huis.app(), &adres(&query)).await.weigert(400, "state-onjuist");
    }
    let (_, logboek) = huis.api(huis.idp_beheerder, "GET", "/v1/aanmeldingen?code=terugkeer-onjuist", None).await;
    let gezien: Vec<&str> = logboek["items"].as_array().unwrap().iter().map(|regel| regel["diagnose"]["gezien"].as_str().unwrap()).collect();
    assert_eq!(gezien.len(), 4, "{logboek}");
    assert!(gezien.iter().any(|tekst| tekst.contains("achter een '#'")), "een antwoord in het fragment komt hier leeg aan: {gezien:?}");
    for verwacht in ["geen 'state'", "een fout zonder 'state'", "'code' meer dan één keer"] {
        assert!(gezien.contains(&verwacht), "{verwacht}: {gezien:?}");
    }
    // De aanmelding zelf is daarmee niet voorbij.
    let terug = huis.antwoord(&vertrek, huis.claims("sub-1", "pien@waterschap.example"));
    assert!(browser.get(huis.app(), &terug).await.locatie().starts_with("/oidc/aanmelden/code"));
}

#[actix_web::test]
async fn een_identiteitsprovider_die_met_een_formulier_antwoordt_staat_in_het_logboek_van_zijn_beheerder() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let vertrek = heen(&huis, &mut browser).await;
    let state = url::Url::parse(&vertrek).unwrap().query_pairs().find(|(naam, _)| naam == "state").unwrap().1.into_owned();
    let adres = format!("/oidc/callback/{}", huis.idp_id);
    // Van een andere site komt een formulier zonder koekjes aan: als uit een vreemde browser.
    let mut zonder_koekjes = Browser::default();
    zonder_koekjes.post(huis.app(), &adres, &[("code", "c"), ("state", &state)]).await.weigert(403, "terugkeer-onjuist");
    for velden in [&[("code", "c"), ("state", "verzonnen")][..], &[("code", "c")], &[]] {
        zonder_koekjes.post(huis.app(), &adres, velden).await.weigert(400, "state-onjuist");
    }
    let (_, logboek) = huis.api(huis.idp_beheerder, "GET", "/v1/aanmeldingen?code=terugkeer-onjuist", None).await;
    let regels = logboek["items"].as_array().unwrap();
    assert_eq!(regels.len(), 1, "{logboek}");
    assert_eq!(regels[0]["diagnose"]["gezien"], "een formulier ('response_mode=form_post')");
    // De aanmelding zelf is daarmee niet voorbij.
    let terug = huis.antwoord(&vertrek, huis.claims("sub-1", "pien@waterschap.example"));
    assert!(browser.get(huis.app(), &terug).await.locatie().starts_with("/oidc/aanmelden/code"));
}

#[actix_web::test]
async fn een_tweede_identiteit_neemt_een_gekoppelde_persoon_niet_over() {
    let huis = Huis::nieuw().await;
    huis.aangemeld(&mut Browser::default(), "sub-1", "pien@waterschap.example").await;
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
    let ander = huis.bij_idp(&mut Browser::default(), &vraag, huis.claims("sub-2", "pien@waterschap.example")).await;
    ander.weigert(403, "identiteit-gewijzigd");
}

#[actix_web::test]
async fn een_antwoord_in_een_andere_browser_telt_niet() {
    let huis = Huis::nieuw().await;
    let (mut eigen, mut vreemd) = (Browser::default(), Browser::default());
    let vertrek = heen(&huis, &mut eigen).await;
    let terug = huis.antwoord(&vertrek, huis.claims("sub-1", "pien@waterschap.example"));
    vreemd.get(huis.app(), &terug).await.weigert(400, "state-onjuist");
}

#[actix_web::test]
async fn een_antwoord_telt_een_keer_en_niet_na_een_halfuur() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let mut ander = Browser::default();
    let vertrek = heen(&huis, &mut ander).await;
    let terug = huis.antwoord(&vertrek, huis.claims("sub-1", "pien@waterschap.example"));
    assert!(ander.get(huis.app(), &terug).await.param("code").is_some());
    ander.get(huis.app(), &terug).await.weigert(400, "state-onjuist");
    let vertrek = heen(&huis, &mut Browser::default()).await;
    huis.later(1801);
    let terug = huis.antwoord(&vertrek, huis.claims("sub-1", "pien@waterschap.example"));
    ander.get(huis.app(), &terug).await.weigert(400, "state-onjuist");
}

#[actix_web::test]
async fn een_antwoord_op_het_adres_van_een_ander_telt_niet() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let vertrek = heen(&huis, &mut browser).await;
    let terug = huis.antwoord(&vertrek, huis.claims("sub-1", "pien@waterschap.example"));
    let (_, idps) = huis.api(huis.lfb, "GET", "/v1/identiteitsproviders", None).await;
    let ander =
        idps["items"].as_array().unwrap().iter().find(|idp| idp["organisatieId"] == huis.ander.id.to_string()).unwrap()["id"].as_str().unwrap().to_owned();
    browser.get(huis.app(), &terug.replace(&huis.idp_id.to_string(), &ander)).await.weigert(403, "iss-parameter-onjuist");
}

#[actix_web::test]
async fn een_onbekend_portaal_of_terugkeeradres_ziet_een_bladzijde_en_leidt_nergens_heen() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    for extra in [
        ("redirect_uri", "https://kwaad.example/terug"),
        ("client_id", "0190a000-0000-7000-8000-00000000dead"),
        ("redirect_uri", "https://portaal.example/terug/"),
    ] {
        let blad = browser.get(huis.app(), &huis.vraag(&[extra])).await;
        blad.weigert(400, "portaal-verzoek-onjuist");
        assert!(!blad.body.contains(TERUG), "een vreemde leert de geregistreerde adressen niet");
    }
    // Wie het portaal bouwt, leest het in het logboek.
    let (_, logboek) = huis.api(huis.lfb, "GET", &format!("/v1/aanmeldingen?toepassingId={}", huis.portaal), None).await;
    assert_eq!(logboek["items"][0]["diagnose"]["code"], "portaal-verzoek-onjuist", "{logboek}");
    // Klopt het adres wel, dan hoort het portaal zelf wat er mis is.
    let fout = browser.get(huis.app(), &huis.vraag(&[("response_type", "token")])).await;
    assert_eq!(fout.param("error").as_deref(), Some("unsupported_response_type"));
    assert_eq!(fout.param("iss").as_deref(), Some("https://aansluitloket.example"));
}

#[actix_web::test]
async fn een_portaal_dat_geen_bladzijde_wil_krijgt_meteen_een_antwoord() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let stil = [("prompt", "none")];
    assert_eq!(browser.get(huis.app(), &huis.vraag(&stil)).await.param("error").as_deref(), Some("login_required"));
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    assert!(browser.get(huis.app(), &huis.vraag(&stil)).await.param("code").is_some());
    huis.later(600);
    assert_eq!(browser.get(huis.app(), &huis.vraag(&[("prompt", "none"), ("max_age", "300")])).await.param("error").as_deref(), Some("login_required"));
}

#[actix_web::test]
async fn de_bladzijden_staan_in_geen_venster_van_een_ander_en_een_cookie_is_alleen_van_ons() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let kiezer = browser.get(huis.app(), &huis.vraag(&[])).await;
    let koekje = kiezer.kop("set-cookie");
    assert!(koekje.starts_with("__Host-aansluitloket-browser=") && koekje.contains("HttpOnly; SameSite=Lax; Secure"), "{koekje}");
    let blad = browser.get(huis.app(), &kiezer.locatie()).await;
    assert_eq!(blad.kop("x-frame-options"), "DENY");
    let csp = blad.kop("content-security-policy");
    assert!(csp.contains("frame-ancestors 'none'") && csp.contains("default-src 'none'") && !csp.contains("script-src"), "{csp}");
    for stijl in ["/oidc/stijl/nl-design-system.css", "/oidc/stijl/loket.css"] {
        let css = browser.get(huis.app(), stijl).await;
        assert_eq!((css.status, css.kop("content-type").as_str()), (200, "text/css; charset=utf-8"));
        assert!(!css.body.contains("http://") && !css.body.contains("@import") && !css.body.contains("url("), "niets van buiten");
    }
}

#[actix_web::test]
async fn is_een_identiteitsprovider_onbereikbaar_dan_zegt_een_bladzijde_dat_en_een_ander_merkt_er_niets_van() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    // Deze uitgever luistert nergens: de poort is alweer dicht.
    let dood = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let kapot = huis.met_dode_idp(&format!("http://{dood}")).await;
    let geweigerd = browser.get(huis.app(), &huis.vraag(&[("organisatie", &kapot.to_string())])).await;
    geweigerd.weigert(502, "idp-onbereikbaar");
    assert!(huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await.param("code").is_some());
}

#[actix_web::test]
async fn is_de_opslag_weg_dan_is_er_een_bladzijde_en_geen_json() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let vraag = huis.vraag(&[]);
    huis.breek_opslag();
    let blad = browser.get(huis.app(), &vraag).await;
    assert!(blad.status >= 500 && blad.kop("content-type").starts_with("text/html"), "{} {}", blad.status, blad.body);
    assert!(blad.body.contains("id=\"kenmerk\"") && !blad.body.to_lowercase().contains("sqlite"));
}

/// Het antwoord van een identiteitsprovider waar de persoon afbrak.
async fn afgebroken(huis: &Huis, browser: &mut Browser, extra: &[(&str, &str)]) -> crate::huis::Gezien {
    let organisatie = huis.organisatie.id.to_string();
    let vraag: Vec<(&str, &str)> = extra.iter().copied().chain([("organisatie", organisatie.as_str())]).collect();
    let vertrek = browser.get(huis.app(), &huis.vraag(&vraag)).await.locatie();
    let url = url::Url::parse(&vertrek).unwrap();
    let state = url.query_pairs().find(|(naam, _)| naam == "state").unwrap().1.into_owned();
    browser.get(huis.app(), &format!("/oidc/callback/{}?error=access_denied&state={state}", huis.idp_id)).await
}

#[actix_web::test]
async fn wie_bij_de_organisatie_afbreekt_gaat_met_een_knop_terug_en_het_portaal_hoort_dat() {
    let huis = Huis::nieuw().await;
    let blad = afgebroken(&huis, &mut Browser::default(), &[]).await;
    blad.weigert(403, "afgebroken-bij-idp");
    let href = blad.body.split("id=\"terug-naar-portaal\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let terug = url::Url::parse(&href).unwrap();
    let velden: std::collections::HashMap<_, _> = terug.query_pairs().into_owned().collect();
    assert!(href.starts_with(TERUG));
    assert_eq!((velden["error"].as_str(), velden["state"].as_str(), velden["iss"].as_str()), ("access_denied", "staat", crate::huis::BASIS));
    assert!(velden.contains_key("error_description") && !velden.contains_key("code"));
}

#[actix_web::test]
async fn een_portaal_dat_een_formulier_wil_hoort_ook_een_afgebroken_aanmelding_als_formulier() {
    let huis = Huis::nieuw().await;
    let blad = afgebroken(&huis, &mut Browser::default(), &[("response_mode", "form_post")]).await;
    blad.weigert(403, "afgebroken-bij-idp");
    assert!(blad.body.contains(&format!("<form action=\"{TERUG}\" method=\"post\">")), "{}", blad.body);
    assert_eq!((blad.veld("error").as_str(), blad.veld("state").as_str(), blad.veld("iss").as_str()), ("access_denied", "staat", crate::huis::BASIS));
    assert!(blad.kop("content-security-policy").ends_with("form-action 'self' https://portaal.example"), "zonder JavaScript moet het formulier weg mogen");
}

#[actix_web::test]
async fn wie_engels_leest_krijgt_ook_de_uitleg_van_een_fout_in_het_engels() {
    let huis = Huis::nieuw().await;
    let blad = afgebroken(&huis, &mut Browser::default(), &[("ui_locales", "en")]).await;
    blad.weigert(403, "afgebroken-bij-idp");
    assert!(blad.body.contains("The sign-in was cancelled or refused") || blad.body.contains("the sign-in was cancelled or refused"), "{}", blad.body);
    assert!(blad.body.contains("<html lang=\"en\"") && !blad.body.contains("aanmelding is afgebroken"), "{}", blad.body);
    // Ook als het verzoek zelf al niet klopt, en als de opslag weg is.
    let fout = Browser::default().get(huis.app(), &huis.vraag(&[("redirect_uri", "https://kwaad.example/"), ("ui_locales", "en")])).await;
    assert!(fout.body.contains("Start again from the portal"), "{}", fout.body);
    huis.breek_opslag();
    let weg = Browser::default().get(huis.app(), &huis.vraag(&[("ui_locales", "en")])).await;
    assert!(weg.body.contains("This service cannot do this right now"), "{}", weg.body);
}

#[actix_web::test]
async fn is_de_opslag_weg_dan_blijven_sleutels_en_discovery_bereikbaar_voor_wie_tokens_controleert() {
    let huis = Huis::nieuw().await;
    huis.aangemeld(&mut Browser::default(), "sub-1", "pien@waterschap.example").await;
    huis.app().keys.signing(&huis.app().store, &huis.app().rng, huis.app().clock.now()).await.unwrap();
    let voor = Browser::default().get(huis.app(), "/oidc/jwks").await;
    assert!(voor.body.contains("\"kid\""));
    huis.breek_opslag();
    huis.later(3600);
    let na = Browser::default().get(huis.app(), "/oidc/jwks").await;
    assert_eq!((na.status, na.body), (200, voor.body));
    assert_eq!(Browser::default().get(huis.app(), "/.well-known/openid-configuration").await.status, 200);
}

#[actix_web::test]
async fn wie_op_onze_bladzijden_afziet_van_aanmelden_gaat_terug_en_het_portaal_hoort_dat() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let kiezer = browser.get(huis.app(), &huis.vraag(&[])).await.locatie();
    let annuleren = |blad: &crate::huis::Gezien| blad.body.split("id=\"annuleren\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let blad = browser.get(huis.app(), &kiezer).await;
    let terug = browser.get(huis.app(), &annuleren(&blad)).await;
    assert_eq!((terug.param("error").as_deref(), terug.param("state").as_deref()), (Some("access_denied"), Some("staat")));
    assert_eq!(terug.param("iss").as_deref(), Some(crate::huis::BASIS));
    // Ook bij de eenmalige code, en alleen in het eigen venster.
    let code =
        huis.bij_idp(&mut browser, &huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]), huis.claims("sub-1", "pien@waterschap.example")).await;
    let blad = browser.get(huis.app(), &code.locatie()).await;
    assert_eq!(browser.get(huis.app(), &annuleren(&blad)).await.param("error").as_deref(), Some("access_denied"));
    Browser::default().get(huis.app(), &annuleren(&blad)).await.weigert(400, "state-onjuist");
}

#[actix_web::test]
async fn een_fout_in_het_verzoek_gaat_met_state_terug_zodra_het_adres_zeker_is() {
    let huis = Huis::nieuw().await;
    for (naam, waarde, fout) in [
        ("response_mode", "fragment", "invalid_request"),
        ("request_uri", "https://elders.example/verzoek", "request_uri_not_supported"),
        ("prompt", "onzin", "invalid_request"),
    ] {
        let terug = Browser::default().get(huis.app(), &huis.vraag(&[(naam, waarde)])).await;
        assert_eq!((terug.param("error").as_deref(), terug.param("state").as_deref()), (Some(fout), Some("staat")), "{naam}");
    }
}

#[actix_web::test]
async fn dezelfde_sub_met_het_adres_van_een_collega_opent_niet_het_account_van_een_ander() {
    let huis = Huis::nieuw().await;
    huis.uitgenodigd(huis.organisatie.id, "Tess", "tess@waterschap.example").await;
    huis.aangemeld(&mut Browser::default(), "medewerker", "pien@waterschap.example").await;
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
    let ander = huis.claims("medewerker", "tess@waterschap.example");
    huis.bij_idp(&mut Browser::default(), &vraag, ander).await.weigert(403, "identiteit-gewijzigd");
    // Een nieuw eigen adres is geen adres van een ander.
    let verhuisd = huis.claims("medewerker", "pien.nieuw@waterschap.example");
    assert!(huis.bij_idp(&mut Browser::default(), &vraag, verhuisd).await.param("code").is_some());
}

#[actix_web::test]
async fn tekens_die_geen_opslag_aankan_geven_een_regel_in_het_logboek_en_geen_storing() {
    let huis = Huis::nieuw().await;
    let vraag = huis.vraag(&[("organisatie", &huis.organisatie.id.to_string())]);
    let met = |naam: &str, waarde: &str| {
        let mut claims = huis.claims("sub-1", "pien@waterschap.example");
        claims[naam] = json!(waarde);
        claims
    };
    huis.bij_idp(&mut Browser::default(), &vraag, met("sub", "a\u{0}b")).await.weigert(403, "claim-ontbreekt");
    huis.bij_idp(&mut Browser::default(), &vraag, met("email", "a\u{0}b@waterschap.example")).await.weigert(403, "e-mail-ontbreekt");
    let mut zwak = met("acr", "a\u{0}b");
    zwak["amr"] = json!(["pwd"]);
    huis.bij_idp(&mut Browser::default(), &vraag, zwak).await.weigert(403, "mfa-niet-bewezen");
    let (_, logboek) = huis.api(huis.idp_beheerder, "GET", "/v1/aanmeldingen?uitkomst=geweigerd", None).await;
    assert_eq!(logboek["items"].as_array().unwrap().len(), 3, "{logboek}");
    assert!(logboek["items"].as_array().unwrap().iter().any(|regel| regel["upstreamAcr"] == "a b"), "{logboek}");
}
