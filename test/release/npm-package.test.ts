import assert from 'node:assert/strict';
import { mkdir, mkdtempDisposable, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { makeNpmPackage } from '../../release/npm-package.ts';
import { makeClone } from '../support/clone.ts';
import { readOutcome } from '../support/preheat.ts';

const Packed = z.array(
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string(), mode: z.number() })) }),
);
const FILES = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'THIRD-PARTY-LICENSES.txt',
  'docs/outcome.schema.json',
  'image/bashrc',
  'image/gp',
  'image/panerc',
  'image/start',
  'lib/cli/preheat.mjs',
  'package.json',
];
/** A part of the program that is loaded where it is needed. */
const CHUNK = /^lib\/cli\/[a-z-]+-[0-9A-Z]{8}\.mjs$/;
const STALE = 'lib/cli/chunk-AAAAAAAA.mjs';

describe('the npm package', function () {
  this.timeout(180_000);
  const stack = new AsyncDisposableStack();
  let folder: string;
  let tarball: string;
  let packed: z.infer<typeof Packed>[number];

  /** Runs the packed command by npx, from nothing but the tarball and without a network. */
  const preheat = async (words: readonly string[], cwd: string = folder) => {
    const npx = ['--yes', '--offline', `--package=${tarball}`, 'preheat', ...words];
    return execa('npx', npx, { cwd, reject: false, env: { npm_config_cache: join(folder, 'cache') } });
  };

  before(async () => {
    folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-package-'))).path;
    await mkdir(join(folder, 'package/lib/cli'), { recursive: true });
    await writeFile(join(folder, 'package', STALE), 'of an earlier version');
    await makeNpmPackage(join(folder, 'package'));
    const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: join(folder, 'package'),
    });
    const [only] = Packed.parse(JSON.parse(stdout));
    assert.ok(only);
    packed = only;
    tarball = join(folder, packed.filename.replaceAll('/', '-').replace('@', ''));
    assert.ok((await readdir(folder)).includes(tarball.slice(folder.length + 1)), tarball);
  });
  after(() => stack.disposeAsync());

  it('holds what it needs, and nothing else', async () => {
    const paths = packed.files.map(({ path }) => path).toSorted();
    assert.deepEqual(
      paths.filter((path) => !CHUNK.test(path)),
      FILES,
    );
    assert.ok(!paths.includes(STALE));
    const program = packed.files.find(({ path }) => path === 'lib/cli/preheat.mjs');
    assert.equal((program?.mode ?? 0) & 0o111, 0o111, 'the program cannot be run');
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package/package.json'), 'utf8'));
    assert.ok(manifest !== null && typeof manifest === 'object');
    assert.ok(!('dependencies' in manifest) && !('scripts' in manifest));
    const size = (await stat(tarball)).size;
    assert.ok(size < 3_000_000, `${size} bytes`);
  });

  it('names the licence of each package in it', async () => {
    const text = await readFile(join(folder, 'package/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['commander', 'dockerode', 'yaml', 'zod', '@actions/tool-cache'])
      assert.match(text, new RegExp(`^--- ${name} \\d+\\.\\d+\\.\\d+ \\(\\S+\\)$`, 'm'));
    const parts = await Promise.all(
      packed.files
        .filter(({ path }) => path.endsWith('.mjs'))
        .map(async ({ path }) => await readFile(join(folder, 'package', path), 'utf8')),
    );
    const bundled = new Set(
      [...parts.join('\n').matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name]) => name),
    );
    const missing = [...bundled].filter((name) => !text.includes(`--- ${name} `));
    assert.deepEqual(missing, []);
    assert.ok(bundled.size > 20);
  });

  it('tells its version and checks a configuration', async () => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(join(folder, 'package/package.json'), 'utf8')));
    const told = await preheat(['--version']);
    assert.equal(told.stdout, version, told.stderr);
    await using clone = await makeClone({ '.gitpod.yml': 'image: debian:bookworm\ntaks: []\n' });
    const checked = await preheat(['validate'], clone.directory);
    const file = join(clone.directory, 'devcontainer.json');
    await writeFile(file, '{ "image": "debian", } // so\n');
    const other = await preheat(['validate', file], clone.directory);
    await rm(file);
    assert.equal(other.stdout.trim(), `${file}: no findings`, other.stderr);
    assert.match(checked.stdout, /did you mean.*tasks/i);
  });

  it('builds a workspace image', async () => {
    await using clone = await makeClone({
      '.gitpod.yml': 'image: debian:bookworm\ntasks:\n  - init: echo made > made.txt\n',
      '.gitignore': 'made.txt\n.preheat\n',
    });
    const built = await preheat(['build'], clone.directory);
    assert.equal(built.exitCode, 0, built.stderr);
    assert.doesNotMatch(built.stderr, /Warning/);
    assert.equal((await readOutcome(clone.directory)).result, 'warm');
  });
});
