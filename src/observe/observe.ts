import type { CallOptions } from '../oci/content-store.ts';
import type { Platform } from '../oci/platform.ts';
import { answerQuestions, satisfies, type AnswerSources } from './answer-questions.ts';
import { findKeyframe, type KeyframeSources } from './find-keyframe.ts';
import type { BaseFacts, CommitFacts, DeclaredAnswers, Facts, TagAnswer } from './facts.ts';
import { readStepHints } from './read-step-hints.ts';
import type { HintedRun } from './step-hint.ts';
import { listKnownTags, type KnownTags } from './known-tags.ts';
import type { RepositoryFacts } from './repository-facts.ts';
import type { RecordQuestion } from './record-question.ts';

export interface ObserveRequest {
  readonly commit: CommitFacts;
  /** The base image, pinned. */
  readonly base: BaseFacts;
  readonly platform: Platform;
  readonly repositories?: readonly RepositoryFacts[] | undefined;
  /** What is declared of the step's inputs, and what this commit answers. */
  readonly declared?: DeclaredAnswers | undefined;
  /** Which tags to look up, once commit and base are known. */
  readonly questions: (facts: KnownFacts) => readonly RecordQuestion[];
  /** Which tags may tell of earlier runs, where no record serves. */
  readonly hints: (facts: KnownFacts) => readonly string[];
  /** The scopes of keyframes that may be read, as they stand in tags, best first. */
  readonly keyframeScopes: readonly string[];
}

type KnownFacts = Omit<Facts, 'answers' | 'earlier' | 'keyframes'>;

/**
 * Reads everything else that planning needs once the base is known, in as few requests as it takes; after it no stage
 * reads in order to decide.
 */
export async function observe(
  request: ObserveRequest,
  sources: AnswerSources & KeyframeSources,
  options: CallOptions,
): Promise<Facts> {
  const { commit, platform, base, declared, repositories = [] } = request;
  const beside = repositories.length === 0 ? {} : { repositories: [...repositories] };
  const known = {
    schemaVersion: 1 as const,
    commit,
    platform,
    base,
    ...beside,
    ...(declared && { declared }),
  };
  const [images, records] = byKind(request.questions(known));
  const kept = await answerQuestions(images, sources, options);
  if (isSatisfied(kept, images)) return { ...known, answers: kept };
  const tags = await listKnownTags(sources, options);
  const question = { commit: commit.id, scopes: request.keyframeScopes, tags: tags.all };
  const [found, keyframes] = await Promise.all([
    answerQuestions(records, { ...sources, mayHave: tags.mayHave }, options),
    findKeyframe(question, sources, options),
  ]);
  const earlier = isSatisfied(found, records)
    ? undefined
    : await readHints(request.hints(known), tags, sources, options);
  return { ...known, answers: [...kept, ...found], ...(earlier && { earlier: [...earlier] }), keyframes };
}

/** An image is asked for at once, whose answer may spare the listing of tags. */
function byKind(
  questions: readonly RecordQuestion[],
): readonly [readonly RecordQuestion[], readonly RecordQuestion[]] {
  return [
    questions.filter(({ kind }) => kind === 'image'),
    questions.filter(({ kind }) => kind === 'record'),
  ];
}

function isSatisfied(answers: readonly TagAnswer[], questions: readonly RecordQuestion[]): boolean {
  return answers.some((answer, at) => satisfies(answer, questions[at]));
}

async function readHints(
  hints: readonly string[],
  { mayHave }: KnownTags,
  sources: AnswerSources,
  options: CallOptions,
): Promise<readonly HintedRun[]> {
  return await readStepHints(hints.filter(mayHave), sources, options);
}
