import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { FinishedStep } from '../../src/build/run-step.ts';
import type { Owner } from '../../src/observe/step-record.ts';
import type { LayerRole } from '../../src/oci/layer.ts';
import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { readTar, type ReadEntry } from '../../src/oci/tar-reader.ts';
import { dumpFiles, stackImage, startStacked } from './stacked-image.ts';
import { CHECKOUT, openBench, sourceEntry, type StepBench } from './step-run.ts';

const options = { signal: AbortSignal.timeout(300_000) };
const APP = CHECKOUT.slice(1);
const FOLDERS = ['src', 'storage', 'storage/logs', '.git', '.git/hooks'];
const FILES = [
  'src/a',
  'src/b',
  'src/c',
  'src/d',
  'src/e',
  'src/f',
  '.git/config',
  '.git/HEAD',
  '.git/hooks/x',
];

function sourcesFor(owner: Owner): readonly TarEntry[] {
  const folder = { kind: 'directory', mode: 0o755, ...owner } as const;
  return [
    ...['workspace', APP].map((path) => sourceEntry(path, folder)),
    ...FOLDERS.map((path) => sourceEntry(`${APP}/${path}`, folder)),
    // All of one size, so that sizes tell nothing.
    ...FILES.map((path) => sourceEntry(`${APP}/${path}`, { text: path.slice(-1).repeat(9), ...owner })),
    sourceEntry(`${APP}/link`, { kind: 'symlink', mode: 0o777, target: 'src', size: 0, ...owner }),
    sourceEntry(`${APP}/run`, { text: 'run', mode: 0o755, ...owner }),
  ];
}

/** Sets an extended attribute without any program for it: setxattr(2) by its number. */
const SET_NOTE = String.raw`note() { perl -e '($call, $path, $name, $value) = @ARGV; syscall($call + 0, $path, $name, $value, 4, 0) == 0 or die $!' $([ $(uname -m) = x86_64 ] && echo 188 || echo 5) "$1" user.note kept; }`;

/** Lines of a dump that a stacked image can equal; `linked` tells whether the number of links is one of them. */
function comparable(lines: readonly string[], linked = true): readonly string[] {
  const kept = lines.filter((line) => !/\/etc\/hostname$|^etc\/mtab /.test(line));
  return linked ? kept : kept.map((line) => line.replace(/ \d+$/, ''));
}

