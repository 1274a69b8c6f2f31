import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Outcome } from '../../src/report/outcome.ts';
import { reportPage } from '../../src/report/page.ts';
import {
  brokenOutcome,
  emptyOutcome,
  filledWith,
  hugeOutcome,
  invalidOutcome,
  pullRequestOutcome,
} from './page/samples.ts';
import { failedOutcome, greedyOutcome, interruptedOutcome, warmOutcome } from './sample-outcome.ts';

const EVERY: Readonly<Record<string, Outcome>> = {
  warm: warmOutcome,
  failed: failedOutcome,
  greedy: greedyOutcome,
  interrupted: interruptedOutcome,
  'pull request': pullRequestOutcome,
  broken: brokenOutcome,
  invalid: invalidOutcome,
  empty: emptyOutcome,
  filled: filledWith('x', 'warm'),
};

function bodyOf(page: string): string {
  return page.slice(page.indexOf('<body>'));
}

/** The tags of a page with the names of their attributes, in order: what a hostile text must not change. */
function tagsOf(page: string): readonly string[] {
  return [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));
}

/** What a reader sees, with single spaces. */
function wordsOf(page: string): string {
  const text = bodyOf(page)
    .replaceAll(/<\/?(?:bdi|strong|code|span|time)\b[^>]*>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return text
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[,.:](?: |$))/g, '');
}

function assertTells(outcome: Outcome, expected: readonly string[]): void {
  const words = wordsOf(reportPage(outcome));
  for (const text of expected) assert.ok(words.includes(text), `${text}\nis missing in\n${words}`);
}

