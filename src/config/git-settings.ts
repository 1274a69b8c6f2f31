import { aboutKey, type Tell } from './finding.ts';
import { quoted } from './printable.ts';

/** A name of a git setting in its parts (https://git-scm.com/docs/git-config#_syntax). */
const NAME = /^[A-Za-z0-9-]+\.(?:[^\n\0]*\.)?[A-Za-z][A-Za-z0-9-]*$/;

/** What `gitConfig:` means; what git could not read would make every git command of a workspace fail. */
export function gitSettings(settings: Readonly<Record<string, string>>, tell: Tell): Record<string, string> {
  for (const [name, value] of Object.entries(settings)) {
    if (NAME.test(name) && !value.includes('\0')) continue;
    const message = `gitConfig: ${quoted(name)} is no setting of git`;
    tell(
      aboutKey('error', ['gitConfig', name], message, 'write a name such as "core.autocrlf" or "alias.st"'),
    );
  }
  return { ...settings };
}
