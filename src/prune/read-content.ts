import * as z from 'zod';
import { parseJson } from '../kernel/parse-json.ts';
import { BasePinsText } from '../observe/base-pins.ts';
import { StepHintText } from '../observe/step-hint.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import { hexOf, isDigest } from '../oci/digest.ts';
import type { KnownTag } from '../oci/known-tag.ts';
import type { Manifest } from '../oci/manifest.ts';
import { REPORT_ARTIFACT } from '../oci/media-types.ts';
import { PastRunsText } from '../oci/past-run.ts';
import type { StockedContent } from './stock.ts';

/** The config of an image, as text; asked for only where the manifest does not tell enough. */
export type ReadConfig = () => Promise<string | undefined>;

const FOREIGN: StockedContent = { kind: 'foreign', members: [] };

/**
 * What a manifest under a tag of this form holds, by what it says itself: others write tags such as `pr-7` too. What this
 * version does not understand counts as foreign, since nobody can say what it is good for.
 */
export async function readContent(
  known: KnownTag,
  manifest: Manifest,
  readConfig: ReadConfig,
): Promise<StockedContent> {
  const { annotations = {} } = manifest;
  switch (known.kind) {
    case 'step':
      return recordIn(await readConfig(), known.key);
    case 'keyframe':
      return keyframeIn(await readConfig());
    case 'base':
      return known.image === undefined && annotations[ANNOTATION.baseKey] === undefined
        ? FOREIGN
        : { kind: 'base', madeAt: timeOf(configIn(await readConfig()).created) };
    case 'report':
      return manifest.artifactType === REPORT_ARTIFACT ? reportIn(annotations, known.commit) : FOREIGN;
    default:
      return noteIn(known.kind, annotations);
  }
}

type Annotations = Readonly<Record<string, string>>;

/** What says all in the annotations of its manifest. */
function noteIn(
  kind: Exclude<KnownTag['kind'], 'step' | 'keyframe' | 'base' | 'report'>,
  annotations: Annotations,
): StockedContent {
  switch (kind) {
    case 'hint':
      return hintIn(annotations);
    case 'pins':
      return pinsIn(annotations);
    case 'cache':
      return annotations[ANNOTATION.downloadCache] === undefined ? FOREIGN : { kind: 'cache' };
    default:
      return imageIn(annotations);
  }
}

function imageIn(annotations: Annotations): StockedContent {
  if (annotations[ANNOTATION.imageKey] === undefined) return FOREIGN;
  const stepKey = annotations[ANNOTATION.stepKey];
  return {
    kind: 'image',
    commit: annotations[ANNOTATION.revision],
    stepKey: stepKey === undefined ? undefined : shortKey(stepKey),
    baseDigest: annotations[ANNOTATION.baseDigest],
    source: annotations[ANNOTATION.source],
  };
}

/** The newest run of the image's own commit: those before it led to other images. */
function reportIn(annotations: Annotations, commit: string): StockedContent {
  const runs = PastRunsText.safeParse(annotations[ANNOTATION.pastRuns]).data ?? [];
  const own = runs.filter((run) => run.commit === commit).flatMap((run) => timeOf(run.finishedAt) ?? []);
  return { kind: 'report', finishedAt: own.length === 0 ? undefined : Math.max(...own) };
}

function hintIn(annotations: Annotations): StockedContent {
  const hint = StepHintText.safeParse(annotations[ANNOTATION.stepHint]);
  if (!hint.success) return FOREIGN;
  const runs = hint.data.runs.map(({ contentKey, recordedAt }) => ({
    key: hexOf(contentKey).slice(0, 40),
    recordedAt: Date.parse(recordedAt),
  }));
  return { kind: 'hint', runs };
}

function pinsIn(annotations: Annotations): StockedContent {
  const pins = BasePinsText.safeParse(annotations[ANNOTATION.basePins]);
  return pins.success
    ? { kind: 'pins', digests: Object.values(pins.data.pins).map(({ digest }) => digest) }
    : FOREIGN;
}

/** All of a record that counts here: it need not be one that this version could use. */
const RecordText = z.looseObject({ contentKey: z.string(), recordedAt: z.string() });

function recordIn(config: string | undefined, key: string): StockedContent {
  const record = RecordText.safeParse(parseJson(labelsIn(config)[ANNOTATION.record] ?? ''));
  const recordedAt = timeOf(record.data?.recordedAt);
  const isOurs = recordedAt !== undefined && shortKey(record.data?.contentKey ?? '') === key;
  return isOurs ? { kind: 'record', recordedAt } : FOREIGN;
}

function keyframeIn(config: string | undefined): StockedContent {
  return labelsIn(config)[ANNOTATION.keyframe] === undefined ? FOREIGN : { kind: 'keyframe' };
}

const Config = z.looseObject({
  created: z.string().optional(),
  config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

function configIn(text: string | undefined): z.infer<typeof Config> {
  return Config.safeParse(parseJson(text ?? '')).data ?? {};
}

function labelsIn(text: string | undefined): Readonly<Record<string, string>> {
  return configIn(text).config?.Labels ?? {};
}

function shortKey(key: string): string | undefined {
  return isDigest(key) ? hexOf(key).slice(0, 40) : undefined;
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
