// Eén echte gang met een client die uit het contract is gemaakt: pauzeren, botsen, herhalen, weigeren en hervatten.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Traject = components["schemas"]["Traject"];

const basis = process.env["LOKET_URL"];
const demo = process.env["LOKET_DEMO"];
assert(basis && demo);

const als = (rol: string) =>
  createClient<paths>({ baseUrl: `${basis}/v1`, headers: { Authorization: `Bearer ${readFileSync(`${demo}/tokens/${rol}.jwt`, "utf8").trim()}` } });
const adviseur = als("adviseur");

const ik = await adviseur.GET("/ik");
assert(ik.data, "de adviseur is bekend");

// Een lijst met een filter, blad voor blad.
const lopend: Traject[] = [];
let cursor: string | undefined;
do {
  const { data, error } = await adviseur.GET("/trajecten", { params: { query: { status: "lopend", limit: 2, ...(cursor ? { cursor } : {}) } } });
  assert(data, JSON.stringify(error));
  lopend.push(...data.items);
  const volgende = data._links.next?.href;
  cursor = volgende ? (new URL(volgende, basis).searchParams.get("cursor") ?? undefined) : undefined;
} while (cursor);
assert(lopend.length >= 4);
const traject = lopend.find((een) => een.stap === 1);
assert(traject);

// Lezen met de versie erbij, dan pauzeren.
const id = traject.id;
const gelezen = await adviseur.GET("/trajecten/{id}", { params: { path: { id } } });
const etag = gelezen.response.headers.get("ETag");
assert(gelezen.data && etag);
const sleutel = randomUUID();
const pauzeer = (versie: string, idempotent: string) =>
  adviseur.POST("/trajecten/{id}/pauzeringen", {
    params: { path: { id }, header: { "If-Match": versie, "Idempotency-Key": idempotent } },
    body: { reden: "De organisatie verhuist haar meldkamer." },
  });
const pauze = await pauzeer(etag, sleutel);
assert.equal(pauze.response.status, 201, JSON.stringify(pauze.error));

// Herhaald met dezelfde sleutel: hetzelfde antwoord, geen tweede pauzering.
const nogmaals = await pauzeer(etag, sleutel);
assert.deepEqual(nogmaals.data, pauze.data);

// Met een oude versie: 412, als probleem met een vaste code.
const teLaat = await pauzeer(etag, randomUUID());
assert.equal(teLaat.response.status, 412);
assert.equal(teLaat.error?.code, "versie-verouderd");

// Een regel van het domein: zolang het traject is gepauzeerd, gaat het geen stap verder.
const nu = await adviseur.GET("/trajecten/{id}", { params: { path: { id } } });
assert.equal(nu.data?.status, "gepauzeerd");
const versie = nu.response.headers.get("ETag");
assert(versie);
const stap = await adviseur.POST("/trajecten/{id}/stapovergangen", { params: { path: { id }, header: { "If-Match": versie } }, body: { naarStap: 2 } });
assert.equal(stap.response.status, 409, JSON.stringify(stap.data));

// Wie er niets mee te maken heeft, ziet het niet.
const vreemd = await als("projectleider").GET("/trajecten/{id}", { params: { path: { id } } });
assert.equal(vreemd.response.status, 404);

console.log(`gang in TypeScript gelukt: ${traject.kenmerk}, ${lopend.length} trajecten, ${stap.error?.code}`);
