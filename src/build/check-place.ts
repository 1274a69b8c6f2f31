import { PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Container, Sight } from './engine.ts';

/** Where preheat's own files go in workspace images. */
const OWN_FOLDER = '/.preheat';

/** What is to be laid over a base image, and its name for messages. */
export interface Place {
  readonly checkoutLocation: string;
  readonly image: string;
}

/**
 * Looks whether the layers of a workspace image fit on what a base has in their place; the container need not be
 * started. A folder of a layer would replace a link of the base, so that what lies behind it could no longer be reached
 * by that name; a repository below the checkout would show through ours. Both are refused with a `PreheatError` of phase
 * `build`. Other files below the checkout stay, and are told; whether there are any is the answer.
 */
export async function checkPlace(
  container: Container,
  { checkoutLocation, image }: Place,
  log: Log,
  options: CallOptions,
): Promise<boolean> {
  const look = async (path: string): Promise<Sight | undefined> => container.look(path, options);
  if ((await look(OWN_FOLDER)) !== undefined)
    throw refused(image, OWN_FOLDER, 'is already there, from another build of preheat', {
      hint: 'Name the image that this one was built from.',
    });
  for (const path of pathsTo(checkoutLocation)) {
    const sight = await look(path);
    if (sight === undefined) return false;
    if (sight.kind === 'folder') continue;
    const why = sight.kind === 'link' ? `is a link to ${sight.target}` : 'is a file';
    throw refused(image, path, why, {
      hint: 'Set checkoutLocation in .gitpod.yml, or workspaceMount in devcontainer.json, to a folder of its own.',
    });
  }
  const checkout = await look(checkoutLocation);
  if ((await look(`${checkoutLocation}/.git`)) !== undefined)
    throw refused(image, `${checkoutLocation}/.git`, 'is already there', {
      hint: 'Leave the repository out of the base image: every build lays its own commit down.',
    });
  if (checkout?.kind !== 'folder' || checkout.first === undefined) return false;
  log.warn(
    `the base image has files in ${checkoutLocation} (${checkout.first}); they stay beside the sources`,
  );
  return true;
}

/** The folders that lead to a path and the path itself, outermost first. */
function pathsTo(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, at) => `/${names.slice(0, at + 1).join('/')}`);
}

function refused(
  image: string,
  path: string,
  why: string,
  { hint }: { readonly hint: string },
): PreheatError {
  return new PreheatError(`cannot lay the sources into ${image}: ${path} ${why}`, { phase: 'build', hint });
}
