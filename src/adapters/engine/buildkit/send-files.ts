import type { ContextFile } from '../../../build/build-context.ts';
import { SOURCE_MTIME } from '../../../oci/tar-times.ts';
import { dataPacket, endPacket, lastStatPacket, PACKET, readPacket, statPacket } from './packets.ts';

/** The two ways of a connection. */
export interface PacketChannel {
  readonly received: AsyncIterable<Uint8Array>;
  /** Resolves when the packet was taken, so that little waits in memory. */
  send(packet: Buffer): Promise<void>;
  /** Says that nothing more will be sent. */
  end(): void;
}

/** Go's notation of a file's kind (https://pkg.go.dev/io/fs#FileMode). */
const GO_KIND = { directory: 0x8000_0000, symlink: 0x0800_0000, file: 0 } as const;

/** What Docker's own client puts into one packet. */
const DATA_BYTES = 32 * 1024;

/**
 * Sends files as the sender of BuildKit's transfer does (`fsutil`, send.go): first what each file is, in the order of
 * a walk, meanwhile the contents that the other side asks for by number, until it says that it has all. Everything has
 * the sources' constant time, so that equal files give equal layers. `entries` may be asked for their contents in any
 * order.
 *
 * Throws an `Error` with the other side's words where it reports one, and what reading a file throws.
 */
export async function sendFiles(entries: readonly ContextFile[], channel: PacketChannel): Promise<void> {
  const files = inWalkOrder(entries);
  await Promise.all([tellFiles(files, channel), answerRequests(files, channel)]);
}

async function tellFiles(files: readonly ContextFile[], channel: PacketChannel): Promise<void> {
  for (const { path, kind, executable, size, target } of files) {
    const permissions = kind === 'symlink' ? 0o777 : kind === 'directory' || executable ? 0o755 : 0o644;
    const mode = (GO_KIND[kind] | permissions) >>> 0;
    await channel.send(
      statPacket({ path, mode, size, mtime: SOURCE_MTIME, ...(target !== undefined && { target }) }),
    );
  }
  await channel.send(lastStatPacket());
}

async function answerRequests(files: readonly ContextFile[], channel: PacketChannel): Promise<void> {
  for await (const bytes of channel.received) {
    const { type, id, data } = readPacket(bytes);
    if (type === PACKET.error) throw new Error(data);
    if (type === PACKET.request) await sendContent(files[id], id, channel);
    if (type !== PACKET.end) continue;
    await channel.send(endPacket());
    // The other side closes its way when ours is closed; leaving the loop would tear down both at once.
    channel.end();
  }
}

async function sendContent(file: ContextFile | undefined, id: number, channel: PacketChannel): Promise<void> {
  if (file === undefined) throw new RangeError(`there is no file number ${id}`);
  for await (const piece of file.open()) {
    for (let at = 0; at < piece.length; at += DATA_BYTES) {
      await channel.send(dataPacket(id, piece.subarray(at, at + DATA_BYTES)));
    }
  }
  await channel.send(dataPacket(id, new Uint8Array()));
}

/** A slash sorts before every other byte, so that a folder's content follows it at once; the receiver insists. */
function inWalkOrder(entries: readonly ContextFile[]): readonly ContextFile[] {
  const keyed = entries.map((entry) => ({ entry, key: entry.path.replaceAll('/', '\0') }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry);
}
