/** The groups that run now, by their leaders. */
const groups = new Set<number>();

/**
 * Kills a program and all that it started, when the signal aborts or this program exits; it leads a group of its own
 * (execa's `detached`). Git alone would not do: it waits for its filters, and a git-lfs whose server is silent holds
 * its output open. Nothing is lost by the force of it: what is written goes away with its folder. Disposing ends the
 * watch.
 */
export function endGroupOnAbort(
  { pid }: { readonly pid?: number | undefined },
  signal: AbortSignal,
): Disposable {
  if (pid === undefined) return { [Symbol.dispose]: () => {} };
  const end = (): void => kill(pid);
  if (groups.size === 0) process.on('exit', killAll);
  groups.add(pid);
  signal.addEventListener('abort', end, { once: true });
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', end);
      groups.delete(pid);
      if (groups.size === 0) process.off('exit', killAll);
    },
  };
}

function killAll(): void {
  for (const pid of groups) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
