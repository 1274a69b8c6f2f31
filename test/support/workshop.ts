import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { labelsOfLeftover, LEFTOVER_PATTERN } from '../../src/adapters/engine/buildkit/leftover-name.ts';
import { ImageIndex, Manifest } from '../../src/oci/manifest.ts';
import { Outcome } from '../../src/report/outcome.ts';
import { makeClone, type TestClone } from './clone.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface WorkshopRun {
  readonly words?: readonly string[];
  /** Above the plain environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A program, with its arguments, that runs the command that follows them. */
  readonly under?: readonly string[];
  readonly cwd?: string;
}

/** A clone to build, with folders of its own for all that a build writes on this machine. */
export interface Workshop extends AsyncDisposable {
  readonly clone: TestClone;
  readonly state: string;
  /** The OCI layout that a build publishes into, unless its words say otherwise. */
  readonly images: string;
  /** What `TMPDIR` says. */
  readonly temporary: string;
  /** Starts `preheat build` as a program of its own. */
  start(run?: WorkshopRun): ReturnType<typeof startProgram>;
  outcome(): Promise<Outcome>;
  /**
   * Asserts that no run left anything half-made: no file on its way in the state, temporary and layout folders, no tag
   * on an image that is not whole, no container of the process `pid`.
   */
  assertTidy(pid: number | undefined): Promise<void>;
}

export async function openWorkshop(files: Readonly<Record<string, string>>, name = 'app'): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'preheat-workshop-'));
  const clone = await makeClone(files, name);
  const [state, images, temporary] = ['state', 'images', 'tmp'].map((each) => join(folder, each)) as [
    string,
    string,
    string,
  ];
  for (const made of [state, images, temporary]) await mkdir(made);
  return {
    clone,
    state,
    images,
    temporary,
    start: ({ words = ['--registry', `oci:${images}`], env = {}, under = [], cwd = clone.directory } = {}) =>
      startProgram([...under, process.execPath, MAIN, 'build', '--state', state, ...words], cwd, {
        TMPDIR: temporary,
        ...env,
      }),
    outcome: async () => Outcome.parse(JSON.parse(await readFile(join(state, 'outcome.json'), 'utf8'))),
    async assertTidy(pid) {
      assert.deepEqual(await readdir(temporary), [], 'in the temporary folder');
      assert.deepEqual(await unfinishedIn(state), [], 'in the state folder');
      await assertWholeLayout(images);
      assert.deepEqual(await containersOf(pid), [], 'containers');
      assert.deepEqual(await imagesOf(pid), [], 'names of images');
    },
    async [Symbol.asyncDispose]() {
      await clone[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startProgram(
  [file = '', ...words]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
) {
  const kept = ['PATH', 'HOME', 'DOCKER_HOST'].map((name) => [name, process.env[name]] as const);
  const given = Object.entries({ ...Object.fromEntries(kept), NO_COLOR: '1', ...env });
  const set: Record<string, string> = Object.fromEntries(
    given.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return execa(file, words, {
    cwd,
    env: set,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    forceKillAfterDelay: 30_000,
  });
}

async function unfinishedIn(state: string): Promise<readonly string[]> {
  const names = await readdir(state, { recursive: true });
  return names.filter((name) => /^[a-z]+\.\d+\.\d+-\w{6}$|\.partial$/.test(name));
}

async function containersOf(pid: number | undefined): Promise<readonly string[]> {
  if (pid === undefined) return [];
  const format = '{{.Label "dev.preheat.owner"}}';
  const words = ['ps', '--all', '--filter', 'label=dev.preheat.run', '--format', format];
  const { stdout } = await execa('docker', words);
  return stdout.split('\n').filter((owner) => owner.endsWith(`/${pid}`));
}

async function imagesOf(pid: number | undefined): Promise<readonly string[]> {
  if (pid === undefined) return [];
  const words = ['image', 'ls', '--filter', `reference=${LEFTOVER_PATTERN}`];
  const { stdout } = await execa('docker', [...words, '--format', '{{.Repository}}:{{.Tag}}']);
  return stdout
    .split('\n')
    .filter((name) => labelsOfLeftover(name)?.['dev.preheat.owner']?.endsWith(`/${pid}`) === true);
}

/** Asserts that all tags of an OCI layout name whole images, and that nothing is left of a copy. */
export async function assertWholeLayout(directory: string): Promise<void> {
  const names = await readdir(directory);
  if (names.length === 0) return;
  assert.deepEqual(
    names.filter((name) => !['blobs', 'ingest', 'index.json', 'oci-layout'].includes(name)),
    [],
  );
  assert.deepEqual(await readdir(join(directory, 'ingest')), [], 'what was on its way into the layout');
  const blob = (digest: string): string => join(directory, 'blobs', ...digest.split(':'));
  for (const each of await readdir(join(directory, 'blobs', 'sha256')))
    assert.equal(await digestOfFile(blob(`sha256:${each}`)), each, 'a blob is not what its name says');
  const { manifests } = ImageIndex.parse(JSON.parse(await readFile(join(directory, 'index.json'), 'utf8')));
  for (const { digest } of manifests) {
    const { config, layers } = Manifest.parse(JSON.parse(await readFile(blob(digest), 'utf8')));
    const there = new Set(
      (await readdir(join(directory, 'blobs', 'sha256'))).map((each) => `sha256:${each}`),
    );
    for (const part of [config, ...layers]) assert.ok(there.has(part.digest), `${part.digest} is missing`);
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
