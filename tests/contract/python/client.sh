#!/usr/bin/env bash
# Maakt uit het contract een client in Python en doet er een echte gang mee.
set -euo pipefail
hier=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
map=$(mktemp -d "$WERK/python.XXXXXX")
trap 'rm -rf "$map"' EXIT
"$VENV/bin/openapi-python-client" generate --path "$HUIS/openapi/openapi.json" --meta none --output-path "$map/aansluitloket" --config "$hier/client.yaml" --fail-on-warning
cd "$map"
PYTHONPATH=$map "$VENV/bin/python" "$hier/gang.py"
