//! De twee migratiemappen maken dezelfde database, en zijn terug te draaien.
//!
//! Vergeleken worden twee gemigreerde databases zoals zij zichzelf beschrijven, niet de teksten van de migraties: wat een
//! database van een opdracht maakt, is wat geldt.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use store::{Conn, Store, StoreError};

use super::opslagen;

/// Wat een database over zichzelf zegt: per onderwerp de regels.
type Beschrijving = BTreeMap<&'static str, BTreeSet<String>>;

#[derive(QueryableByName, Debug)]
struct Feit {
    #[diesel(sql_type = Text)]
    onderwerp: String,
    #[diesel(sql_type = Text)]
    tekst: String,
    #[diesel(sql_type = Bool)]
    kenmerk: bool,
    #[diesel(sql_type = Nullable<Text>)]
    voorwaarde: Option<String>,
}

const KOLOMMEN: &str = "kolommen: tabel, naam, type, verplicht, standaardwaarde";
const SLEUTELS: &str = "primaire sleutels: tabel en kolommen";
const INDEXEN: &str = "indexen: tabel, naam, kolommen, uniek, voorwaarde";
const VERWIJZINGEN: &str = "verwijzingen: van, naar, bij verwijderen";
const KEURINGEN: &str = "keuringen per tabel: aantal en toegestane waarden";

const SQLITE: [(&str, &str); 5] = [
    (
        KOLOMMEN,
        "SELECT m.name AS onderwerp, c.name || ' ' || upper(c.type) AS tekst, c.\"notnull\" <> 0 AS kenmerk, c.dflt_value AS voorwaarde
         FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
    ),
    (
        SLEUTELS,
        "SELECT t AS onderwerp, group_concat(k, ',') AS tekst, 1 AS kenmerk, NULL AS voorwaarde FROM
         (SELECT m.name AS t, c.name AS k FROM sqlite_master m, pragma_table_info(m.name) c
          WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND c.pk > 0 ORDER BY m.name, c.pk) GROUP BY t",
    ),
    (
        INDEXEN,
        "SELECT t AS onderwerp, i || ' ' || group_concat(k, ',') AS tekst, u AS kenmerk, s AS voorwaarde FROM
         (SELECT m.name AS t, l.name AS i, l.\"unique\" <> 0 AS u, x.name AS k,
                 (SELECT substr(sql, instr(sql, ' WHERE ')) FROM sqlite_master WHERE name = l.name AND l.partial) AS s
          FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) x
          WHERE m.type = 'table' AND l.origin = 'c' ORDER BY l.name, x.seqno) GROUP BY t, i",
    ),
    (
        VERWIJZINGEN,
        "SELECT m.name AS onderwerp, f.\"from\" || ' -> ' || f.\"table\" || '.' || coalesce(f.\"to\", '') AS tekst, f.on_delete = 'CASCADE' AS kenmerk,
         NULL AS voorwaarde FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
    ),
    (KEURINGEN, "SELECT name AS onderwerp, '' AS tekst, 1 AS kenmerk, sql AS voorwaarde FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"),
];

const POSTGRESQL: [(&str, &str); 5] = [
    (
        KOLOMMEN,
        "SELECT c.table_name::text AS onderwerp, c.column_name || ' ' || CASE c.data_type WHEN 'timestamp without time zone' THEN 'TIMESTAMP'
                WHEN 'bytea' THEN 'BLOB' ELSE upper(c.data_type) END AS tekst, c.is_nullable = 'NO' AS kenmerk, c.column_default::text AS voorwaarde
         FROM information_schema.columns c WHERE c.table_schema = 'public'",
    ),
    (
        SLEUTELS,
        "SELECT t.relname::text AS onderwerp, string_agg(a.attname::text, ',' ORDER BY k.plek) AS tekst, true AS kenmerk, NULL::text AS voorwaarde
         FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
         CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(nr, plek) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.nr
         WHERE i.indisprimary GROUP BY t.relname",
    ),
    (
        INDEXEN,
        "SELECT t.relname::text AS onderwerp, x.relname || ' ' || string_agg(a.attname::text, ',' ORDER BY k.plek) AS tekst, i.indisunique AS kenmerk,
                pg_get_expr(i.indpred, i.indrelid) AS voorwaarde
         FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
         JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
         CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(nr, plek) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.nr
         WHERE NOT i.indisprimary GROUP BY t.relname, x.relname, i.indisunique, i.indpred, i.indrelid",
    ),
    (
        VERWIJZINGEN,
        "SELECT t.relname::text AS onderwerp, a.attname || ' -> ' || d.relname || '.' || b.attname AS tekst, c.confdeltype = 'c' AS kenmerk, NULL::text AS voorwaarde
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class d ON d.oid = c.confrelid
         CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(van, naar)
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.van JOIN pg_attribute b ON b.attrelid = d.oid AND b.attnum = k.naar
         WHERE c.contype = 'f'",
    ),
    (
        KEURINGEN,
        "SELECT t.relname::text AS onderwerp, '' AS tekst, true AS kenmerk,
                coalesce(string_agg(pg_get_constraintdef(c.oid), ' ' ORDER BY c.conname), '') AS voorwaarde
         FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
         LEFT JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'c' WHERE t.relkind = 'r' GROUP BY t.relname",
    ),
];

/// De namen en waarden in een voorwaarde, zonder de schrijfwijze van de database (`IN (...)` wordt `= ANY (ARRAY[...])`).
fn kern(voorwaarde: &str) -> String {
    let zonder_type = voorwaarde.replace("::text[]", "").replace("::text", "").replace("::character varying", "");
    let waarden: BTreeSet<&str> = zonder_type.split('\'').skip(1).step_by(2).collect();
    let ontkend = zonder_type.to_uppercase().contains("NOT NULL");
    let leeg = zonder_type.to_uppercase().contains("IS NULL");
    format!("waarden {waarden:?}, niet leeg {ontkend}, leeg {leeg}")
}

