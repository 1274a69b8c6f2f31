import type { Owner, StepRecord } from '../observe/step-record.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Staging } from '../oci/staging.ts';
import type { PlacedFile } from './placed-file.ts';
import type { FinishedStep } from './run-step.ts';
import { makeRuntimeLayer } from './runtime-layer.ts';
import type { SourceLayer } from './source-layer.ts';

export interface ReuseRequest {
  readonly runtimeFiles: readonly PlacedFile[];
  /** Makes the source layer, owned by whom the record names. */
  makeSource(owner: Owner): Promise<SourceLayer>;
}

/** Finishes a step from its record: no container, no layer read; only sources and runtime are made anew. */
export async function reuseStep(
  record: StepRecord,
  request: ReuseRequest,
  staging: Staging,
  options: CallOptions,
): Promise<FinishedStep> {
  const { step, user, layers, claims, sourceOwner } = record;
  const made = { user, layers, claims, ...(sourceOwner && { sourceOwner }) };
  return {
    result: { schemaVersion: 1, step, outcome: 'reused', ...made, patched: [], durationMs: 0, tasks: [] },
    source: await request.makeSource(sourceOwner ?? user),
    runtime: await makeRuntimeLayer(request.runtimeFiles, staging, options),
  };
}
