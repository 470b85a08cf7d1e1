// FAPI 2.0 Security Profile Final met private_key_jwt en DPoP: de modules van de OpenID Foundation, elk onder zijn naam.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { Bladeraar } from '../bladeraar.mjs';
import { TERUG, antwoordVan, bijPortaal, doorloop, logIn, persoon, postbus, registreerPortaal, sluitIdpAan, terugNaarPortaal } from '../hub.mjs';
import { basis } from '../loket.mjs';

const NU = () => Math.floor(Date.now() / 1000);
const daan = persoon('Daan');
const bron = `${basis}/v1/ik`;
let idp, portaal, ander, post, meta, bladeraar, sleutel, dpop;

before(async () => {
  post = await postbus();
  idp = await sluitIdpAan();
  const scopes = ['personen:lezen'];
  portaal = await registreerPortaal({ profiel: 'fapi2', scopes, offlineToegang: true, redirectUris: [TERUG, `${TERUG}2`] }, { scope: 'openid personen:lezen offline_access' });
  // FAPI 2.0, 5.4: ook Ed25519, voor de bewering en voor DPoP.
  ander = await registreerPortaal({ profiel: 'fapi2', naam: 'Tweede client', scopes }, { alg: 'Ed25519', scope: 'openid personen:lezen' });
  meta = await (await fetch(`${basis}/.well-known/openid-configuration`)).json();
  sleutel = await importJWK(portaal.sleutel, 'ES256');
  dpop = await dpopSleutel();
  bladeraar = new Bladeraar();
  await logIn(portaal, { bladeraar, post, email: daan.email });
});
after(async () => { await idp?.stop(); await post?.stop(); });

async function dpopSleutel() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) };
}
/** Een clientbewering, met wat deze proef eraan verandert. */
async function bewering({ kop = {}, ...anders } = {}, ondertekenaar = sleutel) {
  const inhoud = { iss: portaal.clientId, sub: portaal.clientId, aud: basis, jti: randomUUID(), iat: NU(), exp: NU() + 60, ...anders };
  for (const [naam, waarde] of Object.entries(inhoud)) if (waarde === undefined) delete inhoud[naam];
  return new SignJWT(inhoud).setProtectedHeader({ alg: 'ES256', kid: portaal.sleutel.kid, ...kop }).sign(ondertekenaar);
}
async function dpopBewijs(methode, adres, { kop = {}, bij = dpop, ...anders } = {}) {
  const inhoud = { jti: randomUUID(), htm: methode, htu: adres, iat: NU(), ...anders };
  for (const [naam, waarde] of Object.entries(inhoud)) if (waarde === undefined) delete inhoud[naam];
  const hoofd = { alg: 'ES256', typ: 'dpop+jwt', jwk: bij.jwk, ...kop };
  for (const [naam, waarde] of Object.entries(hoofd)) if (waarde === undefined) delete hoofd[naam];
  return new SignJWT(inhoud).setProtectedHeader(hoofd).sign(bij.privateKey);
}
async function formulier(adres, velden, koppen = {}) {
  const invoer = new URLSearchParams({ client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: await bewering() });
  for (const [naam, waarde] of Object.entries(velden)) if (waarde === undefined) invoer.delete(naam); else invoer.set(naam, waarde);
  const antwoord = await fetch(adres, { method: 'POST', headers: koppen, body: invoer });
  return { status: antwoord.status, koppen: antwoord.headers, ...(await antwoord.json().catch(() => ({}))) };
}
const VERIFIER = 'a'.repeat(64);
const velden = (anders = {}) => ({
  client_id: portaal.clientId, response_type: 'code', redirect_uri: TERUG, scope: 'openid personen:lezen', state: 's', nonce: 'n', code_challenge: challenge, code_challenge_method: 'S256', ...anders,
});
let challenge;
before(async () => {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(VERIFIER));
  challenge = Buffer.from(hash).toString('base64url');
});
const par = async (anders, koppen) => formulier(meta.pushed_authorization_request_endpoint, velden(anders), koppen);
async function naarHub(requestUri, b = bladeraar, extra = {}) {
  const adres = `${meta.authorization_endpoint}?${new URLSearchParams({ client_id: portaal.clientId, request_uri: requestUri, ...extra })}`;
  await doorloop(b, adres);
  return b;
}
/** Code zonder binding aan een sleutel, tenzij gevraagd. */
async function code(anders, koppen) {
  const klaar = await par(anders, koppen);
  assert.equal(klaar.status, 201, JSON.stringify(klaar));
  const antwoord = antwoordVan(await naarHub(klaar.request_uri));
  assert.ok(antwoord.code, JSON.stringify(antwoord));
  return antwoord.code;
}
async function inwisselen(anders = {}, koppen) {
  const bewijs = await dpopBewijs('POST', meta.token_endpoint);
  return formulier(meta.token_endpoint, { grant_type: 'authorization_code', redirect_uri: TERUG, code_verifier: VERIFIER, ...anders }, koppen ?? { dpop: bewijs });
}
const geweigerd = (antwoord, ...fouten) => {
  assert.ok(antwoord.status >= 400 && antwoord.status < 500, JSON.stringify(antwoord));
  if (fouten.length) assert.ok(fouten.includes(antwoord.error), `${antwoord.error} is niet een van ${fouten}: ${antwoord.error_description}`);
};

