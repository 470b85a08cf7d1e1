// De API van de dienst, zoals een beheerder haar gebruikt: registreren, aansluiten, activeren.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';

export const basis = process.env.LOKET_URL;
export const knooppunten = (process.env.LOKET_KNOOPPUNTEN ?? basis ?? '').split(',');
export const database = process.env.LOKET_DATABASE;
const demoMap = process.env.LOKET_DEMO;

export const demo = () => JSON.parse(readFileSync(path.join(demoMap, 'demo.json'), 'utf8'));
export const tokenVan = (wie) => readFileSync(path.join(demoMap, 'tokens', `${wie}.jwt`), 'utf8').trim();
export const organisatie = (sleutel) => demo().organisaties.find((o) => o.sleutel === sleutel);

/** Eén aanroep; geeft status, koppen en lichaam. */
export async function roep(wie, methode, pad, lichaam, koppen = {}) {
  const antwoord = await fetch(`${koppen.basis ?? basis}/v1${pad}`, {
    method: methode,
    headers: {
      ...(wie ? { authorization: `Bearer ${wie.includes('.') ? wie : tokenVan(wie)}` } : {}),
      ...(lichaam ? { 'content-type': methode === 'PATCH' ? 'application/merge-patch+json' : 'application/json' } : {}),
      ...(methode === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      ...(koppen.etag ? { 'if-match': koppen.etag } : {}),
    },
    body: lichaam ? JSON.stringify(lichaam) : undefined,
  });
  const tekst = await antwoord.text();
  return { status: antwoord.status, koppen: antwoord.headers, etag: antwoord.headers.get('etag'), json: tekst ? JSON.parse(tekst) : undefined };
}

/** Een aanroep die moet slagen. */
export async function moet(wie, methode, pad, lichaam, koppen) {
  const antwoord = await roep(wie, methode, pad, lichaam, koppen);
  if (antwoord.status >= 300) throw new Error(`${methode} ${pad} als ${wie}: ${antwoord.status} ${JSON.stringify(antwoord.json, null, 2)}`);
  return antwoord;
}

/** Een sleutelpaar: privé als JWK voor het portaal, publiek als JWKS voor de registratie. */
export async function sleutelpaar(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = randomUUID();
  return {
    prive: { ...(await exportJWK(privateKey)), alg, kid, use: 'sig' },
    jwks: { keys: [{ ...(await exportJWK(publicKey)), alg, kid, use: 'sig' }] },
  };
}
