import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { ContentStore } from '../oci/content-store.ts';
import type { Platform } from '../oci/platform.ts';
import { answerQuestions } from './answer-questions.ts';
import type { CommitFacts, Facts } from './facts.ts';
import type { RecordQuestion } from './record-question.ts';
import { resolveBase, type BaseSources } from './resolve-base.ts';

export interface ObserveRequest {
  readonly commit: CommitFacts;
  readonly config: WorkspaceConfig;
  readonly platform: Platform;
  /** Which tags to look up, once commit and base are known. */
  readonly questions: (facts: Omit<Facts, 'answers'>) => readonly RecordQuestion[];
}

export interface ObserveSources extends BaseSources {
  /** The repository of workspace images and records. */
  readonly target: ContentStore;
}

/** Reads everything that planning needs, in as few requests as it takes; after it no stage reads in order to decide. */
export async function observe(
  request: ObserveRequest,
  sources: ObserveSources,
  options: { readonly signal: AbortSignal },
): Promise<Facts> {
  const { commit, platform } = request;
  const base = await resolveBase(request.config.base, sources, { ...options, platform });
  const known = { schemaVersion: 1 as const, commit, platform, base };
  const answers = await answerQuestions(request.questions(known), sources.target, sources.log, options);
  return { ...known, answers };
}
