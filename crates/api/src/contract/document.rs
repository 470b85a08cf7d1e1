//! Het document: uit de routes, met wat voor elke operatie hetzelfde is.

use std::collections::BTreeSet;

use domain::toepassingen::Scope;
use serde_json::{Map, Value, json};

use super::{responses, schemas};
use crate::beleid::wie_mag;
use crate::middleware::API_VERSION;

/// Naam van het beveiligingsschema in het document.
const SCHEME: &str = "toegang";

const INTRO: &str = "De API van Aansluitloket: het aansluiten van crisispartners op netcentrisch werken, stap voor stap, zonder formulieren \
per e-mail. Elk adres en elk veld staat hieronder, met een voorbeeld en met de rollen die het mogen.\n\n\
**Afspraken.** Ids zijn ondoorzichtig. Afwezig is iets anders dan `null`; `null` komt in antwoorden niet voor. Negeer velden en waarden die u niet kent. \
Wijzigen vraagt `If-Match` met de `ETag` die u hebt gelezen. `POST` mag een `Idempotency-Key` meekrijgen. Lijsten komen in bladen: volg `_links.next`. \
Fouten zijn problemen volgens RFC 9457 en noemen alles wat er mis is in één keer. Elk antwoord draagt `API-Version` en `traceparent`.";

/// Elke operatie in het document.
pub(crate) fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.filter_map(|(_, item)| item.as_object()).flatten().map(|(_, operation)| operation)
}

/// Elke operatie in het document, om te bewerken.
pub(crate) fn operations_mut(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    paths.filter_map(|(_, item)| item.as_object_mut()).flatten().map(|(_, operation)| operation)
}

/// Bouwt het document.
pub(crate) fn build(base_url: &str, routes: crate::Routes) -> Result<Value, String> {
    let mut document = serde_json::to_value(crate::routes::described(routes)).map_err(|cause| cause.to_string())?;
    schemas::rename_generics(&mut document);
    schemas::list_items(&mut document);
    schemas::ids(&mut document);
    let components = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flatten();
    // Alleen in een merge patch heeft null een betekenis: leegmaken.
    for (_, schema) in components.filter(|(name, _)| !name.ends_with("Wijziging")) {
        schemas::without_null(schema);
    }
    for operation in operations_mut(&mut document) {
        schemas::without_null(operation);
    }
    frame(&mut document)?;
    place(&mut document, base_url);
    complete_operations(&mut document)?;
    schemas::close_inputs(&mut document);
    schemas::drop_unused(&mut document);
    operations_mut(&mut document).for_each(extensions_last);
    Ok(document)
}

/// Zet de eigen velden (`x-…`) achteraan, op naam: utoipa bewaart ze zonder volgorde, en het document moet elke keer hetzelfde zijn.
fn extensions_last(operation: &mut Value) {
    let Some(fields) = operation.as_object_mut() else { return };
    let (mut own, standard): (Vec<_>, Vec<_>) = std::mem::take(fields).into_iter().partition(|(name, _)| name.starts_with("x-"));
    own.sort_by(|(a, _), (b, _)| a.cmp(b));
    fields.extend(standard.into_iter().chain(own));
}

/// Zet de adressen van deze dienst in het document.
pub(crate) fn place(document: &mut Value, base_url: &str) {
    let addresses = [
        ("/servers/0/url".to_owned(), format!("{base_url}/v1")),
        (format!("/components/securitySchemes/{SCHEME}/flows/clientCredentials/tokenUrl"), format!("{base_url}/oidc/token")),
    ];
    for (place, address) in addresses {
        if let Some(found) = document.pointer_mut(&place) {
            *found = json!(address);
        }
    }
}

/// Alles buiten de operaties.
fn frame(document: &mut Value) -> Result<(), String> {
    let problem = schema_of::<crate::problem::Inhoud>()?;
    let field_error = schema_of::<crate::Veldfout>()?;
    let missing = schema_of::<domain::Ontbrekend>()?;
    let scopes: Map<String, Value> = Scope::ALLE.iter().map(|scope| (scope.as_str().to_owned(), json!(scope_text(scope.as_str())))).collect();
    let Some(root) = document.as_object_mut() else { return Err("document is geen object".to_owned()) };
    root.insert("openapi".to_owned(), json!("3.1.0"));
    root.insert(
        "info".to_owned(),
        json!({
            "title": "Aansluitloket",
            "version": API_VERSION,
            "description": INTRO,
            "contact": { "name": "Team Aansluitloket", "url": "https://aansluitloket.example/contact", "email": "team@aansluitloket.example" },
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        }),
    );
    root.insert("servers".to_owned(), json!([{ "url": "", "description": "Deze dienst" }]));
    root.insert("security".to_owned(), json!([]));
    let components = root.entry("components").or_insert_with(|| json!({}));
    let Some(components) = components.as_object_mut() else { return Err("components is geen object".to_owned()) };
    components.insert("responses".to_owned(), responses::components());
    components.insert(
        "securitySchemes".to_owned(),
        json!({ SCHEME: {
            "type": "oauth2",
            "description": "Toegangstoken (RFC 9068) van een vertrouwde uitgever, in de kop `Authorization: Bearer`. Personen melden zich aan met MFA; \
                            toepassingen vragen een token met `private_key_jwt`.",
            "flows": { "clientCredentials": { "tokenUrl": "", "scopes": scopes } },
        }}),
    );
    let schemas = components.entry("schemas").or_insert_with(|| json!({}));
    if let Some(schemas) = schemas.as_object_mut() {
        schemas.insert("Problem".to_owned(), problem);
        schemas.insert("Veldfout".to_owned(), field_error);
        schemas.insert("Ontbrekend".to_owned(), missing);
        schemas.insert("Verschilplaats".to_owned(), schema_of::<domain::autorisatieplannen::Verschilplaats>()?);
        schemas.insert("Verschilsoort".to_owned(), schema_of::<domain::autorisatieplannen::Verschilsoort>()?);
    }
    Ok(())
}

