//! De twee migratiemappen beschrijven hetzelfde schema, en zijn terug te draaien.

use std::collections::BTreeSet;
use std::path::Path;

use super::opslagen;

/// Ontleedt wat wij zelf schrijven: tabellen, kolommen met verplichtheid, en indexen met hun kolommen en voorwaarde.
fn schema(map: &str) -> BTreeSet<String> {
    let basis = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(map);
    let mut mappen: Vec<_> = std::fs::read_dir(basis).unwrap().map(|m| m.unwrap().path()).collect();
    mappen.sort();
    let sql: String = mappen.iter().map(|m| std::fs::read_to_string(m.join("up.sql")).unwrap()).collect();
    sql.split(';').map(|o| o.replace("BYTEA", "BLOB").split_whitespace().collect::<Vec<_>>().join(" ")).filter(|o| !o.is_empty()).collect()
}

#[test]
fn beide_mappen_beschrijven_dezelfde_tabellen_kolommen_en_indexen() {
    let (sqlite, postgresql) = (schema("sqlite"), schema("postgresql"));
    assert!(sqlite.len() > 40);
    assert_eq!(sqlite, postgresql);
}

#[test]
fn beide_mappen_hebben_dezelfde_namen() {
    let namen = |map: &str| -> BTreeSet<_> {
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(map)).unwrap().map(|m| m.unwrap().file_name()).collect()
    };
    assert_eq!(namen("sqlite"), namen("postgresql"));
}

#[tokio::test]
async fn migraties_zijn_terug_te_draaien_en_opnieuw_te_doen() {
    for (_map, store) in opslagen() {
        store.migrate_down().unwrap();
        assert!(store.require_current().is_err());
        assert!(store.migrate().unwrap() > 0);
        store.require_current().unwrap();
    }
}
