import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { BaseBuilder } from '../../build/base-builder.ts';
import type { BaseExporter } from '../../build/base-exporter.ts';
import type { Engine } from '../../build/engine.ts';
import type { EngineExaminer } from '../../doctor/engine-examiner.ts';
import { messageOf, PreheatError, type Phase } from '../../kernel/failure.ts';
import type { EngineTriggers } from '../../observe/dockerfile/image-triggers.ts';
import type { LocalImages } from '../../observe/local-images.ts';
import type { WorkspaceImages, Workspaces } from '../../start/workspace-engine.ts';
import { createBaseExporter } from './base-exporter.ts';
import { createBaseBuilder } from './buildkit/base-builder.ts';
import { createEngineTriggers } from './buildkit/engine-triggers.ts';
import type { CredentialSource } from '../../oci/credential-source.ts';
import { createDockerEngine } from './docker-engine.ts';
import { parseEngineAddress, type EngineAddress } from './engine-address.ts';
import { createEngineClient, type EngineClient } from './engine-client.ts';
import { createEngineExaminer } from './examine-engine.ts';
import { createLocalImages } from './local-images.ts';
import { createWorkspaceImages } from './workspace-images.ts';
import { createWorkspaces } from './workspaces.ts';

export interface ConnectOptions {
  /** Where the engine listens, as in `DOCKER_HOST`; where Docker listens by default when absent or empty. */
  readonly host?: string;
  /** Folder with `ca.pem`, `cert.pem` and `key.pem` for TLS, as in `DOCKER_CERT_PATH`. */
  readonly certificates?: string;
  readonly credentials: CredentialSource;
  /** Told, in one line, of a container that could not be removed. */
  readonly warn: (text: string) => void;
}

/** One Docker Engine behind the ports of all stages. */
export interface DockerAdapter {
  readonly engine: Engine;
  readonly examiner: EngineExaminer;
  readonly baseBuilder: BaseBuilder;
  readonly baseExporter: BaseExporter;
  readonly engineTriggers: EngineTriggers;
  readonly localImages: LocalImages;
  readonly workspaceImages: WorkspaceImages;
  readonly workspaces: Workspaces;
}

/**
 * The Docker Engine (or what speaks its API) at `host`. Nothing is contacted before the first call. Throws a
 * `PreheatError` of phase `usage` for a host that is no engine's address.
 */
export function connectDocker({ host, certificates, credentials, warn }: ConnectOptions): DockerAdapter {
  const address = addressOf(host || defaultHost());
  let docker: Promise<Docker> | undefined;
  // dockerode is loaded by the first call; `validate` and others make none.
  const connect = async (): Promise<Docker> =>
    (docker ??= import('./open-docker.ts').then(
      async ({ openDocker }) => await openDocker(address, certificates),
    ));
  const client = (phase: Phase): EngineClient =>
    createEngineClient(connect, { phase, address: address.text });
  const engine = createDockerEngine(client('build'), { credentials, warn });
  return {
    engine,
    examiner: createEngineExaminer(client('build'), engine, address.text),
    baseBuilder: createBaseBuilder(client('build'), {
      provideImage: async (...words) => engine.provideImage(...words),
      warn,
    }),
    baseExporter: createBaseExporter(client('build')),
    engineTriggers: createEngineTriggers(client('observe')),
    localImages: createLocalImages(client('observe')),
    workspaceImages: createWorkspaceImages(client('start'), credentials),
    workspaces: createWorkspaces(client('start')),
  };
}

function addressOf(host: string): EngineAddress {
  try {
    return parseEngineAddress(host);
  } catch (thrown) {
    throw new PreheatError(`cannot use the Docker engine at ${host}: ${messageOf(thrown)}`, {
      phase: 'usage',
      code: 'usage',
      hint: 'Set DOCKER_HOST to unix://PATH or tcp://HOST:PORT; reach an engine behind SSH with ssh -L PATH:/var/run/docker.sock.',
      cause: thrown,
    });
  }
}

/** Docker Desktop on Linux and macOS listens in the user's own folder. */
function defaultHost(): string {
  if (process.platform === 'win32') return 'npipe://';
  if (existsSync('/var/run/docker.sock')) return 'unix://';
  const desktop = desktopSocket();
  return desktop !== undefined && existsSync(desktop) ? `unix://${desktop}` : 'unix://';
}

/** A user whom the system does not know, as in a container started with a bare id, has no home. */
function desktopSocket(): string | undefined {
  try {
    return join(homedir(), '.docker/run/docker.sock');
  } catch {
    return undefined;
  }
}
