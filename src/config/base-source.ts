import { messageOf } from '../kernel/failure.ts';
import { parseReference } from '../oci/reference.ts';
import { aboutValue, type NodePath, type Tell } from './finding.ts';
import type { GitpodFile } from './gitpod-file.ts';
import { pathBelow } from './path-below.ts';
import { quoted } from './printable.ts';
import type { BaseSource } from './workspace-config.ts';

/** What `image:` means: an image by name, a Dockerfile of the repository, or the default image where it is absent. */
export function baseSource(image: GitpodFile['image'], defaultImage: string, tell: Tell): BaseSource {
  if (image === undefined) return { kind: 'reference', reference: defaultImage };
  if (typeof image === 'string') {
    checkReference(image, tell);
    return { kind: 'reference', reference: image };
  }
  const file = inRepository(image.file, ['image', 'file'], tell);
  if (file === '.') {
    tell(
      aboutValue('error', ['image', 'file'], 'image.file: expected the path of a Dockerfile, got a folder'),
    );
  }
  const context = inRepository(image.context ?? '.', ['image', 'context'], tell);
  return { kind: 'dockerfile', file: file ?? '', context: context ?? '' };
}

function checkReference(image: string, tell: Tell): void {
  try {
    parseReference(image);
  } catch (thrown) {
    tell(aboutValue('error', ['image'], `image: ${messageOf(thrown)}`, 'write it as docker pull takes it'));
  }
}

/**
 * A path of the repository, relative and without `.` and `..`; a leading slash means the repository's root, as
 * with Gitpod.
 */
function inRepository(written: string, path: NodePath, tell: Tell): string | undefined {
  const below = pathBelow('/', written);
  if (below !== undefined) return below === '/' ? '.' : below.slice(1);
  const message = `${path.join('.')}: ${quoted(written)} leads out of the repository`;
  tell(aboutValue('error', path, message, 'write a path relative to the root of the repository'));
  return undefined;
}
