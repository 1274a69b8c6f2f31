import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { preheatEnv } from '../../src/report/preheat-env.ts';
import { failedOutcome, interruptedOutcome, warmOutcome } from './sample-outcome.ts';

const run = promisify(execFile);

/** What a program that a shell script starts sees after `. ./preheat.env`. */
async function seenAfterSourcing(text: string): Promise<readonly string[]> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-env-'));
  await writeFile(join(folder.path, 'preheat.env'), text);
  const script = String.raw`. ./preheat.env; exec sh -c 'printf "%s\0" "$PREHEAT_STATE" "$PREHEAT_IMAGE" "$PREHEAT_DIGEST"'`;
  const { stdout } = await run('sh', ['-euc', script], {
    cwd: folder.path,
    env: { PATH: process.env['PATH'] },
  });
  return stdout.split('\0').slice(0, -1);
}

describe('preheat.env', () => {
  it('names the image in the words of a shell', () => {
    assert.equal(
      preheatEnv(warmOutcome),
      [
        "export PREHEAT_STATE='warm'",
        "export PREHEAT_IMAGE='registry.example.org/team/app:commit-a1b2c3d4e5f6'",
        `export PREHEAT_DIGEST='sha256:${'a'.repeat(64)}'`,
        '',
      ].join('\n'),
    );
  });

  it('is read by a shell as it was meant, whatever it holds', async () => {
    const image = `oci:/tmp/it's $HOME \`id\` "x"\\\n$(touch y):tag`;
    assert.deepEqual(await seenAfterSourcing(preheatEnv({ ...warmOutcome, image })), [
      'warm',
      image,
      warmOutcome.digest,
    ]);
  });

  for (const outcome of [failedOutcome, interruptedOutcome]) {
    it(`names no image of a run that is ${outcome.result}`, async () => {
      const text = preheatEnv({ ...outcome, image: 'stale', digest: 'stale' });
      assert.deepEqual(await seenAfterSourcing(text), [outcome.result, '', '']);
    });
  }
});
