// Inloggen bij een portaal met het account van de eigen organisatie: openid-client aan de ene kant, oidc-provider aan de andere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bladeraar } from '../bladeraar.mjs';
import { aanmeldingMet, antwoordVan, beeindig, bijPortaal, doorloop, logIn, persoon, postbus, registreerPortaal, sluitIdpAan, terugNaarPortaal } from '../hub.mjs';
import { REFEDS_MFA } from '../idp.mjs';
import { basis, roep } from '../loket.mjs';

const daan = persoon('Daan');
let idp, portaal, ander, post, bladeraar;

before(async () => {
  post = await postbus();
  idp = await sluitIdpAan({ voornaam: 'Daan' });
  portaal = await registreerPortaal({ scopes: ['personen:lezen'], offlineToegang: true }, { scope: 'openid offline_access personen:lezen' });
  ander = await registreerPortaal({ naam: 'Ander portaal' });
});
after(async () => { await idp?.stop(); await post?.stop(); });

test('de eerste keer met een code uit de mail, en het token zegt eerlijk wie, waarvandaan en hoe sterk', async () => {
  const uit = await logIn(portaal, { post, email: daan.email });
  bladeraar = uit.bladeraar;
  const claims = uit.tokens.claims();
  assert.equal(claims.sub, daan.id);
  assert.equal(claims.organisatie, daan.organisatieId);
  assert.equal(claims.acr, REFEDS_MFA);
  assert.equal(claims.amr, undefined, 'NL GOV houdt amr uit het ID-token');
  assert.ok(Math.abs(claims.auth_time - Date.now() / 1000) < 60);
  assert.equal((await portaal.wie(uit.tokens)).sub, daan.id);
  assert.equal(antwoordVan(bladeraar).iss, basis, 'RFC 9207');
  const ik = await roep(uit.tokens.access_token, 'GET', '/ik');
  assert.equal(ik.status, 200);
  const brief = post.berichten.find((b) => b.aan.includes(daan.email));
  assert.doesNotMatch(brief.tekst, /https?:\/\//, 'in de mail staat geen koppeling die een scanner kan openen');
});

test('de tweede keer zonder code, ook vanaf een ander apparaat', async () => {
  const gelezen = post.berichten.length;
  const uit = await logIn(portaal, { bladeraar: new Bladeraar() });
  assert.equal(uit.tokens.claims().sub, daan.id);
  assert.equal(post.berichten.length, gelezen);
});

test('een tweede portaal laat dezelfde bezoeker meteen binnen, met dezelfde sid en auth_time', async () => {
  const eerste = await logIn(portaal, { bladeraar });
  const bezoeken = idp.stand.bezocht.length;
  const tweede = await logIn(ander, { bladeraar });
  assert.equal(idp.stand.bezocht.length, bezoeken, 'de IdP kwam er niet aan te pas');
  assert.equal(tweede.tokens.claims().sid, eerste.tokens.claims().sid);
  assert.equal(tweede.tokens.claims().auth_time, eerste.tokens.claims().auth_time);
});

test('prompt=login gaat door naar de IdP, en auth_time wordt nieuwer', async () => {
  const voor = (await logIn(portaal, { bladeraar })).tokens.claims().auth_time;
  await new Promise((klaar) => { setTimeout(klaar, 1100); });
  const na = (await logIn(portaal, { bladeraar, extra: { prompt: 'login' } })).tokens.claims().auth_time;
  assert.ok(na > voor, `${na} na ${voor}`);
});

test('max_age=0 mag, en meldt opnieuw aan', async () => {
  const bezoeken = idp.stand.bezocht.length;
  await logIn(portaal, { bladeraar, extra: { max_age: '0' } });
  assert.ok(idp.stand.bezocht.length > bezoeken);
});

test('een sterkte die de organisatie niet bewijst, is een fout en geen token', async () => {
  const { adres } = await portaal.begin({ claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'http://eidas.europa.eu/LoA/high' } } }) });
  await doorloop(bladeraar, adres);
  assert.equal(antwoordVan(bladeraar).error, 'unmet_authentication_requirements');
  assert.equal(antwoordVan(bladeraar).code, undefined);
});

test('een IdP die MFA laat vallen: geen sessie, een pagina die zegt waarom en voor wie, en een diagnose in het logboek', async () => {
  idp.stand.mfa = false;
  const vreemde = new Bladeraar();
  const { adres } = await portaal.begin();
  await doorloop(vreemde, adres);
  idp.stand.mfa = true;
  assert.ok(!bijPortaal(vreemde.adres), vreemde.adres);
  assert.equal(vreemde.antwoord.status, 403);
  assert.match(vreemde.leesbaar, /mfa-niet-bewezen/);
  assert.match(vreemde.leesbaar, /Kenmerk|kenmerk/);
  const regel = await aanmeldingMet('mfa-niet-bewezen');
  assert.ok(regel, 'de IdP-beheerder leest de diagnose');
  assert.equal(regel.diagnose.eigenaar, 'organisatie-idp');
  await vreemde.ga((await portaal.begin({ prompt: 'none' })).adres, { stop: bijPortaal });
  assert.equal(antwoordVan(vreemde).error, 'login_required', 'er is geen sessie overgebleven');
});

