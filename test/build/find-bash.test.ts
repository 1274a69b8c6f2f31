import assert from 'node:assert/strict';
import { findBash } from '../../src/build/find-bash.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { openBench, sourceEntry, type StepBench } from './step-run.ts';
import { stackImage } from './stacked-image.ts';

const options = { signal: AbortSignal.timeout(120_000) };

describe('findBash', () => {
  let bench: StepBench;
  before(async () => {
    bench = await openBench();
  });
  after(async () => {
    await bench[Symbol.asyncDispose]();
  });

  /** Where bash is found in an image that has it nowhere but in `/store`. */
  async function foundWith(env: readonly string[]): Promise<string> {
    const entries = [
      sourceEntry('usr/bin/.wh.bash', {}),
      sourceEntry('store', { kind: 'directory', mode: 0o755 }),
      sourceEntry('store/bash', { kind: 'file', mode: 0o755, text: '#!/bin/sh\n' }),
    ];
    const layer = await bench.staging.addLayer('base', tarOf(entries), options);
    await using image = await stackImage([layer], bench, options, { Env: env });
    const { toolbox } = bench;
    const spec = { image: image.id, entrypoint: toolbox.command('wait'), labels: {}, network: 'none' };
    await using container = await bench.engine.createContainer(spec, options);
    await container.put(await toolbox.pack({ os: 'linux', architecture: 'amd64' }, options), options);
    await container.start(options);
    return await findBash(container, toolbox, 'an image', options);
  }

  it('looks along the PATH of the image too', async () => {
    assert.equal(await foundWith(['PATH=/usr/bin:relative::/store', 'OTHER=/x']), '/store/bash');
  });

  it('says that there is none', async () => {
    await assert.rejects(foundWith(['PATH=/usr/bin']), {
      phase: 'build',
      message: 'cannot run tasks in an image: it has no bash',
    });
  });
});
