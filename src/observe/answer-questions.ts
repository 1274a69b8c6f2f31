import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { LayerRole } from '../oci/layer.ts';
import type { Manifest } from '../oci/manifest.ts';
import { findMissingBlob } from '../oci/missing-blob.ts';
import type { LayerSummary, TagAnswer } from './facts.ts';
import { readRecord } from './read-record.ts';
import type { RecordQuestion } from './record-question.ts';
import type { StepRecord } from './step-record.ts';

export interface AnswerSources {
  /** The repository of workspace images and records. */
  readonly target: ContentStore;
  readonly log: Log;
  /** Whether a tag may be there; a record's that is not is not asked for. */
  readonly mayHave?: (tag: string) => boolean;
  /** Why a record's layers may not lie over the sources at hand; `undefined` where they may. */
  readonly whyUnfit: (record: StepRecord) => Promise<string | undefined>;
}

/**
 * Looks up each question's tag, best first, and stops at the first that satisfies. A registry that has trouble makes
 * the build slower, never wrong: the question counts as unanswered and one line says so. Only a refusal ends the run,
 * since publishing would meet it too.
 */
export async function answerQuestions(
  questions: readonly RecordQuestion[],
  sources: AnswerSources,
  options: CallOptions,
): Promise<TagAnswer[]> {
  const answers: TagAnswer[] = [];
  for (const question of questions) {
    const answer = await answerOrWarn(question, sources, options);
    answers.push(answer);
    if (satisfies(answer, question)) break;
  }
  return answers;
}

async function answerOrWarn(
  question: RecordQuestion,
  sources: AnswerSources,
  options: CallOptions,
): Promise<TagAnswer> {
  const { target, log, mayHave = () => true } = sources;
  if (question.kind === 'record' && !mayHave(question.tag)) return { kind: 'record', tag: question.tag };
  try {
    return question.kind === 'image'
      ? await askForImage(question.tag, target, log, options)
      : await askForRecord(question.tag, sources, options);
  } catch (thrown) {
    const refused = thrown instanceof PreheatError && ['unauthorized', 'unreachable'].includes(thrown.code);
    if (refused || options.signal.aborted) throw thrown;
    log.warn(`cannot look up ${question.tag}: ${messageOf(thrown)}; treated as a miss`);
    return { kind: question.kind, tag: question.tag };
  }
}

async function askForRecord(
  tag: string,
  { target, whyUnfit }: AnswerSources,
  options: CallOptions,
): Promise<TagAnswer> {
  const found = await readRecord(target, tag, options);
  const unfit = 'record' in found && found.record ? await whyUnfit(found.record) : undefined;
  return { kind: 'record', tag, ...found, ...(unfit !== undefined && { unfit }) };
}

async function askForImage(
  tag: string,
  store: ContentStore,
  log: Log,
  options: CallOptions,
): Promise<TagAnswer> {
  const found = await store.readManifest(tag, options);
  if (found === undefined) return { kind: 'image', tag };
  const gone = await findGoneFromLayout(found.manifest, store, options);
  if (gone !== undefined) {
    log.warn(`cannot keep ${tag}: its blob ${gone} has gone; treated as a miss`);
    return { kind: 'image', tag };
  }
  const { annotations, layers } = found.manifest;
  const imageKey = annotations?.[ANNOTATION.imageKey];
  const known = {
    kind: 'image',
    tag,
    digest: found.descriptor.digest,
    layers: layers.map(summaryOf),
  } as const;
  return imageKey === undefined ? known : { ...known, imageKey };
}

/**
 * A layout is a folder of which anybody may remove a part; asking it costs nothing. A registry keeps what its manifests
 * name, and would cost a request for each blob.
 */
async function findGoneFromLayout(
  { config, layers }: Manifest,
  store: ContentStore,
  options: CallOptions,
): Promise<Digest | undefined> {
  if (store.location.kind !== 'layout') return undefined;
  return await findMissingBlob([config, ...layers], store, options);
}

/** What carries no role of ours is the base's. */
function summaryOf({ digest, size, annotations }: Descriptor): LayerSummary {
  const role = LayerRole.safeParse(annotations?.[ANNOTATION.layerRole]);
  return { role: role.success ? role.data : 'base', digest, size };
}

/** Whether an answer ends the search. */
export function satisfies(answer: TagAnswer, question: RecordQuestion | undefined): boolean {
  if (answer.kind === 'image') return question?.kind === 'image' && answer.imageKey === question.imageKey;
  if (question?.kind !== 'record' || answer.unfit !== undefined) return false;
  return answer.record?.contentKey === question.contentKey;
}
