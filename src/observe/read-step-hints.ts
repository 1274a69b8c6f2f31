import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { StepHintText, type HintedRun } from './step-hint.ts';

/**
 * The newest runs under the first of `tags` that has any. What cannot be read or understood counts as none, with one
 * line. Only a refusal ends the run, since publishing would meet it too.
 */
export async function readStepHints(
  tags: readonly string[],
  { target, log }: { readonly target: ContentStore; readonly log: Log },
  options: CallOptions,
): Promise<readonly HintedRun[]> {
  for (const tag of tags) {
    const runs = await readOrWarn(tag, target, log, options);
    if (runs.length > 0) return runs;
  }
  return [];
}

async function readOrWarn(
  tag: string,
  target: ContentStore,
  log: Log,
  options: CallOptions,
): Promise<readonly HintedRun[]> {
  try {
    const found = await target.readManifest(tag, options);
    if (found === undefined) return [];
    const parsed = StepHintText.safeParse(found.manifest.annotations?.[ANNOTATION.stepHint]);
    if (parsed.success) return parsed.data.runs;
    log.warn(`cannot read ${tag}: it holds no hint that this version reads; treated as none`);
  } catch (thrown) {
    const refused = thrown instanceof PreheatError && ['unauthorized', 'unreachable'].includes(thrown.code);
    if (refused || options.signal.aborted) throw thrown;
    log.warn(`cannot read ${tag}: ${messageOf(thrown)}; treated as none`);
  }
  return [];
}
