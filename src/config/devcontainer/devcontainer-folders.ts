import { basename, normalize } from 'node:path/posix';
import { aboutValue, type NodePath, type Tell } from '../finding.ts';
import { quoted } from '../printable.ts';
import type { WorkspaceFolders } from '../workspace-folders.ts';
import type { DevcontainerFile } from './devcontainer-file.ts';
import { answered, type KnownVariables } from './variables.ts';

/** Where Dev Containers clients mount a folder that the file says nothing of. */
const ROOT = '/workspaces';
/** Below these nothing is kept in an image, or somebody else rules. */
const NEVER_KEPT = ['/tmp', '/run', '/proc', '/sys', '/dev', '/.preheat'];

/** Where the checkout lies: where the folder would be mounted; and the folder in which commands run and editors open. */
export function devcontainerFolders(
  file: DevcontainerFile,
  repositoryName: string,
  tell: Tell,
): WorkspaceFolders {
  const known = { localWorkspaceFolderBasename: repositoryName };
  const written =
    file.workspaceFolder === undefined
      ? undefined
      : folderOf(file.workspaceFolder, ['workspaceFolder'], known, tell);
  const mounted =
    file.workspaceMount === undefined ? undefined : mountTarget(file.workspaceMount, known, tell);
  const checkoutLocation = mounted ?? `${ROOT}/${basename(repositoryName)}`;
  return { checkoutLocation, workspaceLocation: written ?? checkoutLocation };
}

/** The target of a mount of the local folder; anything else would put something else into the checkout's place. */
function mountTarget(written: string, known: KnownVariables, tell: Tell): string | undefined {
  const path = ['workspaceMount'];
  const options = new Map(
    written.split(',').map((part) => {
      const [key = '', ...value] = part.split('=');
      return [key.trim(), value.join('=').trim()] as const;
    }),
  );
  const option = (...names: readonly string[]): string | undefined =>
    names.map((name) => options.get(name)).find((value) => value !== undefined);
  const target = option('target', 'destination', 'dst');
  const isLocal = option('source', 'src') === '${localWorkspaceFolder}' && option('type') === 'bind';
  if (isLocal && target !== undefined) return folderOf(target, path, known, tell);
  const message =
    'workspaceMount: only a bind mount of ${localWorkspaceFolder} tells where the checkout lies';
  const suggestion = 'write "source=${localWorkspaceFolder},target=/workspaces/app,type=bind"';
  tell(aboutValue('error', path, message, suggestion));
  return undefined;
}

function folderOf(written: string, path: NodePath, known: KnownVariables, tell: Tell): string | undefined {
  const folder = normalize(answered(written, path, known, tell)).replace(/(?<=.)\/+$/, '');
  const fault = faultOf(folder);
  if (fault === undefined) return folder;
  tell(aboutValue('error', path, `${path.join('.')}: ${quoted(folder)} ${fault}`));
  return undefined;
}

function faultOf(folder: string): string | undefined {
  // oxlint-disable-next-line eslint/no-control-regex
  if (/[\u0000-\u001F\u007F]/.test(folder)) return 'holds a control character';
  if (!folder.startsWith('/')) return 'is no absolute path';
  if (folder === '/') return 'is the root of the file system';
  const top = NEVER_KEPT.find((each) => folder === each || folder.startsWith(`${each}/`));
  return top === undefined ? undefined : `lies in ${top}, of which no image keeps anything`;
}
