//! Tabellen: wat eruit gaat komt er hetzelfde weer in, en een bestand dat liegt wordt geweigerd.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use std::io::{Cursor, Write};

use proptest::prelude::*;
use stukken::tabel::{Cel, Grenzen, Lezer, Rij, Tabelfout, naar_csv, naar_xlsx};
use zip::write::SimpleFileOptions;

fn lees(bytes: &[u8]) -> Result<(Vec<String>, Vec<Rij>), Tabelfout> {
    let mut bestand = tempfile::NamedTempFile::new().unwrap();
    bestand.write_all(bytes).unwrap();
    let mut lezer = Lezer::open(bestand.path(), Grenzen::default())?;
    let mut rijen = Vec::new();
    while let Some(rij) = lezer.volgende()? {
        rijen.push(rij);
    }
    Ok((lezer.koppen().to_vec(), rijen))
}

#[track_caller]
fn weigert(bytes: &[u8], code: &str) {
    let fout = lees(bytes).expect_err(code);
    assert_eq!(fout.code, code, "{fout}");
}

#[test]
fn komma_en_puntkomma_utf_8_met_en_zonder_bom_en_windows_1252_zijn_dezelfde_lijst() {
    let verwacht = vec![(2, vec!["Zoë 't Hart".to_owned(), "zoe@voorbeeld.example".to_owned()])];
    for tekst in [
        "Naam;E-mail\r\nZoë 't Hart;zoe@voorbeeld.example\r\n",
        "Naam,E-mail\nZoë 't Hart,zoe@voorbeeld.example",
        "\u{feff}Naam;\"E-mail\"\nZoë 't Hart;zoe@voorbeeld.example\n;\n",
    ] {
        let (koppen, rijen) = lees(tekst.as_bytes()).unwrap();
        assert_eq!((koppen, &rijen), (vec!["naam".to_owned(), "e-mail".to_owned()], &verwacht));
    }
    let latijn: Vec<u8> = "Naam;E-mail\nZoë 't Hart;zoe@voorbeeld.example\n".chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(lees(&latijn).unwrap().1, verwacht);
    let euro = b"naam\n\x80 en \x93aanhaling\x94\n";
    assert_eq!(lees(euro).unwrap().1[0].1[0], "€ en “aanhaling”");
}

#[test]
fn een_rij_heeft_het_nummer_dat_een_rekenblad_toont_ook_na_lege_regels_en_cellen_met_regeleinden() {
    for einde in ["\n", "\r\n", "\r"] {
        let regels = ["", "naam;functie", "", "een;a", "", "", "\"twee", "op twee regels\";b", ";", "drie;\"zei \"\"ja\"\"\"", "vier;5\" scherm", "", "vijf;c"];
        let rijen = lees(regels.join(einde).as_bytes()).unwrap().1;
        let nummers: Vec<(u32, &str)> = rijen.iter().map(|(nummer, cellen)| (*nummer, cellen[0].split(['\r', '\n']).next().unwrap())).collect();
        // De kop staat in rij 2; 'twee' is met zijn regeleinde één rij.
        assert_eq!(nummers, [(4, "een"), (7, "twee"), (9, "drie"), (10, "vier"), (12, "vijf")], "{einde:?}");
    }
    let mut werkmap = rust_xlsxwriter::Workbook::new();
    let blad = werkmap.add_worksheet();
    for (rij, tekst) in [(1, "naam"), (3, "een"), (6, "twee")] {
        blad.write_string(rij, 0, tekst).unwrap();
    }
    let rijen = lees(&werkmap.save_to_buffer().unwrap()).unwrap().1;
    assert_eq!(rijen.iter().map(|(nummer, _)| *nummer).collect::<Vec<_>>(), [4, 7], "een werkmap telt net zo");
}

#[test]
fn een_getal_is_in_een_werkmap_een_getal_en_cijfers_in_een_tekst_blijven_tekst() {
    let rijen = || [[Cel::from("0612345678"), Cel::from(0.25), Cel::from(-3), Cel::from(None::<f64>)]];
    let werkmap = naar_xlsx("Blad", &["telefoon", "score", "verschil", "leeg"], rijen()).unwrap();
    let mut archief = zip::ZipArchive::new(Cursor::new(&werkmap)).unwrap();
    let mut blad = String::new();
    std::io::Read::read_to_string(&mut archief.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut blad).unwrap();
    assert!(blad.contains("<c r=\"A2\" t=\"s\">") && blad.contains("<c r=\"B2\"><v>0.25</v>") && blad.contains("<c r=\"C2\"><v>-3</v>"), "{blad}");
    assert_eq!(lees(&werkmap).unwrap().1, vec![(2, ["0612345678", "0.25", "-3", ""].map(str::to_owned).to_vec())]);
    let csv = String::from_utf8(naar_csv(&["telefoon", "score", "verschil", "leeg"], rijen()).unwrap()).unwrap();
    assert!(csv.ends_with("0612345678;0.25;-3;\r\n"), "een negatief getal is geen formule: {csv}");
}

