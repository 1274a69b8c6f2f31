import { setTimeout as sleepFor } from 'node:timers/promises';
import type { ExecSpec, Execution } from '../../build/engine.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { EngineClient } from './engine-client.ts';
import { demultiplexed } from './multiplexed.ts';
import { splitChannels } from './split-channels.ts';

const FIRST_POLL_MS = 10;
const LONGEST_POLL_MS = 500;

/**
 * Starts a program in a running container without terminal and without input. Its outputs are read as fast as their
 * readers ask for them (see `splitChannels` for what happens when one is slower).
 */
export async function startExecution(
  client: EngineClient,
  containerId: string,
  spec: ExecSpec,
  options: CallOptions,
): Promise<Execution> {
  const doing = `run ${spec.command[0] ?? 'nothing'} in the container`;
  const execId = await client.call(
    doing,
    async (docker, signal) => (await docker.getContainer(containerId).exec(execOptions(spec, signal))).id,
    options,
  );
  const body = await client.open(
    doing,
    async (docker, signal) =>
      docker.getExec(execId).start({ Detach: false, Tty: false, abortSignal: signal }),
    options,
  );
  const { stdout, stderr, ended } = splitChannels(client.read(doing, body, demultiplexed, options));
  const exitCode = exitCodeAfter(ended, client, execId, options);
  // It may fail before anyone awaits it: readers of the streams learn of the same failure there.
  exitCode.catch(() => {});
  return { stdout, stderr, exitCode };
}

function execOptions(spec: ExecSpec, abortSignal: AbortSignal): object {
  return {
    Cmd: [...spec.command],
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...(spec.user !== undefined && { User: spec.user }),
    ...(spec.workingDirectory !== undefined && { WorkingDir: spec.workingDirectory }),
    ...(spec.env !== undefined && {
      Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    }),
    abortSignal,
  };
}

async function exitCodeAfter(
  ended: Promise<void>,
  client: EngineClient,
  execId: string,
  options: CallOptions,
): Promise<number> {
  await untilAborted(ended, options.signal);
  const doing = 'learn how a program in the container ended';
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, LONGEST_POLL_MS)) {
    const { Running, ExitCode } = await client.call(
      doing,
      async (docker, signal) => docker.getExec(execId).inspect({ abortSignal: signal }),
      options,
    );
    if (!Running && ExitCode !== null) return ExitCode;
    await sleepFor(pollMs, undefined, { signal: options.signal });
  }
}

/** Waits for `work`, but rejects with the signal's reason as soon as that aborts. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
