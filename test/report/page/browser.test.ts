import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Outcome } from '../../../src/report/outcome.ts';
import { reportPage } from '../../../src/report/page.ts';
import { startBrowser } from '../../support/browser.ts';
import { failedOutcome, greedyOutcome, interruptedOutcome, warmOutcome } from '../sample-outcome.ts';
import {
  brokenOutcome,
  emptyOutcome,
  everythingOutcome,
  filledWith,
  hugeOutcome,
  invalidOutcome,
  pullRequestOutcome,
} from './samples.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const RESULTS = join(ROOT, 'test-results/screenshots');
const KEPT = join(ROOT, 'docs/screenshots');
const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

const HOSTILE = `</style></title></pre><script>document.title='hacked'</script><img src="http://127.0.0.1:9/x" onerror="document.title='hacked'">" style="background:url(http://127.0.0.1:9/y)" '`;

const PAGES: Readonly<Record<string, Outcome>> = {
  'a pull request': pullRequestOutcome,
  'a failed task': brokenOutcome,
  'a wrong configuration': invalidOutcome,
  'a push': warmOutcome,
  'a failed push': failedOutcome,
  'a remedy': greedyOutcome,
  'an interrupted run': interruptedOutcome,
  everything: everythingOutcome,
  nothing: emptyOutcome,
  'hostile texts': filledWith(HOSTILE, 'warm'),
  'long names and no times': filledWith('n'.repeat(4_000), 'not-warm', 0),
  'names from right to left': filledWith('שלום עולם', 'interrupted', 1e14),
};

