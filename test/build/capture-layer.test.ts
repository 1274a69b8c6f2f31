import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStaging } from '../../src/adapters/layout/staging-layout.ts';
import { captureLayer } from '../../src/build/capture-layer.ts';
import type { Container } from '../../src/build/engine.ts';
import { unpacked } from '../../src/oci/gzip-unpacked.ts';
import { readTar } from '../../src/oci/tar-reader.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { silentLog } from '../support/silent-log.ts';
import { sourceEntry } from './step-run.ts';
import { openTestContainer, type TestContainer } from './test-container.ts';

const options = { signal: AbortSignal.timeout(120_000) };
const FILES = ['opt/kept', 'opt/odd \xff\nname', 'opt/thinned', `opt/x${'n'.repeat(120)}`];

/** A container in which tar gets an option from elsewhere, as from a variable of an image. */
function meddling(container: Container, option: string): Container {
  const meddled = (word: string): readonly string[] => (word === '--create' ? [word, option] : [word]);
  return {
    ...container,
    exec: (spec, more) => container.exec({ ...spec, command: spec.command.flatMap(meddled) }, more),
  };
}

describe('captureLayer', () => {
  let bench: TestContainer;
  before(async () => {
    bench = await openTestContainer();
    await bench.container.put(tarOf(FILES.map((path) => sourceEntry(path, { text: path }))), options);
  });
  after(async () => {
    await bench[Symbol.asyncDispose]();
  });

  /** The paths in the layer that was captured. */
  async function capture(container: Container): Promise<readonly string[]> {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-capture-'));
    const staging = await openStaging(folder.path, options);
    const ports = { container, toolbox: bench.toolbox, staging, log: silentLog().log };
    const content = { entries: FILES, folders: ['opt'], whiteouts: ['opt/gone'] };
    const layer = await captureLayer('task', content, ports, options);
    assert.ok(layer);
    return await Array.fromAsync(readTar(unpacked(staging.readLayer(layer), 'gzip')), ({ path }) => path);
  }

  it('packs what it is told, each path once', async () => {
    assert.deepEqual(await capture(bench.container), ['opt/.wh.gone', 'opt', ...FILES]);
  });

  it('fails where tar passes files over and ends well', async () => {
    const message = /^cannot capture .*: tar packed 4 paths where it was told 5, \/opt\/thinned the first/;
    await assert.rejects(capture(meddling(bench.container, '--exclude=*thinned')), { message });
    await assert.rejects(capture(meddling(bench.container, '--exclude=*nnn')), /packed 4 paths/);
  });

  it('fails where tar gives a file another name', async () => {
    const message = /^cannot capture .*: tar packed 5 paths where it was told 5, \/opt\/kept the first/;
    await assert.rejects(capture(meddling(bench.container, '--transform=s/kept/lost/')), { message });
  });
});
