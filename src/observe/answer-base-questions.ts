import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { BaseAnswer } from './observed-base.ts';

/**
 * Looks up each tag, best first, and stops at the first that carries its key. Trouble counts as a miss and is told in
 * one line; only a refusal ends the run, since publishing would meet it too.
 */
export async function answerBaseQuestions(
  questions: readonly { readonly tag: string; readonly key: string }[],
  store: ContentStore,
  log: Log,
  options: CallOptions,
): Promise<BaseAnswer[]> {
  const answers: BaseAnswer[] = [];
  for (const { tag, key } of questions) {
    const answer = await answerOrWarn(tag, store, log, options);
    answers.push(answer);
    if (answer.key === key) break;
  }
  return answers;
}

async function answerOrWarn(
  tag: string,
  store: ContentStore,
  log: Log,
  options: CallOptions,
): Promise<BaseAnswer> {
  try {
    const found = await store.readManifest(tag, options);
    const key = found?.manifest.annotations?.[ANNOTATION.baseKey];
    return found === undefined || key === undefined ? { tag } : { tag, digest: found.descriptor.digest, key };
  } catch (thrown) {
    const refused = thrown instanceof PreheatError && ['unauthorized', 'unreachable'].includes(thrown.code);
    if (refused || options.signal.aborted) throw thrown;
    log.warn(`cannot look up ${tag}: ${messageOf(thrown)}; treated as a miss`);
    return { tag };
  }
}
