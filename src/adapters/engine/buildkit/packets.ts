import protobuf from 'protobufjs';
import * as z from 'zod';

/**
 * The messages of BuildKit's file transfer
 * (https://github.com/tonistiigi/fsutil/blob/v0.0.0-20230825212630-f09800878302/types/wire.proto, `stat.proto`). Paths
 * and link targets are declared as bytes, which look the same on the wire, since file names need not be UTF-8.
 */
const root = protobuf.Root.fromJSON({
  nested: {
    Stat: {
      fields: {
        path: { type: 'bytes', id: 1 },
        mode: { type: 'uint32', id: 2 },
        uid: { type: 'uint32', id: 3 },
        gid: { type: 'uint32', id: 4 },
        size: { type: 'int64', id: 5 },
        modTime: { type: 'int64', id: 6 },
        linkname: { type: 'bytes', id: 7 },
      },
    },
    Packet: {
      fields: {
        type: { type: 'uint32', id: 1 },
        stat: { type: 'Stat', id: 2 },
        id: { type: 'uint32', id: 3 },
        data: { type: 'bytes', id: 4 },
      },
    },
  },
});

const Packet = root.lookupType('Packet');

/** Values of `Packet.PacketType`. */
export const PACKET = { stat: 0, request: 1, data: 2, end: 3, error: 4 } as const;

/** What a stat packet says of one file; absent fields are zero. */
export interface PacketStat {
  /** Raw bytes as latin1 text. */
  readonly path: string;
  /** In Go's notation (https://pkg.go.dev/io/fs#FileMode). */
  readonly mode: number;
  readonly size: number;
  /** Whole seconds since the epoch. */
  readonly mtime: number;
  /** Target of a symlink, raw bytes as latin1 text. */
  readonly target?: string;
}

const NANOSECONDS = 1_000_000_000n;

/** Encodes what is said of one file. Owner and group are 0, as Docker's own client sends them. */
export function statPacket({ path, mode, size, mtime, target }: PacketStat): Buffer {
  return encoded({
    type: PACKET.stat,
    stat: {
      path: Buffer.from(path, 'latin1'),
      mode,
      size: longOf(BigInt(size)),
      modTime: longOf(BigInt(mtime) * NANOSECONDS),
      ...(target !== undefined && { linkname: Buffer.from(target, 'latin1') }),
    },
  });
}

/** A stat packet without a file: there are no more. */
export function lastStatPacket(): Buffer {
  return encoded({ type: PACKET.stat });
}

/** A piece of the file with this number; an empty one ends it. */
export function dataPacket(id: number, data: Uint8Array): Buffer {
  return encoded({ type: PACKET.data, id, data });
}

/** The answer to the other side's last packet. */
export function endPacket(): Buffer {
  return encoded({ type: PACKET.end });
}

/** What the other side of a transfer sends. */
const IncomingPacket = z.object({
  type: z.number(),
  id: z.number(),
  /** For errors: the message. */
  data: z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes).toString('utf8')),
});
export type IncomingPacket = Readonly<z.infer<typeof IncomingPacket>>;

/** Reads a packet; throws an `Error` for bytes that are none. */
export function readPacket(bytes: Uint8Array): IncomingPacket {
  return IncomingPacket.parse(Packet.toObject(Packet.decode(bytes), { defaults: true }));
}

function encoded(fields: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(Packet.encode(fields).finish());
}

/** What protobufjs takes for 64 bits without the package `long`. */
function longOf(value: bigint): {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
} {
  const low = Number(BigInt.asIntN(32, value));
  return { low, high: Number(BigInt.asIntN(32, value >> 32n)), unsigned: false };
}
