import { PreheatError } from '../kernel/failure.ts';
import { linesOf } from '../kernel/lines.ts';
import type { Log } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { RunningWorkspace, Workspaces } from './workspace-engine.ts';

/** What `image/start` prints when it has started the tasks. */
const READY = 'preheat: ready';

/** `image/start` writes each line of a task behind the task's name in brackets. */
const TASK_LINE = /^\[([^\]]*)\] (.*)$/s;

/** How many of the last lines a failure repeats. */
const KEPT_LINES = 3;

/** The output of a workspace on its way into the log; disposing ends that, not the workspace. */
export interface Following extends AsyncDisposable {
  /** Resolves when the tasks are started. */
  readonly ready: Promise<void>;
}

/**
 * Hands what a workspace prints to the log, a task's lines under the task's name. `ready` rejects with a
 * `PreheatError` of phase `start` when the workspace ends first or is not ready after `boundMs` milliseconds, and with
 * the signal's reason when that aborts first.
 */
export function followWorkspace(
  running: RunningWorkspace,
  ports: { readonly workspaces: Workspaces; readonly log: Log },
  boundMs: number,
  { signal }: CallOptions,
): Following {
  const end = new AbortController();
  const ready = Promise.withResolvers<void>();
  // Whoever awaits `ready` sees the failure; it must not count as unhandled until then.
  ready.promise.catch(() => undefined);
  const bound = AbortSignal.timeout(boundMs);
  const onAbort = (): void => ready.reject(signal.aborted ? signal.reason : notInTime(boundMs));
  for (const each of [signal, bound]) each.addEventListener('abort', onAbort, { signal: end.signal });
  if (signal.aborted) onAbort();
  const output = ports.workspaces.output(running.id, { signal: AbortSignal.any([signal, end.signal]) });
  const done = tell(output, ports.log, ready.resolve).then(
    (last) => ready.reject(endedEarly(last)),
    (thrown: unknown) => ready.reject(thrown),
  );
  return {
    ready: ready.promise,
    async [Symbol.asyncDispose]() {
      end.abort();
      await done;
    },
  };
}

/** Returns the last lines. */
async function tell(
  output: AsyncIterable<Uint8Array>,
  log: Log,
  onReady: () => void,
): Promise<readonly string[]> {
  const last: string[] = [];
  for await (const line of linesOf(output)) {
    if (line === READY) {
      onReady();
      continue;
    }
    if (last.push(line) > KEPT_LINES) last.shift();
    const [, source = 'workspace', text = line] = TASK_LINE.exec(line) ?? [];
    log.output(source, text);
  }
  return last;
}

const HINT = 'Look at it by hand: run what `preheat start --print` shows.';

function endedEarly(last: readonly string[]): PreheatError {
  const words = last.length === 0 ? 'it printed nothing' : `it printed: ${last.join(' / ')}`;
  return new PreheatError(`cannot start the workspace: it ended before it was ready; ${words}`, {
    phase: 'start',
    hint: HINT,
  });
}

function notInTime(boundMs: number): PreheatError {
  return new PreheatError(`cannot start the workspace: it was not ready after ${boundMs / 1000} s`, {
    phase: 'start',
    hint: HINT,
  });
}
