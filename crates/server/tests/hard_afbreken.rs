//! Wat bevestigd is, blijft: het proces wordt midden in een schrijflast hard afgebroken en opnieuw gestart.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "een proef mag stuklopen")]

mod common;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use common::{Service, program, request};
use serde_json::{Value, json};
use store::testing::Postgres;

const WRITERS: usize = 8;
const ACKNOWLEDGED: usize = 150;

#[test]
fn elke_bevestigde_wijziging_overleeft_een_harde_stop_precies_eenmaal_op_sqlite() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    let mut service = Service::demo(&dir);
    let acknowledged = write_until_killed(&mut service);
    drop(service);
    let again = Service::serve(&dir, &[]);
    assert_present_once(&again, &acknowledged);
    drop(again);
    assert_chain_is_whole(&dir, &[]);
}

#[test]
fn elke_bevestigde_wijziging_overleeft_een_harde_stop_precies_eenmaal_op_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    let database = postgres.database();
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    common::seed(&dir, &database);
    let environment = [("AANSLUITLOKET_STORAGE__DATABASE_URL", database.as_str())];
    let mut service = Service::serve(&dir, &environment);
    let acknowledged = write_until_killed(&mut service);
    drop(service);
    let again = Service::serve(&dir, &environment);
    assert_present_once(&again, &acknowledged);
    drop(again);
    assert_chain_is_whole(&dir, &environment);
}

/// Acht schrijvers maken organisaties aan tot de dienst wegvalt; levert de bevestigde namen.
fn write_until_killed(service: &mut Service) -> Vec<String> {
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let started = Arc::new(AtomicUsize::new(0));
    let (address, token) = (service.api, service.token("lfb"));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (acknowledged, started, token) = (acknowledged.clone(), started.clone(), token.clone());
            thread::spawn(move || {
                let bearer = format!("Bearer {token}");
                // Begrensd in aantal: ook als de harde stop uitblijft, houdt dit vanzelf op.
                for number in 0..500 {
                    let name = format!("Lastproef {writer}-{number}");
                    let body = json!({ "naam": name, "emaildomeinen": [format!("last{writer}-{number}.example")] });
                    let key = format!("last-{writer}-{number}");
                    started.fetch_add(1, Ordering::Relaxed);
                    match request(address, "POST", "/v1/organisaties", &[("authorization", &bearer), ("idempotency-key", &key)], Some(&body)) {
                        Ok(answer) if answer.status == 201 => acknowledged.lock().unwrap().push(name),
                        Ok(answer) => panic!("{}: {}", answer.status, answer.text()),
                        Err(_) => return,
                    }
                }
            })
        })
        .collect();
    let deadline = Instant::now() + Duration::from_secs(60);
    while acknowledged.lock().unwrap().len() < ACKNOWLEDGED && Instant::now() < deadline {
        assert!(!writers.iter().all(thread::JoinHandle::is_finished), "de schrijvers stopten te vroeg:\n{}", service.log());
        thread::sleep(Duration::from_millis(1));
    }
    service.signal("KILL");
    service.child.wait().unwrap();
    for writer in writers {
        writer.join().unwrap();
    }
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() >= ACKNOWLEDGED, "te weinig last: {}", acknowledged.len());
    acknowledged
}

fn assert_present_once(service: &Service, acknowledged: &[String]) {
    let names = count(&all(service, "/v1/organisaties?limit=200"), |item| item["naam"].as_str().unwrap_or_default().to_owned());
    for name in acknowledged {
        assert_eq!(names.get(name), Some(&1), "{name} is bevestigd en moet er precies eenmaal zijn");
    }
    let ids: HashMap<String, String> = all(service, "/v1/organisaties?limit=200")
        .iter()
        .map(|item| (item["id"].as_str().unwrap().to_owned(), item["naam"].as_str().unwrap().to_owned()))
        .collect();
    let events = count(&all(service, "/v1/gebeurtenissen?limit=200"), |event| {
        let id = event["data"]["onderwerpId"].as_str().or_else(|| event["subject"].as_str()).unwrap_or_default();
        ids.get(id).cloned().unwrap_or_default()
    });
    for name in acknowledged {
        assert_eq!(events.get(name), Some(&1), "bij {name} hoort precies één gebeurtenis");
    }
}

fn all(service: &Service, first: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let page = service.call("lfb", "GET", &path, &[], None);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        let page = page.json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        let link = page["_links"]["next"]["href"].as_str().map(|href| href.find("/v1/").map_or(href, |at| &href[at..]).to_owned());
        // De gebeurtenissenstroom heeft altijd een vervolg; een lege bladzijde is het einde.
        next = link.filter(|link| *link != path && !page["items"].as_array().unwrap().is_empty());
    }
    items
}

fn count(items: &[Value], key: impl Fn(&Value) -> String) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(key(item)).or_insert(0) += 1;
    }
    counts
}

fn assert_chain_is_whole(dir: &std::path::Path, environment: &[(&str, &str)]) {
    let output = program().arg("--config").arg(dir.join("aansluitloket.toml")).args(["audit", "verify"]).envs(environment.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}
