import { aboutValue, type NodePath, type Tell } from './finding.ts';
import { quoted } from './printable.ts';

/** `publisher.name`, with `@version` and the checksum that Gitpod wrote behind it. */
const ID = /^[\w-]+\.[\w-]+(?:@[\w.+-]+(?::\S+)?)?$/;
const ADDRESS = /^https?:\/\/\S+$/i;

/** The extensions as written; what no editor can find is told and kept. */
export function extensions(
  written: readonly string[],
  tell: Tell,
  list: NodePath = ['vscode', 'extensions'],
): string[] {
  for (const [index, extension] of written.entries()) {
    if (ID.test(extension) || ADDRESS.test(extension)) continue;
    const path = [...list, index];
    const message = `${quoted(extension)} is no extension: editors will not find it`;
    tell(
      aboutValue(
        'warning',
        path,
        message,
        'write "publisher.name", "publisher.name@version", or the address of a vsix file',
      ),
    );
  }
  return [...written];
}
