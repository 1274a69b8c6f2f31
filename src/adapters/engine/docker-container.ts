import { Readable } from 'node:stream';
import * as z from 'zod';
import type { Container, Sight } from '../../build/engine.ts';
import { PreheatError, messageOf } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { membersOf } from '../../oci/tar-members.ts';
import { containerMemory } from './container-memory.ts';
import type { EngineClient } from './engine-client.ts';
import { engineWords, statusOf } from './engine-failure.ts';
import { startExecution } from './execution.ts';
import { nodeHttp } from './node-http.ts';
import { readArchivedFile } from './read-archived-file.ts';
import { removeContainer } from './remove-container.ts';

/** The header that comes with an archive (Engine API, `ContainerArchive`): base64 of JSON. */
const STAT_HEADER = 'x-docker-container-path-stat';
const PathStat = z.object({ mode: z.number(), linkTarget: z.string().optional() });
type PathStat = Readonly<z.infer<typeof PathStat>>;

/** The bit of a folder in Go's `fs.FileMode`, in which the header tells modes. */
const MODE_FOLDER = 2 ** 31;
const PERMISSIONS = 0o777;
/** Go's bits for setuid, setgid and sticky, with those of Unix. */
const SPECIAL_MODES = [
  [2 ** 23, 0o4000],
  [2 ** 22, 0o2000],
  [2 ** 20, 0o1000],
] as const;

/** The engine resolves a chain of links at once; the second step is for one that changed meanwhile. */
const MOST_LINKS = 3;

/** A container that exists, as the build stage handles it. `warn` is told when it cannot be removed. */
export function dockerContainer(client: EngineClient, id: string, warn: (text: string) => void): Container {
  return {
    id,
    put: async (tar, options) => putArchive(client, id, tar, options),
    readFile: async (path, options) => readFile(client, id, path, options),
    look: async (path, options) => look(client, id, path, options),
    start: async (options) => {
      await client.call(
        'start a container',
        async (docker, signal) => docker.getContainer(id).start({ abortSignal: signal }),
        options,
      );
    },
    volumes: async (options) => {
      const { Mounts } = await client.call(
        'look into a container',
        async (docker, signal) => docker.getContainer(id).inspect({ abortSignal: signal }),
        options,
      );
      return Mounts.filter(({ Type }) => Type === 'volume').map(({ Destination }) => Destination);
    },
    exec: async (spec, options) => startExecution(client, id, spec, options),
    memory: async (options) => containerMemory(client, id, options),
    async [Symbol.asyncDispose]() {
      try {
        await removeContainer(client, id);
      } catch (thrown) {
        // Thrown from here it would hide why the run ended; the next run sweeps the container.
        warn(`container ${id.slice(0, 12)} stays behind: ${messageOf(thrown)}`);
      }
    },
  };
}

async function putArchive(
  client: EngineClient,
  id: string,
  tar: AsyncIterable<Uint8Array>,
  options: CallOptions,
): Promise<void> {
  const body = Readable.from(tar, { objectMode: false });
  try {
    await client.transfer(
      'put files into the container',
      // Without `copyUIDGID`: it would give every file to the container's user.
      async (docker, signal) => docker.getContainer(id).putArchive(body, { path: '/', abortSignal: signal }),
      options,
    );
  } finally {
    body.destroy();
  }
}

async function readFile(
  client: EngineClient,
  id: string,
  path: string,
  options: CallOptions,
): Promise<Uint8Array | undefined> {
  const doing = `read ${path} in the container`;
  let target = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const body = await openArchive(client, id, target, doing, options);
    if (body === undefined) return undefined;
    const next = linkTargetOf(body);
    if (next === undefined)
      return readWhole(
        client.read(doing, body, (chunks) => chunks, options),
        doing,
      );
    body.destroy();
    target = next;
  }
  return undefined;
}

async function openArchive(
  client: EngineClient,
  id: string,
  path: string,
  doing: string,
  options: CallOptions,
): Promise<Readable | undefined> {
  try {
    return await client.open(
      doing,
      async (docker, signal) => docker.getContainer(id).getArchive({ path, abortSignal: signal }),
      options,
    );
  } catch (thrown) {
    if (thrown instanceof PreheatError && isAbsence(thrown.cause)) return undefined;
    throw thrown;
  }
}

function isAbsence(cause: unknown): boolean {
  const words = engineWords(cause);
  const isPath = statusOf(cause) === 404 && !/no such container/i.test(words);
  return isPath || (statusOf(cause) !== undefined && /not a directory/i.test(words));
}

async function look(
  client: EngineClient,
  id: string,
  path: string,
  options: CallOptions,
): Promise<Sight | undefined> {
  const doing = `look at ${path} in the container`;
  const body = await openArchive(client, id, path, doing, options);
  if (body === undefined) return undefined;
  const { mode, linkTarget } = statOf(body) ?? { mode: 0 };
  if (linkTarget !== undefined && linkTarget !== '') {
    body.destroy();
    return { kind: 'link', target: linkTarget };
  }
  if (mode < MODE_FOLDER) {
    body.destroy();
    return { kind: 'file' };
  }
  const tar = client.read(doing, body, (chunks) => chunks, options);
  const sight = { kind: 'folder', mode: unixMode(mode) } as const;
  let folder: string | undefined;
  for await (const member of membersOf(tar, options.signal)) {
    if (folder !== undefined) return { ...sight, first: member.path.slice(folder.length) };
    folder = member.path;
  }
  return sight;
}

function unixMode(goMode: number): number {
  return SPECIAL_MODES.reduce(
    (mode, [goBit, bit]) => ((goMode & goBit) === 0 ? mode : mode | bit),
    goMode & PERMISSIONS,
  );
}

/** Where a symbolic link leads to, all links resolved inside the container; `undefined` for everything else. */
function linkTargetOf(body: Readable): string | undefined {
  return statOf(body)?.linkTarget || undefined;
}

function statOf(body: Readable): PathStat | undefined {
  const header = body instanceof nodeHttp().IncomingMessage ? body.headers[STAT_HEADER] : undefined;
  return typeof header === 'string'
    ? PathStat.parse(JSON.parse(Buffer.from(header, 'base64').toString()))
    : undefined;
}

async function readWhole(chunks: AsyncIterable<Uint8Array>, doing: string): Promise<Uint8Array | undefined> {
  try {
    return await readArchivedFile(chunks);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new PreheatError(`cannot ${doing}: ${thrown.message}`, {
      phase: 'build',
      code: 'engine',
      cause: thrown,
    });
  }
}
