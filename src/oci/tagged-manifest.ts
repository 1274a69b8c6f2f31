import { parseJson } from '../kernel/parse-json.ts';
import type { Digest } from './digest.ts';
import { ImageIndex, Manifest } from './manifest.ts';

/** What lies under a tag, whatever it is. */
export interface TaggedManifest {
  readonly digest: Digest;
  /** Of its bytes. */
  readonly size: number;
  /** Where it is the manifest of an image or an artifact. */
  readonly manifest?: Manifest;
  /** Where it is an index: the digests that it lists, each with the kind of artifact that it names. */
  readonly members?: readonly { readonly digest: Digest; readonly artifactType?: string | undefined }[];
}

/** Reads the bytes under a tag; of what is neither manifest nor index nothing but the digest is known. */
export function readTaggedManifest(bytes: Uint8Array, digest: Digest): TaggedManifest {
  const content = parseJson(Buffer.from(bytes).toString('utf8'));
  const known = { digest, size: bytes.byteLength };
  const index = ImageIndex.safeParse(content);
  if (index.success) return { ...known, members: index.data.manifests };
  const manifest = Manifest.safeParse(content);
  return manifest.success ? { ...known, manifest: manifest.data } : known;
}