fn schema_of<T: utoipa::PartialSchema>() -> Result<Value, String> {
    let mut schema = serde_json::to_value(T::schema()).map_err(|cause| cause.to_string())?;
    schemas::without_null(&mut schema);
    Ok(schema)
}

fn scope_text(scope: &str) -> String {
    match scope.split_once(':') {
        Some((subject, "lezen")) => format!("Lezen: {subject}"),
        Some((subject, _)) => format!("Wijzigen: {subject}"),
        None => scope.to_owned(),
    }
}

fn complete_operations(document: &mut Value) -> Result<(), String> {
    let mut ids = BTreeSet::new();
    let mut tags = BTreeSet::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let id = camel_case(operation.get("operationId").and_then(Value::as_str).unwrap_or_default());
            for scope in required_scopes(operation) {
                if scope.parse::<Scope>().is_err() {
                    return Err(format!("{id}: scope {scope} bestaat niet"));
                }
            }
            tags.extend(operation.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(ToOwned::to_owned));
            describe_access(operation);
            responses::complete(path, method, operation);
            if let Some(fields) = operation.as_object_mut() {
                fields.insert("operationId".to_owned(), json!(id));
            }
            if id.is_empty() || !ids.insert(id.clone()) {
                return Err(format!("operationId {id:?} op {method} {path} is leeg of dubbel"));
            }
        }
    }
    let tags: Vec<_> = tags.into_iter().map(|name| json!({ "name": name })).collect();
    if let Some(root) = document.as_object_mut() {
        root.insert("tags".to_owned(), Value::Array(tags));
    }
    Ok(())
}

fn required_scopes(operation: &Value) -> Vec<String> {
    let security = operation.get("security").and_then(Value::as_array).into_iter().flatten();
    let schemes = security.filter_map(Value::as_object).flatten();
    schemes.filter_map(|(_, scopes)| scopes.as_array()).flatten().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

/// Zet in de beschrijving welke scopes nodig zijn.
fn describe_access(operation: &mut Value) {
    let scopes = required_scopes(operation);
    let mut text = operation.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    if scopes.is_empty() {
        let open = operation.get("security").and_then(Value::as_array).is_none_or(|list| list.iter().all(|entry| entry.as_object().is_none_or(Map::is_empty)));
        text.push_str(if open { "**Toegang:** zonder token." } else { "**Toegang:** elk geldig token." });
    } else {
        text.push_str(&format!("**Scopes:** `{}`.", scopes.join("`, `")));
    }
    if let Some(fields) = operation.as_object_mut() {
        fields.insert("description".to_owned(), json!(text));
    }
}

/// Zet in elke beschrijving wie het volgens het beleid mag. Het hele beleid langsgaan duurt even; alleen wie het document
/// leest wacht daarop, het starten van de dienst niet.
pub(crate) fn with_roles(document: &Value) -> Value {
    let mut document = document.clone();
    for operation in operations_mut(&mut document) {
        let Some(wie) = operation.get("x-actie").and_then(Value::as_str).map(wie_mag) else { continue };
        if let Some(Value::String(text)) = operation.get_mut("description")
            && !wie.is_empty()
        {
            text.push_str(&format!("\n\n**Wie mag dit?** {wie}."));
        }
    }
    document
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_').filter(|part| !part.is_empty());
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        text.push_str(letters.as_str());
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::camel_case;

    #[test]
    fn eigen_velden_staan_achteraan_op_naam() {
        let mut operation = json!({ "x-max-body": 1, "summary": "s", "x-actie": "a", "tags": [] });
        super::extensions_last(&mut operation);
        let names: Vec<&String> = operation.as_object().unwrap().keys().collect();
        assert_eq!(names, ["summary", "tags", "x-actie", "x-max-body"]);
    }

    #[test]
    fn een_operatie_heet_in_camel_case() {
        assert_eq!(camel_case("wijzig_organisatie"), "wijzigOrganisatie");
        assert_eq!(camel_case("wijzigOrganisatie"), "wijzigOrganisatie");
    }
}
