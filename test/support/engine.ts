import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { connectDocker, type DockerAdapter } from '../../src/adapters/engine/connect-docker.ts';
import type { Container, ContainerSpec, Engine, ExecSpec } from '../../src/build/engine.ts';
import type { CallOptions } from '../../src/oci/content-store.ts';
import type { TarEntry } from '../../src/oci/tar-entry.ts';

/** A small image with a shell that set-up gives the engine. */
export const SMALL_IMAGE = 'busybox:1.36';

/** The label that tells test containers of one test file from all others. */
const TEST_LABEL = 'dev.preheat.test';

/** A bound that no test should ever reach: it turns a hang into a failure. */
export function patience(): CallOptions {
  return { signal: AbortSignal.timeout(60_000) };
}

/** A name that no parallel run uses. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

/** The engine that the tests run on, asked as nobody. */
export function connectTestEngine(options: Partial<Parameters<typeof connectDocker>[0]> = {}): DockerAdapter {
  const host = process.env['DOCKER_HOST'];
  return connectDocker({
    ...(host !== undefined && { host }),
    credentials: { credentialsFor: async () => undefined },
    warn: (text) => {
      throw new Error(text);
    },
    ...options,
  });
}

/** The ID of {@link SMALL_IMAGE}. */
export async function smallImage(): Promise<string> {
  const image = await connectTestEngine().localImages.find(SMALL_IMAGE, patience());
  if (image === undefined) throw new Error(`run npm run setup: the engine lacks ${SMALL_IMAGE}`);
  return image.id;
}

/** A started container that waits; it goes when it is disposed of. */
export async function startContainer(engine: Engine, spec: Partial<ContainerSpec> = {}): Promise<Container> {
  const container = await engine.createContainer(await waitingSpec(spec), patience());
  try {
    await container.start(patience());
    return container;
  } catch (thrown) {
    await container[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** What makes a container of {@link SMALL_IMAGE} that does nothing. */
export async function waitingSpec(spec: Partial<ContainerSpec> = {}): Promise<ContainerSpec> {
  const image = await smallImage();
  return {
    image,
    entrypoint: ['sleep', '600'],
    labels: { [TEST_LABEL]: 'engine' },
    network: 'none',
    ...spec,
  };
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a program to its end. */
export async function runToEnd(
  container: Container,
  command: readonly string[],
  spec: Omit<ExecSpec, 'command'> = {},
): Promise<Ended> {
  const execution = await container.exec({ command, ...spec }, patience());
  const [stdout, stderr] = await Promise.all([textOf(execution.stdout), textOf(execution.stderr)]);
  return { stdout, stderr, exitCode: await execution.exitCode };
}

/** Runs a line of shell to its end. */
export async function shell(container: Container, line: string): Promise<Ended> {
  return runToEnd(container, ['sh', '-c', line]);
}

export async function textOf(chunks: AsyncIterable<Uint8Array | string>): Promise<string> {
  let text = Buffer.alloc(0);
  for await (const chunk of chunks) text = Buffer.concat([text, Buffer.from(chunk)]);
  return text.toString();
}

/** Bytes as a stream of one chunk. */
export async function* streamOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** A tar entry for a small file. */
export function fileEntry(path: string, content: string, rest: Partial<TarEntry> = {}): TarEntry {
  const bytes = Buffer.from(content);
  const plain = { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 1_000_000_000 } as const;
  return { ...plain, size: bytes.length, open: () => streamOf(bytes), ...rest };
}

/** Asks the engine directly, past the adapter, to look at what the adapter did. */
export function bareDocker(): Docker {
  return new Docker();
}

/** Makes an image of one layer from a tar, with `changes` in the words of a Dockerfile; it goes when disposed of. */
export async function importImage(
  tar: AsyncIterable<Uint8Array>,
  changes: readonly string[] = [],
): Promise<{ readonly name: string } & AsyncDisposable> {
  const docker = bareDocker();
  const repo = uniqueName('preheat-test');
  const answer = await docker.importImage(Readable.from(tar, { objectMode: false }), {
    repo,
    changes: [...changes],
  });
  const told = await textOf(answer);
  if (told.includes('errorDetail')) throw new Error(told);
  return {
    name: repo,
    async [Symbol.asyncDispose]() {
      await docker.getImage(repo).remove({ force: true });
    },
  };
}
