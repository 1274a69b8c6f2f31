import type { MemoryAdvice, MemoryLimit } from '../build/memory-advisor.ts';
import type { PipelinesMemory } from '../config/pipelines-memory.ts';
import type { MemoryExamination } from './examination.ts';
import type { Finding } from './finding.ts';

const WHY = 'tasks share it; installers and compilers take more than 1 GB and are killed';
const SCARCE_BYTES = 2e9;
const SCARCE_MEGABYTES = 1024;

/** Whether the memory of tasks is more than the default of Pipelines. */
export function judgeMemory({ engine, service }: MemoryExamination): readonly Finding[] {
  return [
    ...(engine === undefined ? [] : [judgeHere(engine.limit, engine.advice)]),
    ...(service === undefined ? [] : [judgeService(service.memory, service.advice)]),
  ];
}

function judgeHere({ bytes }: MemoryLimit, { had, hint }: MemoryAdvice): Finding {
  const isScarce = bytes < SCARCE_BYTES;
  return {
    check: 'memory',
    mark: isScarce ? 'warning' : 'good',
    found: had,
    why: WHY,
    ...(isScarce ? { change: hint } : {}),
    phase: 'build',
  };
}

function judgeService(
  { service, megabytes, isStated, size }: PipelinesMemory,
  { hint, remedy }: MemoryAdvice,
): Finding {
  const isScarce = megabytes <= SCARCE_MEGABYTES;
  const origin = isStated ? '' : ', the default';
  return {
    check: 'pipelines',
    mark: isScarce ? 'warning' : 'good',
    found: `in Pipelines the ${service} service has ${megabytes} MB${origin}, in a step of size ${size}`,
    why: WHY,
    ...(isScarce ? { change: hint, ...(remedy === undefined ? {} : { remedy }) } : {}),
    phase: 'build',
  };
}
