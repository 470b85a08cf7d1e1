//! Een fout in de configuratie houdt de start tegen met één zin die zegt welke sleutel en wat te doen.
#![expect(clippy::unwrap_used, reason = "een proef mag stuklopen")]

use std::fs;
use std::process::Command;

use server::config::{Config, EXAMPLE, Source, load};

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn read(toml: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("loket.toml");
    fs::write(&file, toml).unwrap();
    let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    load(&Source { file: Some(file.clone()), environment }).map_err(|stop| stop.to_string().replace(&file.display().to_string(), "loket.toml"))
}

const MINIMAL: &str = "[server]\nbase_url = \"https://aansluitloket.example\"\n";

#[test]
fn het_getoonde_voorbeeld_is_zelf_een_geldige_configuratie() {
    let config = read(EXAMPLE, &[]).unwrap();
    assert_eq!(config.issuer(), "https://aansluitloket.example");
    assert_eq!(config.audience(), "https://aansluitloket.example/v1");
    assert!(config.trusted_issuers.is_empty());
}

#[test]
fn ook_elke_facultatieve_regel_van_het_voorbeeld_is_geldig() {
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("geheim");
    fs::write(&secret, KEY).unwrap();
    let all: String = EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') && !rest.is_empty() => rest.to_owned(),
            _ => line.to_owned(),
        })
        .map(|line| match line.split_once(" = ") {
            Some((key, _)) if key.ends_with("_file") => format!("{key} = \"{}\"\n", secret.display()),
            _ => format!("{line}\n"),
        })
        .collect();
    if let Err(sentence) = read(&all, &[]) {
        // Zonder TLS in libpq is juist deze ene regel niet te gebruiken, en dat zegt de zin.
        assert!(sentence.contains("storage.database_url") && sentence.contains("TLS"), "{sentence}");
    }
}

#[test]
fn elke_fout_is_een_zin_met_de_sleutel_en_wat_te_doen() {
    let issuer = "[[trusted_issuers]]\nname = \"Hub\"\nissuer = \"https://hub.example\"\n";
    let cases: &[(String, &str)] = &[
        ("[server]\nbase_ulr = \"https://a.example\"\n".into(), "Onbekende sleutel `server.base_ulr` in loket.toml; bedoelt u `server.base_url`?"),
        (format!("{MINIMAL}kleur = 1\n"), "Onbekende sleutel `server.kleur` in loket.toml; verwijder haar; `aansluitloket config` toont alle sleutels."),
        ("[sever]\n".into(), "Onbekende sleutel `sever` in loket.toml; bedoelt u `server`?"),
        (
            String::new(),
            "`server.base_url` ontbreekt; zet haar in het configuratiebestand of in de variabele AANSLUITLOKET_SERVER__BASE_URL, bijvoorbeeld \"https://aansluitloket.example\".",
        ),
        (
            "[server]\nbase_url = \"aansluitloket\"\n".into(),
            "`server.base_url` is geen geldige URL (aansluitloket); geef bijvoorbeeld \"https://aansluitloket.example\".",
        ),
        (
            "[server]\nbase_url = \"http://aansluitloket.example\"\n".into(),
            "`server.base_url` moet met https:// beginnen; http is alleen toegestaan op 127.0.0.1, [::1] en localhost.",
        ),
        (
            "[server]\nbase_url = \"https://a.example/v1\"\n".into(),
            "`server.base_url` mag alleen schema, host en poort bevatten; haal pad, vraagteken en gebruikersnaam weg.",
        ),
        (format!("{MINIMAL}workers = \"veel\"\n"), "`server.workers` in loket.toml moet een geheel getal zijn; pas de waarde aan."),
        (format!("{MINIMAL}listen = \"8080\"\n"), "`server.listen` is geen adres met poort (8080); geef bijvoorbeeld \"127.0.0.1:8080\"."),
        (
            format!("{MINIMAL}trusted_proxies = [\"proxy\"]\n"),
            "`server.trusted_proxies` bevat geen adres of netwerk (proxy); geef bijvoorbeeld \"10.0.0.0/8\".",
        ),
        (
            format!("{MINIMAL}[keys]\nmaster_key = \"{KEY}\"\n"),
            "`keys.master_key` hoort niet in loket.toml: geef het geheim met `keys.master_key_file` of met de variabele AANSLUITLOKET_KEYS__MASTER_KEY.",
        ),
        (format!("{MINIMAL}[storage]\npool_size = 0\n"), "`storage.pool_size` moet tussen 1 en 256 zijn; pas de waarde aan."),
        (
            format!("{MINIMAL}[storage]\ndatabase_url = \"mysql://h/d\"\n"),
            "`storage.database_url` moet met postgresql:// beginnen; laat haar weg om SQLite te gebruiken (zie `storage.data_dir`).",
        ),
        (
            format!("{MINIMAL}[telemetry]\notlp_endpoint = \"verzamelaar:4318\"\n"),
            "`telemetry.otlp_endpoint` is geen geldige URL (verzamelaar:4318); geef bijvoorbeeld \"http://127.0.0.1:4318/v1/traces\".",
        ),
        (format!("{MINIMAL}[logging]\nformat = \"xml\"\n"), "`logging.format` kent alleen \"json\" en \"pretty\", niet \"xml\"; kies een van beide."),
        (format!("{MINIMAL}[[trusted_issuers]]\nname = \"Hub\"\n"), "`trusted_issuers.0.issuer` ontbreekt; vul haar in of verwijder dit blok."),
        (
            format!("{MINIMAL}{issuer}algorithms = [\"HS256\"]\n"),
            "`trusted_issuers.0.algorithms` kent HS256 niet; kies uit ES256, ES384, PS256, RS256 en EdDSA.",
        ),
        (
            format!("{MINIMAL}[[trusted_issuers]]\nname = \"Hub\"\nissuer = \"http://hub.example\"\n"),
            "`trusted_issuers.0.issuer` moet met https:// beginnen; in een gesloten netwerk kan de host in `egress.allow_hosts`.",
        ),
        (
            format!("{MINIMAL}[egress]\nallow_hosts = [\"https://hub.example\"]\n"),
            "`egress.allow_hosts` bevat geen hostnaam (https://hub.example); geef alleen de naam, zonder schema, poort of pad.",
        ),
        (format!("{MINIMAL}{issuer}{issuer}"), "`trusted_issuers.1.issuer` staat er twee keer; voeg de blokken samen."),
        ("[server\n".into(), "Het configuratiebestand loket.toml is geen geldige TOML bij regel 1; herstel die regel en start opnieuw."),
    ];
    for (toml, sentence) in cases {
        assert_eq!(read(toml, &[]).unwrap_err(), *sentence);
    }
}

