import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PreheatError } from '../../kernel/failure.ts';
import { shellQuote } from '../../kernel/shell-quote.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

/** What submodules over SSH are fetched with; without a key, with the user's own settings of ssh. */
export interface SshOptions {
  /** A private key: PEM, or that in base64, as Bitbucket's pipes take it. It is never written but to a temporary file. */
  readonly key?: string;
  /** Where Pipelines keeps its key; used where there is no other and the file is there. */
  readonly keyFile?: string;
  /** Lines as in `known_hosts`, or those in base64. */
  readonly knownHosts?: string;
  readonly knownHostsFile?: string;
}

/** How git is to call ssh; disposing of it removes the key. */
export interface SshAccess extends AsyncDisposable {
  /** For `GIT_SSH_COMMAND`. */
  readonly command: string;
  /** Whether the hosts that answer are believed to be who they say, since nothing says who they are. */
  readonly trustsFirst: boolean;
}

/** Nobody is asked for anything, and nothing is waited for without end. */
const ALWAYS = ['BatchMode=yes', 'ConnectTimeout=30', 'ServerAliveInterval=15', 'ServerAliveCountMax=4'];

/**
 * Prepares a folder with key and known hosts: below `TMPDIR`, never in the clone, from which a step may keep files as
 * artifacts. Throws a `PreheatError` of phase `usage` for a key that is none or locked.
 */
export async function openSshAccess(options: SshOptions): Promise<SshAccess> {
  const key = options.key === undefined ? await readIfThere(options.keyFile) : keyText(options.key);
  if (key === undefined) {
    return { command: commandOf(ALWAYS), trustsFirst: false, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  if (isLocked(key)) throw locked(options.key === undefined ? options.keyFile : undefined);
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await openTemporaryFolder('ssh'));
  const known =
    options.knownHosts === undefined
      ? await readIfThere(options.knownHostsFile)
      : knownText(options.knownHosts);
  const files = { key: join(folder.path, 'key'), known: join(folder.path, 'known_hosts') };
  await writeFile(files.key, `${key.trimEnd()}\n`, { mode: 0o600 });
  await writeFile(files.known, known ?? '', { mode: 0o600 });
  const owned = stack.move();
  return {
    command: commandOf(
      [
        ...ALWAYS,
        'IdentitiesOnly=yes',
        `StrictHostKeyChecking=${known === undefined ? 'accept-new' : 'yes'}`,
        `UserKnownHostsFile="${files.known}"`,
      ],
      ['-F', 'none', '-i', files.key],
    ),
    trustsFirst: known === undefined,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function commandOf(settings: readonly string[], words: readonly string[] = []): string {
  const options = settings.flatMap((setting) => ['-o', setting]);
  return ['ssh', ...words, ...options].map(shellQuote).join(' ');
}

function keyText(given: string): string {
  const text = given.includes('-----BEGIN') ? given : Buffer.from(given, 'base64').toString('latin1');
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text.trimStart()))
    return text.trimStart().replaceAll('\r', '');
  throw new PreheatError('cannot use SSH_KEY: it is no private key, neither in PEM nor in base64', {
    phase: 'usage',
    code: 'usage',
    hint: 'Give the whole file in base64: base64 -w0 < ~/.ssh/id_ed25519',
  });
}

const OPENSSH_MAGIC = 'openssh-key-v1\0';

/** Whether a passphrase is needed: nobody is there to type it, and ssh would only say that it was denied. */
function isLocked(key: string): boolean {
  if (/^(?:Proc-Type: 4,ENCRYPTED|-----BEGIN ENCRYPTED )/m.test(key)) return true;
  const [, body = ''] = /^-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)/m.exec(key) ?? [];
  const bytes = Buffer.from(body, 'base64');
  // The name of the cipher follows, behind its length (PROTOCOL.key of OpenSSH).
  const cipher = bytes.toString('latin1', OPENSSH_MAGIC.length + 4, OPENSSH_MAGIC.length + 8);
  return bytes.toString('latin1', 0, OPENSSH_MAGIC.length) === OPENSSH_MAGIC && cipher !== 'none';
}

function locked(file: string = 'SSH_KEY'): PreheatError {
  return new PreheatError(`cannot use ${file}: it is locked with a passphrase`, {
    phase: 'usage',
    code: 'usage',
    hint: 'Give a key without a passphrase (ssh-keygen -p -N "" -f FILE takes it off).',
  });
}

function knownText(given: string): string {
  return /\s/.test(given.trim()) ? given : Buffer.from(given, 'base64').toString('latin1');
}

async function readIfThere(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'latin1');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}
