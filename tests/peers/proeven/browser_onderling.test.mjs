// De browserkant tegen pagina's waarvan we weten wat eraan mankeert: een keuring die niets vindt, bewijst niets.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { bezoeker, startBrowser } from '../browser.mjs';

let browser, server, basis;
before(async () => {
  browser = await startBrowser();
  server = createServer((vraag, uit) => uit.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'" }).end(
    vraag.url === '/goed'
      ? '<!doctype html><html lang="nl"><title>Goed</title><main><h1>Goed</h1><p>Niets mis.</p></main></html>'
      : '<!doctype html><html><title>Fout</title><main><h1>Fout</h1><input name="zonder"><table width="3000"><tr><td width="3000">x</td></tr></table></main></html>'));
  await new Promise((klaar) => server.listen(0, '127.0.0.1', klaar));
  basis = `http://127.0.0.1:${server.address().port}`;
});
after(async () => { await browser.close(); server.close(); });

test('een goede pagina wordt goedgekeurd, ook onder een strenge CSP', async () => {
  const wie = await bezoeker(browser, { formaat: 'telefoon' });
  await wie.pagina.goto(`${basis}/goed`);
  assert.deepEqual(await wie.keur('goed'), []);
  await wie.stop();
});

test('een slechte pagina niet: geen taal, veld zonder naam, te breed', async () => {
  const wie = await bezoeker(browser);
  await wie.pagina.goto(`${basis}/fout`);
  const gevonden = (await wie.keur('fout')).join('\n');
  for (const regel of ['html-has-lang', 'label', 'te breed']) assert.match(gevonden, new RegExp(regel));
  await wie.stop();
});
