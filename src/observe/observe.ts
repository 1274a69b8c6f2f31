import type { CallOptions } from '../oci/content-store.ts';
import type { Platform } from '../oci/platform.ts';
import { answerQuestions, satisfies, type AnswerSources } from './answer-questions.ts';
import { findKeyframe, type KeyframeSources } from './find-keyframe.ts';
import type { BaseFacts, CommitFacts, DeclaredAnswers, Facts, TagAnswer } from './facts.ts';
import { readStepHints } from './read-step-hints.ts';
import type { RecordQuestion } from './record-question.ts';

export interface ObserveRequest {
  readonly commit: CommitFacts;
  /** The base image, pinned. */
  readonly base: BaseFacts;
  readonly platform: Platform;
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
  const { commit, platform, base, declared } = request;
  const known = { schemaVersion: 1 as const, commit, platform, base, ...(declared && { declared }) };
  const questions = request.questions(known);
  const answers = await answerQuestions(questions, sources, options);
  const satisfied = questions.find((question, at) => isSatisfied(answers[at], question));
  if (satisfied?.kind === 'image') return { ...known, answers };
  const [earlier, keyframes] = await Promise.all([
    satisfied === undefined ? readStepHints(request.hints(known), sources, options) : undefined,
    findKeyframe({ commit: commit.id, scopes: request.keyframeScopes }, sources, options),
  ]);
  return { ...known, answers, ...(earlier && { earlier: [...earlier] }), keyframes };
}

function isSatisfied(answer: TagAnswer | undefined, question: RecordQuestion): boolean {
  return answer !== undefined && satisfies(answer, question);
}