/** What a violation of accessibility rules says (https://github.com/dequelabs/axe-core, doc/API.md). */
interface Violations {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

describe('report page in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  const complaints: string[] = [];
  const requests: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'preheat-page-'));
    await mkdir(RESULTS, { recursive: true });
    browser = await startBrowser();
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
  });
  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a page from disk, as people do, and forgets what was told before. */
  async function open(text: string): Promise<string> {
    const file = join(folder, 'report.html');
    const url = pathToFileURL(file).href;
    await writeFile(file, text);
    complaints.length = 0;
    requests.length = 0;
    await page.goto(url, { waitUntil: 'load' });
    return url;
  }

  async function view(
    outcome: Outcome,
    width = 1280,
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<void> {
    await page.emulateMedia({ colorScheme, media: null, forcedColors: null, reducedMotion: null });
    await page.setViewportSize({ width, height: 800 });
    await open(reportPage(outcome));
  }

  it('is told when a page runs a script, asks for something or complains', async () => {
    await open(
      '<title>a</title><script>document.title = "b"; console.error("c")</script><img src="http://127.0.0.1:9/">',
    );
    assert.equal(await page.title(), 'b');
    assert.ok(complaints.includes('c'), complaints.join());
    assert.ok(requests.includes('http://127.0.0.1:9/'), requests.join());
  });

  for (const [name, outcome, widths] of [
    ...Object.entries(PAGES).map(([name, outcome]) => [name, outcome, [360, 768, 1280]] as const),
    ['a thousand of everything', hugeOutcome(), [360]] as const,
  ]) {
    it(`shows ${name} without an error or a request, and without scrolling sideways`, async () => {
      const url = await open(reportPage(outcome));
      await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
      }
      assert.deepEqual({ complaints, requests }, { complaints: [], requests: [url] });
      assert.match(await page.title(), /^(?:Warm|Not warm|Interrupted): /);
    });
  }

  for (const [name, outcome, width, scheme] of [
    ['everything', everythingOutcome, 360, 'dark'],
    ['a pull request', pullRequestOutcome, 1280, 'light'],
    ['nothing', emptyOutcome, 768, 'dark'],
  ] as const) {
    it(`lets everyone read ${name}, ${scheme}, ${width} pixels wide`, async () => {
      await view(outcome, width, scheme);
      await page.evaluate(await readFile(AXE, 'utf8'));
      const options =
        "{ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }";
      const found = await page.evaluate<Violations>(`axe.run(document, ${options})`);
      assert.deepEqual(
        found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
        [],
      );
    });
  }

  it('can be walked through by keyboard, each stop visibly', async () => {
    await view(everythingOutcome);
    const wanted = await page.evaluate<number>(
      'document.querySelectorAll(\'a, summary, button, input, [tabindex="0"]\').length',
    );
    const stop = `(() => {
      const { tagName, innerText, ariaLabel } = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return [tagName, ariaLabel ?? innerText, outlineStyle, outlineWidth].join(' ');
    })()`;
    const stops: string[] = [];
    for (let count = 0; count < wanted; count += 1) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate<string>(stop));
    }
    assert.equal(new Set(stops).size, wanted, stops.join('\n'));
    assert.deepEqual(
      stops.filter((text) => !text.endsWith(' solid 3px')),
      [],
    );
    assert.match(stops[0] ?? '', /^A Skip to the result/);
    for (const label of ['Last output', 'The runs before, as a table', 'What the cache saved, as a table']) {
      assert.ok(
        stops.some((text) => text.startsWith(`DIV ${label}`)),
        label,
      );
    }
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate<string>(stop), /^BODY/, 'something is reached that was not counted');
  });

  it('lets a keyboard skip its head and follow its contents', async () => {
    await view(pullRequestOutcome);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate('document.activeElement.id'), 'main');
    await page.locator('nav a', { hasText: 'Layers' }).press('Enter');
    assert.equal(await page.evaluate("document.querySelector(':target').id"), 'layers');
  });

  it('tells a screen reader what is drawn', async () => {
    await view(everythingOutcome);
    const told = await page.locator('body').ariaSnapshot();
    for (const expected of [
      '- banner:',
      '- main:',
      '- contentinfo:',
      '- navigation "On this page":',
      '- heading "Not warm after 2.0 s" [level=1]',
      '- region "Where the time went":',
      '- list "Layers, the top one first":',
      'img "How long the last 19 runs took, the oldest first: at most 1 min 03 s, this one 2.0 s. 16 of them reused every step."',
      '- table "This run and those before it, the newest first":',
      '- columnheader "Hit rate"',
      '- rowheader "feature/login"',
    ]) {
      assert.ok(told.includes(expected), `${expected}\nis missing in\n${told}`);
    }
    assert.match(told, /tasks ?, reused, from 0\.6 s to 0\.7 s, took/);
  });

  it('has headings in order', async () => {
    for (const outcome of [everythingOutcome, brokenOutcome, greedyOutcome, emptyOutcome]) {
      await view(outcome);
      const levels = await page.evaluate<readonly number[]>(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(({ tagName }) => Number(tagName[1]))",
      );
      assert.equal(levels.filter((level) => level === 1).length, 1);
      levels.forEach((level, index) => assert.ok(level <= (levels[index - 1] ?? 0) + 1, levels.join(' ')));
    }
  });

  it('selects a command as a whole by one click, without its prompt', async () => {
    await view(pullRequestOutcome);
    for (const command of await page.locator('.commands code').all()) {
      await command.click();
      assert.equal(await page.evaluate('getSelection().toString()'), await command.textContent());
    }
  });

  it('is dark where that is wanted, but not on paper', async () => {
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await view(pullRequestOutcome, 1280, 'light');
    const light = await ground();
    await view(pullRequestOutcome, 1280, 'dark');
    const dark = await ground();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.deepEqual([light, dark, await ground()], ['rgb(247, 243, 238)', 'rgb(19, 16, 13)', light]);
    await page.setViewportSize({ width: 700, height: 900 });
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 700);
  });

  it('moves nothing for those who want rest', async () => {
    const scrolling = 'getComputedStyle(document.documentElement).scrollBehavior';
    await view(pullRequestOutcome);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.equal(await page.evaluate(scrolling), 'smooth');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await page.evaluate(scrolling), 'auto');
  });

  it('tells what it draws apart without its own colours', async () => {
    await view(everythingOutcome);
    await page.emulateMedia({ forcedColors: 'active' });
    const looks: string[] = [];
    for (const kind of ['done', 'reused', 'failed']) {
      const swatch = await page.locator(`.waterfall .swatch.fill-${kind}`).screenshot();
      looks.push(swatch.toString('base64'));
    }
    assert.equal(new Set(looks).size, 3, looks.join('\n'));
  });

  for (const [name, outcome, scheme, { width, height, from }] of [
    ['warm-light', pullRequestOutcome, 'light', { width: 1280, height: 960, from: 'body' }],
    ['drawings-light', pullRequestOutcome, 'light', { width: 1280, height: 1240, from: '#waterfall' }],
    ['failed-phone-dark', brokenOutcome, 'dark', { width: 360, height: 1240, from: 'body' }],
  ] as const) {
    it(`looks as the screenshot "${name}" shows`, async () => {
      await view(outcome, width, scheme);
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.evaluate(`document.querySelector('${from}').scrollIntoView()`);
      const file = join(RESULTS, `${name}.png`);
      const image = await page.screenshot({ path: file });
      assert.ok(image.length > 20_000 && image.length < 250_000, `${image.length} bytes`);
      if (process.env['UPDATE_SCREENSHOTS'] !== '1') return;
      await mkdir(KEPT, { recursive: true });
      await copyFile(file, join(KEPT, `${name}.png`));
    });
  }
});
