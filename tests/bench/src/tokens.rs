//! Machinetokens: dezelfde vraag (`private_key_jwt`, ES256) aan ons en aan `oidc-provider` met zijn geheugenopslag.
//!
//! De beweringen worden vooraf getekend, elk met een eigen `jti`; wij onthouden ze in de database, hij in zijn geheugen.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::dienst::{Inrichting, Proces, vrij_adres};
use crate::gegevens::{self, Beller};
use crate::verslag::{Regel, Verslag};
use crate::{Opties, Uitkomst, meld, midden};

/// Zoveel beweringen per meting; meer dan er in de langste meting opgaan.
const VOORRAAD: usize = 60_000;
/// Vragers tegelijk, elk met een eigen verbinding.
const VRAGERS: usize = 32;

/// De twee tegenover elkaar, om en om.
pub(crate) fn meet(opties: &Opties, inrichting: &Inrichting, beller: &Beller, waar: &str, verslag: &mut Verslag) -> Uitkomst<()> {
    let Some(peers) = peers() else {
        meld("OVERGESLAGEN: tokens tegenover oidc-provider; draai eerst `./test tegenpartijen` of `npm ci` in tests/peers");
        return Ok(());
    };
    let sleutel = Sleutel::lees(&beller.sleutelbestand)?;
    let client = beller.client_id.to_string();
    let (dienst, _) = inrichting.start()?;
    let ander = Tegenpartij::start(&peers, &client, &sleutel)?;
    let wij = Loket { adres: dienst.adres, pad: "/oidc/token", client: &client, aud: inrichting.basis() };
    let zij = Loket { adres: ander.adres, pad: "/token", client: &client, aud: format!("http://{}", ander.adres) };
    let seconden = Duration::from_secs(opties.seconden.into());
    for loket in [&wij, &zij] {
        loket.meet(&sleutel, Duration::from_secs(1))?;
    }
    let (mut onze, mut hun, mut p99) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..opties.rondes {
        let meting = wij.meet(&sleutel, seconden)?;
        onze.push(meting.per_seconde);
        p99.push(meting.p99_ms);
        hun.push(zij.meet(&sleutel, seconden)?.per_seconde);
    }
    wij.hergebruik_wordt_geweigerd(&sleutel)?;
    let (onze, hun) = (midden(onze), midden(hun));
    let naam = format!("machinetokens op {waar} tegenover oidc-provider in geheugen");
    verslag.voeg_toe(Regel::minstens(&naam, 2.0, onze / hun).met(format!("{onze:.0} tegenover {hun:.0} per seconde, p99 {:.1} ms", midden(p99))));
    Ok(())
}

/// Waar de pakketten van de tegenpartijen staan.
fn peers() -> Option<PathBuf> {
    let plekken = [std::env::var_os("PEERS").map(PathBuf::from), Some(PathBuf::from("tests/peers")), Some(PathBuf::from("target/proef/peers"))];
    plekken.into_iter().flatten().find(|map| map.join("node_modules/oidc-provider").is_dir() && map.join("vergelijking.mjs").is_file())
}

/// `oidc-provider` als proces.
struct Tegenpartij {
    adres: SocketAddr,
    _proces: Proces,
}

impl Tegenpartij {
    fn start(peers: &Path, client: &str, sleutel: &Sleutel) -> Uitkomst<Self> {
        let adres = vrij_adres()?;
        let mut opdracht = Command::new("node");
        opdracht.arg("vergelijking.mjs").arg(adres.port().to_string()).arg(client).arg(sleutel.publiek.to_string()).current_dir(peers);
        opdracht.env("NODE_ENV", "production").stderr(Stdio::null());
        let mut proces = Proces::start(opdracht, adres)?;
        proces.wacht_op("/jwks")?;
        Ok(Self { adres, _proces: proces })
    }
}

/// De sleutel van de toepassing.
pub(crate) struct Sleutel {
    paar: EcdsaKeyPair,
    kid: Option<String>,
    publiek: Value,
    toeval: SystemRandom,
}

