import assert from 'node:assert/strict';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { StartResult } from '../../src/start/start-result.ts';
import { openBench, type StepBench } from '../build/step-run.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { runHere, type HereRun } from './run-here.ts';
import { makeGitpodLikeImage } from './gitpod-like-image.ts';
import { outputOf } from './output-of.ts';
import type { NamedTask } from './task-statement.ts';

/** What is secret in the one build. */
export const SECRET = { TOKEN: 'a-secret-of-the-build' } as const;

const FILES = {
  'README.md': 'hello\n',
  'changed.txt': 'as committed\n',
  'deleted.txt': 'as committed\n',
  'packages/web/index.js': '\n',
  'hooks/post-checkout': '#!/bin/sh\necho ran >/workspace/hook\n',
};

/** What all statements together may take, however busy the machine is. */
export const PATIENCE_MS = 900_000;

/** One build of all tasks, and one start from it; further runs are the statements' own. */
export interface GitpodWorkspace extends AsyncDisposable {
  readonly clone: TestClone;
  /** The commit that was built; behind it, `main` has one more, which was pushed before the build. */
  readonly commit: string;
  /** Runs tasks alone, in containers of their own. */
  readonly bench: StepBench;
  /** What a task printed in the build. */
  built(task: string): string;
  /** What it printed when the workspace started. */
  started(task: string): string;
  /** What it printed last in another workspace, once all tasks of that have ended. */
  printedIn(container: string, task: string): Promise<string>;
  /** The container of the workspace. */
  readonly container: string;
  /** What a line for bash prints in a workspace, both streams together. */
  inside(line: string, container?: string): Promise<string>;
  /** Runs preheat in the clone. */
  run(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<HereRun>;
  /** Starts one more workspace. */
  start(ref: string): Promise<StartResult>;
  /** The file of the build with other tasks. */
  configWith(tasks: readonly NamedTask[]): string;
}

export async function openGitpodWorkspace(tasks: readonly NamedTask[]): Promise<GitpodWorkspace> {
  await using stack = new AsyncDisposableStack();
  const bench = stack.use(await openBench(PATIENCE_MS));
  const image = stack.use(await makeGitpodLikeImage());
  const lib = stack.use(await makeClone({ 'lib.txt': 'a submodule\n' }, 'lib'));
  const clone = stack.use(await makeClone(FILES, `sections-${process.pid}`));
  const configWith = (own: readonly NamedTask[]): string => gitpodFile(image.name, clone.directory, own);
  const commit = await writeHistory(clone, lib, configWith(tasks));
  const run: GitpodWorkspace['run'] = async (words, env) =>
    runHere([...words, '--repository', clone.directory], env);
  const start = async (ref: string): Promise<StartResult> => {
    const { exitCode, stdout, stderr } = await run(['start', ref, '--json']);
    assert.equal(exitCode, 0, stderr);
    return StartResult.parse(JSON.parse(stdout));
  };
  const words = [
    'build',
    '--json',
    '--commit',
    commit,
    '--branch',
    'main',
    '--task-secrets',
    'TOKEN',
    '--task-timeout',
    '2m',
  ];
  const built = await run(words, SECRET);
  assert.equal(built.exitCode, 0, built.stderr);
  stack.defer(async () => void (await run(['start', '--stop'])));
  const { name: container, digest } = await start(commit);
  stack.defer(async () => {
    await run(['start', '--stop']);
    await execa('docker', ['rmi', `preheat:${digest.slice('sha256:'.length).slice(0, 12)}`]);
  });
  const runs = tasks.map((task, id) => ({ ...task, id })).filter((task) => task.before ?? task.command);
  const printedIn = async (where: string): Promise<ReadonlyMap<string, string>> =>
    printedAtStart(where, runs);
  const started = await printedIn(container);
  const owned = stack.move();
  return {
    clone,
    commit,
    bench,
    container,
    built: (task) => outputOf(built.stderr, task),
    started: (task) => started.get(task) ?? '',
    printedIn: async (where, task) => (await printedIn(where)).get(task) ?? '',
    inside: async (line, where = container) =>
      (await execa('docker', ['exec', where, 'bash', '-c', `exec 2>&1; ${line}`], { reject: false })).stdout,
    run,
    start,
    configWith,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function gitpodFile(image: string, folder: string, tasks: readonly NamedTask[]): string {
  const name = folder.split('/').at(-1);
  return stringify({
    image,
    workspaceLocation: `${name}/packages/web`,
    gitConfig: { 'alias.st': 'status', 'core.hooksPath': 'hooks' },
    env: { OF_THE_FILE: 'for all', OF_BOTH: 'of the file', GITPOD_WORKSPACE_ID: 'mine' },
    // A start waits for the ports that it publishes; this one it does not.
    ports: [{ port: 4718, name: 'web', onOpen: 'ignore-completely' }],
    tasks,
  });
}

/** Three commits, of which the second has a tag and the last is to be built; and one that was pushed meanwhile. */
async function writeHistory(clone: TestClone, lib: TestClone, file: string): Promise<string> {
  await clone.git('config', 'user.name', 'A. Person');
  await clone.git('config', 'user.email', 'person@example.org');
  const words = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', lib.directory, 'lib'];
  await clone.git(...words);
  await clone.commit({});
  await clone.git('tag', '--annotate', '--message', 'First', 'v1.0');
  await clone.git('update-index', '--chmod=+x', 'hooks/post-checkout');
  const commit = await clone.commit({ '.gitpod.yml': file });
  await clone.commit({ 'README.md': 'pushed meanwhile\n' });
  return commit;
}

/** What each task printed when a workspace started, once it has ended. */
async function printedAtStart(
  container: string,
  tasks: readonly (NamedTask & { readonly id: number })[],
): Promise<ReadonlyMap<string, string>> {
  const folder = '/tmp/preheat/tasks';
  // The log may be behind the task's end, whose mark its reader writes last where the task failed only.
  const waits = `for id in ${tasks.map(({ id }) => id).join(' ')}; do until [ -e ${folder}/$id.exit ]; do sleep 0.1; done; done; sleep 0.5`;
  const prints = tasks.map(({ id, name }) => `echo '--- ${name}'; cat ${folder}/${id}.log; echo`);
  const { stdout } = await execa('docker', ['exec', container, 'bash', '-c', [waits, ...prints].join('\n')]);
  return new Map(
    stdout.split(/^--- /m).flatMap((text) => {
      const [name = '', ...lines] = text.split('\n');
      return name === '' ? [] : [[name, lines.join('\n').trim()] as const];
    }),
  );
}
