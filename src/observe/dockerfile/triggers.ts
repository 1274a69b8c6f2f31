import { dockerfileError } from './dockerfile-error.ts';
import { instructionReads } from './instruction-reads.ts';
import { instructionsOf } from './instructions.ts';
import type { DockerfileReads } from './read-dockerfile.ts';

/**
 * What a build reads when the `ONBUILD` triggers of its images run too. Throws a `PreheatError` (config) for a trigger
 * that names an image or a stage: it stands in another image's config, where nothing can be pinned.
 */
export function withTriggers(
  reads: DockerfileReads,
  triggers: readonly string[],
  file: string,
): Pick<DockerfileReads, 'sources' | 'uncached'> {
  const all = triggers.flatMap((trigger) => instructionsOf(trigger)).map((each) => instructionReads(each));
  const origin = all.flatMap(({ origins }) => origins)[0];
  if (origin !== undefined) {
    throw dockerfileError(
      { file },
      `an ONBUILD trigger of its FROM image names the image "${origin.text}", which cannot be pinned`,
      'Begin with another image.',
    );
  }
  const everything = [reads, ...all];
  const uncached = everything.find((each) => each.uncached !== undefined)?.uncached;
  return {
    sources: everything.some(({ sources }) => sources === 'everything')
      ? 'everything'
      : everything.flatMap(({ sources }) => sources),
    ...(uncached !== undefined && { uncached }),
  };
}