impl Sleutel {
    fn lees(bestand: &Path) -> Uitkomst<Self> {
        Self::uit(serde_json::from_slice(&std::fs::read(bestand).map_err(leesbaar)?).map_err(leesbaar)?)
    }

    pub(crate) fn uit(mut jwk: Value) -> Uitkomst<Self> {
        let deel = |naam: &str| -> Uitkomst<Vec<u8>> { URL_SAFE_NO_PAD.decode(jwk.get(naam).and_then(Value::as_str).unwrap_or_default()).map_err(leesbaar) };
        let mut punt = vec![4];
        punt.extend(deel("x")?);
        punt.extend(deel("y")?);
        let paar = EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &deel("d")?, &punt).map_err(leesbaar)?;
        let kid = jwk.get("kid").and_then(Value::as_str).map(str::to_owned);
        if let Some(leden) = jwk.as_object_mut() {
            leden.remove("d");
        }
        Ok(Self { paar, kid, publiek: jwk, toeval: SystemRandom::new() })
    }

    pub(crate) fn bewering(&self, client: &str, aud: &str, jti: &str) -> Uitkomst<String> {
        let nu = gegevens::nu().timestamp();
        let mut kop = json!({ "alg": "ES256" });
        if let (Some(leden), Some(kid)) = (kop.as_object_mut(), &self.kid) {
            leden.insert("kid".to_owned(), json!(kid));
        }
        let inhoud = json!({ "iss": client, "sub": client, "aud": aud, "jti": jti, "iat": nu, "exp": nu + 240 });
        let voor = format!("{}.{}", URL_SAFE_NO_PAD.encode(kop.to_string()), URL_SAFE_NO_PAD.encode(inhoud.to_string()));
        let teken = self.paar.sign(&self.toeval, voor.as_bytes()).map_err(leesbaar)?;
        Ok(format!("{voor}.{}", URL_SAFE_NO_PAD.encode(teken.as_ref())))
    }
}

impl Sleutel {
    /// Handtekeningen en keuringen per seconde op één kern.
    pub(crate) fn snelheid(&self) -> Uitkomst<(f64, f64)> {
        const AANTAL: u32 = 4_000;
        let inhoud = [7_u8; 400];
        let begin = Instant::now();
        let mut teken = self.paar.sign(&self.toeval, &inhoud).map_err(leesbaar)?;
        for _ in 1..AANTAL {
            teken = self.paar.sign(&self.toeval, &inhoud).map_err(leesbaar)?;
        }
        let tekenen = f64::from(AANTAL) / begin.elapsed().as_secs_f64();
        let publiek = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.paar.public_key().as_ref());
        let begin = Instant::now();
        for _ in 0..AANTAL {
            publiek.verify(&inhoud, teken.as_ref()).map_err(leesbaar)?;
        }
        Ok((tekenen, f64::from(AANTAL) / begin.elapsed().as_secs_f64()))
    }
}

/// Een tokenadres.
struct Loket<'a> {
    adres: SocketAddr,
    pad: &'a str,
    client: &'a str,
    aud: String,
}

struct Meting {
    per_seconde: f64,
    p99_ms: f64,
}

