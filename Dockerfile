# Bouwen: alleen een Rust-gereedschapskist, een C-compiler en OpenSSL (voor TLS naar PostgreSQL).
FROM rust:1.95-slim-bookworm AS bouw
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc g++ make cmake pkg-config libssl-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /bron
COPY . .
# De eigen bouw op een ontwikkelmachine linkt een libpq zonder TLS; deze kenmerkvlag linkt er een met.
RUN cargo build --release --locked -p aansluitloket --features postgres-tls \
 && strip target/release/aansluitloket

# Draaien: klein, zonder root, zonder shellgereedschap dat de dienst niet nodig heeft.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libssl3 ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/aansluitloket --shell /usr/sbin/nologin aansluitloket \
 && install -d -o aansluitloket -g aansluitloket -m 0700 /var/lib/aansluitloket
COPY --from=bouw /bron/target/release/aansluitloket /usr/local/bin/aansluitloket
COPY LICENSE* /usr/share/doc/aansluitloket/
USER 10001:10001
ENV AANSLUITLOKET_SERVER__LISTEN=0.0.0.0:8080 \
    AANSLUITLOKET_SERVER__ADMIN_LISTEN=127.0.0.1:9090 \
    AANSLUITLOKET_STORAGE__DATA_DIR=/var/lib/aansluitloket
VOLUME ["/var/lib/aansluitloket"]
EXPOSE 8080
STOPSIGNAL SIGTERM
# Het beeld heeft geen curl: het programma stelt de vraag zelf, aan zijn eigen beheerpoort.
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s --retries=3 \
  CMD ["aansluitloket", "doctor", "--readyz"]
ENTRYPOINT ["aansluitloket"]
CMD ["serve"]
