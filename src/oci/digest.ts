import { createHash } from 'node:crypto';

declare const brand: unique symbol;

/** sha256 over stored bytes, as in the OCI image-spec: `sha256:<64 lower-case hex digits>`. */
export type Digest = string & { readonly [brand]: 'digest' };

/** Digest of a layer's *uncompressed* tar (image-spec `rootfs.diff_ids`). */
export type DiffId = string & { readonly [brand]: 'diff-id' };

const SHA256 = /^sha256:[0-9a-f]{64}$/;

/** Whether `text` has the form of a sha256 digest. */
export function isDigest(text: string): text is Digest {
  return SHA256.test(text);
}

/** Whether `text` has the form of a diff ID. */
export function isDiffId(text: string): text is DiffId {
  return SHA256.test(text);
}

/** Reads a digest; throws `RangeError` for anything but sha256 in its canonical form. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new RangeError(`not a sha256 digest: ${JSON.stringify(text)}`);
}

/** Reads a diff ID; throws `RangeError` as {@link parseDigest} does. */
export function parseDiffId(text: string): DiffId {
  if (isDiffId(text)) return text;
  throw new RangeError(`not a diff ID: ${JSON.stringify(text)}`);
}

/** The digest of some bytes, or of a text's UTF-8 bytes. */
export function digestOf(content: Uint8Array | string): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(content).digest('hex')}`);
}

/** The 64 hex digits of a digest. */
export function hexOf(digest: Digest | DiffId): string {
  return digest.slice('sha256:'.length);
}

/** The first twelve hex digits: enough for people to tell digests apart. */
export function shortDigest(digest: Digest | DiffId): string {
  return hexOf(digest).slice(0, 12);
}