impl Loket<'_> {
    fn formulier(&self, bewering: &str) -> String {
        format!(
            "grant_type=client_credentials&client_id={}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={bewering}",
            self.client
        )
    }

    fn meet(&self, sleutel: &Sleutel, duur: Duration) -> Uitkomst<Meting> {
        let merk = vers_merk();
        let voorraad: Vec<String> =
            (0..VOORRAAD).map(|nummer| sleutel.bewering(self.client, &self.aud, &format!("{merk}-{nummer}"))).collect::<Uitkomst<_>>()?;
        let volgende = AtomicUsize::new(0);
        let begin = Instant::now();
        let tijden = std::thread::scope(|draden| {
            let lopend: Vec<_> = (0..VRAGERS).map(|_| draden.spawn(|| self.vraag_tot(&voorraad, &volgende, begin + duur))).collect();
            lopend.into_iter().try_fold(Vec::new(), |mut alle, draad| {
                alle.extend(draad.join().map_err(|_| "een vrager viel om".to_owned())??);
                Ok::<_, String>(alle)
            })
        })?;
        let duurde = begin.elapsed().as_secs_f64();
        let mut tijden = tijden;
        tijden.sort_by(f64::total_cmp);
        let p99_ms = tijden.get(tijden.len() * 99 / 100).copied().unwrap_or(f64::NAN);
        Ok(Meting { per_seconde: f64::from(u32::try_from(tijden.len()).unwrap_or(u32::MAX)) / duurde, p99_ms })
    }

    /// Eén vrager, tot de tijd of de voorraad op is; een antwoord anders dan 200 maakt de meting ongeldig.
    fn vraag_tot(&self, voorraad: &[String], volgende: &AtomicUsize, tot: Instant) -> Uitkomst<Vec<f64>> {
        let lijn = TcpStream::connect(self.adres).map_err(leesbaar)?;
        lijn.set_nodelay(true).map_err(leesbaar)?;
        let mut lezer = BufReader::new(lijn);
        let mut tijden = Vec::new();
        while Instant::now() < tot {
            let Some(bewering) = voorraad.get(volgende.fetch_add(1, Ordering::Relaxed)) else { break };
            let begin = Instant::now();
            let (status, inhoud) = self.post(&mut lezer, bewering)?;
            if status != 200 || !inhoud.contains("access_token") {
                return Err(format!("{}{} geeft {status}: {inhoud}", self.adres, self.pad));
            }
            tijden.push(begin.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(tijden)
    }

    fn post(&self, lezer: &mut BufReader<TcpStream>, bewering: &str) -> Uitkomst<(u16, String)> {
        let lichaam = self.formulier(bewering);
        let verzoek = format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\naccept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{lichaam}",
            self.pad,
            self.adres,
            lichaam.len()
        );
        lezer.get_mut().write_all(verzoek.as_bytes()).map_err(leesbaar)?;
        antwoord(lezer)
    }

    /// Zonder deze toets was snelheid niets waard.
    fn hergebruik_wordt_geweigerd(&self, sleutel: &Sleutel) -> Uitkomst<()> {
        let bewering = sleutel.bewering(self.client, &self.aud, &vers_merk())?;
        let mut lezer = BufReader::new(TcpStream::connect(self.adres).map_err(leesbaar)?);
        let eerste = self.post(&mut lezer, &bewering)?.0;
        let tweede = self.post(&mut lezer, &bewering)?.0;
        if (eerste, tweede) == (200, 401) { Ok(()) } else { Err(format!("hergebruik van een bewering geeft {eerste} en {tweede}")) }
    }
}

/// Eén antwoord op een open verbinding.
fn antwoord(lezer: &mut BufReader<TcpStream>) -> Uitkomst<(u16, String)> {
    let mut regel = String::new();
    lezer.read_line(&mut regel).map_err(leesbaar)?;
    let status = regel.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("geen HTTP-status")?;
    let mut lengte = 0;
    loop {
        regel.clear();
        lezer.read_line(&mut regel).map_err(leesbaar)?;
        let Some((naam, waarde)) = regel.trim_end().split_once(':') else { break };
        if naam.eq_ignore_ascii_case("content-length") {
            lengte = waarde.trim().parse().map_err(leesbaar)?;
        }
    }
    let mut inhoud = vec![0; lengte];
    lezer.read_exact(&mut inhoud).map_err(leesbaar)?;
    Ok((status, String::from_utf8_lossy(&inhoud).into_owned()))
}

/// Een begin van `jti` dat nog nooit gebruikt is.
pub(crate) fn vers_merk() -> String {
    let mut toeval = [0_u8; 12];
    let _vol = aws_lc_rs::rand::fill(&mut toeval);
    URL_SAFE_NO_PAD.encode(toeval)
}

fn leesbaar(fout: impl std::fmt::Display) -> String {
    fout.to_string()
}
