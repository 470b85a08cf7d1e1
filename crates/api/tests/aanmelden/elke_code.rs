//! Elke diagnosecode, uitgelokt langs de hele weg: van portaal naar identiteitsprovider en terug.
//!
//! De lijst is volledig: komt er een code bij, dan vertaalt `iedere_code_staat_in_de_lijst` niet meer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Id;
use domain::diagnose::{DiagnoseCode as C, Eigenaar};
use provider::SigningKey;
use serde_json::{Value, json};
use url::Url;

use crate::huis::{Browser, Gezien, Huis};

const PIEN: &str = "pien@waterschap.example";

/// Wat de proef zag, en wat er in het logboek hoort te staan.
struct Afloop {
    gezien: Gezien,
    /// Zonder poging (een verlopen venster) is er niemand om mee te helpen, en dus geen regel.
    in_logboek: bool,
    /// Het portaal hoort het zelf; er is geen bladzijde.
    bladzijde: bool,
}

impl From<Gezien> for Afloop {
    fn from(gezien: Gezien) -> Self {
        Self { gezien, in_logboek: true, bladzijde: true }
    }
}

/// De code staat op de bladzijde met haar eigenaar, en in het logboek met wat er verwacht en gezien is; nooit een geheim.
async fn bewijs(code: C, lok_uit: impl AsyncFn(&Huis) -> Afloop) {
    let huis = Huis::nieuw().await;
    let afloop = lok_uit(&huis).await;
    if afloop.bladzijde {
        let status = afloop.gezien.status;
        assert!((400..=502).contains(&status), "{status}");
        afloop.gezien.weigert(status, code.as_str());
        let eigenaar = format!("data-eigenaar=\"{}\"", code.eigenaar().as_str());
        assert!(afloop.gezien.body.contains(&eigenaar), "{eigenaar}: {}", afloop.gezien.body);
    } else {
        assert!(afloop.gezien.param("error").is_some(), "het portaal hoort dat het niet doorging");
    }
    let (_, logboek) = huis.api(huis.lfb, "GET", &format!("/v1/aanmeldingen?code={}", code.as_str()), None).await;
    let regels = logboek["items"].as_array().expect("items");
    assert_eq!(!regels.is_empty(), afloop.in_logboek, "{logboek}");
    for regel in regels {
        let diagnose = &regel["diagnose"];
        assert_eq!(diagnose["eigenaar"], code.eigenaar().as_str());
        assert_eq!((&diagnose["uitleg"], &diagnose["watNu"]), (&json!(code.uitleg()), &json!(code.wat_nu())));
        // Wie de aanmelddienst beheert, ziet wat er verwacht werd en wat er stond.
        if code.eigenaar() == Eigenaar::OrganisatieIdp {
            assert!(diagnose["verwacht"].is_string() && diagnose["gezien"].is_string(), "{diagnose}");
        }
        // Het geheim van de registratie, het toegangstoken en een heel ID-token horen nergens in.
        let tekst = format!("{} {}", diagnose["verwacht"], diagnose["gezien"]);
        assert!(!tekst.contains("\"geheim\"") && !tekst.contains("eyJ"), "{tekst}");
    }
}

fn vraag(huis: &Huis, organisatie: Id, extra: &[(&str, &str)]) -> String {
    let organisatie = organisatie.to_string();
    let velden: Vec<(&str, &str)> = extra.iter().copied().chain([("organisatie", organisatie.as_str())]).collect();
    huis.vraag(&velden)
}

/// Meldt aan met een wijziging in de claims; `null` haalt weg.
async fn met(huis: &Huis, wijziging: Value) -> Afloop {
    bij(huis, huis.organisatie.id, &[], wijziging).await
}

async fn bij(huis: &Huis, organisatie: Id, extra: &[(&str, &str)], wijziging: Value) -> Afloop {
    let mut claims = huis.claims("sub-1", PIEN);
    for (naam, waarde) in wijziging.as_object().expect("wijziging") {
        if waarde.is_null() {
            claims.as_object_mut().expect("claims").remove(naam);
        } else {
            claims[naam] = waarde.clone();
        }
    }
    huis.bij_idp(&mut Browser::default(), &vraag(huis, organisatie, extra), claims).await.into()
}

/// Een ID-token dat zo gemaakt is.
async fn getekend(huis: &Huis, hoe: impl Fn(&SigningKey, &Value) -> String + Send + 'static) -> Afloop {
    huis.idp.tekent(hoe);
    met(huis, json!({})).await
}

