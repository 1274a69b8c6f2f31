import { gzipSync } from 'node:zlib';
import type { Staging } from '../oci/staging.ts';
import { reportTag } from '../oci/tags.ts';
import { keepReport } from '../publish/keep-report.ts';
import { reportPage } from '../report/page.ts';
import { pastRunOf } from '../report/past-run.ts';
import { buildOutcome } from './build-outcome.ts';
import type { BuildProgress } from './build-progress.ts';
import type { ExecutedPlan } from './execute-plan.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/**
 * Keeps the page and the outcome of a run beside the image that it published, with the runs that led to it. An image that
 * another run was first to publish has that run's report.
 */
export async function keepOutcome(
  progress: BuildProgress,
  { assembled, plan }: ExecutedPlan,
  staging: Staging,
  ports: Ports,
  session: Session,
): Promise<void> {
  const { push, publication } = progress;
  if (push === undefined || publication?.outcome !== 'published') return;
  const outcome = buildOutcome(progress, session, session.clock.now());
  // A page is read by people, who unpack it, but paid for with each push.
  const page = gzipSync(reportPage(outcome), { level: 9 });
  const json = gzipSync(`${JSON.stringify(outcome)}\n`, { level: 9 });
  await keepReport(
    {
      tag: reportTag(plan.scope, push.facts.commit.id, push.facts.platform),
      subject: assembled.image.manifest,
      files: [
        { name: 'report.html.gz', mediaType: 'application/gzip', bytes: page },
        { name: 'outcome.json.gz', mediaType: 'application/gzip', bytes: json },
      ],
      runs: [pastRunOf(outcome), ...(progress.history ?? [])],
    },
    { staging, target: ports.target, log: session.log },
    session,
  );
}
