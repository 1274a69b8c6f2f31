import { open, readdir } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import { configError, missingConfig, severalConfigs } from '../config/config-errors.ts';
import {
  CONFIG_FILE_NAMES,
  DEVCONTAINER_FOLDER,
  nestedConfigPaths,
  pathInRepository,
  type ConfigFile,
} from '../config/config-file.ts';
import { interpretConfig } from '../config/interpret-config.ts';
import { renderDiagnostics } from '../config/render-diagnostics.ts';
import { starterFile } from '../config/starter/starter-file.ts';
import { LONGEST_TEXT } from '../config/yaml-source.ts';
import type { Diagnostic } from '../kernel/diagnostic.ts';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import { findingAnnotations } from '../report/finding-annotations.ts';
import type { CommandResult } from './build-command.ts';
import { exitCodeOf } from './exit-codes.ts';
import { lookAround } from './look-around.ts';
import type { Session } from './session.ts';

/**
 * `preheat validate [FILE]`: tells all findings about a file of the working tree. The exit code is 0 without errors,
 * 20 with them.
 */
export async function validateCommand(session: Session, file: string | undefined): Promise<CommandResult> {
  const { settings, stdout } = session;
  const { path, text } =
    file === undefined ? await firstOfUsual(session) : { path: file, text: await readText(file) };
  const place = pathInRepository(resolve(path));
  const { diagnostics, config } = interpretConfig(
    { path: place.file, text },
    { repositoryName: basename(place.root) || 'workspace', strict: settings.strict },
  );
  const valid = config !== undefined;
  if (settings.json) stdout.write(`${JSON.stringify(verdict(path, valid, diagnostics))}\n`);
  else
    stdout.write(
      renderDiagnostics(path, diagnostics, { color: isTerminal(stdout) }) || `${path}: no findings\n`,
    );
  return { exitCode: valid ? 0 : exitCodeOf(configError(diagnostics, path)), lines: [] };
}

/** What `--json` prints. Annotations name the file as it lies below the folder in which the command runs. */
function verdict(file: string, valid: boolean, diagnostics: readonly Diagnostic[]): object {
  const below = relative('.', file);
  const isOutside = below === '..' || below.startsWith('../');
  const annotations = findingAnnotations(isOutside ? undefined : below, diagnostics);
  return { schemaVersion: 1, file, valid, diagnostics, annotations };
}

async function firstOfUsual({ signal }: Session): Promise<ConfigFile> {
  for (const path of CONFIG_FILE_NAMES) {
    const text = await readIfThere(path);
    if (text !== undefined) return { path, text };
  }
  const found: ConfigFile[] = [];
  for (const path of nestedConfigPaths(await readdir(DEVCONTAINER_FOLDER).catch(() => []))) {
    const text = await readIfThere(path);
    if (text !== undefined) found.push({ path, text });
  }
  const [only, ...others] = found;
  if (others.length > 0)
    throw severalConfigs(
      'folder',
      found.map(({ path }) => path),
      'Name one of them',
    );
  if (only !== undefined) return only;
  throw missingConfig('folder', starterFile(await lookAround('.', { signal })).text);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (thrown) {
    if (thrown instanceof PreheatError && thrown.code === 'config-missing') return undefined;
    throw thrown;
  }
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path);
    // A byte more than is taken is enough to see that it is too long; what is no file may have no end.
    return Buffer.concat(await Array.fromAsync(file.createReadStream({ end: LONGEST_TEXT }))).toString();
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    // A folder of the path may be a file.
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new PreheatError(`cannot read ${path}: ${messageOf(thrown)}`, {
      phase: 'config',
      code: isMissing ? 'config-missing' : 'config-invalid',
      hint: 'Name a readable file.',
      cause: thrown,
    });
  }
}

function isTerminal(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}