describe('report page', () => {
  it('tells all of a warm image', () => {
    assertTells(pullRequestOutcome, [
      'team/shop-frontend · feature/login → main · a1b2c3d4e5f6 · pull request #12 · build 481',
      '✔ Warm in 2.0 s',
      'Open it, in a clone of the repository preheat start a1b2c3d4e5f6',
      'docker run -it --rm registry.example.org/team/shop-frontend:commit-pr12-a1b2c3d4e5f6',
      'To open it from the image of main 15 MB to pull, 2 layers of 12 about 1.4 s',
      'Hits 2 of 2 steps reused',
      'Time saved 1 min 12 s and 215 MB not made again',
      'Uploaded 4.2 kB in 2 blobs',
      'tasks ↺ reused protected branch main ran it with the same inputs at commit 0f1e2d3c4b5a Took 0.0 s',
      'Reused from 0f1e2d3c4b5a · protected branch main · 2026-11-21 16:40 UTC Saved 41 s, 97 MB',
      '7 stages in 2.0 s. The longest was publish: 0.9 s, 46 % of it.',
      'publish, done, from 1.0 s to 1.9 s, took 0.9 s 2 blobs, 4.2 kB',
      'This run made 1 of them, with 3.1 kB; the registry had the others.',
      'Whoever has the image of main has all but 2, with 15 MB.',
      'delta what changed since that checkout 3.1 kB ✚ new ⇣ not in the image of main',
      'base the base image, untouched, 8 layers 407 MB ↺ reused ✔ in the image of main',
      '1 warning, 1 note in .gitpod.yml.',
      '▲ warning Unknown key "port" .gitpod.yml:2:1 in port 1 | image: node:24-bookworm > 2 | port: 80',
      'Did you mean "ports"?',
      'a1b2c3d4e5f6 this run feature/login #12 2026-11-22 10:00 UTC ↺ all reused 2.0 s 4.2 kB 519 MB',
      'In 19 runs, 35 hits among 38 steps saved 20 min 45 s and 3.8 GB.',
      'feature/login tasks 83 % 10 of 12 6 min 50 s 974 MB',
      `Digest sha256:${'a'.repeat(64)}`,
      `Base image node:24-bookworm sha256:${'b'.repeat(64)}`,
    ]);
    const words = wordsOf(reportPage(pullRequestOutcome));
    assert.ok(!words.includes('What went wrong') && !words.includes('Warnings of the run'));
  });

  it('tells first what failed: the task, where it stands, and its last output free of colours', () => {
    assertTells(brokenOutcome, [
      '✖ Not warm after 55 s There is no image of this commit: the task build failed with exit code 1.',
      'What went wrong ✖ Task build exit code 1 .gitpod.yml, line 7 phase build code task-failed',
      'Run npm ci in a checkout of this commit.',
      'npm error code ERESOLVE npm error ERESOLVE could not resolve',
      'package-lock.json has other contents before: 1f3a5b7c9d0e → after: 9c02d4e6f8a0 and 2 other inputs',
      'Nearest run 0f1e2d3c4b5a · protected branch main · 2026-11-21 16:40 UTC Expected 41 s, 97 MB',
      'tasks, failed, from 42 s to 54 s, took 12 s',
    ]);
    const words = wordsOf(reportPage(brokenOutcome));
    assert.ok(words.indexOf('What went wrong') < words.indexOf('Time spent'));
    assert.ok(!words.includes('docker run') && !words.includes('To open it'));
    assertTells(interruptedOutcome, ['■ Interrupted after 1 min 05 s']);
  });

  it('tells right after what stopped it what is wrong in the configuration', () => {
    assertTells(invalidOutcome, ['1 error, 2 warnings, 1 note', '> 1 | image: [1]']);
    const words = wordsOf(reportPage(invalidOutcome));
    assert.ok(words.indexOf('✖ error') < words.indexOf('▲ warning'));
  });

  it('shows what to paste as it is written', () => {
    const page = reportPage(greedyOutcome);
    assert.ok(
      page.includes(
        '<pre dir="ltr"><code>definitions:\n  services:\n    docker:\n      memory: 3072</code></pre>',
      ),
      page,
    );
    assertTells(greedyOutcome, ['or let the task use less. Write into bitbucket-pipelines.yml']);
  });

  it('quotes for a shell what is to be pasted into one', () => {
    const words = wordsOf(reportPage({ ...warmOutcome, image: 'r/a:1; rm -rf ~', commit: '$(reboot)' }));
    assert.ok(words.includes('docker run -it --rm &#39;r/a:1; rm -rf ~&#39;'), words);
    assert.ok(words.includes('preheat start &#39;$(reboot)&#39;'), words);
  });

  it('does not tell an engine to run an image that only a folder holds', () => {
    const words = wordsOf(reportPage({ ...warmOutcome, image: 'oci:/var/images:commit-a1b2' }));
    assert.ok(words.includes('preheat start') && !words.includes('docker run'));
  });

  it('leaves out what is not known', () => {
    for (const [name, outcome] of Object.entries(EVERY)) {
      assert.doesNotMatch(bodyOf(reportPage(outcome)), /undefined|NaN|Infinity|\[object/, name);
    }
    const words = wordsOf(reportPage(emptyOutcome));
    assert.ok(words.includes('✖ Not warm There is no image of this commit. Particulars'), words);
  });

  it('stays bounded, and says how much it leaves out', () => {
    const page = reportPage(hugeOutcome());
    assert.ok(page.length < 2_000_000, `${page.length}`);
    assert.ok(!page.includes('w'.repeat(801)));
    const words = wordsOf(page);
    for (const expected of [
      '… and 800 more findings',
      '… and 900 more steps',
      '… and 800 more stages',
      '… and 900 more warnings',
      '… and 900 more digests',
      '… and 971 more runs',
      '4800 earlier lines are in outcome.json',
    ]) {
      assert.ok(words.includes(expected), expected);
    }
  });

  it('lets no text turn the direction of what follows it', () => {
    const page = reportPage(filledWith('a\u202Eb\u2066c', 'warm'));
    assert.doesNotMatch(page, /[\u202A-\u202E\u2066-\u2069]/);
    assert.ok(reportPage(filledWith('שלום', 'warm')).includes('<bdi>שלום</bdi>'));
  });

  it('keeps its structure whatever text from outside it holds', () => {
    const hostile = fc.oneof(
      fc.string({
        unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '!', '-', '=', ' ', 'a', '\u0000', '`', '\u202E'),
        minLength: 1,
      }),
      fc.constantFrom(
        '</style><script>alert(1)</script>',
        '--><img src=x onerror=alert(1)>',
        '"><svg onload=alert(1)>',
        'red;background:url(https://example.org/)',
        '&lt;&#60;',
        '\u001B]8;;x',
      ),
    );
    const result = fc.constantFrom<Outcome['result']>('warm', 'not-warm', 'interrupted');
    fc.assert(
      fc.property(hostile, result, (text, outcome) => {
        assert.deepEqual(
          tagsOf(reportPage(filledWith(text, outcome))),
          tagsOf(reportPage(filledWith('plain', outcome))),
        );
      }),
    );
  });

  it('needs nothing else: no script, no request', () => {
    for (const outcome of Object.values(EVERY)) {
      const page = reportPage(outcome);
      assert.doesNotMatch(
        page,
        /<script|<link|<img|<iframe|<base|\bsrc=|\bhref="[^#]|url\((?!#)|@import|\son\w+=/i,
      );
      assert.match(page, /content="default-src 'none'; style-src 'unsafe-inline'/);
      assert.match(page, /^<!doctype html>\s+<html lang="en">[^]*<\/html>\n$/);
    }
  });

  it('is the same for an equal outcome', () => {
    for (const outcome of Object.values(EVERY)) {
      assert.equal(reportPage(structuredClone(outcome)), reportPage(outcome));
    }
  });

  it('closes every element that it opens, and names each id once', () => {
    for (const outcome of Object.values(EVERY)) {
      const page = reportPage(outcome);
      const open: string[] = [];
      for (const tag of tagsOf(page)) {
        const [, slash, name = ''] = /^<(\/?)([!a-z0-9]+)/i.exec(tag) ?? [];
        if (slash) assert.equal(open.pop(), name);
        else if (name !== '!doctype' && !tag.endsWith('/>')) open.push(name);
      }
      assert.deepEqual(open, []);
      const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
      assert.equal(new Set(ids).size, ids.length);
      for (const [, id = ''] of page.matchAll(/\s(?:href="#|aria-labelledby=")([^"]*)"/g)) {
        assert.ok(ids.includes(id), id);
      }
    }
  });
});
