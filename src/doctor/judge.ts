import type { Examination } from './examination.ts';
import type { Finding } from './finding.ts';
import { judgeClone } from './judge-clone.ts';
import { judgeEngine } from './judge-engine.ts';
import { judgeForge } from './judge-forge.ts';
import { judgeMemory } from './judge-memory.ts';
import { judgeOras } from './judge-oras.ts';
import { judgeRegistry } from './judge-registry.ts';

/** What follows from all that was asked, in the order in which builds need it. */
export function judge({ engine, memory, clone, oras, registry, forge }: Examination): readonly Finding[] {
  return [
    ...judgeClone(clone),
    ...judgeEngine(engine),
    ...judgeMemory(memory),
    ...judgeOras(oras),
    ...(registry === undefined ? [] : judgeRegistry(registry)),
    ...judgeForge(forge),
  ];
}
