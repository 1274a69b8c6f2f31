/** What is watched now; a group that goes on running may be watched more than once. */
const watches = new Set<{ readonly pid: number }>();

/**
 * Kills a program and all that it started, when the signal aborts or this program exits; it leads a group of its own
 * (Node's `detached`). Git alone would not do: it waits for its filters, and a git-lfs whose server is silent holds
 * its output open. Nothing is lost by the force of it: what is written goes away with its folder. Disposing ends the
 * watch.
 */
export function endGroupOnAbort(
  { pid }: { readonly pid?: number | undefined },
  signal: AbortSignal,
): Disposable {
  if (pid === undefined) return { [Symbol.dispose]: () => {} };
  const end = (): void => killGroup(pid);
  const watch = { pid };
  if (watches.size === 0) process.on('exit', killAll);
  watches.add(watch);
  signal.addEventListener('abort', end, { once: true });
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', end);
      watches.delete(watch);
      if (watches.size === 0) process.off('exit', killAll);
    },
  };
}

function killAll(): void {
  for (const { pid } of watches) killGroup(pid);
}

/** Kills a process group by the process that leads it. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
