//! Een portaal met een aangemelde persoon: alles tot en met de code, zonder browser.

use api::oidc::{Afgewezen, geef_code, lees};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::personen::{Persoon, PersoonStatus};
use domain::sessies::Sessie;
use domain::toepassingen::{ClientAuthenticatie, NieuweToepassing, Profiel, Scope, Toepassing};
use provider::SigningKey;
use provider::authorize::Antwoord;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::common::{Dienst, Seen, app, call, request};

pub(crate) const ISSUER: &str = "https://aansluitloket.example";
pub(crate) const TERUG: &str = "https://portaal.example/callback";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Een portaal, zijn sleutel, en een sessie van een persoon.
pub(crate) struct Portaal {
    pub(crate) dienst: Dienst,
    pub(crate) toepassing: Toepassing,
    pub(crate) key: SigningKey,
    pub(crate) persoon: Persoon,
    pub(crate) sessie: Sessie,
    volgende: std::sync::atomic::AtomicU64,
}

impl Portaal {
    /// Een portaal met dit profiel; `wijzig` past de registratie aan.
    pub(crate) async fn nieuw(profiel: Profiel, wijzig: impl FnOnce(&mut NieuweToepassing)) -> Self {
        Self::bij(app(|_| {}), profiel, wijzig).await
    }

    /// Als [`Portaal::nieuw`], bij een dienst naar keuze.
    pub(crate) async fn bij(dienst: Dienst, profiel: Profiel, wijzig: impl FnOnce(&mut NieuweToepassing)) -> Self {
        let key = SigningKey::generate().unwrap();
        let organisatie = crate::seed::organisatie(&dienst).await;
        let persoon = crate::seed::persoon(&dienst, organisatie.id, PersoonStatus::Actief).await;
        let mut nieuw = NieuweToepassing::portaal("Portaal", organisatie.id, TERUG);
        nieuw.profiel = Some(profiel);
        nieuw.scopes = vec![Scope::TrajectenLezen];
        nieuw.offline_toegang = true;
        if profiel == Profiel::Oidc {
            nieuw.profiel_reden = Some("Standaardsoftware.".to_owned());
        } else {
            nieuw.jwks = Some(json!({ "keys": [key.public_jwk()] }));
        }
        wijzig(&mut nieuw);
        let toepassing = crate::seed::client(&dienst, nieuw).await;
        let sessie = sessie(&dienst, &persoon);
        Self { dienst, toepassing, key, persoon, sessie, volgende: std::sync::atomic::AtomicU64::new(1) }
    }

