import type { Platform } from '../oci/platform.ts';
import type { Settings } from './option-table.ts';

/** Linux on this machine's kind of processor, in the words of the image-spec. */
export function machinePlatform(): Platform {
  return { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch };
}

/** The platform that images are made for. */
export function platformOf({ platform }: Pick<Settings, 'platform'>): Platform {
  return platform ?? machinePlatform();
}
