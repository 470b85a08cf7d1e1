// De modules van de OpenID Foundation voor een OP, elk onder zijn eigen naam: Basic, Config, Form Post en RP-Initiated Logout.
//
// Het profiel is `oidc`: client_secret_basic en RS256, zoals de suite ze standaard gebruikt.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SignJWT, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { Bladeraar } from '../bladeraar.mjs';
import { TERUG, UITGELOGD, antwoordVan, bijPortaal, doorloop, logIn, persoon, postbus, registreerPortaal, sluitIdpAan } from '../hub.mjs';
import { basis, sleutelpaar } from '../loket.mjs';

const daan = persoon('Daan');
let idp, portaal, post, meta, bladeraar, eerste;

before(async () => {
  post = await postbus();
  idp = await sluitIdpAan();
  portaal = await registreerPortaal({ profiel: 'oidc', offlineToegang: true }, { scope: 'openid profile email offline_access' });
  meta = await (await fetch(`${basis}/.well-known/openid-configuration`)).json();
  bladeraar = new Bladeraar();
  eerste = await logIn(portaal, { bladeraar, post, email: daan.email });
});
after(async () => { await idp?.stop(); await post?.stop(); });

const basic = () => `Basic ${Buffer.from(`${encodeURIComponent(portaal.clientId)}:${encodeURIComponent(portaal.geheim)}`).toString('base64')}`;
const token = async (velden, koppen = { authorization: basic() }) => {
  const antwoord = await fetch(meta.token_endpoint, { method: 'POST', headers: koppen, body: new URLSearchParams(velden) });
  return { status: antwoord.status, koppen: antwoord.headers, ...(await antwoord.json()) };
};
/** Een verzoek met precies deze velden, zonder dat een bibliotheek er iets bij doet. */
async function kaal(velden, b = bladeraar) {
  const adres = new URL(meta.authorization_endpoint);
  adres.search = new URLSearchParams({ client_id: portaal.clientId, redirect_uri: TERUG, response_type: 'code', scope: 'openid', ...velden }).toString();
  await doorloop(b, adres.href);
  return b;
}
const codeVan = async (velden) => antwoordVan(await kaal(velden)).code;
const foutpagina = (b) => {
  assert.ok(!bijPortaal(b.adres), `geen omleiding, maar ${b.adres}`);
  assert.ok(b.antwoord.status >= 400, `status ${b.antwoord.status}`);
};

