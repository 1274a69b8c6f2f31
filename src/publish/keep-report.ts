import { canonicalJson } from '../kernel/canonical-json.ts';
import { messageOf } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { PastRun } from '../oci/past-run.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { MEDIA_TYPE, REPORT_ARTIFACT } from '../oci/media-types.ts';
import type { Staging } from '../oci/staging.ts';
import type { Uploader } from './uploader.ts';

/** A file of a report, as `oras pull` lays it down. */
export interface ReportFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** A report on an image that was published. */
export interface ReportRequest {
  readonly tag: string;
  /** The image's manifest, which the report refers to. */
  readonly subject: Descriptor;
  readonly files: readonly ReportFile[];
  /** The runs that led to the image, newest first, its own among them. */
  readonly runs: readonly PastRun[];
}

/** More than anybody looks at; each takes some 400 bytes of a manifest. */
const MOST_RUNS = 50;
const EMPTY = Buffer.from('{}');

/**
 * Keeps a report beside its image: an artifact with the image as its subject (image-spec, "Guidelines for Artifact Usage"),
 * so that `oras discover` finds it, under a tag of its own too, since registries without the referrers API lose
 * referrers that are written at once. What goes wrong is one line.
 */
export async function keepReport(
  request: ReportRequest,
  { staging, target, log }: { readonly staging: Staging; readonly target: Uploader; readonly log: Log },
  options: CallOptions,
): Promise<void> {
  try {
    await stageReport(request, staging, options);
    await target.upload(staging.directory, request.tag, options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.info(`the report is not kept beside the image: ${messageOf(thrown)}`);
  }
}

async function stageReport(
  { tag, subject, files, runs }: ReportRequest,
  staging: Staging,
  options: CallOptions,
): Promise<void> {
  const config = await staging.addBlob(MEDIA_TYPE.empty, EMPTY, options);
  const layers: Descriptor[] = [];
  for (const { name, mediaType, bytes } of files) {
    const blob = await staging.addBlob(mediaType, bytes, options);
    layers.push({ ...blob, annotations: { 'org.opencontainers.image.title': name } });
  }
  const { mediaType, digest, size } = subject;
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    artifactType: REPORT_ARTIFACT,
    config,
    layers,
    subject: { mediaType, digest, size },
    annotations: {
      [ANNOTATION.pastRuns]: canonicalJson({ schemaVersion: 1, runs: runs.slice(0, MOST_RUNS) }),
    },
  };
  await staging.addManifest(tag, MEDIA_TYPE.manifest, Buffer.from(canonicalJson(manifest)), options);
}
