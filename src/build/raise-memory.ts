import type { PipelinesMemory, StepSize } from '../config/pipelines-memory.ts';
import type { Remedy } from '../kernel/remedy.ts';

/** More memory for the Docker of a step, in megabytes as Pipelines counts. */
export interface RaisedMemory {
  readonly megabytes: number;
  readonly size: StepSize;
  readonly remedy: Remedy;
}

/** The memory of a whole step by its size (https://support.atlassian.com/bitbucket-cloud/docs/step-options/#Size). */
const STEP_MEGABYTES: readonly (readonly [StepSize, number])[] = [
  ['1x', 4096],
  ['2x', 8192],
  ['4x', 16_384],
  ['8x', 32_768],
  ['16x', 65_536],
  ['32x', 131_072],
];
/** What the build container keeps for itself. */
const BUILD_CONTAINER_MEGABYTES = 1024;
/** Less than this would have everyone come back for more. */
const WORTHWHILE = 1.5;

/**
 * The next larger memory for Docker that Pipelines allows: all that the step's size leaves where that is half as much
 * again as there was, else that of the next size. `undefined` where no size has more.
 */
export function raiseMemory(memory: Omit<PipelinesMemory, 'isStated'>): RaisedMemory | undefined {
  const from = STEP_MEGABYTES.findIndex(([size]) => size === memory.size);
  const larger = STEP_MEGABYTES.slice(from).map(([size, total]) => ({
    size,
    megabytes: total - BUILD_CONTAINER_MEGABYTES - memory.others,
  }));
  const raised =
    larger.find(({ megabytes }) => megabytes >= memory.megabytes * WORTHWHILE) ??
    larger.findLast(({ megabytes }) => megabytes > memory.megabytes);
  if (raised === undefined) return undefined;
  return {
    ...raised,
    remedy: { file: 'bitbucket-pipelines.yml', yaml: yamlOf({ ...raised, service: memory.service }) },
  };
}

interface Wanted {
  readonly size: StepSize;
  readonly megabytes: number;
  readonly service: string;
}

/** `size` stands there wherever it is not the default, so that the memory is allowed wherever this is pasted. */
function yamlOf({ size, megabytes, service }: Wanted): string {
  const options = [
    'options:',
    '  # For all steps. Each step with the service below must have room for it: this size, or a larger one.',
    `  size: ${size}`,
  ];
  return [
    ...(size === '1x' ? [] : options),
    'definitions:',
    '  services:',
    `    ${keyOf(service)}:`,
    ...(service === 'docker' ? [] : ['      type: docker']),
    `      memory: ${megabytes}`,
  ].join('\n');
}

/** JSON is YAML; names that need no quotes get none. */
function keyOf(name: string): string {
  return /^[a-z][a-z0-9_-]*$/.test(name) && !['null', 'true', 'false'].includes(name)
    ? name
    : JSON.stringify(name);
}
