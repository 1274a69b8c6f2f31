import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../../release/bundle.ts';

/** `pipe.yml`, as far as real ones show it. */
export const PipeYaml = z.strictObject({
  name: z.string().min(1),
  image: z.string().regex(/^[a-z0-9./-]+:\d+\.\d+\.\d+$/),
  description: z.string().min(1),
  category: z.string(),
  repository: z.url(),
  vendor: z.strictObject({ name: z.string(), website: z.url() }),
  maintainer: z.strictObject({ name: z.string(), website: z.url() }),
  tags: z.array(z.string()).min(1),
  variables: z.array(
    z.strictObject({ name: z.string().regex(/^[A-Z][A-Z_]*$/), default: z.string().optional() }),
  ),
});
export type PipeYaml = Readonly<z.infer<typeof PipeYaml>>;

export async function readPipeYaml(): Promise<PipeYaml> {
  return PipeYaml.parse(parse(await readFile(join(ROOT, 'pipe.yml'), 'utf8')));
}

/**
 * The variables that Pipelines gives to a pipe for what stands in the step: a default of `pipe.yml` where the step names
 * none, and for `$NAME` the step's own variable of that name; where there is none, the text stays as it is.
 */
export function pipeVariables(
  { variables }: Pick<PipeYaml, 'variables'>,
  given: Readonly<Record<string, string>>,
  stepVariables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const defaults = variables.flatMap(({ name, default: text }) =>
    text === undefined ? [] : [[name, text] as const],
  );
  return Object.fromEntries(
    Object.entries({ ...Object.fromEntries(defaults), ...given }).map(([name, text]) => [
      name,
      text.replaceAll(
        /\$([A-Z][A-Z0-9_]*)/g,
        (written, variable: string) => stepVariables[variable] ?? written,
      ),
    ]),
  );
}
