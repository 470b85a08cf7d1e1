#!/usr/bin/env bash
# Maakt uit het contract een getypeerde client, keurt de gang streng en voert haar uit.
set -euo pipefail
hier=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
map=$(mktemp -d "$WERK/typescript.XXXXXX")
trap 'rm -rf "$map"' EXIT
ln -s "$NPM/node_modules" "$map/node_modules"
cp "$hier/gang.ts" "$hier/tsconfig.json" "$map/"
printf '{"type":"module"}\n' > "$map/package.json"
cd "$map"
node_modules/.bin/openapi-typescript "$HUIS/openapi/openapi.json" --output schema.d.ts
node_modules/.bin/tsc --project .
node uit/gang.js
