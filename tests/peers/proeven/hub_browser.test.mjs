// De hele weg in een echte browser: portaal, keuze, IdP, code, terug. Iedere pagina van de hub op telefoon en bureau
// langs axe, met en zonder JavaScript, en zonder één verzoek naar buiten.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { bezoeker, startBrowser } from '../browser.mjs';
import { persoon, postbus, registreerPortaal, sluitIdpAan } from '../hub.mjs';
import { basis, database } from '../loket.mjs';
import { startPortaal } from '../portaal.mjs';

const map = path.join(process.env.LOKET_AFDRUKKEN ?? 'schermafdrukken', database);
const naam = 'Ziekenhuis Voorbeeldveld';
let browser, idp, post, winkel;

before(async () => {
  browser = await startBrowser();
  post = await postbus();
  idp = await sluitIdpAan();
  winkel = await startPortaal('Portaal Voorbeeld');
  const opties = { terug: winkel.terug, uitgelogd: winkel.uitgelogd };
  const { sleutel, clientId } = await registreerPortaal({}, opties);
  await winkel.sluitAan({ uitgever: basis, clientId, sleutel });
});
after(async () => { await browser?.close(); await idp?.stop(); await post?.stop(); await winkel?.stop(); });

const opHub = (pagina) => pagina.url().startsWith(basis);
async function kies(pagina) {
  await pagina.fill('#zoek', 'Voorbeeldveld');
  await pagina.press('#zoek', 'Enter');
  await pagina.waitForURL(/zoek=/);
  await pagina.locator('#organisaties').getByRole('link', { name: naam }).click();
}

for (const [formaat, voornaam] of [['bureau', 'Tess'], ['telefoon', 'Roos']]) {
  test(`op ${formaat}: kiezen, aanmelden, code, terug, uitloggen`, async () => {
    idp.stand.persoon = persoon(voornaam);
    const wie = await bezoeker(browser, { formaat, map });
    const { pagina } = wie;
    const gevonden = [];
    await pagina.goto(`${winkel.basis}/inloggen`);
    assert.ok(opHub(pagina), pagina.url());
    gevonden.push(...await wie.keur('1-kies-organisatie'));
    const vanaf = post.berichten.length;
    await kies(pagina);
    await pagina.waitForSelector('input[name="code"]');
    gevonden.push(...await wie.keur('2-eenmalige-code'));
    await pagina.fill('input[name="code"]', '00000000');
    // Eerst wachten op de nieuwe pagina: de oude is al geladen.
    await Promise.all([pagina.waitForNavigation(), pagina.keyboard.press('Enter')]);
    gevonden.push(...await wie.keur('3-verkeerde-code'));
    assert.ok(opHub(pagina), 'een verkeerde code laat niemand door');
    await pagina.fill('input[name="code"]', await post.code(idp.stand.persoon.email, vanaf));
    await pagina.keyboard.press('Enter');
    await pagina.waitForURL(`${winkel.terug}**`);
    assert.equal(await pagina.textContent('#kop'), 'Ingelogd');
    assert.equal(JSON.parse(await pagina.textContent('#gegevens')).sub, persoon(voornaam).id);
    await pagina.goto(`${winkel.basis}/uitloggen`);
    for (let keer = 0; keer < 3 && !pagina.url().startsWith(winkel.basis); keer += 1) {
      if (opHub(pagina)) gevonden.push(...await wie.keur(`4-uitloggen-${keer}`));
      await pagina.locator('button[name="logout"], #afmelden, #verder').first().click();
      await pagina.waitForLoadState();
    }
    assert.equal(await pagina.textContent('#kop'), 'Uitgelogd');
    assert.deepEqual(gevonden, []);
    assert.deepEqual(wie.klachten, [], 'geen fouten in de console, ook geen CSP');
    assert.deepEqual(wie.vreemd, [], 'geen verzoek naar buiten');
    await wie.stop();
  });
}

test('de foutpagina: MFA ontbreekt, onbekend terugkeeradres', async () => {
  for (const formaat of ['bureau', 'telefoon']) {
    const wie = await bezoeker(browser, { formaat, map });
    idp.stand.persoon = persoon('Tess');
    idp.stand.mfa = false;
    await wie.pagina.goto(`${winkel.basis}/inloggen`);
    await kies(wie.pagina);
    await wie.pagina.waitForLoadState();
    idp.stand.mfa = true;
    const gevonden = await wie.keur('5-mfa-ontbreekt');
    assert.match(await wie.pagina.textContent('body'), /mfa-niet-bewezen/);
    await wie.pagina.goto(`${basis}/oidc/authorize?client_id=onbekend&redirect_uri=https%3A%2F%2Felders.example&response_type=code&scope=openid`);
    gevonden.push(...await wie.keur('6-onbekend-portaal'));
    assert.deepEqual(gevonden, []);
    await wie.stop();
  }
});

test('zonder JavaScript en in het Engels', async () => {
  idp.stand.persoon = persoon('Tess');
  const wie = await bezoeker(browser, { javaScript: false, taal: 'en-GB', map });
  const { pagina } = wie;
  await pagina.goto(`${winkel.basis}/inloggen?ui_locales=en`);
  assert.equal(await pagina.locator('html').getAttribute('lang'), 'en');
  await wie.keur('7-zonder-javascript');
  await kies(pagina);
  await pagina.waitForURL(`${winkel.terug}**`);
  assert.equal(await pagina.textContent('#kop'), 'Ingelogd');
  await wie.stop();
});

test('de pagina past in geen lijst van een ander', async () => {
  const antwoord = await fetch(`${basis}/oidc/authorize?client_id=x`, { redirect: 'manual' });
  assert.match(antwoord.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
});
