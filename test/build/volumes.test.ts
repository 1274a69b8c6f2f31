import assert from 'node:assert/strict';
import type { Container } from '../../src/build/engine.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { textOf } from '../support/engine.ts';
import { stackImage, startStacked } from './stacked-image.ts';
import { CHECKOUT, openBench, sourceEntry, type StepBench } from './step-run.ts';

const options = { signal: AbortSignal.timeout(300_000) };

/** A volume over the workspace, one within the checkout, one within another, one by a link, one of odd name. */
const VOLUMES = [
  '/workspace',
  `${CHECKOUT}/cache`,
  '/workspace/nested/',
  '/link',
  '/absent/deep',
  '/o[d]d *',
  '/tmp/v',
];

const BASE_FILES = [
  sourceEntry('workspace', { kind: 'directory', mode: 0o755 }),
  sourceEntry('workspace/old', { kind: 'directory', mode: 0o750, uid: 7, gid: 8 }),
  sourceEntry('workspace/old/kept', { text: 'kept' }),
  sourceEntry('workspace/old/changed', { text: 'old' }),
  sourceEntry('workspace/old/deleted', { text: 'gone' }),
  sourceEntry('workspace/removed', { kind: 'directory', mode: 0o755 }),
  sourceEntry('workspace/removed/file', { text: 'gone' }),
  sourceEntry('data', { kind: 'directory', mode: 0o1777 }),
  sourceEntry('data/base', { text: 'base' }),
  sourceEntry('link', { kind: 'symlink', mode: 0o777, target: '/data' }),
];

const TASK = String.raw`
set -e
echo new >> /workspace/old/changed; rm /workspace/old/deleted; rm -r /workspace/removed
echo made > made; echo own > cache/own; chmod 2770 cache; chown 5:6 /workspace/nested
echo nested > /workspace/nested/file; ln /workspace/nested/file /workspace/nested/linked
echo more >> /link/base; mkdir -m 700 /data/new; echo x > /data/new/x; touch -d '2001-02-03 04:05:06.7' /data/new/x
echo deep > /absent/deep/x; echo odd > '/o[d]d */x'; rm tracked; echo lost > /tmp/v/x
`;

const DUMP = String.raw`export LC_ALL=C; cd /
find workspace data absent 'o[d]d *' link \( -type d -printf '%p %y %m %U:%G\0' -o -printf '%p %y %m %U:%G %s %T@ %l %n\0' \)
find workspace data absent 'o[d]d *' -type f -print0 | xargs -0 sha256sum --zero`;

async function dump(container: Container): Promise<readonly string[]> {
  const { stdout, stderr } = await container.exec({ command: ['bash', '-c', DUMP], user: '0:0' }, options);
  const [text, complaints] = await Promise.all([textOf(stdout), textOf(stderr)]);
  assert.equal(complaints, '');
  return text.split('\0').toSorted();
}

describe('the volumes of a base', () => {
  let bench: StepBench;
  before(async () => {
    bench = await openBench();
  });
  after(async () => {
    await bench[Symbol.asyncDispose]();
  });

  it('are kept in layers like everything else: what tasks write, change and delete below them', async () => {
    const content = await bench.staging.addLayer('base', tarOf(BASE_FILES), options);
    const declared = Object.fromEntries(VOLUMES.map((path) => [path, {}]));
    await using image = await stackImage([content], bench, options, { Volumes: declared });
    let final: readonly string[] = [];
    const { result, source, runtime } = await bench.run([{ init: TASK }], {
      base: { reference: 'with-volumes', digest: image.id, source: 'engine' },
      sources: [sourceEntry(`${CHECKOUT.slice(1)}/tracked`, { text: 'tracked' })],
      onDispose: async (container) => {
        final = await dump(container);
      },
    });
    assert.deepEqual(bench.said.lines, [
      'the base image has files in /workspace/app (cache/); they stay beside the sources',
    ]);
    const [task, patch] = result.layers;
    assert.ok(task && patch && source);
    await using stacked = await stackImage(
      [content, task, runtime.layer, source.layer, patch],
      bench,
      options,
    );
    await using container = await startStacked(bench.engine, stacked.id, options);
    assert.ok(
      final.some((line) => line.startsWith(`${CHECKOUT.slice(1)}/cache/own f 644`)),
      final.join('\n'),
    );
    assert.deepEqual(await dump(container), final);
  });
});
