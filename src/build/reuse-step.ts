import type { StepRecord } from '../observe/step-record.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Staging } from '../oci/staging.ts';
import type { PlacedFile } from './placed-file.ts';
import type { FinishedStep } from './run-step.ts';
import { makeRuntimeLayer } from './runtime-layer.ts';

/** Finishes a step from its record: no container, no layer read; only the runtime layer is made anew. */
export async function reuseStep(
  record: StepRecord,
  runtimeFiles: readonly PlacedFile[],
  staging: Staging,
  options: CallOptions,
): Promise<FinishedStep> {
  const { step, user, layers, claims, sourceOwner, wholeSources } = record;
  const made = {
    user,
    layers,
    claims,
    ...(sourceOwner && { sourceOwner }),
    ...(wholeSources && { wholeSources }),
  };
  return {
    result: { schemaVersion: 1, step, outcome: 'reused', ...made, patched: [], durationMs: 0, tasks: [] },
    runtime: await makeRuntimeLayer(runtimeFiles, staging, options),
  };
}
