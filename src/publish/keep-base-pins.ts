import { canonicalJson } from '../kernel/canonical-json.ts';
import { messageOf } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { BasePinsText, type BasePin, type BasePins } from '../observe/base-pins.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';
import { stageNote } from './stage-note.ts';
import type { Uploader } from './uploader.ts';

export interface BasePinsRequest {
  readonly tag: string;
  readonly platform: Platform;
  /** What registries just answered, by reference in full. */
  readonly asked: ReadonlyMap<string, Digest>;
  /** What was taken from the pins that are there. */
  readonly followed: ReadonlySet<string>;
  /** Whether the time of an answer counts, and not only what it was. */
  readonly ages: boolean;
  /** When the registries answered. */
  readonly askedAt: Date;
  readonly now: Date;
}

/**
 * Leaves behind what base images mean for all branches. Nothing is written where nothing changed, or where a build that
 * asked later has ended first. Only what this build used stays pinned. What goes wrong is one warning: branches then ask
 * for themselves.
 */
export async function keepBasePins(
  request: BasePinsRequest,
  ports: { readonly staging: Staging; readonly target: ContentStore & Uploader; readonly log: Log },
  options: CallOptions,
): Promise<void> {
  const { tag, asked } = request;
  if (asked.size === 0) return;
  try {
    const current = await currentPins(tag, ports.target, options);
    const next = nextPins(current, request);
    if (next === undefined) return;
    const annotations = { [ANNOTATION.basePins]: canonicalJson(next) };
    await stageNote({ tag, platform: request.platform, annotations }, ports.staging, options);
    await ports.target.upload(ports.staging.directory, tag, options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    ports.log.warn(`cannot pin the base image for other branches: ${messageOf(thrown)}`);
  }
}

/** What cannot be understood is written anew. */
async function currentPins(
  tag: string,
  target: ContentStore,
  options: CallOptions,
): Promise<BasePins['pins']> {
  const found = await target.readManifest(tag, options);
  const parsed = BasePinsText.safeParse(found?.manifest.annotations?.[ANNOTATION.basePins]);
  return parsed.success ? parsed.data.pins : {};
}

function nextPins(current: BasePins['pins'], request: BasePinsRequest): BasePins | undefined {
  const { asked, followed, ages, askedAt } = request;
  if (Object.values(current).some((pin) => isNewer(pin, request))) return undefined;
  const kept = Object.entries(current).filter(([name]) => followed.has(name) && !asked.has(name));
  const isKnown = [...asked].every(([name, digest]) => current[name]?.digest === digest);
  const isWhole = Object.keys(current).length === kept.length + asked.size;
  if (isKnown && isWhole && !ages) return undefined;
  const pinnedAt = askedAt.toISOString();
  const made = [...asked].map(([name, digest]) => [name, { digest, pinnedAt }] as const);
  return { schemaVersion: 1, pins: Object.fromEntries([...kept, ...made]) };
}

/** A pin from the future tells of a wrong clock, and must not stay for ever. */
function isNewer({ pinnedAt }: BasePin, { askedAt, now }: BasePinsRequest): boolean {
  const time = Date.parse(pinnedAt);
  return time > askedAt.getTime() && time <= now.getTime();
}
