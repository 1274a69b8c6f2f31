import type { PipelinesMemory } from '../config/pipelines-memory.ts';
import { bytesText, mebibytesOf } from '../kernel/amounts.ts';
import type { MemoryAdvice, MemoryLimit, WhatRuns } from './memory-advisor.ts';
import { raiseMemory } from './raise-memory.ts';

/**
 * What to do about memory that did not suffice. In Pipelines (`pipelines` is what its file says) that is the memory of
 * the docker service: by what was measured of the group that it runs in, else by what the file says.
 */
export function adviseMemory(
  what: WhatRuns,
  limit: MemoryLimit | undefined,
  pipelines: PipelinesMemory | undefined,
): MemoryAdvice {
  const less = `or let the ${what} use less`;
  if (limit?.of === 'container') {
    return {
      had: `its container has a limit of ${bytesText(limit.bytes)}`,
      hint: `Raise the container's limit, ${less}.`,
    };
  }
  return pipelines === undefined ? adviceOutside(limit, less) : adviceInside(limit, pipelines, less);
}

function adviceInside(
  limit: MemoryLimit | undefined,
  pipelines: PipelinesMemory,
  less: string,
): MemoryAdvice {
  const megabytes = limit?.of === 'group' ? mebibytesOf(limit.bytes) : pipelines.megabytes;
  const had = `the ${pipelines.service} service has ${megabytes} MB`;
  const raised = raiseMemory({ ...pipelines, megabytes });
  if (raised === undefined)
    return { had, hint: 'Use less memory: no step of Pipelines has room for a larger docker service.' };
  const { size, remedy } = raised;
  const step = size === pipelines.size ? '' : `the step size ${size} and `;
  return {
    had,
    hint: `Give ${step}the ${pipelines.service} service ${raised.megabytes} MB, ${less}.`,
    remedy,
  };
}

function adviceOutside(limit: MemoryLimit | undefined, less: string): MemoryAdvice {
  const size = limit === undefined ? 'too little' : bytesText(limit.bytes);
  if (limit?.of === 'group') {
    return {
      had: `the control group that the engine runs in has a limit of ${size}`,
      hint: `Raise the memory of the engine's control group (of the container or unit that runs the daemon), ${less}.`,
    };
  }
  return {
    had: `the machine of the engine has ${size}`,
    hint: `Give the machine of the engine more memory (Docker Desktop: Settings, Resources, Memory), ${less}.`,
  };
}
