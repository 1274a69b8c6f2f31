import type { CallOptions } from '../../oci/content-store.ts';
import type { Manifest } from '../../oci/manifest.ts';
import type { BaseImage, Transfer } from '../../publish/uploader.ts';
import { resolveBaseImage } from './base-image.ts';
import type { Oras } from './oras.ts';
import type { OrasSide } from './oras-call.ts';
import { COPY_COMMAND } from './registry-store.ts';
import { readStagedImage } from './staged-image.ts';
import { blobsOf, bytesOf, countTransfer } from './transfer-lines.ts';

type Options = CallOptions & {
  readonly onProgress?: (detail: string) => void;
  /** The layout as messages name it; `directory` where absent. */
  readonly into?: string;
};

/** Copies images into an OCI layout on disk, where they get `tag`. */
export interface LayoutCopier {
  copyBase(base: BaseImage, directory: string, tag: string, options: Options): Promise<Transfer>;
  copyStaged(layout: string, tag: string, directory: string, options: Options): Promise<Transfer>;
}

/** Copies by oras, with its deadlines and retries. Blobs that `directory` has are not copied again. */
export function createLayoutCopier(oras: Oras): LayoutCopier {
  const copy = async (
    from: {
      readonly side: OrasSide;
      readonly name: string;
      readonly manifest: Manifest;
      readonly bytes: number;
      readonly what: string;
    },
    directory: string,
    tag: string,
    { signal, onProgress, into }: Options,
  ): Promise<Transfer> => {
    const count = countTransfer(from.manifest, onProgress);
    await oras.run(
      {
        doing: `copy ${from.what} into ${into ?? directory}`,
        phase: 'publish',
        command: COPY_COMMAND,
        sides: [from.side, { kind: 'layout' }],
        // oras splits "path:tag" at an "@" in the path too; "." has none.
        cwd: directory,
        operands: [from.name, `.:${tag}`],
        bytes: from.bytes,
        onLine: count.onLine,
      },
      { signal },
    );
    return count.total();
  };
  return {
    async copyBase(base, directory, tag, options) {
      const { location, name, manifest } = await resolveBaseImage(base, oras, options);
      return await copy(
        { side: location, name, manifest, bytes: bytesOf(blobsOf(manifest)), what: name },
        directory,
        tag,
        options,
      );
    },
    async copyStaged(layout, tag, directory, options) {
      const { manifest, bytes } = await readStagedImage(layout, tag);
      return await copy(
        { side: { kind: 'layout' }, name: `${layout}:${tag}`, manifest, bytes, what: tag },
        directory,
        tag,
        options,
      );
    },
  };
}
