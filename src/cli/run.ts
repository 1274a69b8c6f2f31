import type { Writable } from 'node:stream';
import { systemClock } from '../kernel/clock.ts';
import { createLog, type LogEvent } from '../kernel/log.ts';
import { createRedactor } from '../kernel/redact.ts';
import { parseArguments, type Invocation } from './arguments.ts';
import { exitCodeOf } from './exit-codes.ts';
import { failureLines } from './failure-lines.ts';
import type { Settings } from './option-table.ts';
import type { PipeManner } from './pipe-manner.ts';
import { wantsColour } from './progress-colour.ts';
import { createProgress } from './progress.ts';
import type { Terminal } from './progress-region.ts';
import type { ProgressView } from './progress-view.ts';
import { readSettings, type Environment } from './read-settings.ts';
import type { Session } from './session.ts';
import { abortOnSignals } from './signals.ts';
import { createStageRecorder } from './stage-recorder.ts';
import { givenSecrets, requiredSecrets } from './task-secrets.ts';

/** What a run has of its surroundings. */
export interface Surroundings {
  readonly environment: Environment;
  /** Results, and only results. */
  readonly stdout: Writable;
  /** The log. */
  readonly stderr: Terminal & { readonly isTTY?: boolean };
  /** Given where the pipe runs the command. */
  readonly asPipe?: PipeManner;
}

/** Runs one command line (without program names) and returns its exit code; never throws. */
export async function run(words: readonly string[], around: Surroundings): Promise<number> {
  try {
    const invocation = parseArguments(words, around);
    if (invocation === undefined) return 0;
    return await runCommand(invocation, around);
  } catch (thrown) {
    around.stderr.write(`${failureLines(thrown).join('\n')}\n`);
    return exitCodeOf(thrown);
  }
}

async function runCommand(invocation: Invocation, around: Surroundings): Promise<number> {
  const { command, options } = invocation;
  const settings = readSettings(command, options, around.environment, around.asPipe);
  if (command === 'build') requiredSecrets(settings['task-secrets'], around.environment);
  using abort = abortOnSignals();
  using view = createView(settings, around);
  const session = openSession(settings, view, abort.signal, around);
  try {
    // All that preheat is made of: who asks for help, or writes an option wrongly, need not wait for it.
    const { COMMANDS } = await import('./commands.ts');
    const { exitCode, lines } = await COMMANDS[command](session, invocation.operand);
    if (lines.length > 0) view.conclude(lines);
    return exitCode;
  } catch (thrown) {
    const failure: unknown = abort.signal.aborted ? abort.signal.reason : thrown;
    view.conclude(failureLines(failure, settings.debug).map((line) => session.redactor.redact(line)));
    return exitCodeOf(failure);
  }
}

function openSession(
  settings: Settings,
  view: ProgressView,
  signal: AbortSignal,
  around: Surroundings,
): Session {
  const redactor = createRedactor();
  for (const secret of [
    settings['registry-password'],
    settings['bitbucket-packages-token'],
    settings['bitbucket-step-oidc-token'],
    settings['bitbucket-access-token'],
    settings['bitbucket-api-token'],
    settings['bitbucket-app-password'],
    ...Object.values(givenSecrets(settings['task-secrets'], around.environment)),
  ]) {
    if (secret !== undefined) redactor.add(secret);
  }
  const recorder = createStageRecorder();
  const sink = (event: LogEvent): void => {
    view.sink(event);
    recorder.sink(event);
  };
  const log = createLog(sink, { clock: systemClock, redactor });
  const { environment, stdout } = around;
  const tolerateTasks = around.asPipe?.tolerateTasks ?? false;
  const clock = systemClock;
  return { settings, environment, log, recorder, redactor, clock, signal, stdout, tolerateTasks };
}

function createView(settings: Settings, { stderr, environment }: Surroundings): ProgressView {
  const isLive = stderr.isTTY === true && environment['CI'] === undefined && environment['TERM'] !== 'dumb';
  const usual = isLive ? 'live' : 'plain';
  const verbosity = settings.debug ? 'debug' : settings.quiet ? 'quiet' : 'usual';
  return createProgress({
    stream: stderr,
    form: settings.json ? 'json' : usual,
    verbosity,
    colour: wantsColour({ env: environment, isTerminal: stderr.isTTY === true }),
    clock: systemClock,
  });
}
