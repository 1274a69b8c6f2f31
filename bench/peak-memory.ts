import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const MILLISECONDS_BETWEEN_LOOKS = 50;

/** The most memory (resident, in KiB) that a program and the programs that it starts take, by their names. */
export interface PeakMemory extends AsyncDisposable {
  readonly peaks: ReadonlyMap<string, number>;
}

/** Watches a running program until it is disposed of: by `VmHWM` of proc(5), which only grows, so that looks may be far apart. */
export function watchPeakMemory(pid: number): PeakMemory {
  const peaks = new Map<string, number>();
  const stop = new AbortController();
  const watched = (async () => {
    while (!stop.signal.aborted) {
      for (const { name, peak } of await peaksOf(pid)) peaks.set(name, Math.max(peak, peaks.get(name) ?? 0));
      // Whoever waits for the end of this measures time.
      await sleep(MILLISECONDS_BETWEEN_LOOKS, undefined, stop).catch(() => undefined);
    }
  })();
  return {
    peaks,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watched;
    },
  };
}

interface Peak {
  readonly name: string;
  readonly peak: number;
}

async function peaksOf(pid: number): Promise<readonly Peak[]> {
  const statuses = await Promise.all([pid, ...(await childrenOf(pid))].map(statusOf));
  return statuses.flatMap((status) => {
    const peak = Number.parseInt(status.get('VmHWM') ?? '', 10);
    const name = status.get('Pid') === String(pid) ? 'preheat' : (status.get('Name') ?? '');
    return peak > 0 ? [{ name, peak }] : [];
  });
}

/** Node starts programs from its main thread; see proc_tid_children(5). */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** A program may end between two looks. */
async function statusOf(pid: number): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return new Map(
    text.split('\n').map((line) => [line.split(':')[0] ?? '', line.split(':')[1]?.trim() ?? '']),
  );
}
