import protobuf from 'protobufjs';
import * as z from 'zod';

const text = (id: number) => ({ type: 'string', id });

/** The part that is read of https://github.com/moby/buildkit/blob/v0.13.2/api/services/control/control.proto */
const root = protobuf.Root.fromJSON({
  nested: {
    Moment: { fields: { seconds: { type: 'int64', id: 1 } } },
    Vertex: {
      fields: {
        digest: text(1),
        name: text(3),
        cached: { type: 'bool', id: 4 },
        started: { type: 'Moment', id: 5 },
        completed: { type: 'Moment', id: 6 },
        error: text(7),
      },
    },
    VertexLog: { fields: { vertex: text(1), msg: { type: 'bytes', id: 4 } } },
    StatusResponse: {
      fields: {
        vertexes: { rule: 'repeated', type: 'Vertex', id: 1 },
        logs: { rule: 'repeated', type: 'VertexLog', id: 3 },
      },
    },
  },
});
const StatusResponse = root.lookupType('StatusResponse');

const Vertex = z.object({
  digest: z.string(),
  /** Such as `[2/3] RUN make`, or `[internal] load build context`. */
  name: z.string(),
  /** Whether its result was there already. */
  cached: z.boolean(),
  started: z.unknown().transform((moment) => moment !== null && moment !== undefined),
  completed: z.unknown().transform((moment) => moment !== null && moment !== undefined),
  error: z.string(),
});

const Status = z.object({
  vertexes: z.array(Vertex),
  logs: z.array(z.object({ vertex: z.string(), msg: z.instanceof(Uint8Array) })),
});

/** One piece of a build, as BuildKit calls it. */
export type Vertex = Readonly<z.infer<typeof Vertex>>;

/** What has changed in a build: vertices that began or ended, and what they printed. */
export type BuildStatus = Readonly<z.infer<typeof Status>>;

/** Reads BuildKit's `StatusResponse`; throws an `Error` for bytes that are none. */
export function readBuildStatus(bytes: Uint8Array): BuildStatus {
  return Status.parse(
    StatusResponse.toObject(StatusResponse.decode(bytes), { defaults: true, arrays: true, longs: String }),
  );
}