test('discovery-end-point-verification', () => {
  assert.ok(meta.pushed_authorization_request_endpoint);
  assert.deepEqual(meta.code_challenge_methods_supported, ['S256']);
  assert.equal(meta.authorization_response_iss_parameter_supported, true);
  assert.ok(meta.token_endpoint_auth_methods_supported.includes('private_key_jwt'));
  assert.ok(meta.dpop_signing_alg_values_supported.includes('ES256'));
  assert.ok(['PS256', 'ES256'].some((alg) => meta.token_endpoint_auth_signing_alg_values_supported.includes(alg)));
});
test('happy-flow: twee clients, twee terugkeeradressen, gebonden token werkt', async () => {
  const uit = await logIn(portaal, { bladeraar });
  assert.equal(uit.tokens.token_type, 'dpop');
  assert.equal((await portaal.roep(uit.tokens, bron)).status, 200);
  const tweede = await logIn(ander, { bladeraar });
  assert.equal((await ander.roep(tweede.tokens, bron)).status, 200);
  const antwoord = await par({ redirect_uri: `${TERUG}2` });
  assert.equal(antwoord.status, 201);
  assert.ok((await naarHub(antwoord.request_uri)).adres.startsWith(`${TERUG}2`));
});
test('user-rejects-authentication', async () => {
  idp.stand.weigert = true;
  const b = new Bladeraar();
  await naarHub((await par()).request_uri, b);
  idp.stand.weigert = false;
  await terugNaarPortaal(b);
  assert.equal(antwoordVan(b).error, 'access_denied');
});
test('ensure-authorization-request-without-state-success, -without-nonce-success', async () => {
  const zonder = await formulier(meta.pushed_authorization_request_endpoint, { ...velden(), nonce: undefined });
  assert.ok(antwoordVan(await naarHub(zonder.request_uri)).code, JSON.stringify(zonder));
  const antwoord = antwoordVan(await naarHub((await formulier(meta.pushed_authorization_request_endpoint, { ...velden(), state: undefined })).request_uri));
  assert.ok(antwoord.code);
  assert.equal(antwoord.state, undefined);
});
test('ensure-authorization-request-with-64-char-nonce-success, -with-long-nonce, -with-long-state', async () => {
  const kort = 'n'.repeat(64);
  const uit = await inwisselen({ code: await code({ nonce: kort }) });
  assert.equal(JSON.parse(Buffer.from(uit.id_token.split('.')[1], 'base64url')).nonce, kort);
  for (const [veld, lengte] of [['nonce', 384], ['state', 2000]]) {
    const lang = 'x'.repeat(lengte);
    const klaar = await par({ [veld]: lang });
    if (klaar.status !== 201) { geweigerd(klaar, 'invalid_request'); continue; }
    const antwoord = antwoordVan(await naarHub(klaar.request_uri));
    if (veld === 'state') assert.equal(antwoord.state, lang);
    else assert.equal(JSON.parse(Buffer.from((await inwisselen({ code: antwoord.code })).id_token.split('.')[1], 'base64url')).nonce, lang);
  }
});
test('ensure-other-scope-order-succeeds', async () => assert.ok(await code({ scope: 'personen:lezen openid' })));
test('test-claims-parameter-identity-claims: onbekende claims tellen niet', async () => {
  assert.ok(await code({ claims: JSON.stringify({ id_token: { onzin: null, email: { essential: true } } }) }));
});
test('access-token-type-header-case-sensitivity', async () => {
  const { access_token: at } = await inwisselen({ code: await code() });
  const ath = await athVan(at);
  for (const schema of ['DPoP', 'dpop', 'DPOP']) {
    const antwoord = await fetch(bron, { headers: { authorization: `${schema} ${at}`, dpop: await dpopBewijs('GET', bron, { ath }) } });
    assert.equal(antwoord.status, 200, schema);
  }
});
test('check-dpop-proof-nbf-exp en ensure-dpopproof-with-iat-10seconds-before / -after-succeeds', async () => {
  for (const anders of [{ nbf: NU(), exp: NU() + 60 }, { iat: NU() - 10 }, { iat: NU() + 10 }]) {
    const uit = await inwisselen({ code: await code() }, { dpop: await dpopBewijs('POST', meta.token_endpoint, anders) });
    assert.equal(uit.status, 200, JSON.stringify(anders));
  }
});
test('ensure-mismatched-dpop-jkt-fails', async () => {
  const bewijs = await dpopBewijs('POST', meta.pushed_authorization_request_endpoint);
  geweigerd(await par({ dpop_jkt: (await dpopSleutel()).jkt }, { dpop: bewijs }), 'invalid_request', 'invalid_dpop_proof');
});
test('ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt en -dpop-jkt', async () => {
  const bijPar = { dpop: await dpopBewijs('POST', meta.pushed_authorization_request_endpoint) };
  for (const [anders, koppen] of [[{}, bijPar], [{ dpop_jkt: dpop.jkt }, undefined]]) {
    const bewijs = await dpopBewijs('POST', meta.token_endpoint, { bij: await dpopSleutel() });
    geweigerd(await inwisselen({ code: await code(anders, koppen) }, { dpop: bewijs }), 'invalid_grant', 'invalid_dpop_proof');
  }
});
test('ensure-dpopproof-at-par-endpoint-binding-success, ensure-dpop-auth-code-binding-success', async () => {
  const bewijs = { dpop: await dpopBewijs('POST', meta.pushed_authorization_request_endpoint) };
  assert.equal((await inwisselen({ code: await code({}, bewijs) })).status, 200);
  assert.equal((await inwisselen({ code: await code({ dpop_jkt: dpop.jkt }) })).status, 200);
});