fn deel(waarde: &Value) -> String {
    URL_SAFE_NO_PAD.encode(waarde.to_string())
}

/// De identiteitsprovider is al niet te gebruiken voordat iemand vertrekt.
async fn vertrek(huis: &Huis) -> Afloop {
    Browser::default().get(huis.app(), &vraag(huis, huis.organisatie.id, &[])).await.into()
}

/// Het antwoord van de identiteitsprovider met deze parameters naast `state`.
async fn terug_met(huis: &Huis, parameters: &[(&str, &str)]) -> Afloop {
    let mut browser = Browser::default();
    let heen = browser.get(huis.app(), &vraag(huis, huis.organisatie.id, &[])).await.locatie();
    let state = Url::parse(&heen).expect("vertrek").query_pairs().find(|(naam, _)| naam == "state").expect("state").1.into_owned();
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("state", &state).extend_pairs(parameters).finish();
    browser.get(huis.app(), &format!("/oidc/callback/{}?{query}", huis.idp_id)).await.into()
}

/// Deze persoon staat zo in de opslag.
async fn geblokkeerd(huis: &Huis) {
    let (oud, nu) = (huis.persoon.clone(), huis.app().clock.now());
    huis.zaai(move |tx| store::personen::update(tx, &oud.blokkeren(nu).expect("te blokkeren"), oud.versie)).await;
}

async fn te_veel_codes(huis: &Huis) -> Afloop {
    let mut browser = Browser::default();
    let heen = huis.bij_idp(&mut browser, &vraag(huis, huis.organisatie.id, &[]), huis.claims("sub-1", PIEN)).await.locatie();
    let blad = browser.get(huis.app(), &heen).await;
    for _ in 0..7 {
        let opnieuw = [("poging", blad.veld("poging")), ("csrf", blad.veld("csrf"))];
        let opnieuw: Vec<(&str, &str)> = opnieuw.iter().map(|(naam, waarde)| (*naam, waarde.as_str())).collect();
        assert_eq!(browser.post(huis.app(), "/oidc/aanmelden/code/opnieuw", &opnieuw).await.status, 303);
    }
    met(huis, json!({})).await
}

async fn te_zwak(huis: &Huis) -> Afloop {
    let eis = r#"{"id_token":{"acr":{"essential":true,"values":["http://eidas.europa.eu/LoA/high"]}}}"#;
    Afloop { bladzijde: false, ..bij(huis, huis.organisatie.id, &[("claims", eis)], json!({})).await }
}

async fn vreemde_aanmelddienst(huis: &Huis) -> Afloop {
    let mut browser = Browser::default();
    let kiezer = browser.get(huis.app(), &huis.vraag(&[])).await.locatie();
    let poging = browser.get(huis.app(), &kiezer).await.veld("poging");
    let heen = format!("/oidc/aanmelden/heen?poging={poging}&organisatie={}&idp={}", huis.organisatie.id, huis.portaal);
    browser.get(huis.app(), &heen).await.into()
}

/// Per code een proef die haar uitlokt.
macro_rules! elke_code {
    ($($code:ident => $proef:ident, $lok_uit:expr;)+) => {
        const fn iedere_code_staat_in_de_lijst(code: C) {
            match code { $(C::$code => {})+ }
        }

        $(
            #[actix_web::test]
            async fn $proef() {
                const { iedere_code_staat_in_de_lijst(C::$code) };
                bewijs(C::$code, $lok_uit).await;
            }
        )+
    };
}

