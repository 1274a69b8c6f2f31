import type { ContentStore } from '../../oci/content-store.ts';
import type { Uploader } from '../../publish/uploader.ts';
import { createLayoutReader, type LayoutLocation } from './layout-reader.ts';
import { createLayoutWriter, type LayoutCopier } from './layout-writer.ts';

/** Opens an OCI layout on disk for reading and writing; a folder that is not there yet is an empty layout. */
export function openLayoutStore(location: LayoutLocation, copier: LayoutCopier): ContentStore & Uploader {
  const reader = createLayoutReader(location);
  return { ...reader, ...createLayoutWriter(reader, location.directory, copier) };
}
