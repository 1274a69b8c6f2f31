import type { ContentStore } from '../../src/oci/content-store.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Staging } from '../../src/oci/staging.ts';
import { branchHint, commitTag, recordTag, reportTag, stepHintTag } from '../../src/oci/tags.ts';
import { keepReport } from '../../src/publish/keep-report.ts';
import { keepStepHint } from '../../src/publish/keep-step-hint.ts';
import { stageRecord } from '../../src/publish/record-manifest.ts';
import type { Uploader } from '../../src/publish/uploader.ts';
import { recordFor } from '../support/records.ts';
import { silentLog } from '../support/silent-log.ts';
import { noise, stageImage, testSignal } from '../support/staged-image.ts';
import { AMD, commitId } from './random-stock.ts';

/** Publishes for a branch what a build leaves there: image, hint to it, record, hint of the step, report. */
export async function storeBranch(
  branch: string,
  commit: number,
  staging: Staging,
  target: ContentStore & Uploader,
  finishedAt = '2026-01-02T03:04:05.000Z',
): Promise<void> {
  const signal = testSignal();
  const scope = { kind: branch === 'main' ? 'protected' : 'branch', branch } as const;
  const contentKey = digestOf(`content ${branch} ${commit}`);
  const staticKey = digestOf(`static ${branch}`);
  const tag = commitTag(scope, commitId(commit), AMD);
  const image = await stageImage(staging, tag, [noise(1, 5000), noise(commit + 10, 30_000)], {
    annotations: {
      [ANNOTATION.imageKey]: digestOf(tag),
      [ANNOTATION.stepKey]: contentKey,
      [ANNOTATION.revision]: commitId(commit),
      [ANNOTATION.baseDigest]: digestOf('base'),
    },
  });
  await target.upload(staging.directory, tag, { signal });
  await target.tag(image.descriptor.digest, [branchHint(branch, AMD)], { signal });
  const made = { scope, commit: commitId(commit), recordedAt: finishedAt, durationMs: 1000 };
  const record = {
    ...recordFor({ staticKey, contentKey }, scope),
    ...made,
    layers: image.layers.slice(1),
  };
  const recordName = recordTag(scope, contentKey);
  await stageRecord(recordName, record, AMD, staging, { signal });
  await target.upload(staging.directory, recordName, { signal });
  const run = { ...made, contentKey, rule: 'whole-tree' as const, answers: [], layerBytes: 1 };
  const ports = { staging, target, log: silentLog().log };
  await keepStepHint({ tag: stepHintTag(scope, staticKey), run, platform: AMD }, ports, { signal });
  const past = {
    commit: commitId(commit),
    ref: branch,
    finishedAt,
    durationMs: 1,
    steps: [],
    imageBytes: 1,
    uploadedBytes: 1,
  };
  await keepReport(
    {
      tag: reportTag(scope, commitId(commit), AMD),
      subject: image.descriptor,
      files: [{ name: 'report.html.gz', mediaType: 'application/gzip', bytes: noise(commit + 50, 400) }],
      runs: [past],
    },
    ports,
    { signal },
  );
}
