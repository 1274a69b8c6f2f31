import * as z from 'zod';
import { parseJson } from '../kernel/parse-json.ts';
import { RepositoryFacts } from '../observe/repository-facts.ts';
import type { StepRecord } from '../observe/step-record.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore, StoredManifest } from '../oci/content-store.ts';
import { hexOf, isDigest } from '../oci/digest.ts';
import { LayerRole } from '../oci/layer.ts';
import { formatImage } from '../oci/location.ts';
import type { ImageInspection } from './image-inspection.ts';

/** One a scope; more would be read for nothing. */
const MOST_RECORDS = 5;

export interface InspectPorts {
  readonly store: ContentStore;
  /** The record under a tag; `undefined` where there is none that can be used. */
  readonly readRecord: (tag: string, options: CallOptions) => Promise<StepRecord | undefined>;
  /** A scope for people. */
  readonly scopeText: (scope: StepRecord['scope']) => string;
}

/** Tells what the image under a tag or digest is made of; `undefined` where there is none. */
export async function inspectImage(
  tagOrDigest: string,
  ports: InspectPorts,
  options: CallOptions,
): Promise<ImageInspection | undefined> {
  const found = await ports.store.readManifest(tagOrDigest, options);
  if (found === undefined) return undefined;
  const { annotations = {} } = found.manifest;
  const commit = annotations[ANNOTATION.revision];
  const run = await findRun(found, ports, options);
  const [name, digest] = [annotations[ANNOTATION.baseName], annotations[ANNOTATION.baseDigest]];
  const [imageKey, stepKey] = [annotations[ANNOTATION.imageKey], annotations[ANNOTATION.stepKey]];
  return {
    schemaVersion: 1,
    image: formatImage(ports.store.location, tagOrDigest),
    digest: found.descriptor.digest,
    ...(commit !== undefined && { commit }),
    base: { ...(name !== undefined && { name }), ...(digest !== undefined && { digest }) },
    ...(imageKey !== undefined && { imageKey }),
    ...(stepKey !== undefined && { stepKey }),
    ...(run && { run }),
    layers: layersOf(found, run),
  };
}

/** The record of the step's key whose layers are those of the image: several scopes may each have run it. */
async function findRun(
  { manifest }: StoredManifest,
  { store, readRecord, scopeText }: InspectPorts,
  options: CallOptions,
): Promise<ImageInspection['run']> {
  const key = manifest.annotations?.[ANNOTATION.stepKey];
  if (key === undefined || !isDigest(key)) return undefined;
  const end = `-${hexOf(key).slice(0, 40)}`;
  const tags = (await store.listTags(options)).filter((tag) => tag.startsWith('step-') && tag.endsWith(end));
  const layers = new Set(manifest.layers.map(({ digest }) => digest));
  for (const tag of tags.toSorted().slice(0, MOST_RECORDS)) {
    const record = await readRecord(tag, options);
    if (record?.contentKey !== key || !record.layers.every(({ digest }) => layers.has(digest))) continue;
    const { commit, scope, rule, recordedAt, durationMs } = record;
    const reused = commit !== undefined && commit !== manifest.annotations?.[ANNOTATION.revision];
    const at = commit === undefined ? {} : { commit };
    return { tag, ...at, scope: scopeText(scope), rule, recordedAt, durationMs, reused };
  }
  return undefined;
}

function layersOf({ manifest }: StoredManifest, run: ImageInspection['run']): ImageInspection['layers'] {
  const { annotations = {}, layers } = manifest;
  const commit = annotations[ANNOTATION.revision]?.slice(0, 12);
  const source = annotations[ANNOTATION.sourceCommit]?.slice(0, 12) ?? commit;
  const tasks = `tasks${run?.commit === undefined ? '' : ` at commit ${run.commit.slice(0, 12)}`}`;
  const makers: Readonly<Record<LayerRole, string>> = {
    base: annotations[ANNOTATION.baseName] ?? 'the Dockerfile',
    task: tasks,
    runtime: 'preheat',
    source: `commit ${source ?? ''}`,
    delta: `commit ${commit ?? ''}`,
    patch: tasks,
  };
  const beside = repositoriesIn(annotations[ANNOTATION.repositories]);
  return layers.map(({ digest, size, annotations: own }) => {
    const parsed = LayerRole.safeParse(own?.[ANNOTATION.layerRole]);
    // What carries no role of ours is the base's.
    const role = parsed.success ? parsed.data : 'base';
    const repository = role === 'source' ? beside.shift() : undefined;
    return { role, digest, size, madeBy: repository ?? makers[role] };
  });
}

/** What an image says of the repositories in its lowest source layers; nothing where it does not say it well. */
function repositoriesIn(text: string = '[]'): string[] {
  const parsed = z.array(RepositoryFacts).safeParse(parseJson(text));
  return (parsed.data ?? []).map(({ url, commit }) => `${url} at ${commit.slice(0, 12)}`);
}
