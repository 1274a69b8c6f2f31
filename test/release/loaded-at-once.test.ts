import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, type Bundle } from '../../release/bundle.ts';

/** What every command loads: the program, and what it loads when it knows which command it is. */
const COMMANDS = 'src/cli/commands.ts';
/** Needed where an engine works, oras is downloaded or a program other than git is started. Most pushes do none of it. */
const LATE = [
  'dockerode',
  'docker-modem',
  '@grpc/grpc-js',
  'protobufjs',
  'undici',
  '@actions/tool-cache',
  'execa',
];

interface Loaded {
  readonly packages: ReadonlySet<string>;
  readonly sources: readonly string[];
  readonly builtIn: ReadonlySet<string>;
}

/** What is loaded, by `import` statements alone, with the sources that are the entries. */
function loadedWith({ outputs }: Bundle, entries: readonly string[]): Loaded {
  const all = new Map(Object.entries(outputs));
  const begin = [...all].filter(([, { entryPoint = '' }]) => entries.includes(entryPoint));
  assert.equal(begin.length, entries.length, 'an entry is missing');
  const files = new Map(begin);
  const builtIn = new Set<string>();
  // The map grows while it is walked.
  for (const { imports } of files.values()) {
    for (const { path, kind, external } of imports) {
      const found = all.get(path);
      if (kind !== 'import-statement') continue;
      if (external === true) builtIn.add(path.replace(/^node:/, ''));
      else if (found !== undefined) files.set(path, found);
    }
  }
  const sources = [...files.values()].flatMap(({ inputs }) => Object.keys(inputs));
  return { sources, builtIn, packages: packagesOf(sources) };
}

function packagesOf(sources: readonly string[]): ReadonlySet<string> {
  return new Set(sources.flatMap((path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
}

for (const entry of ['src/cli/main.ts', 'pipe/main.ts']) {
  describe(`what a run of ${entry} loads`, function () {
    this.timeout(60_000);
    let made: Bundle;
    let loaded: Loaded;
    before(async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-bundle-'));
      made = await bundle(entry, join(folder.path, 'lib/cli/main.mjs'));
      loaded = loadedWith(made, [entry, COMMANDS]);
    });

    it('is all that it needs at once', () => {
      for (const name of ['zod', 'yaml', 'commander']) assert.ok(loaded.packages.has(name), name);
      assert.ok(loaded.sources.includes('src/cli/build-command.ts'));
      assert.ok(loaded.builtIn.has('fs/promises'));
    });

    it('holds nothing that only engines and downloads need, which is there all the same', () => {
      const there = packagesOf(made.sources);
      assert.deepEqual(
        LATE.filter((name) => !there.has(name)),
        [],
      );
      assert.deepEqual(
        LATE.filter((name) => loaded.packages.has(name)),
        [],
      );
      assert.ok(!there.has('ssh2'));
    });

    it("holds one of zod's languages", () => {
      // `import { z }` keeps all of zod, `import * as z` what is used.
      const languages = loaded.sources.filter((path) => path.includes('/zod/v4/locales/'));
      assert.deepEqual(languages, ['node_modules/zod/v4/locales/en.js']);
    });

    it('does not have Node load its fetch', () => {
      // As an import; `nodeHttp` and `import()` are no such thing.
      assert.deepEqual([...loaded.builtIn.intersection(new Set(['http', 'https']))], []);
    });

    it('is less where no command runs', () => {
      const first = loadedWith(made, [entry]);
      assert.ok(!first.packages.has('yaml') && first.packages.has('commander'));
    });
  });
}
