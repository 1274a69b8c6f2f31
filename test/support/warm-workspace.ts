import assert from 'node:assert/strict';
import { execa } from 'execa';
import { StartResult } from '../../src/start/start-result.ts';
import type { TestClone } from './clone.ts';
import { preheat } from './preheat.ts';

/** A workspace that was started from the image of a clone's commit; it ends, with its image, when it is disposed of. */
export interface WarmWorkspace extends AsyncDisposable {
  /** What a line for bash prints inside, both streams together; it must succeed. */
  inside(line: string): Promise<string>;
}

/** Builds the commit of a clone and starts a workspace from its image. */
export async function openWarmWorkspace({ directory: cwd }: TestClone): Promise<WarmWorkspace> {
  const built = await preheat(['build'], { cwd });
  assert.equal(built.exitCode, 0, built.stderr);
  const run = await preheat(['start', '--json'], { cwd });
  assert.equal(run.exitCode, 0, run.stderr);
  const { name, digest } = StartResult.parse(JSON.parse(run.stdout));
  return {
    inside: async (line) =>
      (await execa('docker', ['exec', name, 'bash', '-c', `exec 2>&1; ${line}`])).stdout,
    async [Symbol.asyncDispose]() {
      await preheat(['start', '--stop'], { cwd });
      await execa('docker', ['rmi', `preheat:${digest.slice('sha256:'.length).slice(0, 12)}`]);
    },
  };
}
