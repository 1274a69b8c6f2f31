import { withDeadline } from '../kernel/deadline.ts';
import { messageOf } from '../kernel/failure.ts';
import { openRemovals, type Removals } from '../build/removals.ts';
import type { Staging } from '../oci/staging.ts';
import { interruption } from './signals.ts';
import { renderPlan } from '../plan/render-plan.ts';
import { summaryLines } from '../report/summary.ts';
import { createBitbucketReport, type BitbucketReport } from './bitbucket-report.ts';
import { buildOutcome } from './build-outcome.ts';
import type { BuildProgress } from './build-progress.ts';
import { executePlan, type ExecutedPlan } from './execute-plan.ts';
import { saveDownloadCache } from './download-cache.ts';
import { foldersOf, type Folders } from './folders.ts';
import { laidLfs } from './laid-lfs.ts';
import { openSources } from './open-sources.ts';
import { planOnBase } from './plan-on-base.ts';
import { openPorts, type Ports } from './ports.ts';
import { provideBase } from './provide-base.ts';
import { keepOutcome } from './keep-outcome.ts';
import { keepImage, publishImage } from './publish-image.ts';
import { readCommit, readPushConfig, type PushContext } from './push-context.ts';
import { readReportFacts } from './read-report-facts.ts';
import { readEvent } from './read-event.ts';
import { settleRepositories } from './settle-repositories.ts';
import type { Session } from './session.ts';
import { openStateFolder, type StateFolder } from './state-folder.ts';
import { tellOutcome } from './tell-outcome.ts';

/** What a command gives back to `main`: its exit code, and the lines that end its log. */
export interface CommandResult {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/**
 * `preheat build`: makes the commit warm and tells everyone. Whatever happens on the way becomes the outcome, which is
 * reported and written last, also for a run that was interrupted. The container of the tasks is gone when this returns;
 * nothing that is told waits for that.
 */
export async function buildCommand(session: Session): Promise<CommandResult> {
  const startedAt = session.clock.now();
  const folders = foldersOf(session);
  const state = await openStateFolder(folders.state);
  const bitbucket = createBitbucketReport(session);
  await using removals = openRemovals(session.log);
  const progress = await attempt({ startedAt }, { state, bitbucket, folders, removals }, session);
  const ended = buildOutcome(progress, session, session.clock.now());
  const outcome = await tellOutcome(ended, { bitbucket, state }, session);
  if (session.settings.json) session.stdout.write(`${JSON.stringify(outcome)}\n`);
  return { exitCode: outcome.exitCode, lines: summaryLines(outcome) };
}

const PARENT_DEADLINE_MS = 10_000;
/** The build status waits for it. */
const KEEPING_DEADLINE_MS = 30_000;

interface Surroundings {
  readonly state: StateFolder;
  readonly bitbucket: BitbucketReport;
  readonly folders: Folders;
  readonly removals: Removals;
}

/** Walks the street as far as it goes; a failure ends the walk and is part of the progress. */
async function attempt(begin: BuildProgress, around: Surroundings, session: Session): Promise<BuildProgress> {
  let progress = begin;
  const reached = (next: Partial<BuildProgress>): BuildProgress => {
    progress = { ...progress, ...next };
    return progress;
  };
  try {
    await walk(around, session, reached);
    return progress;
  } catch (thrown) {
    // What an abort breaks throws all kinds of errors; the signal's own reason tells what happened.
    const failure = session.signal.aborted ? interruptionOf(session.signal) : thrown;
    return { ...progress, failure };
  }
}

async function walk(
  { state, bitbucket, folders, removals }: Surroundings,
  session: Session,
  reached: (next: Partial<BuildProgress>) => BuildProgress,
): Promise<void> {
  const event = await readEvent(folders.clone, session);
  await state.writeRecord('event', event);
  await using sources = await openSources(event, folders.clone, session, (name) =>
    state.temporaryFolder(name),
  );
  const opened = openPorts(folders, sources, session);
  const ports = { ...opened, engine: removals.of(opened.engine) };
  const pushed = await readCommit(event, sources, ports.repository, session);
  reached({ context: pushed });
  bitbucket.started(pushed, async () => await findParent(pushed, ports));
  const reportFacts = readReportFacts(event, ports, session);
  const written = await readPushConfig(pushed, ports.repository, session, (taken) => reached({ taken }));
  const { context, config } = await settleRepositories(pushed, written, ports, session);
  await state.writeRecord('config', config);
  const onBase = await planOnBase(
    context,
    config,
    { state, reached: (base) => reached({ base }) },
    ports,
    session,
  );
  const { push } = removals.afterwards(onBase);
  reached({ push });
  await state.writeRecord('facts', push.facts);
  await state.writeRecord('plan', push.plan);
  for (const line of renderPlan(push.plan, session.clock.now())) session.log.info(line);
  if (push.plan.image.kind === 'hit') {
    // A request more only where somebody is told the price.
    const neighbour = event.bitbucket && (await reportFacts.neighbour());
    reached({ neighbour, publication: await keepImage(push, push.plan.image.digest, ports, session) });
    return;
  }
  // Read beside the steps.
  const told = Promise.all([reportFacts.neighbour(), reportFacts.history()]);
  reached({ lfs: await laidLfs(context, ports, session) });
  await using folder = await state.temporaryFolder('staging');
  const staging = await ports.openStaging(folder.path);
  const { base: baseFacts, platform } = push.facts;
  const providesBase = once(() => provideBase(baseFacts, staging, ports, session, platform));
  const executed = await executePlan(push, providesBase, staging, ports, session);
  const { finished, sources: laid, assembled, plan } = executed;
  reached({ push: { ...push, plan }, finished, sources: laid, image: assembled.image });
  await state.writeRecord('step-result', finished.result);
  await state.writeRecord('image', assembled.image);
  // Before hints move: they are of branches as somebody has them.
  const [neighbour, history] = await told;
  const publication = await publishImage(push, executed, staging, ports, session);
  await state.writeRecord('publication', publication);
  reached({ neighbour, history, publication });
  await keepBeside(reached({}), executed, staging, ports, session);
}

/** The image is there: what is kept beside it fails nothing any more, and whoever ends the run then ends a warm one. */
async function keepBeside(
  progress: BuildProgress,
  executed: ExecutedPlan,
  staging: Staging,
  ports: Ports,
  session: Session,
): Promise<void> {
  const { push } = progress;
  if (push === undefined) return;
  try {
    await saveDownloadCache(push, executed.finished.downloads, staging, ports, session);
    const signal = withDeadline(session.signal, KEEPING_DEADLINE_MS);
    await keepOutcome(progress, executed, staging, ports, { ...session, signal });
  } catch (thrown) {
    session.log.info(`not all is kept beside the image: ${messageOf(thrown)}`);
  }
}

/** The commit before, where the clone has it. */
async function findParent({ commit }: PushContext, { repository }: Ports): Promise<string | undefined> {
  const signal = AbortSignal.timeout(PARENT_DEADLINE_MS);
  const found = await repository.resolveCommit(`${commit.id}^`, { signal, historyDepth: 1 });
  return found?.id;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let working: Promise<T> | undefined;
  return async () => await (working ??= work());
}

function interruptionOf({ reason }: AbortSignal): unknown {
  return reason instanceof Error && reason.name === 'PreheatError' ? reason : interruption('an abort');
}