test('oidcc-server', async () => {
  const { id_token: idToken } = eerste.tokens;
  const { payload } = await jwtVerify(idToken, createRemoteJWKSet(new URL(meta.jwks_uri)), { issuer: meta.issuer, audience: portaal.clientId });
  assert.equal(payload.nonce, eerste.onthouden.nonce);
  for (const claim of ['sub', 'exp', 'iat']) assert.ok(payload[claim], claim);
  assert.equal(eerste.tokens.token_type, 'bearer');
});
test('oidcc-response-type-missing', async () => {
  const b = await kaal({ response_type: '', state: 's' });
  if (bijPortaal(b.adres)) assert.match(antwoordVan(b).error, /^(unsupported_response_type|invalid_request)$/);
  else foutpagina(b);
});
test('oidcc-idtoken-signature', async () => {
  const kop = decodeProtectedHeader(eerste.tokens.id_token);
  assert.equal(kop.alg, 'RS256');
  const { keys } = await (await fetch(meta.jwks_uri)).json();
  assert.ok(keys.some((k) => k.kid === kop.kid));
});
test('oidcc-userinfo-get en oidcc-userinfo-post-header', async () => {
  for (const method of ['GET', 'POST']) {
    const antwoord = await fetch(meta.userinfo_endpoint, { method, headers: { authorization: `Bearer ${eerste.tokens.access_token}` } });
    assert.equal(antwoord.status, 200, method);
    assert.equal((await antwoord.json()).sub, eerste.tokens.claims().sub);
  }
});
test('oidcc-userinfo-post-body', async () => {
  const antwoord = await fetch(meta.userinfo_endpoint, { method: 'POST', body: new URLSearchParams({ access_token: eerste.tokens.access_token }) });
  assert.equal(antwoord.status, 200);
});
test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
  const uit = await token({ grant_type: 'authorization_code', code: await codeVan({ state: 's' }), redirect_uri: TERUG });
  assert.equal(uit.status, 200);
  assert.equal(decodeJwt(uit.id_token).nonce, undefined);
});
test('oidcc-scope-profile, -email, -address, -phone, -all', async () => {
  for (const scope of ['openid profile', 'openid email', 'openid address', 'openid phone', 'openid profile email address phone']) {
    const uit = await token({ grant_type: 'authorization_code', code: await codeVan({ scope }), redirect_uri: TERUG });
    const wie = await (await fetch(meta.userinfo_endpoint, { headers: { authorization: `Bearer ${uit.access_token}` } })).json();
    if (scope.includes('profile')) assert.equal(typeof wie.name, 'string', scope);
    if (scope.includes('email')) assert.equal(wie.email, daan.email, scope);
    if (!scope.includes('email')) assert.equal(wie.email, undefined, 'niets wat niet gevraagd is');
  }
});
test('oidcc-alternate-happy-flow', async () => {
  assert.ok(await codeVan({ scope: 'email openid profile', state: 's' }));
});
test('oidcc-display-page, oidcc-display-popup, oidcc-ui-locales, oidcc-claims-locales, oidcc-login-hint, oidcc-ensure-request-with-unknown-parameter-succeeds', async () => {
  for (const velden of [{ display: 'page' }, { display: 'popup' }, { ui_locales: 'en fr' }, { claims_locales: 'nl' }, { login_hint: 'iemand@voorbeeld.example' }, { extra: 'foobar' }]) {
    assert.ok(await codeVan(velden), JSON.stringify(velden));
  }
});
test('oidcc-prompt-login', async () => {
  await new Promise((klaar) => { setTimeout(klaar, 1100); });
  const uit = await token({ grant_type: 'authorization_code', code: await codeVan({ prompt: 'login' }), redirect_uri: TERUG });
  assert.ok(decodeJwt(uit.id_token).auth_time > eerste.tokens.claims().auth_time);
});
test('oidcc-prompt-none-not-logged-in', async () => {
  const b = await kaal({ prompt: 'none', state: 's9' }, new Bladeraar());
  assert.match(antwoordVan(b).error, /^(login_required|interaction_required|consent_required|account_selection_required)$/);
  assert.equal(antwoordVan(b).state, 's9');
});
test('oidcc-prompt-none-logged-in en oidcc-id-token-hint', async () => {
  const voor = await token({ grant_type: 'authorization_code', code: await codeVan({}), redirect_uri: TERUG });
  for (const velden of [{ prompt: 'none' }, { prompt: 'none', id_token_hint: voor.id_token }]) {
    const na = await token({ grant_type: 'authorization_code', code: await codeVan(velden), redirect_uri: TERUG });
    assert.equal(decodeJwt(na.id_token).sub, decodeJwt(voor.id_token).sub);
    assert.equal(decodeJwt(na.id_token).auth_time, decodeJwt(voor.id_token).auth_time);
  }
});
test('oidcc-max-age-1 en oidcc-max-age-10000', async () => {
  const voor = decodeJwt((await token({ grant_type: 'authorization_code', code: await codeVan({ max_age: '10000' }), redirect_uri: TERUG })).id_token);
  const weer = decodeJwt((await token({ grant_type: 'authorization_code', code: await codeVan({ max_age: '10000' }), redirect_uri: TERUG })).id_token);
  assert.equal(weer.auth_time, voor.auth_time);
  await new Promise((klaar) => { setTimeout(klaar, 2100); });
  const na = decodeJwt((await token({ grant_type: 'authorization_code', code: await codeVan({ max_age: '1' }), redirect_uri: TERUG })).id_token);
  assert.ok(na.auth_time > voor.auth_time);
});
test('oidcc-ensure-request-with-acr-values-succeeds', async () => {
  const uit = await token({ grant_type: 'authorization_code', code: await codeVan({ acr_values: meta.acr_values_supported.join(' ') }), redirect_uri: TERUG });
  assert.ok(meta.acr_values_supported.includes(decodeJwt(uit.id_token).acr));
});
test('oidcc-codereuse: de tweede keer invalid_grant, en het eerste token werkt niet meer', async () => {
  const velden = { grant_type: 'authorization_code', code: await codeVan({}), redirect_uri: TERUG };
  const goed = await token(velden);
  assert.equal((await token(velden)).error, 'invalid_grant');
  const einde = Date.now() + 10_000;
  let status = 200;
  while (status === 200 && Date.now() < einde) status = (await fetch(meta.userinfo_endpoint, { headers: { authorization: `Bearer ${goed.access_token}` } })).status;
  assert.equal(status, 401);
});
test('oidcc-ensure-registered-redirect-uri', async () => {
  for (const redirect of ['https://elders.example/terug', `${TERUG}/`, `${TERUG}?x=1`, TERUG.toUpperCase()]) foutpagina(await kaal({ redirect_uri: redirect }));
});
test('oidcc-ensure-post-request-succeeds', async () => {
  await bladeraar.ga(meta.authorization_endpoint, {
    methode: 'POST', velden: { client_id: portaal.clientId, redirect_uri: TERUG, response_type: 'code', scope: 'openid', state: 'p' }, stop: bijPortaal,
  });
  assert.ok(antwoordVan(bladeraar).code);
});
test('oidcc-server-client-secret-post', async () => {
  const post2 = await registreerPortaal({ profiel: 'oidc', clientAuthenticatie: 'client_secret_post' });
  assert.equal((await logIn(post2, { bladeraar })).tokens.claims().sub, eerste.tokens.claims().sub);
});
test('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', async () => {
  const leeg = (deel) => Buffer.from(JSON.stringify(deel)).toString('base64url');
  const b = await kaal({ request: `${leeg({ alg: 'none' })}.${leeg({ scope: 'openid', state: 'uit-object' })}.`, state: 'erbuiten' });
  if (bijPortaal(b.adres)) assert.match(antwoordVan(b).error, /^(request_not_supported|invalid_request_object)$/);
  else foutpagina(b);
});
test('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async () => {
  const b = await kaal({ request_uri: 'https://elders.example/verzoek.jwt', state: 'x' });
  if (bijPortaal(b.adres)) assert.match(antwoordVan(b).error, /^(request_uri_not_supported|invalid_request_uri|invalid_request)$/);
  else foutpagina(b);
});
test('oidcc-claims-essential', async () => {
  const uit = await token({ grant_type: 'authorization_code', code: await codeVan({ claims: JSON.stringify({ userinfo: { name: { essential: true } } }) }), redirect_uri: TERUG });
  assert.equal((await (await fetch(meta.userinfo_endpoint, { headers: { authorization: `Bearer ${uit.access_token}` } })).json()).name, daan.naam);
});
test('oidcc-refresh-token', async () => {
  const uit = await logIn(portaal, { bladeraar });
  const nieuw = await token({ grant_type: 'refresh_token', refresh_token: uit.tokens.refresh_token });
  assert.equal(nieuw.status, 200);
  for (const claim of ['iss', 'sub', 'aud', 'auth_time']) assert.deepEqual(decodeJwt(nieuw.id_token)[claim], uit.tokens.claims()[claim]);
  const vreemd = await registreerPortaal({ profiel: 'oidc' });
  await assert.rejects(vreemd.ververs(nieuw.refresh_token), { error: 'invalid_grant' });
});
test('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
  assert.equal((await logIn(portaal, { bladeraar })).tokens.claims().iss, basis);
});
test('oidcc-formpost: het antwoord komt als formulier naar het terugkeeradres', async () => {
  const b = await kaal({ response_mode: 'form_post', state: 'f1' });
  const formulier = b.formulier('state');
  assert.equal(formulier.action, TERUG);
  assert.equal(formulier.method.toLowerCase(), 'post');
  const velden = Object.fromEntries(formulier.velden.filter((v) => v.name).map((v) => [v.name, v.value]));
  assert.equal(velden.state, 'f1');
  assert.equal(velden.iss, basis);
  assert.equal((await token({ grant_type: 'authorization_code', code: velden.code, redirect_uri: TERUG })).status, 200);
});

