import type { BaseExporter } from '../../build/base-exporter.ts';
import { getStream } from './dial.ts';
import type { EngineClient } from './engine-client.ts';
import { imagePath } from './find-image.ts';

/** The `BaseExporter` on Docker Engine (`GET /images/{name}/get`). */
export function createBaseExporter(client: EngineClient): BaseExporter {
  return {
    async *export(image, options) {
      const doing = `export image ${image}`;
      const path = `/images/${imagePath(image)}/get`;
      const body = await client.open(
        doing,
        async (docker, signal) => getStream(docker, path, signal),
        options,
      );
      yield* client.read(doing, body, (chunks) => chunks, options);
    },
  };
}
