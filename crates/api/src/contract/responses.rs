//! Wat elke operatie kan antwoorden naast haar eigen 2xx: de problemen, en de koppen die wij altijd zetten.

use serde_json::{Map, Value, json};

/// Een antwoord dat meer operaties delen.
struct Shared {
    status: &'static str,
    name: &'static str,
    description: &'static str,
}

const SHARED: &[Shared] = &[
    Shared { status: "400", name: "OngeldigeInvoer", description: "De invoer klopt niet; `errors` noemt alle fouten tegelijk." },
    Shared { status: "401", name: "NietAangemeld", description: "Geen geldig toegangstoken, of de aanmelding is te zwak of te oud (RFC 9470)." },
    Shared { status: "403", name: "GeenRecht", description: "Het token mist een scope, of de rol mag deze handeling niet." },
    Shared { status: "404", name: "NietGevonden", description: "Bestaat niet, of niet voor deze aanroeper." },
    Shared { status: "406", name: "NietAanvaardbaar", description: "Het antwoord bestaat niet in een vorm uit `Accept`." },
    Shared {
        status: "409",
        name: "KanNuNiet",
        description: "Een regel van het domein staat dit nu niet toe; `code` noemt de regel en `ontbreekt` wat er nog moet zijn.",
    },
    Shared { status: "412", name: "VersieVerouderd", description: "Iemand anders heeft dit intussen gewijzigd; lees opnieuw en probeer het dan weer." },
    Shared { status: "413", name: "LichaamTeGroot", description: "Het lichaam is groter dan toegestaan." },
    Shared { status: "414", name: "AdresTeLang", description: "Het adres is te lang; kort de query in." },
    Shared { status: "415", name: "MediatypeOnbekend", description: "Het lichaam heeft een ander mediatype dan deze operatie kent." },
    Shared { status: "428", name: "IfMatchVerplicht", description: "De kop `If-Match` ontbreekt." },
    Shared { status: "429", name: "TeVeelVerzoeken", description: "Te veel verzoeken; wacht zo lang als `Retry-After` zegt." },
    Shared { status: "500", name: "InterneFout", description: "Een fout van de dienst." },
    Shared {
        status: "503",
        name: "NietBeschikbaar",
        description: "Tijdelijk niet beschikbaar; er is niets gewijzigd. Alleen bij code `vastlegging-onzeker` is onbekend of het verzoek is vastgelegd: herhaal het met dezelfde `Idempotency-Key`, of lees eerst.",
    },
];

/// De kop met de versie van de API.
fn version_header() -> Value {
    json!({ "description": "Versie van de API.", "schema": { "type": "string", "example": crate::middleware::API_VERSION } })
}

fn text_header(description: &str, example: &str) -> Value {
    json!({ "description": description, "schema": { "type": "string", "example": example } })
}

/// De gedeelde antwoorden, voor `components.responses`.
pub(crate) fn components() -> Value {
    let responses = SHARED.iter().map(|shared| {
        let mut headers = Map::new();
        headers.insert("API-Version".to_owned(), version_header());
        match shared.status {
            "401" | "403" => {
                drop(headers.insert("WWW-Authenticate".to_owned(), text_header("Wat er ontbreekt (RFC 6750, RFC 9470).", "Bearer error=\"invalid_token\"")))
            }
            "412" => drop(headers.insert("ETag".to_owned(), text_header("De huidige versie.", "\"4\""))),
            "429" => {
                headers.insert("Retry-After".to_owned(), json!({ "description": "Seconden wachten.", "schema": { "type": "integer", "example": 2 } }));
                headers.insert("RateLimit".to_owned(), text_header("Wat er over is.", "\"aanroeper\";r=0;t=2"));
                headers.insert("RateLimit-Policy".to_owned(), text_header("De grens.", "\"aanroeper\";q=200;w=4"));
            }
            "503" => {
                drop(headers.insert("Retry-After".to_owned(), json!({ "description": "Seconden wachten.", "schema": { "type": "integer", "example": 5 } })))
            }
            _ => {}
        }
        let content = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        (shared.name.to_owned(), json!({ "description": shared.description, "headers": headers, "content": content }))
    });
    Value::Object(responses.collect())
}

/// Vult bij een operatie de problemen en de koppen aan.
pub(crate) fn complete(path: &str, method: &str, operation: &mut Value) {
    let secured = operation
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(|entry| entry.as_object().is_some_and(|entry| !entry.is_empty())));
    let has_body = operation.get("requestBody").is_some();
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let if_match = parameters.into_iter().flatten().any(|parameter| parameter.get("name").and_then(Value::as_str) == Some("If-Match"));
    let applies = |status: &str| match status {
        "401" | "403" => secured,
        "404" => path.contains('{'),
        "409" => method != "get",
        "412" | "428" => if_match,
        "413" | "415" => has_body,
        _ => true,
    };
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with(['2', '3'])) {
        success_headers(status, response);
    }
    for shared in SHARED {
        let reference = json!({ "$ref": format!("#/components/responses/{}", shared.name) });
        match responses.get_mut(shared.status) {
            // Noemt de operatie een foutstatus alleen bij naam, dan is het dezelfde fout als overal.
            Some(named) if named.get("content").is_none() && named.get("$ref").is_none() => *named = reference,
            Some(_) => {}
            None if applies(shared.status) => drop(responses.insert(shared.status.to_owned(), reference)),
            None => {}
        }
    }
    responses.sort_keys();
}

fn success_headers(status: &str, response: &mut Value) {
    let target = response.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(fields) = response.as_object_mut() else { return };
    let headers = fields.entry("headers").or_insert_with(|| json!({}));
    let Some(headers) = headers.as_object_mut() else { return };
    headers.insert("API-Version".to_owned(), version_header());
    if target.ends_with("Lijst") {
        headers
            .entry("Link")
            .or_insert_with(|| text_header("Het volgende blad (RFC 8288); afwezig op het laatste.", "</v1/trajecten?cursor=abc>; rel=\"next\""));
    } else if !target.is_empty() {
        headers
            .entry("ETag")
            .or_insert_with(|| text_header("De versie; stuur hem mee in `If-Match` als u wijzigt. Afwezig als dit niet kan wijzigen.", "\"3\""));
    }
    if status == "201" {
        headers.entry("Location").or_insert_with(|| text_header("Adres van wat er is aangemaakt.", "/v1/trajecten/01977f6e-0000-7000-8000-000000000000"));
    }
}
