import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { uniqueName } from '../engine.ts';
import { startAuthorizationProxy, type AuthorizationProxy } from './authorization-proxy.ts';
import type { Runtime } from './authorization.ts';
import { pipeVariables, readPipeYaml } from './pipe-defaults.ts';
import type { StepEvent } from './step-event.ts';
import { CLONE_FOLDER, stepVariables } from './step-variables.ts';

/** A step that consists of the pipe. */
export interface PipeStep {
  /** Name of the pipe's image in the machine's engine. */
  readonly image: string;
  /** The folder on this machine that is the step's clone. */
  readonly clone: string;
  readonly event: StepEvent;
  /** The full id of the event's commit. */
  readonly commit: string;
  /** The loopback address at which the step finds its services: `host.docker.internal`. */
  readonly host: string;
  /** What stands under `variables:` of the pipe. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Variables of repository, workspace and step; pipes get those only that they name. */
  readonly repositoryVariables?: Readonly<Record<string, string>>;
  /** v2 by default. */
  readonly runtime?: Runtime;
  /** The engine behind the step's Docker service; the machine's own by default. */
  readonly engine?: string;
  /** Ends the step as Pipelines ends one that is stopped. */
  readonly signal?: AbortSignal;
  /** Told of each line of the log as it comes. */
  readonly onLine?: (line: string) => void;
}

/** How a step ended. */
export interface EndedStep {
  readonly exitCode: number | undefined;
  /** What its log shows, without colours. */
  readonly log: string;
  readonly lines: readonly string[];
  readonly seconds: number;
  /** What Pipelines' authorization plugin refused. */
  readonly refusals: readonly string[];
}

/**
 * Runs the pipe's image as Pipelines runs a pipe named by its repository: with the clone at its real path, the variables
 * of a step with `pipe.yml`'s defaults, docker's client and the SSH folder read-only, and the Docker service over TCP.
 * The container shares this machine's network, so that everything stays on loopback.
 */
export async function runPipeStep(step: PipeStep): Promise<EndedStep> {
  const { runtime = 'v2', host, engine } = step;
  await using service = await startAuthorizationProxy({
    address: host,
    port: 2375,
    runtime,
    cloneFolder: CLONE_FOLDER,
    ...(engine === undefined ? {} : { engine }),
  });
  return await runContainer(step, runtime, service);
}

async function runContainer(
  step: PipeStep,
  runtime: Runtime,
  service: AuthorizationProxy,
): Promise<EndedStep> {
  const { signal, onLine } = step;
  const name = uniqueName('preheat-pipe-step');
  const startedAt = performance.now();
  const running = execa(
    'docker',
    ['run', '--rm', '--name', name, ...(await optionsOf(step, runtime)), step.image],
    {
      reject: false,
      all: true,
      input: '',
    },
  );
  const stop = (): void => void execa('docker', ['stop', '--time', '60', name], { reject: false });
  signal?.addEventListener('abort', stop, { once: true });
  if (onLine !== undefined) void forEachLine(running.iterable({ from: 'all' }), onLine);
  const { exitCode, all } = await running;
  const log = stripVTControlCharacters(all);
  const seconds = (performance.now() - startedAt) / 1000;
  return { exitCode, log, lines: log.split('\n'), seconds, refusals: service.refusals };
}

async function forEachLine(lines: AsyncIterable<string>, tell: (line: string) => void): Promise<void> {
  for await (const line of lines) tell(stripVTControlCharacters(line));
}

async function optionsOf(step: PipeStep, runtime: Runtime): Promise<readonly string[]> {
  const { clone, event, commit, host, variables = {}, repositoryVariables = {} } = step;
  const ssh = join(clone, '..', 'ssh');
  await mkdir(ssh, { recursive: true });
  const own = stepVariables(event, commit, host);
  const given = pipeVariables(await readPipeYaml(), variables, { ...own, ...repositoryVariables });
  const client = runtime === 'v2' ? ['--volume', '/usr/bin/docker:/usr/local/bin/docker:ro'] : [];
  return [
    '--network=host',
    '--label=org.bitbucket.pipelines.system=true',
    `--add-host=host.docker.internal:${host}`,
    `--volume=${clone}:${CLONE_FOLDER}`,
    `--volume=${ssh}:/opt/atlassian/pipelines/agent/ssh:ro`,
    ...client,
    `--workdir=${CLONE_FOLDER}`,
    ...Object.entries({ ...own, ...given }).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
  ];
}