    /// Een nummer dat nog niet gebruikt is.
    pub(crate) fn nummer(&self) -> String {
        format!("nummer-{}", self.volgende.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    }

    /// De parameters van een aanmelding, met deze anders.
    pub(crate) fn velden(&self, anders: &[(&str, &str)]) -> Vec<(String, String)> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let client = self.toepassing.id.to_string();
        let vast = [
            ("response_type", "code"),
            ("client_id", client.as_str()),
            ("redirect_uri", TERUG),
            ("scope", "openid trajecten:lezen offline_access"),
            ("state", "staat"),
            ("nonce", "nonce"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let blijft = vast.iter().filter(|(naam, _)| !anders.iter().any(|(anders, _)| anders == naam));
        blijft.chain(anders).filter(|(_, waarde)| !waarde.is_empty()).map(|(naam, waarde)| ((*naam).to_owned(), (*waarde).to_owned())).collect()
    }

    /// Meldt aan en geeft de code, of de foutcode waarmee dat niet lukt.
    pub(crate) async fn aanmelden(&self, velden: Vec<(String, String)>) -> Result<String, String> {
        let now = self.dienst.now();
        let (toepassing, verzoek) = lees(&self.dienst.app, velden, now).await.map_err(|afgewezen| match afgewezen {
            Afgewezen::Fout(fout, _) => fout.error.to_owned(),
            Afgewezen::Problem(problem) => problem.code.clone(),
        })?;
        let (app, sessie) = (self.dienst.app.clone(), self.sessie.clone());
        let store = self.dienst.app.store.clone();
        let antwoord = store.write(store::Actor::default(), now, None, move |tx| geef_code(tx, &app, &toepassing, &sessie, &verzoek)).await;
        match antwoord.unwrap().map_err(|fout| fout.error.to_owned())? {
            Antwoord::Redirect(url) => Ok(url.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned()),
            Antwoord::Formulier { velden, .. } => Ok(velden[0].1.clone()),
        }
    }

    /// Een code bij het gewone verzoek.
    pub(crate) async fn code(&self) -> String {
        self.aanmelden(self.velden(&[])).await.unwrap()
    }

    /// Een verse bewering van het portaal, met claims naar keuze.
    pub(crate) fn bewering(&self, wijzig: impl FnOnce(&mut Value)) -> String {
        let (client, t) = (self.toepassing.id.to_string(), self.dienst.now().timestamp());
        let mut claims = json!({ "iss": client, "sub": client, "aud": ISSUER, "exp": t + 60, "iat": t, "jti": self.nummer() });
        wijzig(&mut claims);
        self.key.sign("JWT", &claims).unwrap()
    }

    /// Een formulier naar een adres, met de aanmelding van het portaal erbij.
    pub(crate) async fn stuur(&self, pad: &str, velden: &[(&str, &str)], dpop: Option<&str>) -> Seen {
        let bewering = self.bewering(|_| {});
        let mut alles = velden.to_vec();
        if self.toepassing.client_authenticatie == ClientAuthenticatie::PrivateKeyJwt {
            alles.extend([("client_assertion_type", provider::ASSERTION_TYPE), ("client_assertion", bewering.as_str())]);
        }
        self.kaal(pad, &alles, dpop).await
    }

    /// Een formulier zonder aanmelding.
    pub(crate) async fn kaal(&self, pad: &str, velden: &[(&str, &str)], dpop: Option<&str>) -> Seen {
        let mut verzoek = request("POST", pad).set_form(velden);
        if let Some(bewijs) = dpop {
            verzoek = verzoek.insert_header(("DPoP", bewijs.to_owned()));
        }
        call(&self.dienst, verzoek).await
    }

    /// Wisselt een code in.
    pub(crate) async fn wissel_in(&self, code: &str, dpop: Option<&str>) -> Seen {
        self.stuur("/oidc/token", &[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", TERUG), ("code_verifier", VERIFIER)], dpop).await
    }

    /// Ververst.
    pub(crate) async fn ververs(&self, token: &str) -> Seen {
        self.stuur("/oidc/token", &[("grant_type", "refresh_token"), ("refresh_token", token)], None).await
    }

    /// Aanmelden en inwisselen: de tokens.
    pub(crate) async fn tokens(&self) -> Value {
        let seen = self.wissel_in(&self.code().await, None).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        seen.body
    }

    /// Roept een adres aan met een token.
    pub(crate) async fn met_token(&self, pad: &str, token: &str) -> Seen {
        call(&self.dienst, request("GET", pad).insert_header(("authorization", format!("Bearer {token}")))).await
    }

    /// Verandert de sessie in de opslag.
    pub(crate) fn beeindig_sessie(&self) {
        let weg = self.dienst.app.store.achter_de_rug(&format!("UPDATE sessie SET beeindigd_op = '2027-01-15 08:00:00' WHERE id = '{}'", self.sessie.id));
        weg.unwrap();
        self.dienst.app.forget_callers();
    }
}

/// Een sessie van deze persoon, met MFA, een kwartier geleden aangemeld.
pub(crate) fn sessie(dienst: &Dienst, persoon: &Persoon) -> Sessie {
    let now = dienst.now();
    let sessie = Sessie {
        id: domain::nieuw_id(now, &dienst.app.rng),
        persoon_id: persoon.id,
        organisatie_id: persoon.organisatie_id,
        identiteitsprovider_id: None,
        issuer: "https://idp.voorbeeld.example".to_owned(),
        upstream_sub: "upstream".to_owned(),
        upstream_sid: None,
        acr: Some(provider::authorize::ACR_MFA.to_owned()),
        amr: vec!["pwd".to_owned(), "otp".to_owned(), "mfa".to_owned()],
        upstream_acr: Some("urn:voorbeeld:mfa".to_owned()),
        upstream_amr: vec!["mfa".to_owned()],
        auth_time: now - chrono::TimeDelta::minutes(15),
        gestart_op: now,
        laatst_gebruikt_op: now,
        verloopt_op: now + chrono::TimeDelta::hours(12),
        beeindigd_op: None,
        einde_reden: None,
    };
    let op = |moment: domain::Moment| moment.format("%Y-%m-%d %H:%M:%S").to_string();
    let gezaaid = dienst.app.store.achter_de_rug(&format!(
        "INSERT INTO sessie (id, geheim_hash, persoon_id, organisatie_id, issuer, upstream_sub, amr, upstream_amr, auth_time, gestart_op, laatst_gebruikt_op, verloopt_op) \
         VALUES ('{}', '{}', '{}', '{}', 'i', 's', '[]', '[]', '{}', '{}', '{}', '{}')",
        sessie.id, sessie.id, persoon.id, persoon.organisatie_id, op(sessie.auth_time), op(now), op(now), op(sessie.verloopt_op)
    ));
    gezaaid.unwrap();
    sessie
}

/// De claims in een JWT, zonder controle.
pub(crate) fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// De kop van een JWT.
pub(crate) fn kop(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}
