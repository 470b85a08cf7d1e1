//! proef
use serde_json::json;
#[test]
fn groot() {
    let n: usize = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(500);
    let profielen: Vec<_> = (0..300).map(|i| json!({"naam": format!("Informatiemanager team {i} (profiel-{i})"), "plek": format!("team-{i}, zorg, informatiemanager"), "rechten": "Situatiebeeld: schrijven, Besluiten: lezen, Acties: lezen, Meldingen: beheren"})).collect();
    let mensen: Vec<_> = (0..n)
        .map(|i| json!({"naam": format!("Noor Voorbeeld {i}"), "profielen": format!("profiel-{}, profiel-{} (vervanger)", i % 300, (i + 7) % 300)}))
        .collect();
    let g = json!({"organisatie": "Waterschap Voorbeeldland", "versie": "2", "status": "vastgesteld", "gemaaktOp": "1 januari 2026", "profielen": profielen, "mensen": mensen});
    let begin = std::time::Instant::now();
    let bytes = stukken::pdf::maak(stukken::pdf::Sjabloon::AUTORISATIEPLAN, &g, chrono::DateTime::UNIX_EPOCH).unwrap();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let hwm = status.lines().find(|l| l.starts_with("VmHWM")).unwrap().to_owned();
    eprintln!("N={n} {:?} {} bytes {hwm}", begin.elapsed(), bytes.len());
    std::fs::write(format!("/tmp/i4x/groot-{n}.pdf"), bytes).unwrap();
}