describe('the patch layer', () => {
  let bench: StepBench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
  });

  /** Runs a task and holds the stacked layers against the container's file system as the task left it. */
  async function runExactly(init: string, linked = true): Promise<FinishedStep> {
    let final: readonly string[] = [];
    const step = await bench.run([{ init }], {
      sources: sourcesFor,
      onDispose: async (container) => {
        final = await dumpFiles(container, options);
      },
    });
    assert.deepEqual(bench.said.lines, []);
    const role = (name: LayerRole) => step.result.layers.filter((layer) => layer.role === name);
    assert.ok(step.source);
    const layers = [...role('task'), step.runtime.layer, step.source.layer, ...role('patch')];
    await using image = await stackImage(layers, bench, options);
    await using container = await startStacked(bench.engine, image.id, options);
    const stacked = await dumpFiles(container, options);
    assert.ok(final.some((line) => line.startsWith(`${APP}/src/a f `)));
    assert.deepEqual(comparable(stacked, linked), comparable(final, linked));
    return step;
  }

  async function entriesOf({ result }: FinishedStep, role: LayerRole): Promise<readonly ReadEntry[]> {
    const layer = result.layers.find((each) => each.role === role);
    if (layer === undefined) return [];
    const bytes = gunzipSync(Buffer.concat(await Array.fromAsync(bench.staging.readLayer(layer))));
    return await Array.fromAsync(
      readTar(
        (async function* () {
          yield bytes;
        })(),
      ),
    );
  }

  async function patched(step: FinishedStep): Promise<readonly string[]> {
    return (await entriesOf(step, 'patch')).map(({ path }) => path.replace(`${APP}/`, ''));
  }

  it('holds nothing that was only touched', async () => {
    const step = await runExactly(String.raw`
chown -R 0:0 . && chmod -R u+rwX . && mv src other && mv other src
cp -p src/a /tmp/a && rm src/a && cp -p /tmp/a src/a
cp -a storage /tmp/storage && rm -r storage && cp -a /tmp/storage storage
ln src/b gone && rm gone && touch src/new && rm src/new
ln -sfn elsewhere link && ln -sfn src link && touch -h -d @631152000 link && echo made > made`);
    assert.deepEqual(await patched(step), []);
    assert.deepEqual(
      (await entriesOf(step, 'task')).map(({ path }) => path),
      ['workspace', APP, `${APP}/made`],
    );
  });

  it('holds every path that differs, in whatever way, and no other', async () => {
    const step = await runExactly(String.raw`${SET_NOTE}
chmod -R u+rwX . && chown -R 0:0 .
printf 'AAAAAAAAA' > src/a && touch -d @631152000 src/a
touch -d @631152000.5 src/b
chmod 4755 src/c
chown 5:6 src/d
note src/e
rm src/f
chmod -R 777 storage
printf '[core]\n\thooksPath = .husky\n' >> .git/config && touch -d @631152000 .git/config
printf '#!/bin/sh\n' > .git/hooks/x && touch -d @631152000 .git/hooks/x
ln -sfn run link && touch -h -d @631152000 link`);
    assert.deepEqual(await patched(step), [
      'src/.wh.f',
      'workspace',
      APP,
      '.git',
      '.git/config',
      '.git/hooks',
      '.git/hooks/x',
      'link',
      'src',
      'src/a',
      'src/b',
      'src/c',
      'src/d',
      'src/e',
      'storage',
      'storage/logs',
    ]);
  });

  it('holds a folder whose attributes alone changed, while something in it did too', async () => {
    const step = await runExactly(String.raw`${SET_NOTE}
note storage && echo x > storage/logs/x && note src && echo y > src/y`);
    const entries = await entriesOf(step, 'patch');
    const noted = entries.filter(({ records }) => records.get('SCHILY.xattr.user.note') === 'kept');
    assert.deepEqual(
      noted.map(({ path }) => path),
      [`${APP}/src`, `${APP}/storage`],
    );
    assert.deepEqual(await patched(step), ['workspace', APP, 'src', 'storage']);
  });

  it('does not hold a checkout that was given to someone else, only what else differs', async () => {
    const step = await runExactly(String.raw`
chown -R 1234:2345 . && chown 7:7 src/b && chmod 700 storage && printf 'CCCCCCCCC' > src/c
printf 'AAAAAAAAA' > src/a && touch -d @631152000 src/a && chown 0:0 link -h && rm src/d && echo new > src/new`);
    assert.deepEqual(step.result.sourceOwner, { uid: 1234, gid: 2345 });
    // The folder above was not given away, but is laid as if it had been.
    const names = ['workspace', APP, 'link', 'src', 'src/a', 'src/b', 'src/c', 'storage'];
    assert.deepEqual(await patched(step), ['src/.wh.d', ...names]);
  });

  it('keeps links of one file together, and makes files of links that end in two layers', async () => {
    const step = await runExactly(
      String.raw`
ln src/a beside-a && echo more >> src/b && ln src/b beside-b && ln -f src/c src/d && ln -f src/e src/f && chmod 600 src/e`,
      false,
    );
    const kinds = async (role: LayerRole) =>
      (await entriesOf(step, role))
        .filter(({ kind }) => kind !== 'directory')
        .map(({ path, kind, target }) => [path, kind, target].join(' ').replaceAll(`${APP}/`, ''));
    assert.deepEqual(await kinds('task'), ['beside-a file ', 'beside-b file ']);
    assert.deepEqual(await kinds('patch'), [
      'src/b file ',
      'src/c file ',
      'src/d hardlink src/c',
      'src/e file ',
      'src/f hardlink src/e',
    ]);
  });

  it('is the same again for the same changes', async () => {
    const init = 'chown -R 1234:2345 . && echo more >> src/a && touch -d @1700000000 src/a';
    const [one, other] = [await runExactly(init), await runExactly(init)];
    assert.deepEqual(
      one.result.layers.map(({ diffId }) => diffId),
      other.result.layers.map(({ diffId }) => diffId),
    );
    assert.ok(one.source);
    assert.equal(one.source.layer.diffId, other.source?.layer.diffId);
  });
});