#[test]
fn een_geheim_dat_er_niet_is_wordt_genoemd() {
    let sentence = read(&format!("{MINIMAL}[keys]\nmaster_key_file = \"/bestaat/niet\"\n"), &[]).unwrap_err();
    assert!(sentence.starts_with("Het geheim bij `keys.master_key_file` is niet te lezen uit /bestaat/niet"), "{sentence}");
}

#[test]
fn de_omgeving_gaat_voor_het_bestand() {
    let config = read(
        MINIMAL,
        &[
            ("AANSLUITLOKET_SERVER__WORKERS", "3"),
            ("AANSLUITLOKET_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            ("AANSLUITLOKET_STORAGE__MIGRATE_ON_START", "false"),
            ("AANSLUITLOKET_KEYS__MASTER_KEY", KEY),
            ("AANSLUITLOKET_TRUSTED_ISSUERS__0__NAME", "Hub"),
            ("AANSLUITLOKET_TRUSTED_ISSUERS__0__ISSUER", "https://hub.example"),
            ("AANSLUITLOKET_TRUSTED_ISSUERS__0__CLAIMS__SUBJECT", "oid"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap();
    assert_eq!(config.server.workers, 3);
    assert_eq!(config.server.trusted_proxies, ["10.0.0.0/8", "::1"]);
    assert!(!config.storage.migrate_on_start);
    assert_eq!(config.trusted_issuers[0].issuer_text, "https://hub.example");
    assert_eq!(config.trusted_issuers[0].claims.subject, "oid");
    assert_eq!(config.trusted_issuers[0].claims.scope, "scope");
    assert!(!format!("{config:?}").contains(KEY), "een geheim hoort niet in Debug");
}

#[test]
fn een_onbekende_of_onleesbare_variabele_wordt_geweigerd() {
    let unknown = read(MINIMAL, &[("AANSLUITLOKET_SERVER__POORT", "1")]).unwrap_err();
    assert!(unknown.starts_with("De omgevingsvariabele AANSLUITLOKET_SERVER__POORT hoort bij geen instelling"), "{unknown}");
    let wrong = read(MINIMAL, &[("AANSLUITLOKET_SERVER__WORKERS", "drie")]).unwrap_err();
    assert_eq!(wrong, "De omgevingsvariabele AANSLUITLOKET_SERVER__WORKERS moet een geheel getal zijn; pas haar waarde aan.");
}

#[test]
fn het_programma_stopt_met_een_zin_en_code_twee() {
    let output = Command::new(env!("CARGO_BIN_EXE_aansluitloket")).arg("serve").env_clear().output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.starts_with("aansluitloket: `server.base_url` ontbreekt"), "{error}");
    let output = Command::new(env!("CARGO_BIN_EXE_aansluitloket"))
        .arg("serve")
        .env_clear()
        .env("AANSLUITLOKET_SERVER__BASE_URL", "https://aansluitloket.example")
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("aansluitloket: De hoofdsleutel ontbreekt"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}
