import { AsyncLocalStorage } from 'node:async_hooks';

const inside = new AsyncLocalStorage<true>();

/**
 * Runs `work` with what @actions/tool-cache takes for granted on a runner of GitHub: `RUNNER_TEMP` and
 * `RUNNER_TOOL_CACHE` in the environment, which it reads at each call, and a standard output of its own, on which it
 * prints `::debug::` commands that only such a runner swallows. What others print meanwhile passes.
 */
export async function inActionsEnvironment<T>(
  folders: { readonly temporary: string; readonly cache: string },
  work: () => Promise<T>,
): Promise<T> {
  const restoreTemporary = setVariable('RUNNER_TEMP', folders.temporary);
  const restoreCache = setVariable('RUNNER_TOOL_CACHE', folders.cache);
  const restoreOutput = silence();
  try {
    return await inside.run(true, work);
  } finally {
    restoreOutput();
    restoreCache();
    restoreTemporary();
  }
}

function setVariable(name: string, value: string): () => void {
  // oxlint-disable-next-line eslint/no-restricted-properties -- the package takes its folders from nowhere else
  const environment = process.env;
  const before = environment[name];
  environment[name] = value;
  return () => {
    if (before === undefined) delete environment[name];
    else environment[name] = before;
  };
}

function silence(): () => void {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = new Proxy(write, {
    apply: (target, _self, args: Parameters<typeof write>) => inside.getStore() === true || target(...args),
  });
  return () => {
    stdout.write = write;
  };
}
