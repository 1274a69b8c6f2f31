import { z } from 'zod';
import { OPTION_ROWS, Settings } from '../../src/cli/option-table.ts';
import { variableOf } from '../../src/cli/variable-of.ts';
import { PipeVariables } from '../../pipe/pipe-run.ts';

/** A variable of the pipe, as its documents show it. */
export interface PipeVariable {
  readonly name: string;
  readonly description: string;
  /** What the value looks like; absent for yes or no. */
  readonly argument?: string;
  readonly default?: string;
}

/** Options that mean something on a command line only: a step has one clone, one engine and one log. */
const NOT_IN_STEPS: ReadonlySet<string> = new Set(['repository', 'docker-host', 'json', 'quiet']);

/** JSON Schema has no word for what a switch takes, hence none for its default. */
const SWITCH = { default: 'false' } as const;

const Properties = z.object({
  properties: z.record(
    z.string(),
    z.looseObject({ default: z.unknown().optional(), enum: z.array(z.string()).optional() }),
  ),
});

/** All variables that the pipe takes: those of its own, and the options of `preheat build` and `preheat prune`. */
export function documentedVariables(): readonly PipeVariable[] {
  const own = propertiesOf(PipeVariables);
  const settings = propertiesOf(Settings);
  const options = OPTION_ROWS.filter(
    ({ name, commands }) =>
      (commands.includes('build') || commands.includes('prune')) && !NOT_IN_STEPS.has(name),
  );
  return [
    ...options.map(({ name, argument, description }) => ({
      name: variableOf(name),
      description,
      ...(argument === undefined ? SWITCH : { argument, ...defaultOf(settings[name]) }),
    })),
    ...Object.entries(own).map(([name, property]) => ({
      name,
      description: String(property['description']),
      ...(property.enum === undefined ? {} : { argument: property.enum.join(' | ') }),
      ...defaultOf(property),
    })),
  ];
}

type Property = z.infer<typeof Properties>['properties'][string];

function propertiesOf(schema: z.ZodType): Readonly<Record<string, Property>> {
  return Properties.parse(z.toJSONSchema(schema, { io: 'input' })).properties;
}

/** Nothing is what an empty text says too. */
function defaultOf(property: Property | undefined): { readonly default?: string } {
  const given = property?.default;
  const isTold = (typeof given === 'string' && given !== '') || typeof given === 'number';
  return isTold ? { default: String(given) } : {};
}
