import * as z from 'zod';
import { readYaml } from './yaml-source.ts';

/** The file in which Pipelines is told how much memory the Docker of a step has. */
export const PIPELINES_FILE = 'bitbucket-pipelines.yml';

/** Sizes of a step, each with twice the memory of the one before. */
export const StepSize = z.enum(['1x', '2x', '4x', '8x', '16x', '32x']);
export type StepSize = z.infer<typeof StepSize>;

/** What memory the Docker service of the step that runs preheat has, in megabytes as Pipelines counts (MiB). */
export interface PipelinesMemory {
  readonly size: StepSize;
  /** Under `definitions: services:`; `docker` unless the step uses one of type `docker` with another name. */
  readonly service: string;
  readonly megabytes: number;
  /** Whether the file says so; else it is the default. */
  readonly isStated: boolean;
  /** What the step's other services take of the same memory. */
  readonly others: number;
}

/** https://support.atlassian.com/bitbucket-cloud/docs/databases-and-service-containers/#Service-memory-limits */
const DEFAULT_MEGABYTES = 1024;
const DEFAULT_SIZE: StepSize = '1x';

const Service = z.looseObject({
  memory: z.number().int().positive().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
});
const Services = z.record(z.string(), Service.catch({})).catch({});
type Services = z.infer<typeof Services>;
const File = z.looseObject({
  definitions: z.looseObject({ services: Services.optional() }).optional().catch(undefined),
  options: z
    .looseObject({ size: StepSize.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  pipelines: z.unknown().optional(),
});
const Step = z.looseObject({
  size: StepSize.optional().catch(undefined),
  services: z.array(z.string()).default([]).catch([]),
});
type Step = z.infer<typeof Step>;

/**
 * Reads what `bitbucket-pipelines.yml` says about the memory of Docker. Which step runs preheat is guessed: one that
 * names it, else one that has Docker; of several the smallest. Never throws: what the file does not say, or says in a
 * way that is not understood, is Pipelines' default.
 */
export function readPipelinesMemory(text: string | undefined): PipelinesMemory {
  const file = File.safeParse(text === undefined ? {} : readYaml(text).value).data;
  const services = file?.definitions?.services ?? {};
  const size = file?.options?.size ?? DEFAULT_SIZE;
  const [first, ...more] = likelySteps(stepsIn(file?.pipelines), services).map((step) =>
    memoryOf(step, services, size),
  );
  const fallback = memoryOf({ services: [] }, services, size);
  return more.reduce((least, each) => (isSmaller(each, least) ? each : least), first ?? fallback);
}

function stepsIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'step' ? [inner] : stepsIn(inner)));
}

function likelySteps(found: readonly unknown[], services: Services): readonly Step[] {
  const steps = found.flatMap((step) => Step.safeParse(step).data ?? []);
  const naming = steps.filter((step) => JSON.stringify(step).includes('preheat'));
  return naming.length > 0 ? naming : steps.filter((step) => step.services.some(isDocker(services)));
}

function isDocker(services: Services): (name: string) => boolean {
  return (name) => name === 'docker' || services[name]?.type === 'docker';
}

function memoryOf(step: Step, services: Services, size: StepSize): PipelinesMemory {
  const service = step.services.find(isDocker(services)) ?? 'docker';
  const megabytes = services[service]?.memory;
  const others = step.services
    .filter((name) => name !== service)
    .reduce((sum, name) => sum + (services[name]?.memory ?? DEFAULT_MEGABYTES), 0);
  return {
    size: step.size ?? size,
    service,
    megabytes: megabytes ?? DEFAULT_MEGABYTES,
    isStated: megabytes !== undefined,
    others,
  };
}

function isSmaller(a: PipelinesMemory, b: PipelinesMemory): boolean {
  const order = (memory: PipelinesMemory): number => StepSize.options.indexOf(memory.size);
  return order(a) === order(b) ? a.megabytes < b.megabytes : order(a) < order(b);
}
