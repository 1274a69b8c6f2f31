import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { DiffIdText } from '../oci/image-config.ts';
import { Owner, Scope } from './step-record.ts';

/** A gzipped tar of files that a package manager keeps; each is laid over those before it. */
export const CacheLayer = z.object({
  mediaType: z.string(),
  digest: DigestText,
  diffId: DiffIdText,
  /** Of the stored bytes. */
  size: z.number().int().nonnegative(),
  /** Bytes of the tar itself, by which the limit goes. */
  unpacked: z.number().int().nonnegative(),
});
export type CacheLayer = Readonly<z.infer<typeof CacheLayer>>;

/** What one package manager downloaded. */
export const ToolDownloads = z.object({
  tool: z.string(),
  /** Absolute: where its layers lie. */
  folders: z.array(z.string()),
  /** Modes of the folders above them, by their absolute paths, for an image that lacks one. */
  above: z.record(z.string(), z.number().int().nonnegative()),
  /** Whom the tasks ran as. */
  owner: Owner,
  layers: z.array(CacheLayer),
});
export type ToolDownloads = Readonly<z.infer<typeof ToolDownloads>>;

/** What the package managers of a step downloaded, kept for runs that miss. Never part of a key or an image. */
export const DownloadCache = z.object({
  schemaVersion: z.literal(1),
  scope: Scope,
  /** Full object id of the commit whose tasks downloaded the newest of it. */
  commit: z.string(),
  tools: z.array(ToolDownloads),
});
export type DownloadCache = Readonly<z.infer<typeof DownloadCache>>;
