import type { Execution } from '../../build/engine.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { isAbort, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { EngineClient } from './engine-client.ts';
import { startExecution } from './execution.ts';

const COUNT_DEADLINE_MS = 10_000;

/**
 * Prints the kernel's count of killed processes, by what any shell has built in: cgroup v2 (`memory.events`) and v1
 * (`memory.oom_control`), Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
 */
const PRINT_KILLS = `for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
  [ -r "$file" ] || continue
  while read -r name count; do [ "$name" != oom_kill ] || echo "$count"; done < "$file"
done`;

/**
 * How many processes of a running container the kernel has killed for want of memory, by the counter of its control
 * group; 0 where that cannot be learnt (no shell, or too little memory for it too).
 */
export async function countKills(
  client: EngineClient,
  containerId: string,
  { signal }: CallOptions,
): Promise<number> {
  const spec = { command: ['/bin/sh', '-c', PRINT_KILLS], user: '0:0', workingDirectory: '/' };
  try {
    const bounded = withDeadline(signal, COUNT_DEADLINE_MS);
    return await sumOfNumbers(await startExecution(client, containerId, spec, { signal: bounded }));
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof PreheatError || isAbort(thrown)) return 0;
    throw thrown;
  }
}

async function sumOfNumbers({ stdout, stderr, exitCode }: Execution): Promise<number> {
  const [printed] = await Promise.all([textOf(stdout), textOf(stderr)]);
  if ((await exitCode) !== 0) return 0;
  return printed.split('\n').reduce((sum, line) => sum + Number(line), 0);
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(chunks)).toString();
}
