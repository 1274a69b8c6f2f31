import { canonicalJson } from '../kernel/canonical-json.ts';
import { messageOf } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { StepHintText, type HintedRun, type StepHint } from '../observe/step-hint.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';
import { stageNote } from './stage-note.ts';
import type { Uploader } from './uploader.ts';

/** A run that later builds are to know of. */
export interface StepHintRequest {
  readonly tag: string;
  readonly run: HintedRun;
  readonly platform: Platform;
}

/** Enough for the branches that take turns; each costs a look-up where path sets differ. */
const MOST_RUNS = 8;
/** A hint is read with its manifest, which registries bound at 4 MiB. */
const MOST_CHARACTERS = 1024 * 1024;

/**
 * Puts a run at the head of its hint. Two runs that do so at once lose one of the two, which costs a reason and no more.
 * What goes wrong is one warning.
 */
export async function keepStepHint(
  { tag, run, platform }: StepHintRequest,
  ports: { readonly staging: Staging; readonly target: ContentStore & Uploader; readonly log: Log },
  options: CallOptions,
): Promise<void> {
  try {
    const runs = [run, ...(await earlierRuns(tag, run, ports.target, options))].slice(0, MOST_RUNS);
    const annotations = { [ANNOTATION.stepHint]: fitting(runs) };
    await stageNote({ tag, platform, annotations }, ports.staging, options);
    await ports.target.upload(ports.staging.directory, tag, options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    ports.log.warn(`cannot leave a hint of what ran: ${messageOf(thrown)}`);
  }
}

/** What cannot be understood is written anew. */
async function earlierRuns(
  tag: string,
  { contentKey }: HintedRun,
  target: ContentStore,
  options: CallOptions,
): Promise<readonly HintedRun[]> {
  const found = await target.readManifest(tag, options);
  const parsed = StepHintText.safeParse(found?.manifest.annotations?.[ANNOTATION.stepHint]);
  return parsed.success ? parsed.data.runs.filter((run) => run.contentKey !== contentKey) : [];
}

/** As many of the newest runs as a manifest takes; of one that is too large alone the members of groups stay out. */
function fitting(runs: readonly HintedRun[]): string {
  const text = textOf(runs);
  if (text.length <= MOST_CHARACTERS) return text;
  return runs.length > 1 ? fitting(runs.slice(0, -1)) : textOf(runs.map(withoutMembers));
}

function textOf(runs: readonly HintedRun[]): string {
  const hint: StepHint = { schemaVersion: 1, runs: [...runs] };
  return canonicalJson(hint);
}

function withoutMembers(run: HintedRun): HintedRun {
  return { ...run, answers: run.answers.map(({ members: _members, ...answer }) => answer) };
}
