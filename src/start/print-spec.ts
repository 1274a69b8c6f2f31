import { shellQuote } from '../kernel/shell-quote.ts';
import type { WorkspaceSpec } from './workspace-engine.ts';

/** The `docker run` that does what the engine is asked to do with `spec`, on one line, quoted for a POSIX shell. */
export function printSpec(spec: WorkspaceSpec): string {
  const [entrypoint, ...args] = spec.command;
  const options = [
    ['--name', spec.name],
    ['--user', spec.user],
    ['--workdir', spec.workingDirectory],
    ['--network', spec.network],
    ...(entrypoint === undefined ? [] : [['--entrypoint', entrypoint]]),
    ...pairs('--env', spec.env),
    ...pairs('--label', spec.labels),
    ...spec.ports.map((port) => ['--publish', `127.0.0.1:${port}:${port}`]),
  ];
  const words = ['docker', 'run', '--detach', '--init', ...options.flat(), spec.image, ...args];
  return words.map(shellQuote).join(' ');
}

function pairs(option: string, values: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  return Object.entries(values).map(([name, value]) => [option, `${name}=${value}`]);
}