const athVan = async (at) => Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(at))).toString('base64url');
test('dpop-negative-tests', async (t) => {
  const { access_token: at } = await inwisselen({ code: await code() });
  const ath = await athVan(at);
  const roep = async (koppen) => (await fetch(bron, { headers: koppen })).status;
  const met = async (anders, schema = 'DPoP') => roep({ authorization: `${schema} ${at}`, dpop: await dpopBewijs('GET', bron, { ath, ...anders }) });
  assert.equal(await met({}), 200, 'zo hoort het');
  const rsa = await generateKeyPair('RS256', { extractable: true });
  const rsaSleutel = { privateKey: rsa.privateKey, jwk: await exportJWK(rsa.publicKey) };
  const prive = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
  const zonder = ['jti', 'htm', 'htu', 'iat', 'ath'].map((claim) => [`zonder ${claim}`, { [claim]: undefined }]);
  const gevallen = [
    ...zonder, ['verkeerde typ', { kop: { typ: 'jwt' } }], ['zonder typ', { kop: { typ: undefined } }], ['zonder jwk', { kop: { jwk: undefined } }],
    ['privésleutel in jwk', { kop: { jwk: prive } }], ['RS256', { kop: { alg: 'RS256' }, bij: rsaSleutel }], ['andere htm', { htm: 'POST' }],
    ['andere htu', { htu: `${basis}/v1/anders` }], ['andere ath', { ath: await athVan('ander') }], ['een uur oud', { iat: NU() - 3600 }],
    ['een uur vooruit', { iat: NU() + 3600 }], ['andere sleutel', { bij: await dpopSleutel() }],
  ];
  for (const [naam, anders] of gevallen) await t.test(`geweigerd: ${naam}`, async () => assert.equal(await met(anders), 401));
  await t.test('geweigerd: twee koppen', async () => {
    const bewijzen = [await dpopBewijs('GET', bron, { ath }), await dpopBewijs('GET', bron, { ath })];
    assert.ok([400, 401].includes(await roep([['authorization', `DPoP ${at}`], ['dpop', bewijzen[0]], ['dpop', bewijzen[1]]])));
  });
  await t.test('geweigerd: geen JWT, alg none, kapotte handtekening, geen bewijs', async () => {
    const goed = await dpopBewijs('GET', bron, { ath });
    const [kop, inhoud, teken] = goed.split('.');
    const none = `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: dpop.jwk })).toString('base64url')}.${inhoud}.`;
    for (const bewijs of ['onzin', none, `${kop}.${inhoud}.${teken.slice(0, -4)}AAAA`]) assert.equal(await roep({ authorization: `DPoP ${at}`, dpop: bewijs }), 401);
    assert.equal(await roep({ authorization: `DPoP ${at}` }), 401);
  });
  await t.test('geweigerd: gebonden token als Bearer, met en zonder bewijs', async () => {
    assert.equal(await met({}, 'Bearer'), 401);
    assert.equal(await roep({ authorization: `Bearer ${at}` }), 401);
  });
  await t.test('geweigerd: hetzelfde bewijs een tweede keer', async () => {
    const bewijs = await dpopBewijs('GET', bron, { ath });
    assert.equal(await roep({ authorization: `DPoP ${at}`, dpop: bewijs }), 200);
    assert.equal(await roep({ authorization: `DPoP ${at}`, dpop: bewijs }), 401);
  });
  await t.test('aangenomen: extra claims, htu met query en fragment, host en schema in hoofdletters', async () => {
    for (const anders of [{ extra: 'x' }, { htu: `${bron}?x=1` }, { htu: `${bron}#deel` }, { htu: bron.replace('http', 'HTTP') }]) assert.equal(await met(anders), 200, JSON.stringify(anders));
  });
});

