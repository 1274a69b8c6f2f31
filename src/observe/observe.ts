import type { Log } from '../kernel/log.ts';
import type { ContentStore } from '../oci/content-store.ts';
import type { Platform } from '../oci/platform.ts';
import { answerQuestions } from './answer-questions.ts';
import type { BaseFacts, CommitFacts, Facts } from './facts.ts';
import type { RecordQuestion } from './record-question.ts';

export interface ObserveRequest {
  readonly commit: CommitFacts;
  /** The base image, pinned. */
  readonly base: BaseFacts;
  readonly platform: Platform;
  /** Which tags to look up, once commit and base are known. */
  readonly questions: (facts: Omit<Facts, 'answers'>) => readonly RecordQuestion[];
}

export interface ObserveSources {
  /** The repository of workspace images and records. */
  readonly target: ContentStore;
  readonly log: Log;
}

/**
 * Reads everything else that planning needs once the base is known, in as few requests as it takes; after it no stage
 * reads in order to decide.
 */
export async function observe(
  request: ObserveRequest,
  sources: ObserveSources,
  options: { readonly signal: AbortSignal },
): Promise<Facts> {
  const { commit, platform, base } = request;
  const known = { schemaVersion: 1 as const, commit, platform, base };
  const answers = await answerQuestions(request.questions(known), sources.target, sources.log, options);
  return { ...known, answers };
}
