import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { BaseBuildOptions, BaseBuildOutcome, BaseBuildRequest } from '../../../build/base-builder.ts';
import type { ContextFile } from '../../../build/build-context.ts';
import { PreheatError } from '../../../kernel/failure.ts';
import type { Digest } from '../../../oci/digest.ts';
import { formatPlatform } from '../../../oci/platform.ts';
import { SOURCE_MTIME } from '../../../oci/tar-times.ts';
import type { EngineClient } from '../engine-client.ts';
import { askedImage } from './asked-image.ts';
import { buildMessages } from './build-messages.ts';
import { followBuild, type FailedInstruction } from './follow-build.ts';
import { post, type Query } from './post.ts';
import { openSession, type BuildSession } from './session.ts';

/** What is built, in the words of the engine. */
export interface ImageBuild {
  readonly request: BaseBuildRequest;
  /** The Dockerfile, in which each image has the name that it was given on this engine. */
  readonly dockerfile: string;
  /** Those names. */
  readonly pinNames: ReadonlySet<string>;
  /** Under which name the engine keeps what it builds. */
  readonly tag: string;
}

type Failed = Extract<BaseBuildOutcome, { readonly kind: 'failed' }>;

const DOCKERFILE = 'Dockerfile';

/** Builds on the engine; returns the image's ID, or why the Dockerfile cannot be built. */
export async function buildImage(
  client: EngineClient,
  build: ImageBuild,
  options: BaseBuildOptions,
): Promise<Digest | Failed> {
  const doing = `build an image from ${build.request.file}`;
  using session = await client.transfer(
    doing,
    async (docker, signal) =>
      await openSession(
        docker,
        { context: build.request.context, dockerfile: [textFile(DOCKERFILE, build.dockerfile)] },
        signal,
      ),
    options,
  );
  const body = await client.open(
    doing,
    async (docker, signal) => await startBuild(docker, queryOf(build, session.id), signal),
    options,
  );
  return await followToEnd(client, doing, body, { build, session }, options);
}

async function followToEnd(
  client: EngineClient,
  doing: string,
  body: Readable,
  { build, session }: { readonly build: ImageBuild; readonly session: BuildSession },
  options: BaseBuildOptions,
): Promise<Digest | Failed> {
  const follower = followBuild(options);
  let image: Digest | undefined;
  for await (const message of client.read(doing, body, buildMessages, options)) {
    if (message.kind === 'image') image = message.id;
    else if (message.kind === 'status') {
      for (const vertex of message.status.vertexes) refuseUnpinned(askedImage(vertex), build);
      follower.take(message.status);
    } else {
      options.signal.throwIfAborted();
      if (session.failure() !== undefined) throw brokenTransfer(doing, session.failure());
      return failedOf(message.reason, follower.failed(), doing);
    }
  }
  options.signal.throwIfAborted();
  if (image !== undefined) return image;
  throw new PreheatError(`cannot ${doing}: the engine ended without a result`, {
    phase: 'build',
    code: 'engine',
    retryable: true,
  });
}

/** A build on an image that the key does not cover must never be kept. */
function refuseUnpinned(image: string | undefined, { pinNames, request }: ImageBuild): void {
  if (image === undefined || pinNames.has(image.replace(/@sha256:.*$/, ''))) return;
  throw new PreheatError(`cannot build an image from ${request.file}: image ${image} is not pinned`, {
    phase: 'build',
    hint: 'Write the name of the image without variables; if it has none, please report this.',
  });
}

function brokenTransfer(doing: string, cause: unknown): PreheatError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PreheatError(`cannot ${doing}: its files could not be sent (${why})`, { phase: 'build', cause });
}

function failedOf(reason: string, failed: FailedInstruction | undefined, doing: string): Failed {
  if (/no space left on device/i.test(reason)) {
    throw new PreheatError(`cannot ${doing}: ${reason}`, {
      phase: 'build',
      code: 'engine',
      hint: 'Free disk space on the machine of the Docker engine (docker builder prune).',
    });
  }
  const exitCode = /exit code: (\d+)/.exec(reason)?.[1];
  return {
    kind: 'failed',
    reason: reason.replaceAll(/\s*\n\s*/g, ' ').trim(),
    ...(failed !== undefined && { instruction: failed.instruction }),
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
    // SIGKILL comes from the kernel: a build that is given up ends otherwise. BuildKit itself says "cannot allocate memory"
    // with cgroup v2 only (https://github.com/moby/buildkit/blob/v0.13.2/executor/runcexecutor/executor.go, `exitError`).
    outOfMemory: exitCode === '137',
    output: failed?.output ?? [],
  };
}

function queryOf({ request, tag }: ImageBuild, session: string): Query {
  return {
    version: '2',
    remote: 'client-session',
    session,
    buildid: session,
    dockerfile: DOCKERFILE,
    t: tag,
    platform: formatPlatform(request.platform),
    // BuildKit's own name for the bridge; it takes no other names of networks.
    networkmode: request.network === 'bridge' ? 'default' : request.network,
    extrahosts: request.extraHosts ?? [],
    buildargs: JSON.stringify(buildArguments(request)),
    ...(request.target !== undefined && { target: request.target }),
    rm: '1',
  };
}

/**
 * The arguments that are wanted, above those that BuildKit knows of itself: these stand in no history, and proxies in no
 * cache key. The epoch gives the config of equal images equal bytes
 * (https://github.com/moby/buildkit/blob/v0.13.2/docs/build-repro.md).
 */
function buildArguments({ proxies = {}, args = {} }: BaseBuildRequest): Readonly<Record<string, string>> {
  const both = Object.entries(proxies).flatMap(([name, value]) => [
    [name.toUpperCase(), value],
    [name.toLowerCase(), value],
  ]);
  return { ...Object.fromEntries(both), SOURCE_DATE_EPOCH: String(SOURCE_MTIME), ...args };
}

async function startBuild(docker: Docker, query: Query, signal: AbortSignal): Promise<Readable> {
  const answer = await post(docker, { path: '/build?', query, answer: 'stream', signal });
  if (answer instanceof Readable) return answer;
  throw new TypeError('docker-modem gave an answer that is no stream');
}

function textFile(path: string, text: string): ContextFile {
  const bytes = Buffer.from(text);
  return {
    path,
    kind: 'file',
    executable: false,
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}
