# Korte namen voor wat we vaak doen. `just` zonder naam toont deze lijst.
default:
    @just --list

# Voorbeelddienst met verzonnen gegevens op http://127.0.0.1:8080
demo *OPTIES:
    cargo run -- demo {{OPTIES}}

# Alle proeven, of alleen de genoemde onderdelen
test *ONDERDELEN:
    ./test {{ONDERDELEN}}

# Opmaak herstellen
opmaak:
    cargo fmt --all

# Het contract opnieuw maken uit de code
openapi:
    cargo run --quiet -- openapi --out openapi/openapi.json

# Meten: verhoudingen in één ronde, uitkomst in docs/prestaties.md
bench *OPTIES:
    cargo build --release --locked -p aansluitloket -p bench
    ./target/release/bench {{OPTIES}}
