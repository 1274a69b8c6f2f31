import assert from 'node:assert/strict';
import type { Container } from '../../src/build/engine.ts';
import type { Owner } from '../../src/observe/step-record.ts';
import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { encodeTarHeader, tarPaddingOf } from '../../src/oci/tar-header.ts';
import { encodePax } from '../../src/oci/tar-pax.ts';
import { ACL_DEFAULT } from '../fidelity/binary-values.ts';
import { differencesOf } from '../fidelity/compare-trees.ts';
import { dumpContainer } from '../fidelity/dump-container.ts';
import type { FileTree } from '../fidelity/file-tree.ts';
import { stackImage, startStacked } from './stacked-image.ts';
import { CHECKOUT, openBench, sourceEntry, type StepBench } from './step-run.ts';

const options = { signal: AbortSignal.timeout(300_000) };
const APP = CHECKOUT.slice(1);

function sourcesFor(owner: Owner): readonly TarEntry[] {
  const folder = { kind: 'directory', mode: 0o755, ...owner } as const;
  const folders = ['workspace', APP, `${APP}/src`].map((path) => sourceEntry(path, folder));
  return [
    ...folders,
    ...['a', 'b'].map((name) => sourceEntry(`${APP}/src/${name}`, { text: name, ...owner })),
  ];
}

/** A folder of the base, with extended attributes (hexadecimal). */
function* baseFolder(path: string, mode: number, attributes: Readonly<Record<string, string>>) {
  const records = Object.entries(attributes).map(
    ([name, value]) => [`SCHILY.xattr.${name}`, Buffer.from(value, 'hex').toString('latin1')] as const,
  );
  const pax = encodePax(records);
  const header = Buffer.from(encodeTarHeader(sourceEntry('pax', { size: pax.length, mtime: 0 })));
  header.write('x', 156, 'latin1');
  const sum = Number.parseInt(header.toString('latin1', 148, 154), 8) + 'x'.charCodeAt(0) - '0'.charCodeAt(0);
  header.write(sum.toString(8).padStart(6, '0'), 148, 'latin1');
  yield Buffer.concat([header, pax, Buffer.alloc(tarPaddingOf(pax.length))]);
  yield encodeTarHeader({ ...sourceEntry(path, { kind: 'directory', mode, uid: 8, gid: 9 }), size: 0 });
  yield Buffer.alloc(1024);
}

describe('the folders above a checkout that the base has', () => {
  let bench: StepBench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
  });

  /** Runs a task on a base with such a folder; tells what it saw, and what the layers make on a base without it. */
  async function run(folder: Iterable<Uint8Array>, init: string) {
    let original: FileTree = new Map();
    const step = await bench.run([{ init }], {
      sources: sourcesFor,
      onCreated: async (container: Container) => {
        await container.put(
          (async function* () {
            yield* folder;
          })(),
          options,
        );
      },
      onDispose: async ({ id }) => {
        original = await dumpContainer(id);
      },
    });
    const [above, below] = [
      step.result.layers.filter(({ role }) => role === 'patch'),
      step.result.layers.filter(({ role }) => role === 'task'),
    ];
    assert.ok(step.source);
    const layers = [...below, step.runtime.layer, step.source.layer, ...above];
    await using image = await stackImage(layers, bench, options);
    await using container = await startStacked(bench.engine, image.id, options);
    const seen = await dumpContainer(container.id);
    const isOurs = (path: string): boolean => path === 'workspace' || path.startsWith('workspace/');
    return { original, seen, patched: above.length > 0, differences: differencesOf(original, seen, isOurs) };
  }

  it('keep its mode and attributes, and belong to whom the tasks run as', async () => {
    const { seen, differences } = await run(baseFolder('workspace', 0o1777, { 'user.note': '01' }), 'ls');
    assert.deepEqual(differences, []);
    const { mode, owner, attributes } = seen.get('workspace') ?? {};
    assert.deepEqual([mode, owner, attributes?.get('user.note')], ['1777', '0:0', '01']);
  });

  it('are what the tasks made of them', async () => {
    const { seen, differences } = await run(
      baseFolder('workspace', 0o2770, { 'user.note': '01' }),
      'chmod 700 /workspace && chown 7:7 /workspace',
    );
    assert.deepEqual(differences, []);
    assert.deepEqual([seen.get('workspace')?.mode, seen.get('workspace')?.owner], ['2700', '7:7']);
  });

  it('pass their default ACL on to sources that no task touched', async () => {
    const { original, differences } = await run(
      baseFolder('workspace', 0o755, { 'system.posix_acl_default': ACL_DEFAULT }),
      'echo made > made',
    );
    assert.ok(original.get(`${APP}/src/a`)?.attributes.has('system.posix_acl_access'));
    assert.deepEqual(differences, []);
  });

  it('need no patch where they are as the sources say', async () => {
    const { patched, differences } = await run(baseFolder('workspace', 0o755, {}), 'ls');
    assert.deepEqual([patched, differences], [false, []]);
  });

  it('are kept where the tasks give the checkout away', async () => {
    const { seen, differences } = await run(
      baseFolder('workspace', 0o1775, { 'user.note': '01' }),
      'chown -R 33:33 .',
    );
    assert.deepEqual(differences, []);
    const { mode, owner, attributes } = seen.get('workspace') ?? {};
    assert.deepEqual([mode, owner, attributes?.get('user.note')], ['1775', '0:0', '01']);
    assert.equal(seen.get(`${APP}/src/a`)?.owner, '33:33');
  });
});