#[test]
fn een_bestand_dat_geen_tabel_is_wordt_geweigerd_met_wat_er_mis_is() {
    weigert(b"", "bestand-leeg");
    weigert(b"%PDF-1.7\n", "bestandssoort-onbekend");
    weigert(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 oud excel", "bestandssoort-onbekend");
    weigert(b"\xFF\xFEn\0a\0", "tekenset-onbekend");
    weigert(b"naam\n\xC3\x28\x81\n", "tekenset-onbekend");
    weigert(b"naam\n\x00\x01\x02\n", "geen-tekst");
    weigert(b"PK\x03\x04 afgebroken", "bestand-onleesbaar");
    weigert(b"naam;naam\na;b\n", "kolom-dubbel");
    weigert(b"naam;;e-mail\na;b;c\n", "kolom-zonder-naam");
    weigert(b"naam\na,b,c\n", "te-veel-cellen");
    weigert(format!("{}\n", (0..300).map(|i| format!("k{i}")).collect::<Vec<_>>().join(";")).as_bytes(), "te-veel-kolommen");
    weigert(format!("naam\n{}\n", "x".repeat(4_001)).as_bytes(), "cel-te-lang");
    weigert(format!("naam\n{}", "a\n".repeat(50_001)).as_bytes(), "te-veel-rijen");
    weigert(format!("naam\n{}", "\n".repeat(1_048_576)).as_bytes(), "te-veel-rijen");
}

#[test]
fn alleen_kommas_is_een_rij_zonder_namen() {
    weigert(&vec![b','; 200_000], "bestand-leeg");
}

fn archief(onderdelen: &[(&str, &[u8])]) -> Vec<u8> {
    let mut schrijver = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (naam, inhoud) in onderdelen {
        schrijver.start_file(*naam, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)).unwrap();
        schrijver.write_all(inhoud).unwrap();
    }
    schrijver.finish().unwrap().into_inner()
}

#[test]
fn een_zipbom_een_macrowerkmap_en_een_gewone_zip_worden_geweigerd() {
    let nullen = vec![b'0'; 40 * 1024 * 1024];
    let bom = archief(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &nullen)]);
    assert!(bom.len() < 200_000, "klein verpakt: {}", bom.len());
    weigert(&bom, "uitgepakt-te-groot");
    weigert(&archief(&[("xl/workbook.xml", b"<workbook/>"), ("xl/vbaProject.bin", b"x")]), "macro");
    weigert(&archief(&[("foto.jpg", b"x")]), "bestandssoort-onbekend");
    let veel: Vec<(String, &[u8])> = (0..600).map(|i| (format!("xl/{i}"), &b"x"[..])).collect();
    let veel: Vec<(&str, &[u8])> = veel.iter().map(|(naam, inhoud)| (naam.as_str(), *inhoud)).collect();
    weigert(&archief(&veel), "uitgepakt-te-groot");
}

#[test]
fn een_werkmap_met_een_gevulde_kolom_ver_weg_of_300_kolommen_wordt_geweigerd() {
    let koppen: Vec<String> = (0..300).map(|i| format!("k{i}")).collect();
    let koppen: Vec<&str> = koppen.iter().map(String::as_str).collect();
    weigert(&naar_xlsx("Blad", &koppen, [["a"]]).unwrap(), "te-veel-kolommen");
}

#[test]
fn een_formule_wordt_tekst_in_csv_en_in_een_werkmap() {
    let gevaar = ["=1+1", "+31 20 000 00 00", "-2", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"];
    let csv = naar_csv(&["a"], gevaar.iter().map(|g| [*g])).unwrap();
    let tekst = String::from_utf8(csv.clone()).unwrap();
    for regel in tekst.lines().skip(1) {
        assert!(regel.trim_start_matches('"').starts_with('\''), "{regel}");
    }
    assert_eq!(lees(&csv).unwrap().1.into_iter().map(|(_, r)| r[0].clone()).collect::<Vec<_>>(), gevaar);
    let werkmap = naar_xlsx("Blad", &["a"], gevaar.iter().map(|g| [*g])).unwrap();
    let mut archief = zip::ZipArchive::new(Cursor::new(&werkmap)).unwrap();
    let mut blad = String::new();
    std::io::Read::read_to_string(&mut archief.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut blad).unwrap();
    assert!(!blad.contains("<f>"), "geen enkele formule: {blad}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn csv_en_werkmap_verliezen_niets(rijen in prop::collection::vec(prop::collection::vec("[=+@'\"; ,a-zé€-]{0,12}", 3), 1..12)) {
        let koppen = ["een", "twee", "drie"];
        let verwacht: Vec<&Vec<String>> = rijen.iter().filter(|r| r.iter().any(|c| !c.trim().is_empty())).collect();
        let csv = lees(&naar_csv(&koppen, &rijen).unwrap()).unwrap().1;
        prop_assert_eq!(csv.iter().map(|(_, r)| r).collect::<Vec<_>>(), verwacht.clone());
        let werkmap = lees(&naar_xlsx("Blad", &koppen, &rijen).unwrap()).unwrap().1;
        // Een cel met alleen spaties is in een werkblad leeg.
        let leeg = |r: &Vec<String>| r.iter().map(|c| if c.trim().is_empty() { String::new() } else { c.clone() }).collect::<Vec<_>>();
        prop_assert_eq!(werkmap.iter().map(|(_, r)| leeg(r)).collect::<Vec<_>>(), verwacht.into_iter().map(leeg).collect::<Vec<_>>());
    }
}
