// Een echte browser: Debians Chromium, met axe op iedere pagina van de hub en schermafdrukken op telefoon en bureau.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const PLEK = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const FORMATEN = { telefoon: { width: 390, height: 844 }, bureau: { width: 1280, height: 900 } };

/** Waar Chromium staat, of niets. */
export const plekVanChromium = () => [process.env.CHROMIUM, ...PLEK].find((plek) => plek && existsSync(plek));

export async function startBrowser() {
  const executablePath = plekVanChromium();
  if (!executablePath) throw new Error('Chromium ontbreekt');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  });
}

/** Een bezoeker: eigen koekjes, een formaat, en een lijst van alles wat misgaat. */
export async function bezoeker(browser, { formaat = 'bureau', javaScript = true, taal = 'nl-NL', map } = {}) {
  const context = await browser.newContext({ viewport: FORMATEN[formaat], javaScriptEnabled: javaScript, locale: taal, isMobile: formaat === 'telefoon' });
  const pagina = await context.newPage();
  const klachten = [];
  pagina.on('console', (bericht) => { if (bericht.type() === 'error' && !/status of [45]\d\d/.test(bericht.text())) klachten.push(bericht.text()); });
  pagina.on('pageerror', (fout) => klachten.push(String(fout)));
  const vreemd = [];
  pagina.on('request', (vraag) => { if (!/^(http:\/\/(127\.0\.0\.1|localhost)[:/]|data:|blob:)/.test(vraag.url())) vreemd.push(vraag.url()); });
  return {
    context, pagina, klachten, vreemd,
    /** axe met alle regels van WCAG 2.2 A en AA; plus een schermafdruk, en een pagina die niet zijwaarts schuift. */
    async keur(naam) {
      if (map) {
        mkdirSync(map, { recursive: true });
        await pagina.screenshot({ path: path.join(map, `${naam}-${formaat}.png`), fullPage: true });
      }
      const teBreed = await pagina.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      const gevonden = [];
      if (teBreed > 1) gevonden.push(`${naam} (${formaat}): ${teBreed} beeldpunten te breed`);
      if (!javaScript) return gevonden;
      await pagina.evaluate(AXE);
      const { violations } = await pagina.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      for (const v of violations) gevonden.push(`${naam} (${formaat}): ${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
      return gevonden;
    },
    stop: () => context.close(),
  };
}