test('wie niet geregistreerd is, komt er niet in en wordt niet aangemaakt', async () => {
  Object.assign(idp.stand, { persoon: { sub: 'vreemd', email: 'onbekend@ziekenhuis.example', naam: 'Onbekend Voorbeeld' } });
  const vreemde = new Bladeraar();
  await doorloop(vreemde, (await portaal.begin({ prompt: 'login' })).adres);
  assert.match(vreemde.leesbaar, /persoon-niet-geregistreerd/);
  Object.assign(idp.stand, { persoon: { sub: 'buiten', email: 'daan@elders.example', naam: 'Daan Elders' } });
  const buiten = new Bladeraar();
  await doorloop(buiten, (await portaal.begin({ prompt: 'login' })).adres);
  assert.match(buiten.leesbaar, /e-mail-buiten-domein/);
  idp.stand.persoon = daan;
});

test('refresh wisselt, hergebruik trekt de reeks in, en auth_time blijft staan', async () => {
  const { tokens } = await logIn(portaal, { bladeraar });
  const tweede = await portaal.ververs(tokens.refresh_token);
  assert.notEqual(tweede.refresh_token, tokens.refresh_token);
  assert.equal(tweede.claims()?.auth_time ?? tokens.claims().auth_time, tokens.claims().auth_time);
  await assert.rejects(portaal.ververs(tokens.refresh_token), { error: 'invalid_grant' });
  await assert.rejects(portaal.ververs(tweede.refresh_token), { error: 'invalid_grant' }, 'de hele reeks is weg');
});

test('introspectie met eigen gegevens, en intrekken', async () => {
  const { tokens } = await logIn(portaal, { bladeraar });
  assert.equal((await portaal.bekijk(tokens.access_token)).active, true);
  assert.equal((await ander.bekijk(tokens.access_token)).active, false, 'een vreemde ziet niets');
  await portaal.trekIn(tokens.refresh_token);
  await assert.rejects(portaal.ververs(tokens.refresh_token), { error: 'invalid_grant' });
});

test('een IdP die weg is: een duidelijke pagina, en wie al binnen is merkt niets', async () => {
  const { tokens } = await logIn(portaal, { bladeraar });
  try {
    idp.stand.weg = 'token';
    const vreemde = new Bladeraar();
    await doorloop(vreemde, (await portaal.begin()).adres);
    assert.equal(vreemde.antwoord.status, 502);
    assert.match(vreemde.leesbaar, /idp-onbereikbaar|tokenantwoord-onjuist/);
    await terugNaarPortaal(vreemde);
    assert.ok(antwoordVan(vreemde).error, 'het portaal hoort dat het niet doorging');
    idp.stand.weg = true;
    assert.equal((await roep(tokens.access_token, 'GET', '/ik')).status, 200);
    assert.equal((await logIn(ander, { bladeraar })).tokens.claims().sub, daan.id);
  } finally {
    idp.stand.weg = false;
  }
});

test('de gebruiker breekt af bij de IdP: access_denied, of een pagina die het uitlegt', async () => {
  idp.stand.weigert = true;
  const vreemde = new Bladeraar();
  await doorloop(vreemde, (await portaal.begin()).adres);
  idp.stand.weigert = false;
  await terugNaarPortaal(vreemde);
  assert.equal(antwoordVan(vreemde).error, 'access_denied');
});

test('een beëindigde sessie werkt nergens meer, binnen tien seconden', async () => {
  const { tokens } = await logIn(portaal, { bladeraar: new Bladeraar() });
  await beeindig(tokens);
  const einde = Date.now() + 10_000;
  let status = 200;
  while (status === 200 && Date.now() < einde) {
    status = (await roep(tokens.access_token, 'GET', '/ik')).status;
    await new Promise((klaar) => { setTimeout(klaar, 250); });
  }
  assert.equal(status, 401);
  await assert.rejects(portaal.ververs(tokens.refresh_token), { error: 'invalid_grant' });
  assert.equal((await portaal.bekijk(tokens.access_token)).active, false);
});

test('afmelden bij het portaal beëindigt de sessie, ook die bij de IdP', async () => {
  const b = new Bladeraar();
  const { tokens } = await logIn(portaal, { bladeraar: b });
  await b.ga(portaal.afmelden({ id_token_hint: tokens.id_token, state: 'dag' }), { stop: bijPortaal });
  while (!bijPortaal(b.adres)) await b.verstuur({ waarden: { logout: 'yes' }, stop: bijPortaal });
  assert.equal(antwoordVan(b).state, 'dag');
  await b.ga((await portaal.begin({ prompt: 'none' })).adres, { stop: bijPortaal });
  assert.equal(antwoordVan(b).error, 'login_required');
});
