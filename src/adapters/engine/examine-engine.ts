import * as z from 'zod';
import type { Engine } from '../../build/engine.ts';
import type { EngineExaminer, EngineFacts } from '../../doctor/engine-examiner.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { parsePlatform } from '../../oci/platform.ts';
import { leftoverRepository } from './buildkit/leftover-name.ts';
import { untagImage } from './buildkit/tag-image.ts';
import { getJson, getStream } from './dial.ts';
import type { EngineClient } from './engine-client.ts';
import { findRefusals } from './find-refusals.ts';
import { importImage } from './import-image.ts';
import { nodeHttp } from './node-http.ts';

/** Engine API, `SystemInfo`. */
const Facts = z.object({
  ServerVersion: z.string(),
  OSType: z.string(),
  Architecture: z.string(),
  Driver: z.string(),
  DriverStatus: z.array(z.array(z.string())).nullish(),
  Plugins: z.object({ Authorization: z.array(z.string()).nullish() }).nullish(),
  NCPU: z.number(),
  MemTotal: z.number(),
});
/** Engine API, `SystemVersion`. */
const Release = z.object({ Components: z.array(z.object({ Name: z.string() })).nullish() });

/** Docker calls its own component just `Engine`. */
const OWN_NAME = 'Engine';

/** The doctor's examiner of a Docker Engine at `address`; `engine` makes containers as builds do. */
export function createEngineExaminer(
  client: EngineClient,
  engine: Pick<Engine, 'createContainer'>,
  address: string,
): EngineExaminer {
  return {
    describe: async (options) => await describe(client, address, options),
    async tryContainer({ content, entrypoint, labels, network }, options) {
      const name = `${leftoverRepository(labels)}:trial`;
      await using undo = new AsyncDisposableStack();
      undo.defer(async () => await untagImage(client, name));
      const image = await importImage(client, name, content, options);
      const spec = { image, entrypoint, labels, network };
      const container = undo.use(await engine.createContainer(spec, options));
      await container.start(options);
      const { limit } = await container.memory(options);
      return { memory: limit, refusals: await findRefusals(client, { image, labels }, options) };
    },
  };
}

async function describe(client: EngineClient, address: string, options: CallOptions): Promise<EngineFacts> {
  const doing = 'ask the engine about itself';
  const [facts, release] = await client.call(
    doing,
    async (docker, signal) =>
      await Promise.all([
        getJson(docker, '/info', Facts, signal),
        getJson(docker, '/version', Release, signal),
      ]),
    options,
  );
  const [component = OWN_NAME] = release.Components?.map(({ Name }) => Name) ?? [];
  const status = facts.DriverStatus ?? [];
  const freeDisk = status.find(([name = '']) => /space available$/i.test(name))?.[1];
  return {
    address,
    product: component === OWN_NAME ? 'Docker Engine' : component,
    version: facts.ServerVersion,
    platform: parsePlatform(`${facts.OSType}/${facts.Architecture}`),
    storageDriver: facts.Driver,
    isContainerdStore: status.some(([, value]) => value?.startsWith('io.containerd.snapshotter') === true),
    hasBuildKit: await hasBuildKit(client, options),
    plugins: facts.Plugins?.Authorization ?? [],
    processors: facts.NCPU,
    memoryBytes: facts.MemTotal,
    ...(freeDisk === undefined ? {} : { freeDisk }),
  };
}

/** `Builder-Version: 2` (Engine API, `SystemPing`); Docker Engine before 23 says 1 and has it all the same. */
async function hasBuildKit(client: EngineClient, options: CallOptions): Promise<boolean> {
  const body = await client.open(
    'ask the engine for its builder',
    async (docker, signal) => await getStream(docker, '/_ping', signal),
    options,
  );
  body.destroy();
  return body instanceof nodeHttp().IncomingMessage && body.headers['builder-version'] !== undefined;
}
