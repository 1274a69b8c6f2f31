import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Outcome } from '../../src/report/outcome.ts';
import { reportPage } from '../../src/report/page.ts';
import { failedOutcome, greedyOutcome, interruptedOutcome, warmOutcome } from './sample-outcome.ts';

/** The tags of a page, in order: what a hostile text must not change. */
function tagsOf(page: string): readonly string[] {
  return [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
}

/** What a reader sees, with single spaces. */
function wordsOf(page: string): string {
  const body = page.slice(page.indexOf('<body>'));
  const text = body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return text.replaceAll('&amp;', '&').replaceAll(/\s+/g, ' ');
}

/** An outcome of all parts, with `text` wherever text from outside stands. */
function filledWith(text: string, result: Outcome['result']): Outcome {
  return {
    ...warmOutcome,
    result,
    repository: text,
    ref: text,
    image: `r/${text}`,
    digest: text,
    commit: text.padEnd(12, '0'),
    baseImage: { reference: text, digest: text },
    layers: [{ role: text, digest: text, size: 1, reused: false }],
    steps: [{ name: text, outcome: 'failed', reason: text }],
    stages: [{ name: text, startedAt: text, durationMs: 5, outcome: 'failed', detail: text }],
    failure: {
      phase: text,
      code: text,
      message: text,
      hint: text,
      remedy: { file: text, yaml: text },
      output: [text],
    },
    warnings: [text],
    startedAt: text,
    finishedAt: text,
  };
}

describe('report page', () => {
  it('shows what to paste as it is written', () => {
    const page = reportPage(greedyOutcome);
    assert.ok(page.includes('<pre>definitions:\n  services:\n    docker:\n      memory: 3072</pre>'), page);
    assert.ok(
      wordsOf(page).includes('or let the task use less. In bitbucket-pipelines.yml :'),
      wordsOf(page),
    );
  });

  it('tells all of a warm image', () => {
    const words = wordsOf(reportPage(warmOutcome));
    for (const expected of [
      '✔ Warm team/app at a1b2c3d4e5f60718293a4b5c6d7e8f9012345678 (feature/login, pull request #12)',
      'after 2.0 s',
      'preheat start a1b2c3d4e5f6',
      'docker run -it --rm registry.example.org/team/app:commit-a1b2c3d4e5f6',
      `Digest sha256:${'a'.repeat(64)}`,
      `Base image node:24-bookworm sha256:${'b'.repeat(64)}`,
      'tasks ↺ reused No input changed since 0f1e2d3c (traced) 0.0 s',
      '2 of 3 reused (145 MB of 145 MB); 2 blobs with 4.2 kB uploaded.',
      `task sha256:${'d'.repeat(64)} 97 MB ↺ reused`,
      `delta sha256:${'e'.repeat(64)} 3.1 kB made`,
      '✔ publish 2 blobs 0.9 s',
    ]) {
      assert.ok(words.includes(expected), `${expected}\nis missing in\n${words}`);
    }
    assert.ok(!words.includes('What went wrong') && !words.includes('Warnings'));
  });

  it('tells why there is no image, with the last output free of colours', () => {
    const words = wordsOf(reportPage(failedOutcome));
    for (const expected of [
      '✖ Not warm',
      'cannot run task "build": npm ci ended with exit code 1 Run npm ci in a checkout of this commit.',
      'npm error code ERESOLVE npm error <peer> & "more"',
      'Warnings the clone is shallow',
      'tasks ✖ failed package-lock.json changed 1 min 01 s',
    ]) {
      assert.ok(words.includes(expected), `${expected}\nis missing in\n${words}`);
    }
    assert.ok(!words.includes('preheat start'));
    assert.ok(wordsOf(reportPage(interruptedOutcome)).includes('✖ Interrupted'));
  });

  it('does not tell an engine to run an image that only a folder holds', () => {
    const words = wordsOf(reportPage({ ...warmOutcome, image: 'oci:/var/images:commit-a1b2' }));
    assert.ok(words.includes('preheat start') && !words.includes('docker run'));
  });

  it('draws bars inside the run, in proportion', () => {
    const bars = [...reportPage(warmOutcome).matchAll(/margin-left:([\d.]+)%;width:([\d.]+)%/g)];
    assert.deepEqual(
      bars.map(([, from, width]) => [Number(from), Number(width)]),
      [
        [5, 45],
        [50, 0.6],
        [55, 45],
      ],
    );
  });

  it('keeps its structure whatever text from outside it holds', () => {
    const hostile = fc.oneof(
      fc.string({
        unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '!', '-', '=', ' ', 'a', '\u0000', '\n', '`'),
      }),
      fc.constantFrom(
        '</style><script>alert(1)</script>',
        '--><img src=x onerror=alert(1)>',
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
    const page = reportPage(filledWith('x', 'warm'));
    assert.doesNotMatch(page, /<script|<link|<img|<iframe|\bsrc=|\bhref=|url\(|@import/i);
    assert.match(page, /content="default-src 'none'; style-src 'unsafe-inline'/);
    assert.match(page, /^<!doctype html>\s+<html lang="en">[^]*<\/html>\n$/);
  });

  it('closes every element that it opens', () => {
    const open: string[] = [];
    const empty = new Set(['meta', 'br', '!doctype']);
    for (const tag of tagsOf(reportPage(filledWith('x', 'warm')))) {
      const [, slash, name = ''] = /^<(\/?)([!a-z0-9]+)/.exec(tag) ?? [];
      if (slash) assert.equal(open.pop(), name);
      else if (!empty.has(name)) open.push(name);
    }
    assert.deepEqual(open, []);
  });
});
