//! De hub tegenover tegenpartijen die hem niet kennen, op SQLite en op PostgreSQL; zie `tests/peers`.

use e2e::peers::Hub;

fn op_iedere_database(bestand: &str) {
    for hub in Hub::alle() {
        hub.proef(bestand);
    }
}

#[test]
#[ignore = "vraagt Node en pakketten: ./test tegenpartijen"]
fn inloggen_met_het_account_van_de_eigen_organisatie() {
    op_iedere_database("hub_aanmelden.test.mjs");
}

#[test]
#[ignore = "vraagt Node en pakketten: ./test tegenpartijen"]
fn de_modules_voor_een_openid_provider() {
    op_iedere_database("hub_oidc.test.mjs");
}

#[test]
#[ignore = "vraagt Node en pakketten: ./test tegenpartijen"]
fn de_modules_voor_fapi_2() {
    op_iedere_database("hub_fapi2.test.mjs");
}

#[test]
#[ignore = "vraagt Node, Python en pakketten: ./test tegenpartijen"]
fn een_portaal_en_een_script_in_python() {
    op_iedere_database("hub_authlib.test.mjs");
}

#[test]
#[ignore = "vraagt Node, Python en pakketten: ./test tegenpartijen"]
fn de_handleiding_voor_portalen_klopt_letterlijk() {
    op_iedere_database("hub_handleiding.test.mjs");
}

#[test]
#[ignore = "vraagt Node en Chromium: ./test tegenpartijen"]
fn in_een_echte_browser_en_toegankelijk() {
    op_iedere_database("hub_browser.test.mjs");
}

#[test]
#[ignore = "vraagt Node en PostgreSQL: ./test tegenpartijen"]
fn twee_knooppunten_op_een_postgresql() {
    if let Some(hub) = Hub::tweeling() {
        hub.proef("hub_tweeling.test.mjs");
    }
}

#[test]
#[ignore = "vraagt Node en PostgreSQL: ./test tegenpartijen"]
fn de_opslag_of_een_aanmelddienst_valt_uit() {
    if let Some(hub) = Hub::met_storing() {
        hub.proef("hub_uitval.test.mjs");
    }
}
