//! `assertion`: een client assertion voor wie met curl een token wil halen.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

use crate::{Stop, assertion, output, system};

pub(super) fn run(file: &Path, client: Option<String>, audience: Option<String>) -> Result<ExitCode, Stop> {
    let text = fs::read_to_string(file).map_err(|cause| Stop::config(format!("{} is niet te lezen ({cause}); controleer het pad.", file.display())))?;
    let content: Value = serde_json::from_str(&text)
        .map_err(|_| Stop::config(format!("{} is geen JSON; geef het demo.json van de voorbeelddienst of een private JWK.", file.display())))?;
    let (jwk, known_client, known_audience) = match content.pointer("/toepassingen/0") {
        Some(demo) => (demo.get("jwk").unwrap_or(&content), demo.get("clientId"), content.get("basisUrl")),
        None => (&content, None, None),
    };
    let given = |option: Option<String>, known: Option<&Value>, name: &str| {
        option.or_else(|| known.and_then(Value::as_str).map(str::to_owned)).ok_or_else(|| Stop::config(format!("Zeg bij een losse JWK ook `--{name}`.")))
    };
    let client = given(client, known_client, "client")?;
    let audience = given(audience, known_audience, "audience")?;
    output::line(assertion::sign(jwk, &client, &audience, system::clock().now(), &system::rng())?);
    Ok(ExitCode::SUCCESS)
}