elke_code! {
    IdpOnbereikbaar => idp_onbereikbaar, async |huis| {
        huis.idp.geeft("discovery", 503, json!({}));
        vertrek(huis).await
    };
    AdresNietToegestaan => adres_niet_toegestaan, async |huis| {
        huis.idp.zegt_van_zichzelf("token_endpoint", json!("https://10.0.0.1/token"));
        vertrek(huis).await
    };
    DiscoveryOnjuist => discovery_onjuist, async |huis| {
        huis.idp.zegt_van_zichzelf("jwks_uri", json!(1));
        vertrek(huis).await
    };
    IssuerMismatch => issuer_mismatch, async |huis| {
        huis.idp.zegt_van_zichzelf("issuer", json!(format!("{}/", huis.idp.adres())));
        vertrek(huis).await
    };
    SleutelsOnjuist => sleutels_onjuist, async |huis| {
        huis.idp.geeft("jwks", 200, json!({ "geen": "sleutels" }));
        vertrek(huis).await
    };
    SleutelOnbekend => sleutel_onbekend, async |huis| getekend(huis, |_, claims| SigningKey::generate().unwrap().sign("JWT", claims).unwrap()).await;
    HandtekeningOnjuist => handtekening_onjuist, async |huis| getekend(huis, |sleutel, claims| {
        let kop = json!({ "alg": "ES256", "typ": "JWT", "kid": sleutel.kid() });
        format!("{}.{}.{}", deel(&kop), deel(claims), URL_SAFE_NO_PAD.encode([1; 64]))
    }).await;
    AlgoritmeNietToegestaan => algoritme_niet_toegestaan, async |huis| {
        getekend(huis, |_, claims| format!("{}.{}.", deel(&json!({ "alg": "none", "typ": "JWT" })), deel(claims))).await
    };
    TokenkopNietToegestaan => tokenkop_niet_toegestaan, async |huis| getekend(huis, |sleutel, claims| {
        let kop = json!({ "alg": "ES256", "typ": "JWT", "kid": sleutel.kid(), "jku": "https://elders.example/jwks" });
        sleutel.sign_with_header(&kop, claims).unwrap()
    }).await;
    IdTokenOntbreekt => id_token_ontbreekt, async |huis| {
        huis.idp.geeft("token", 200, json!({ "access_token": "at", "token_type": "Bearer" }));
        met(huis, json!({})).await
    };
    IdTokenOnleesbaar => id_token_onleesbaar, async |huis| getekend(huis, |_, _| "a.b.c.d.e".to_owned()).await;
    TokenSoortOnjuist => token_soort_onjuist, async |huis| getekend(huis, |sleutel, claims| sleutel.sign("at+jwt", claims).unwrap()).await;
    BestemmingOnjuist => bestemming_onjuist, async |huis| met(huis, json!({ "aud": "een-ander" })).await;
    TokenVerlopen => token_verlopen, async |huis| met(huis, json!({ "iat": huis.nu(), "exp": huis.nu() - 3600 })).await;
    KlokLooptUit => klok_loopt_uit, async |huis| met(huis, json!({ "iat": huis.nu() + 3600, "exp": huis.nu() + 7200 })).await;
    NonceOnjuist => nonce_onjuist, async |huis| met(huis, json!({ "nonce": "van een ander vertrek" })).await;
    StateOnjuist => state_onjuist, async |huis| {
        let los = Browser::default().get(huis.app(), &format!("/oidc/callback/{}?code=c&state=onbekend", huis.idp_id)).await;
        Afloop { in_logboek: false, ..los.into() }
    };
    IssParameterOnjuist => iss_parameter_onjuist, async |huis| terug_met(huis, &[("code", "c"), ("iss", "https://elders.example")]).await;
    TerugkeerOnjuist => terugkeer_onjuist, async |huis| terug_met(huis, &[]).await;
    AtHashOnjuist => at_hash_onjuist, async |huis| met(huis, json!({ "at_hash": "van een ander toegangstoken" })).await;
    ClaimOntbreekt => claim_ontbreekt, async |huis| met(huis, json!({ "sub": null })).await;
    AuthTimeOntbreekt => auth_time_ontbreekt, async |huis| bij(huis, huis.organisatie.id, &[("max_age", "300")], json!({ "auth_time": null })).await;
    AanmeldingTeOud => aanmelding_te_oud, async |huis| {
        bij(huis, huis.organisatie.id, &[("max_age", "300")], json!({ "auth_time": huis.nu() - 3600 })).await
    };
    MfaNietBewezen => mfa_niet_bewezen, async |huis| met(huis, json!({ "amr": ["pwd"] })).await;
    AcrClaimOntbreekt => acr_claim_ontbreekt, async |huis| {
        let organisatie = huis.met_mfa(json!({ "preset": "acr", "waarden": ["2"] }), true).await;
        bij(huis, organisatie, &[], json!({})).await
    };
    AmrClaimOntbreekt => amr_claim_ontbreekt, async |huis| met(huis, json!({ "amr": null })).await;
    AcrsClaimOntbreekt => acrs_claim_ontbreekt, async |huis| {
        let organisatie = huis.met_mfa(json!({ "preset": "entra-v2", "waarden": ["c1"] }), true).await;
        bij(huis, organisatie, &[], json!({})).await
    };
    MfaClaimOntbreekt => mfa_claim_ontbreekt, async |huis| {
        let regel = json!({ "preset": "vrij", "bewijs": [{ "claim": "tweede", "toets": "bevat", "waarden": ["ja"] }], "vraag": { "claims": [{ "claim": "tweede", "waarden": [] }] } });
        let organisatie = huis.met_mfa(regel, true).await;
        bij(huis, organisatie, &[], json!({})).await
    };
    MfaClaimVormOnjuist => mfa_claim_vorm_onjuist, async |huis| met(huis, json!({ "amr": "mfa" })).await;
    AndereOrganisatie => andere_organisatie, async |huis| {
        let (bo, issuer) = (huis.uitgenodigd(huis.ander.id, "Bo", "bo@netbeheer.example").await.id, huis.idp.adres().to_owned());
        huis.zaai(move |tx| store::personen::koppel(tx, &issuer, "sub-1", bo)).await;
        met(huis, json!({})).await
    };
    EMailBuitenDomein => e_mail_buiten_domein, async |huis| met(huis, json!({ "email": "pien@elders.example" })).await;
    EMailNietBevestigd => e_mail_niet_bevestigd, async |huis| {
        crate::eerste_keer::aanmaken(huis).await;
        met(huis, json!({ "email": "vreemd@waterschap.example", "email_verified": false })).await
    };
    EMailOntbreekt => e_mail_ontbreekt, async |huis| met(huis, json!({ "email": null })).await;
    PersoonNietGeregistreerd => persoon_niet_geregistreerd, async |huis| met(huis, json!({ "email": "vreemd@waterschap.example" })).await;
    PersoonGeblokkeerd => persoon_geblokkeerd, async |huis| {
        geblokkeerd(huis).await;
        met(huis, json!({})).await
    };
    AfgebrokenBijIdp => afgebroken_bij_idp, async |huis| terug_met(huis, &[("error", "access_denied")]).await;
    AanmeldingNodig => aanmelding_nodig, async |huis| terug_met(huis, &[("error", "login_required")]).await;
    IdpFoutmelding => idp_foutmelding, async |huis| terug_met(huis, &[("error", "server_error")]).await;
    CodeGeweigerd => code_geweigerd, async |huis| terug_met(huis, &[("code", "onbekend")]).await;
    ClientGeweigerd => client_geweigerd, async |huis| {
        huis.idp.geeft("token", 401, json!({ "error": "invalid_client" }));
        met(huis, json!({})).await
    };
    GeheimOntbreekt => geheim_ontbreekt, async |huis| {
        let organisatie = huis.met_mfa(json!({ "preset": "amr" }), false).await;
        bij(huis, organisatie, &[], json!({})).await
    };
    TokenantwoordOnjuist => tokenantwoord_onjuist, async |huis| {
        huis.idp.geeft("token", 200, json!({ "token_type": "Bearer" }));
        met(huis, json!({})).await
    };
    UserinfoAndereSub => userinfo_andere_sub, async |huis| {
        huis.idp.zegt_van_zichzelf("userinfo_endpoint", json!(format!("{}/userinfo", huis.idp.adres())));
        huis.idp.geeft("userinfo", 200, json!({ "sub": "iemand-anders", "email": PIEN }));
        met(huis, json!({ "email": null })).await
    };
    UserinfoOnjuist => userinfo_onjuist, async |huis| {
        huis.idp.heeft_kapotte_userinfo();
        met(huis, json!({ "email": null })).await
    };
    IdentiteitGewijzigd => identiteit_gewijzigd, async |huis| {
        assert!(huis.aangemeld(&mut Browser::default(), "eerdere-sub", PIEN).await.param("code").is_some());
        met(huis, json!({})).await
    };
    TeVeelCodes => te_veel_codes_op_een_dag, te_veel_codes;
    SterkteNietBewezen => sterkte_niet_bewezen, te_zwak;
    PortaalVerzoekOnjuist => portaal_verzoek_onjuist, async |huis| {
        Browser::default().get(huis.app(), &huis.vraag(&[("redirect_uri", "https://kwaad.example/terug")])).await.into()
    };
    IdpNietActief => idp_niet_actief, vreemde_aanmelddienst;
}