/// Hoeveel keuringen er zijn en welke waarden zij noemen; wat na het laatste haakje van een keuring komt, hoort er niet bij.
fn keuringen(sql: &str) -> String {
    let mut waarden = BTreeSet::new();
    for keuring in sql.split("CHECK").skip(1) {
        let (mut diepte, mut begonnen) = (0, false);
        for (plek, deel) in keuring.split('\'').enumerate() {
            if plek % 2 == 1 {
                waarden.insert(deel);
                continue;
            }
            for teken in deel.chars() {
                diepte += i32::from(teken == '(') - i32::from(teken == ')');
                begonnen |= teken == '(';
            }
            if begonnen && diepte <= 0 {
                break;
            }
        }
    }
    format!("{} keuringen, waarden {waarden:?}", sql.matches("CHECK").count())
}

fn standaard(waarde: &str) -> String {
    let kaal = waarde.split("::").next().unwrap_or_default().trim_matches(|teken| teken == '\'' || teken == '(' || teken == ')').to_lowercase();
    match kaal.as_str() {
        "0" | "false" => "0".to_owned(),
        "1" | "true" => "1".to_owned(),
        ander => ander.to_owned(),
    }
}

fn beschrijf(conn: &mut Conn) -> Result<Beschrijving, StoreError> {
    let vragen = match conn {
        Conn::Pg(_) => POSTGRESQL,
        Conn::Sqlite(_) => SQLITE,
    };
    let mut uit = Beschrijving::new();
    for (onderwerp, vraag) in vragen {
        let feiten: Vec<Feit> = match conn {
            Conn::Pg(c) => diesel::sql_query(vraag).load(c)?,
            Conn::Sqlite(c) => diesel::sql_query(vraag).load(c)?,
        };
        let regels = feiten.into_iter().filter(|feit| feit.onderwerp != "__diesel_schema_migrations").map(|feit| {
            let bij = match (onderwerp, feit.voorwaarde.as_deref()) {
                (KEURINGEN, sql) => keuringen(sql.unwrap_or_default()),
                (KOLOMMEN, Some(waarde)) => standaard(waarde),
                (_, Some(voorwaarde)) => kern(voorwaarde),
                (_, None) => String::new(),
            };
            format!("{}: {} {} {bij}", feit.onderwerp, feit.tekst, feit.kenmerk)
        });
        uit.insert(onderwerp, regels.collect());
    }
    Ok(uit)
}

async fn beschrijving(store: &Store) -> Beschrijving {
    store.read(beschrijf).await.unwrap()
}

#[tokio::test]
async fn beide_databases_hebben_dezelfde_tabellen_kolommen_indexen_en_verwijzingen() {
    let opslagen = opslagen();
    let [(_, sqlite), (_, postgresql)] = opslagen.as_slice() else { return };
    let (sqlite, postgresql) = (beschrijving(sqlite).await, beschrijving(postgresql).await);
    for (onderwerp, minstens) in [(KOLOMMEN, 120), (SLEUTELS, 15), (INDEXEN, 30), (VERWIJZINGEN, 15), (KEURINGEN, 15)] {
        assert!(sqlite[onderwerp].len() >= minstens, "{onderwerp}: {}", sqlite[onderwerp].len());
        let alleen = |een: &Beschrijving, ander: &Beschrijving| een[onderwerp].difference(&ander[onderwerp]).cloned().collect::<Vec<_>>();
        let (hier, daar) = (alleen(&sqlite, &postgresql), alleen(&postgresql, &sqlite));
        assert!(hier.is_empty() && daar.is_empty(), "{onderwerp}\nalleen SQLite: {hier:#?}\nalleen PostgreSQL: {daar:#?}");
    }
}

#[tokio::test]
async fn een_afwijking_in_een_van_beide_databases_valt_op() {
    let opslagen = opslagen();
    let [(_, sqlite), (_, postgresql)] = opslagen.as_slice() else { return };
    let ingrepen = [
        (KOLOMMEN, "ALTER TABLE sector ADD COLUMN extra TEXT"),
        (INDEXEN, "CREATE UNIQUE INDEX sector_naam_uniek ON sector (naam)"),
        (INDEXEN, "CREATE INDEX persoon_actief ON persoon (naam) WHERE status = 'actief'"),
        (VERWIJZINGEN, "CREATE TABLE los (id TEXT NOT NULL PRIMARY KEY, sector_code TEXT REFERENCES sector (code))"),
        (KEURINGEN, "CREATE TABLE keur (id TEXT NOT NULL PRIMARY KEY CHECK (id IN ('a', 'b')))"),
    ];
    let voor = beschrijving(sqlite).await;
    for (onderwerp, ingreep) in ingrepen {
        sqlite.achter_de_rug(ingreep).unwrap();
        let na = beschrijving(sqlite).await;
        assert_ne!(na[onderwerp], beschrijving(postgresql).await[onderwerp], "{ingreep}");
        assert_ne!(na[onderwerp], voor[onderwerp], "{ingreep}");
        postgresql.achter_de_rug(ingreep).unwrap();
        assert_eq!(na[onderwerp], beschrijving(postgresql).await[onderwerp], "{ingreep}");
    }
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
        let voor = beschrijving(&store).await;
        store.migrate_down().unwrap();
        assert!(store.require_current().is_err());
        assert!(beschrijving(&store).await[KOLOMMEN].is_empty());
        assert!(store.migrate().unwrap() > 0);
        store.require_current().unwrap();
        assert_eq!(beschrijving(&store).await, voor);
    }
}
