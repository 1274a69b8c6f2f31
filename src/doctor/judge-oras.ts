import type { OrasFacts } from './oras-examiner.ts';
import { failed, type Finding } from './finding.ts';
import type { Tried } from './tried.ts';

/** Where oras was found. */
export function judgeOras(oras: Tried<OrasFacts>): readonly Finding[] {
  const about = {
    check: 'oras',
    why: 'it moves everything to and from registries',
    phase: 'publish',
  } as const;
  if (oras.kind === 'failed') return [failed(about, oras)];
  const { program, version, isInstalled } = oras.value;
  const origin = isInstalled ? '' : ', downloaded and checked';
  return [{ ...about, mark: 'good', found: `oras ${version} at ${program}${origin}` }];
}
