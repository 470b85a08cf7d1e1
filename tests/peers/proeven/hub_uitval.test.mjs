// De opslag valt uit, of de aanmelddienst van één organisatie: een duidelijke bladzijde, en wie er al was kan verder.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import { Bladeraar } from '../bladeraar.mjs';
import { aanmeldingMet, bijPortaal, doorloop, kies, logIn, persoon, postbus, registreerPortaal, sluitIdpAan } from '../hub.mjs';
import { basis, roep } from '../loket.mjs';

const daan = persoon('Daan');
const storing = process.env.LOKET_STORING;
let idp, portaal, post, binnen;

async function zonderOpslag(doe) {
  writeFileSync(storing, '');
  try {
    await new Promise((klaar) => { setTimeout(klaar, 300); });
    return await doe();
  } finally {
    rmSync(storing);
  }
}

/** Wacht tot iets lukt: na een uitval vindt de dienst haar opslag vanzelf terug. */
async function uiteindelijk(kijk) {
  const einde = Date.now() + 20_000;
  for (;;) {
    const uit = await kijk().catch((fout) => fout);
    if (uit === true) return;
    assert.ok(Date.now() < einde, `nog niet hersteld: ${uit}`);
    await new Promise((klaar) => { setTimeout(klaar, 250); });
  }
}

before(async () => {
  post = await postbus();
  idp = await sluitIdpAan();
  portaal = await registreerPortaal({ offlineToegang: true }, { scope: 'openid offline_access' });
  binnen = await logIn(portaal, { post, email: daan.email });
});
after(async () => { await idp?.stop(); await post?.stop(); });

test('valt de opslag uit tijdens een aanmelding, dan zegt een bladzijde dat, en daarna gaat zij gewoon verder', async () => {
  const b = new Bladeraar();
  const { adres, onthouden } = await portaal.begin({ prompt: 'login' });
  await b.ga(adres, { stop: bijPortaal });
  const kiezer = b.adres;
  await zonderOpslag(async () => {
    for (const pad of [kiezer, adres]) {
      await b.ga(pad, { stop: bijPortaal });
      assert.equal(b.antwoord.status, 503, b.leesbaar);
      assert.match(b.antwoord.headers.get('content-type'), /^text\/html/);
      assert.match(b.html, /id="kenmerk">[0-9a-f]{32}</);
      assert.match(b.leesbaar, /Wie al is aangemeld, kan gewoon doorwerken/);
      assert.doesNotMatch(b.html, /postgres|sql|connection/i);
    }
  });
  await uiteindelijk(async () => { await b.ga(kiezer, { stop: bijPortaal }); return b.antwoord?.status === 200; });
  await kies(b, 'Ziekenhuis Voorbeeldveld');
  assert.equal((await portaal.voltooi(b.adres, onthouden)).claims().sub, daan.id);
});

test('wat al is uitgegeven blijft te controleren zonder opslag, en werkt daarna nog', async () => {
  const token = binnen.tokens.access_token;
  await zonderOpslag(async () => {
    // Langer dan iets onthouden wordt.
    await new Promise((klaar) => { setTimeout(klaar, 11_000); });
    const sleutels = jose.createRemoteJWKSet(new URL(`${basis}/oidc/jwks`));
    assert.equal((await jose.jwtVerify(token, sleutels, { issuer: basis })).payload.sub, daan.id);
    // De dienst zegt dat zij even niet kan; nooit dat het token niet deugt.
    const ik = await roep(token, 'GET', '/ik');
    assert.ok(ik.status === 503 || ik.status === 200, `${ik.status}`);
    const vers = await fetch(`${basis}/oidc/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: binnen.tokens.refresh_token, client_id: portaal.clientId, client_assertion_type: 'x', client_assertion: 'x.y.z' }) });
    assert.notEqual((await vers.json()).error, 'invalid_grant');
  });
  await uiteindelijk(async () => (await roep(token, 'GET', '/ik')).status === 200);
  const { tokens } = { tokens: await portaal.ververs(binnen.tokens.refresh_token) };
  assert.equal((await roep(tokens.access_token, 'GET', '/ik')).status, 200);
});

test('valt één aanmelddienst uit, dan merken andere organisaties en wie al binnen is er niets van', async () => {
  const token = (await logIn(portaal)).tokens.access_token;
  idp.stand.weg = true;
  const b = await doorloop(new Bladeraar(), (await portaal.begin()).adres);
  // De gegevens zijn nog bekend, dus de bezoeker komt bij de dienst zelf uit, of op onze bladzijde.
  assert.ok([502, 503].includes(b.antwoord.status), `${b.antwoord.status} ${b.adres}`);
  assert.equal((await roep(token, 'GET', '/ik')).status, 200);
  idp.stand.weg = 'token';
  const c = await doorloop(new Bladeraar(), (await portaal.begin()).adres);
  assert.equal(c.antwoord.status, 502);
  assert.match(c.html, /id="foutcode">idp-onbereikbaar</);
  assert.match(c.html, /data-eigenaar="organisatie-idp"/);
  assert.equal((await aanmeldingMet('idp-onbereikbaar')).diagnose.code, 'idp-onbereikbaar');
  idp.stand.weg = false;
  assert.equal((await logIn(portaal)).tokens.claims().sub, daan.id);
});
