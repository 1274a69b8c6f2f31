import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHostToolbox } from '../../../src/adapters/toolbox/host-toolbox.ts';
import { TOOLBOX_ROOT } from '../../../src/build/toolbox.ts';
import { PreheatError } from '../../../src/kernel/failure.ts';

const options = { signal: AbortSignal.timeout(60_000) };
const OWN = { os: 'linux', architecture: arch() === 'x64' ? 'amd64' : arch() };

describe('createHostToolbox', () => {
  it('packs programs that run with their own loader and libraries', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-toolbox-'));
    const toolbox = createHostToolbox();
    assert.ok(
      toolbox
        .command('tar')
        .every((word) => word === '--library-path' || word.startsWith(`${TOOLBOX_ROOT}/`)),
    );
    const input = Buffer.concat(await Array.fromAsync(await toolbox.pack(OWN, options)));
    assert.equal(spawnSync('tar', ['-xf', '-', '-C', folder.path], { input }).status, 0);
    for (const [tool, gnu] of [
      ['tar', 'GNU tar'],
      ['find', 'GNU findutils'],
      ['cat', 'GNU coreutils'],
      ['sleep', 'GNU coreutils'],
    ] as const) {
      const [program = '', ...words] = toolbox
        .command(tool)
        .map((word) => word.replace(/^\//, `${folder.path}/`));
      const { stdout } = spawnSync(program, [...words, '--version'], { encoding: 'utf8' });
      assert.ok(stdout.includes(gnu), `${tool}: ${stdout}`);
    }
  });

  it('packs the same bytes again', async () => {
    const toolbox = createHostToolbox();
    const [first, second] = [await toolbox.pack(OWN, options), await toolbox.pack(OWN, options)];
    assert.ok(
      Buffer.concat(await Array.fromAsync(first)).equals(Buffer.concat(await Array.fromAsync(second))),
    );
  });

  for (const platform of [
    { os: 'windows', architecture: OWN.architecture },
    { os: 'linux', architecture: 's390x' },
  ]) {
    it(`refuses ${platform.os}/${platform.architecture}`, async () => {
      await assert.rejects(
        createHostToolbox().pack(platform, options),
        (thrown) =>
          thrown instanceof PreheatError &&
          thrown.phase === 'build' &&
          thrown.message.includes('this machine is'),
      );
    });
  }
});
