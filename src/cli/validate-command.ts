import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { CONFIG_FILE_NAMES, configError, missingConfig } from '../config/config-errors.ts';
import { readConfig } from '../config/read-config.ts';
import { renderDiagnostics } from '../config/render-diagnostics.ts';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { CommandResult } from './build-command.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { Session } from './session.ts';

/**
 * `preheat validate [FILE]`: tells all findings about a file of the working tree. The exit code is 0 without errors,
 * 20 with them.
 */
export async function validateCommand(session: Session, file: string | undefined): Promise<CommandResult> {
  const { settings, stdout } = session;
  const { path, text } =
    file === undefined ? await firstOfUsual() : { path: file, text: await readText(file) };
  const { diagnostics, config } = readConfig(text, {
    repositoryName: basename(dirname(resolve(path))) || 'workspace',
    strict: settings.strict,
  });
  if (settings.json)
    stdout.write(
      `${JSON.stringify({ schemaVersion: 1, file: path, valid: config !== undefined, diagnostics })}\n`,
    );
  else
    stdout.write(
      renderDiagnostics(path, diagnostics, { color: isTerminal(stdout) }) || `${path}: no findings\n`,
    );
  return { exitCode: config === undefined ? exitCodeOf(configError(diagnostics, path)) : 0, lines: [] };
}

async function firstOfUsual(): Promise<{ readonly path: string; readonly text: string }> {
  for (const path of CONFIG_FILE_NAMES) {
    const text = await readText(path).catch((thrown: unknown) => {
      if (thrown instanceof PreheatError && thrown.code === 'config-missing') return undefined;
      throw thrown;
    });
    if (text !== undefined) return { path, text };
  }
  throw missingConfig();
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
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
