import { buildCommand, type CommandResult } from './build-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { explainCommand } from './explain-command.ts';
import { initCommand } from './init-command.ts';
import { inspectCommand } from './inspect-command.ts';
import { lsCommand } from './ls-command.ts';
import type { CommandName } from './option-table.ts';
import { planCommand } from './plan-command.ts';
import { pruneCommand } from './prune-command.ts';
import { reportCommand } from './report-command.ts';
import type { Session } from './session.ts';
import { startCommand } from './start-command.ts';
import { statsCommand } from './stats-command.ts';
import { validateCommand } from './validate-command.ts';

type RunCommand = (session: Session, operand: string | undefined) => Promise<CommandResult>;

/** What runs for each command. */
export const COMMANDS: Readonly<Record<CommandName, RunCommand>> = {
  build: buildCommand,
  plan: planCommand,
  explain: explainCommand,
  ls: lsCommand,
  inspect: inspectCommand,
  stats: statsCommand,
  prune: pruneCommand,
  report: reportCommand,
  validate: validateCommand,
  init: initCommand,
  start: startCommand,
  doctor: doctorCommand,
};