test('ensure-different-nonce- / -state-inside-and-outside-request-object, state-only-outside-request-object-not-used', async () => {
  const klaar = await par({ state: 'binnen' });
  const antwoord = antwoordVan(await naarHub(klaar.request_uri, bladeraar, { state: 'buiten', nonce: 'buiten' }));
  if (antwoord.code) assert.equal(antwoord.state, 'binnen');
  else assert.ok(antwoord.error);
});
test('ensure-request-object-without-redirect-uri-fails, ensure-registered-redirect-uri', async () => {
  geweigerd(await formulier(meta.pushed_authorization_request_endpoint, { ...velden(), redirect_uri: undefined }), 'invalid_request');
  geweigerd(await par({ redirect_uri: 'https://elders.example/terug' }), 'invalid_request', 'invalid_redirect_uri');
});
test('ensure-unsigned-authorization-request-without-using-par-fails', async () => {
  await doorloop(bladeraar, `${meta.authorization_endpoint}?${new URLSearchParams(velden())}`);
  if (bijPortaal(bladeraar.adres)) assert.match(antwoordVan(bladeraar).error, /^invalid_request/);
  else assert.ok(bladeraar.antwoord.status >= 400);
});
test('ensure-response-type-code-idtoken-fails, -token-fails', async () => {
  for (const soort of ['code id_token', 'token']) geweigerd(await par({ response_type: soort }), 'unsupported_response_type', 'invalid_request');
});
test('ensure-client-id-in-token-endpoint, ensure-authorization-code-is-bound-to-client', async () => {
  geweigerd(await inwisselen({ code: await code(), client_id: ander.clientId }), 'invalid_client', 'invalid_request', 'invalid_grant');
  const vreemd = await importJWK(ander.sleutel, ander.sleutel.alg);
  const als = await bewering({ iss: ander.clientId, sub: ander.clientId, kop: { alg: ander.sleutel.alg, kid: ander.sleutel.kid } }, vreemd);
  geweigerd(await inwisselen({ code: await code(), client_assertion: als }), 'invalid_grant');
});
test('ensure-holder-of-key-required', async () => geweigerd(await inwisselen({ code: await code() }, {}), 'invalid_dpop_proof', 'invalid_request', 'invalid_grant'));
test('attempt-reuse-authorization-code-after-one-second', async () => {
  const een = await code();
  const goed = await inwisselen({ code: een });
  await new Promise((klaar) => { setTimeout(klaar, 1000); });
  geweigerd(await inwisselen({ code: een }), 'invalid_grant');
  const ath = await athVan(goed.access_token);
  const einde = Date.now() + 10_000;
  let status = 200;
  while (status === 200 && Date.now() < einde) status = (await fetch(bron, { headers: { authorization: `DPoP ${goed.access_token}`, dpop: await dpopBewijs('GET', bron, { ath }) } })).status;
  assert.equal(status, 401);
});
test('de beweringen: RS256, geen, verlopen, verkeerde aud, zonder sub, aud als lijst, PAR-adres of tokenadres als aud', async (t) => {
  const rsa = (await generateKeyPair('RS256', { extractable: true })).privateKey;
  const gevallen = {
    'ensure-signed-client-assertion-with-RS256-fails': await bewering({ kop: { alg: 'RS256' } }, rsa),
    'ensure-client-assertion-with-exp-is-5-minutes-in-past-fails': await bewering({ exp: NU() - 300, iat: NU() - 360 }),
    'ensure-client-assertion-with-wrong-aud-fails': await bewering({ aud: 'https://elders.example' }),
    'ensure-client-assertion-with-no-sub-fails': await bewering({ sub: undefined }),
    'par-test-array-as-audience-fails': await bewering({ aud: [basis] }),
    'par-test-par-endpoint-url-as-audience-fails': await bewering({ aud: meta.pushed_authorization_request_endpoint }),
    'par-test-token-endpoint-url-as-audience-fails': await bewering({ aud: meta.token_endpoint }),
    'par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails': await bewering({ nbf: NU() + 120, exp: NU() + 240 }),
  };
  for (const [naam, als] of Object.entries(gevallen)) await t.test(naam, async () => geweigerd(await par({ client_assertion: als }), 'invalid_client', 'invalid_request'));
  await t.test('ensure-client-assertion-in-token-endpoint', async () => geweigerd(await inwisselen({ code: await code(), client_assertion: undefined, client_assertion_type: undefined }), 'invalid_client', 'invalid_request'));
  await t.test('par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted', async () => {
    assert.equal((await par({ client_assertion: await bewering({ nbf: NU() + 8, iat: NU() + 8, exp: NU() + 120 }) })).status, 201);
  });
});
test('refresh-token', async () => {
  const uit = await logIn(portaal, { bladeraar });
  const nieuw = await portaal.ververs(uit.tokens.refresh_token);
  assert.equal((await portaal.roep(nieuw, bron)).status, 200);
  const als = { grant_type: 'refresh_token', refresh_token: nieuw.refresh_token };
  geweigerd(await formulier(meta.token_endpoint, { ...als, client_assertion: undefined, client_assertion_type: undefined, client_id: portaal.clientId }, { dpop: await dpopBewijs('POST', meta.token_endpoint) }), 'invalid_client', 'invalid_request');
});
test('par-ensure-reused-request-uri-prior-to-auth-completion-succeeds, par-attempt-reuse-request_uri', async () => {
  const { request_uri: uri } = await par({ prompt: 'login' });
  const b = new Bladeraar();
  await b.ga(`${meta.authorization_endpoint}?${new URLSearchParams({ client_id: portaal.clientId, request_uri: uri })}`, { stop: bijPortaal });
  assert.equal(b.antwoord.status, 200);
  await naarHub(uri, b);
  assert.ok(antwoordVan(b).code, b.adres);
  await naarHub(uri, b);
  assert.ok(!bijPortaal(b.adres) || antwoordVan(b).error, 'na gebruik is het op');
});
test('par-attempt-to-use-request_uri-for-different-client', async () => {
  const { request_uri: uri } = await par();
  await doorloop(bladeraar, `${meta.authorization_endpoint}?${new URLSearchParams({ client_id: ander.clientId, request_uri: uri })}`);
  assert.ok(!bijPortaal(bladeraar.adres) || antwoordVan(bladeraar).error);
});
test('par-authorization-request-containing-request_uri-form-param', async () => geweigerd(await par({ request_uri: 'urn:ietf:params:oauth:request_uri:x' }), 'invalid_request'));
test('par-attempt-invalid-http-method', async () => assert.ok((await fetch(meta.pushed_authorization_request_endpoint)).status >= 400));
test('par-ensure-pkce-required, par-plain-pkce-rejected', async () => {
  geweigerd(await formulier(meta.pushed_authorization_request_endpoint, { ...velden(), code_challenge: undefined, code_challenge_method: undefined }), 'invalid_request');
  geweigerd(await par({ code_challenge_method: 'plain', code_challenge: VERIFIER }), 'invalid_request');
});
test('ensure-pkce-code-verifier-required, incorrect-pkce-code-verifier-rejected', async () => {
  geweigerd(await inwisselen({ code: await code(), code_verifier: undefined }), 'invalid_grant', 'invalid_request');
  geweigerd(await inwisselen({ code: await code(), code_verifier: 'b'.repeat(64) }), 'invalid_grant');
});
test('par-without-duplicate-parameters', async () => assert.ok(antwoordVan(await naarHub((await par()).request_uri)).code));
