//! Sporen gaan alleen naar buiten als dat is ingesteld, en dragen hetzelfde nummer als het antwoord.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "een proef mag stuklopen")]

mod common;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use common::{Service, request};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// Een verzamelaar die bewaart wat er binnenkomt.
fn collector() -> (SocketAddr, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let received = Arc::new(Mutex::new(Vec::new()));
    let keep = received.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
            let mut buffer = [0; 65_536];
            while let Ok(count) = stream.read(&mut buffer) {
                if count == 0 {
                    break;
                }
                keep.lock().unwrap().extend_from_slice(&buffer[..count]);
                if count < buffer.len() && keep.lock().unwrap().windows(4).any(|four| four == b"\r\n\r\n") {
                    let _gone = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                }
            }
        }
    });
    (address, received)
}

#[test]
fn een_verzoek_wordt_een_spoor_met_het_nummer_van_de_aanroeper() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    drop(Service::demo(&dir));
    let (address, received) = collector();
    let endpoint = format!("http://{address}/v1/traces");
    let mut service = Service::serve(&dir, &[("AANSLUITLOKET_TELEMETRY__OTLP_ENDPOINT", &endpoint), ("AANSLUITLOKET_LOGGING__LEVEL", "info")]);
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let answer = request(service.api, "GET", "/v1/openapi.json", &[("traceparent", &parent)], None).unwrap();
    assert!(answer.header("traceparent").unwrap().contains(TRACE));
    service.signal("TERM");
    assert_eq!(service.wait_exit(Duration::from_secs(20)), Some(0), "{}", service.log());
    let body = received.lock().unwrap().clone();
    assert!(body.starts_with(b"POST /v1/traces HTTP/1.1"), "{}", String::from_utf8_lossy(&body[..body.len().min(200)]));
    let id = u128::from_str_radix(TRACE, 16).unwrap().to_be_bytes();
    assert!(body.windows(16).any(|window| window == id), "het spoornummer ontbreekt");
    assert!(body.windows(13).any(|window| window == b"aansluitloket"), "de naam van de dienst ontbreekt");
}
