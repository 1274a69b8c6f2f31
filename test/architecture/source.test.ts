import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './cruise.ts';

/** What oxlint cannot say; each with the folders in which it is allowed. */
const bans: readonly { readonly what: string; readonly pattern: RegExp; readonly allowed: RegExp }[] = [
  {
    what: 'reads the clock',
    pattern: /\bnew Date\(\)|\bperformance\.now\(/,
    allowed: /^src\/(cli|kernel)\//,
  },
  {
    what: 'wraps a promise in a promise',
    pattern: /new Promise\(\s*async|new Promise[^]{0,200}\.then\(/,
    allowed: /^$/,
  },
  { what: 'silences the compiler', pattern: /@ts-(?:ignore|nocheck|expect-error)/, allowed: /^$/ },
  { what: 'leaves work behind', pattern: /\b(?:TODO|FIXME|XXX)\b/, allowed: /^$/ },
];

interface Source {
  readonly file: string;
  readonly text: string;
  readonly lines: number;
}

describe('the sources', () => {
  let sources: readonly Source[] = [];

  before(async () => {
    const files = await Array.fromAsync(glob('{src,pipe,image}/**/*.ts', { cwd: root }));
    sources = await Promise.all(files.toSorted().map(readSource));
  });

  it('are files of at most 400 lines, half of them of at most 80', () => {
    const sizes = sources.map(({ lines }) => lines).toSorted((a, b) => a - b);
    assert.deepEqual(
      sources.filter(({ lines }) => lines > 400).map(({ file }) => file),
      [],
    );
    assert.ok((sizes[Math.floor(sizes.length / 2)] ?? Infinity) <= 80);
  });

  for (const { what, pattern, allowed } of bans) {
    it(`hold nothing that ${what}`, () => {
      const found = sources.filter(({ file, text }) => !allowed.test(file) && pattern.test(text));
      assert.deepEqual(
        found.map(({ file }) => file),
        [],
      );
    });
  }

  it('have no test that is always skipped', async () => {
    const files = await Array.fromAsync(
      glob('test/**/*.test.ts', { cwd: root, exclude: ['test/**/fixtures/**'] }),
    );
    const tests = await Promise.all(files.map(readSource));
    const skipped = tests.filter(({ text }) =>
      /\b(?:it|describe|specify|context)[.]skip\(|\bx(?:it|describe)\(/.test(text),
    );
    assert.ok(files.length > 10);
    assert.deepEqual(
      skipped.map(({ file }) => file),
      [],
    );
  });

  it('are searched by patterns that find what they ban', () => {
    const samples = [
      'new Date()',
      'new Promise((done) => work().then(done))',
      '// @ts-ignore',
      '// TODO: more',
    ];
    assert.deepEqual(
      bans.map(({ pattern }, index) => pattern.test(samples[index] ?? '')),
      [true, true, true, true],
    );
  });
});

async function readSource(file: string): Promise<Source> {
  const text = await readFile(join(root, file), 'utf8');
  return { file, text, lines: text.split('\n').length - 1 };
}
