import * as z from 'zod';
import { PreheatError } from '../../../kernel/failure.ts';
import type { EngineTriggers } from '../../../observe/dockerfile/image-triggers.ts';
import { getJson } from '../dial.ts';
import type { EngineClient } from '../engine-client.ts';
import { imagePath } from '../find-image.ts';

const InspectedImage = z.object({
  Config: z.object({ OnBuild: z.array(z.string()).nullish() }).nullish(),
});

/** The `EngineTriggers` on Docker Engine. */
export function createEngineTriggers(client: EngineClient): EngineTriggers {
  return {
    async triggersOf(imageId, options) {
      const path = `/images/${imagePath(imageId)}/json`;
      try {
        const { Config } = await client.call(
          `look into image ${imageId}`,
          async (docker, signal) => await getJson(docker, path, InspectedImage, signal),
          options,
        );
        return Config?.OnBuild ?? [];
      } catch (thrown) {
        if (thrown instanceof PreheatError && thrown.code === 'not-found') return [];
        throw thrown;
      }
    },
  };
}
