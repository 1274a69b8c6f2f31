import { PreheatError } from '../kernel/failure.ts';
import type { ImageUser } from '../observe/step-record.ts';

/** Whom tasks run as, and the words by which an engine finds the same account (with its supplementary groups). */
export interface TaskUser {
  readonly user: ImageUser;
  readonly execAs: string;
}

/** The account files of an image; each is absent where the image has none. */
export interface AccountFiles {
  /** `/etc/passwd`, passwd(5). */
  readonly passwd?: string;
  /** `/etc/group`, group(5). */
  readonly group?: string;
}

const GITPOD_UID = 33_333;

/**
 * Finds whom tasks run as: `gitpod` with uid 33333 where the image has that account, as Gitpod did, unless it is not
 * `preferred`, else the image's own user. `configured` is the image's `User` in any form that the image-spec allows (`user`, `uid`, `user:group`,
 * `uid:gid`; empty is root). Throws a `PreheatError` of phase `build` for a name that the image does not know.
 */
export function taskUserOf(
  files: AccountFiles,
  configured: string,
  preferred: 'gitpod' | 'configured' = 'gitpod',
): TaskUser {
  const accounts = parseAccounts(files.passwd ?? '');
  const gitpod = accounts.find(({ name, uid }) => name === 'gitpod' && uid === GITPOD_UID);
  if (gitpod && preferred === 'gitpod') return { user: gitpod, execAs: gitpod.name };
  const [userPart = '', groupPart = ''] = configured.split(':');
  const account = accountOf(userPart || '0', accounts);
  const gid = groupPart === '' ? account.gid : groupIdOf(groupPart, files.group ?? '');
  // By number where nothing is configured: an engine refuses names that /etc/passwd, if there is one, does not have.
  const execAs = [userPart || String(account.uid), groupPart].filter(Boolean).join(':');
  return { user: { ...account, gid }, execAs };
}

/** An engine takes a number for a uid first only if no account has it as its name; so do we. */
function accountOf(wanted: string, accounts: readonly ImageUser[]): ImageUser {
  const named = accounts.find(({ name }) => name === wanted);
  if (named) return named;
  const uid = idOf(wanted);
  if (uid === undefined) throw unknownAccount('user', wanted, '/etc/passwd');
  // Its number is all that an engine would take it by.
  const fallback = { name: wanted, uid, gid: 0, home: uid === 0 ? '/root' : '/' };
  return accounts.find((account) => account.uid === uid) ?? fallback;
}

function groupIdOf(wanted: string, group: string): number {
  const line = group
    .split('\n')
    .map((text) => text.split(':'))
    .find(([name]) => name === wanted);
  const gid = idOf(line?.[2] ?? wanted);
  if (gid === undefined) throw unknownAccount('group', wanted, '/etc/group');
  return gid;
}

function parseAccounts(passwd: string): readonly ImageUser[] {
  return passwd.split('\n').flatMap((line) => {
    const [name, , uidText = '', gidText = '', , home] = line.split(':');
    const uid = idOf(uidText);
    const gid = idOf(gidText);
    return name && uid !== undefined && gid !== undefined
      ? [{ name, uid, gid, home: home?.trim() || '/' }]
      : [];
  });
}

function idOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function unknownAccount(kind: 'user' | 'group', wanted: string, file: string): PreheatError {
  return new PreheatError(`cannot run tasks as ${kind} "${wanted}" of the image: ${file} does not name it`, {
    phase: 'build',
    hint: `Create the ${kind} in the base image, or name another one: in its USER line, or in devcontainer.json.`,
  });
}
