import { PreheatError, type Phase } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { formatPlatform, type Platform } from '../../oci/platform.ts';
import { formatReference, type Reference } from '../../oci/reference.ts';
import type { CredentialSource } from '../../oci/credential-source.ts';
import type { EngineClient } from './engine-client.ts';
import { statusOf } from './engine-failure.ts';
import { findImage, type FoundImage } from './find-image.ts';
import { progressLines, ReportedFailure, type ProgressLine } from './progress-lines.ts';
import { pullFailure } from './pull-failure.ts';
import { createPullProgress } from './pull-progress.ts';
import { registryAuth } from './registry-auth.ts';

export interface PullContext {
  readonly client: EngineClient;
  readonly credentials: CredentialSource;
  readonly phase: Phase;
}

export interface PullOptions extends CallOptions {
  /** What people call the image. */
  readonly label: string;
  /** Which member of an index to take; the engine's own choice when absent. */
  readonly platform?: Platform;
  /** Gets `pulling <label> 45 MB of 141 MB`, each text once. */
  readonly onProgress: (detail: string) => void;
}

/** Has the engine pull an image, by digest where the reference has one; returns what it is then. */
export async function pullImage(
  reference: Reference,
  context: PullContext,
  options: PullOptions,
): Promise<FoundImage> {
  const { client, credentials, phase } = context;
  const { registry, repository, digest } = reference;
  const auth = await registryAuth(registry, credentials, options);
  const { platform } = options;
  const what = {
    fromImage: `${registry}/${repository}`,
    tag: digest ?? reference.tag,
    ...(platform === undefined ? {} : { platform: formatPlatform(platform) }),
  };
  const doing = `pull ${options.label}`;
  try {
    const body = await client.open(
      doing,
      async (docker, signal) => docker.createImage(auth, { ...what, abortSignal: signal }),
      options,
    );
    await followPull(client.read(doing, body, progressLines, options), options);
  } catch (thrown) {
    throw withRegistryWords(thrown, options.label, { registry, phase });
  }
  return pulledImage(reference, context, options);
}

async function followPull(
  lines: AsyncIterable<ProgressLine>,
  { label, onProgress }: PullOptions,
): Promise<void> {
  const progress = createPullProgress();
  let told = '';
  for await (const line of lines) {
    const text = `pulling ${label} ${progress(line)}`.trimEnd();
    if (text !== told) onProgress(text);
    told = text;
  }
}

/** The words of a refused or broken pull are the registry's; other failures (no engine, an abort) are left alone. */
function withRegistryWords(
  thrown: unknown,
  label: string,
  { registry, phase }: { readonly registry: string; readonly phase: Phase },
): unknown {
  if (!(thrown instanceof PreheatError)) return thrown;
  const { cause } = thrown;
  const isAnswer = cause instanceof ReportedFailure || statusOf(cause) !== undefined;
  return isAnswer ? pullFailure(label, registry, cause, phase) : thrown;
}

async function pulledImage(
  reference: Reference,
  context: PullContext,
  options: PullOptions,
): Promise<FoundImage> {
  const { tag, ...pinned } = reference;
  // Engines refuse or ignore a tag beside a digest, depending on their version.
  const name = formatReference({ ...pinned, tag: reference.digest === undefined ? tag : undefined });
  const image = await findImage(context.client, name, options);
  if (image !== undefined) return image;
  throw new PreheatError(`cannot pull ${options.label}: the engine lost it again`, {
    phase: context.phase,
    code: 'engine',
    hint: 'Repeat it; something else may remove images from this engine.',
    retryable: true,
  });
}