test('oidcc-discovery-endpoint-verification', async () => {
  assert.equal(meta.issuer, basis);
  for (const veld of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri', 'end_session_endpoint']) assert.ok(meta[veld].startsWith(basis), veld);
  assert.ok(meta.scopes_supported.includes('openid'));
  assert.ok(meta.id_token_signing_alg_values_supported.includes('RS256'));
  assert.deepEqual(meta.response_types_supported, ['code']);
  assert.ok(meta.subject_types_supported.length && meta.claims_supported.length);
  const { keys } = await (await fetch(meta.jwks_uri)).json();
  assert.equal(new Set(keys.map((k) => k.kid)).size, keys.length);
  for (const sleutel of keys) for (const geheim of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.equal(sleutel[geheim], undefined);
  const oauth = await (await fetch(`${basis}/.well-known/oauth-authorization-server`)).json();
  assert.deepEqual(oauth, meta);
});

async function ingelogd() {
  const b = new Bladeraar();
  return { b, ...(await logIn(portaal, { bladeraar: b })) };
}
async function afmelden(b, velden) {
  await b.ga(`${meta.end_session_endpoint}?${new URLSearchParams(velden)}`, { stop: bijPortaal });
  // De hub meldt ook bij de IdP af; daar is één knop.
  for (let keer = 0; keer < 3 && !bijPortaal(b.adres) && b.html.includes('name="logout"'); keer += 1) await b.verstuur({ knop: 'yes', waarden: { logout: 'yes' }, stop: bijPortaal });
  return b;
}
const nogBinnen = async (b) => antwoordVan(await kaal({ prompt: 'none', state: 'x' }, b)).code !== undefined;

test('oidcc-rp-initiated-logout en -no-state', async () => {
  for (const state of ['tot-ziens', undefined]) {
    const { b, tokens } = await ingelogd();
    await afmelden(b, { id_token_hint: tokens.id_token, post_logout_redirect_uri: UITGELOGD, ...(state ? { state } : {}) });
    assert.ok(b.adres.startsWith(UITGELOGD), b.adres);
    assert.equal(antwoordVan(b).state, state);
    assert.equal(await nogBinnen(b), false);
  }
});
test('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri en -query-added-to-post-logout-redirect-uri', async () => {
  for (const uri of ['https://elders.example/', `${UITGELOGD}?foo=bar`]) {
    const { b, tokens } = await ingelogd();
    await afmelden(b, { id_token_hint: tokens.id_token, post_logout_redirect_uri: uri });
    assert.ok(b.adres.startsWith(basis), `blijft hier, en gaat niet naar ${b.adres}`);
  }
});
test('oidcc-rp-initiated-logout-modified-id-token-hint en -bad-id-token-hint', async () => {
  const { b, tokens } = await ingelogd();
  const [, inhoud] = tokens.id_token.split('.');
  const geen = `${Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')}.${inhoud}.`;
  const paar = await sleutelpaar();
  const { importJWK } = await import('jose');
  const vreemd = await new SignJWT(decodeJwt(tokens.id_token)).setProtectedHeader({ alg: 'ES256', kid: paar.prive.kid }).sign(await importJWK(paar.prive, 'ES256'));
  for (const hint of [geen, vreemd]) {
    await afmelden(b, { id_token_hint: hint, post_logout_redirect_uri: UITGELOGD });
    assert.ok(b.adres.startsWith(basis), b.adres);
  }
});
test('oidcc-rp-initiated-logout-no-id-token-hint', async () => {
  const { b } = await ingelogd();
  await b.ga(`${meta.end_session_endpoint}?${new URLSearchParams({ post_logout_redirect_uri: UITGELOGD })}`, { stop: bijPortaal });
  assert.ok(b.adres.startsWith(basis), 'niet stil omgeleid');
});
test('oidcc-rp-initiated-logout-no-params, -only-state en -no-post-logout-redirect-uri', async () => {
  for (const maak of [() => ({}), () => ({ state: 's' }), (t) => ({ id_token_hint: t.id_token })]) {
    const { b, tokens } = await ingelogd();
    await afmelden(b, maak(tokens));
    assert.ok(b.adres.startsWith(basis), b.adres);
    // Zonder bewijs van wie het vraagt, bevestigt de gebruiker eerst.
    if (await nogBinnen(b)) {
      await b.ga(`${meta.end_session_endpoint}?${new URLSearchParams(maak(tokens))}`);
      await b.verstuur({ formulier: 'bevestigd', stop: bijPortaal });
      assert.equal(await nogBinnen(b), false);
    }
  }
});
