import type { Writable } from 'node:stream';
import { Command, CommanderError, Option } from 'commander';
import { PreheatError } from '../kernel/failure.ts';
import { OPTION_ROWS, type CommandName } from './option-table.ts';
import { variableOf } from './variable-of.ts';
import { VERSION } from './version.ts';

/** A command line, taken apart; its options are not checked yet. */
export interface Invocation {
  readonly command: CommandName;
  /** `FILE` of validate, `TASK` of explain, the reference of start and inspect. */
  readonly operand: string | undefined;
  /** By commander's names (`plainHttp`). */
  readonly options: Readonly<Record<string, unknown>>;
}

interface CommandRow {
  readonly name: CommandName;
  readonly description: string;
  readonly operand?: readonly [name: string, description: string];
}

const COMMANDS: readonly CommandRow[] = [
  { name: 'build', description: 'make the workspace image of a commit and publish it' },
  { name: 'plan', description: 'show what a build would reuse, run and publish, and why; changes nothing' },
  {
    name: 'explain',
    description: 'tell why a task hits or misses, and what its inputs are; changes nothing',
    operand: ['[task]', 'name or number of a task (default: all)'],
  },
  {
    name: 'validate',
    description: 'check a .gitpod.yml or devcontainer.json',
    operand: ['[file]', 'the file (default: the one that a build takes)'],
  },
  { name: 'init', description: 'write a first .gitpod.yml that fits the repository; never overwrites one' },
  {
    name: 'start',
    description: 'start a workspace from the nearest warm image',
    operand: [
      '[reference]',
      'a commit, a branch, the number of a pull request, or "." for what is checked out (default)',
    ],
  },
  { name: 'ls', description: 'list what is warm: branches, pull requests, commits' },
  {
    name: 'inspect',
    description: 'tell what an image is made of: layers, keys, base, whose run',
    operand: [
      '[reference]',
      'a tag or digest, a commit, a branch, the number of a pull request, or "." (default)',
    ],
  },
  { name: 'stats', description: 'tell hit rate, time and bytes saved, by branch and step, over time' },
  {
    name: 'prune',
    description: 'show which images nothing needs any more; --apply deletes them',
  },
  { name: 'report', description: 'render page, comment, report and JUnit XML of a build again' },
  { name: 'doctor', description: 'check engine, registry and Bitbucket, and say what to change' },
];

/**
 * Takes a command line apart. `undefined` where it only asked for help or the version, which is then written.
 * Throws a `PreheatError` of phase `usage` for what it does not understand.
 */
export function parseArguments(
  words: readonly string[],
  output: { readonly stdout: Writable; readonly stderr: Writable },
): Invocation | undefined {
  let invocation: Invocation | undefined;
  const program = new Command('preheat')
    .description('Warm workspace images for Bitbucket, from .gitpod.yml or devcontainer.json')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.stdout.write(text), writeErr: () => undefined });
  for (const row of COMMANDS) {
    addCommand(program, row, (found) => {
      invocation = found;
    });
  }
  try {
    program.parse([...words], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return undefined;
    throw usageError(thrown, program, words);
  }
  return invocation;
}

function addCommand(
  program: Command,
  { name, description, operand }: CommandRow,
  found: (invocation: Invocation) => void,
): void {
  const command = program.command(name).description(description);
  if (operand !== undefined) command.argument(...operand);
  for (const option of optionsOf(name)) command.addOption(option);
  command.action(() => found({ command: name, operand: command.args[0], options: command.opts() }));
}

function optionsOf(command: CommandName): readonly Option[] {
  return OPTION_ROWS.filter(
    ({ commands, environmentOnly }) => commands.includes(command) && !environmentOnly,
  ).map(({ name, argument, description }) => {
    const flags = argument === undefined ? `--${name}` : `--${name} <${argument}>`;
    return new Option(flags, `${description} [${variableOf(name)}]`);
  });
}

function usageError(thrown: CommanderError, program: Command, words: readonly string[]): PreheatError {
  if (words.length === 0) {
    return new PreheatError(`cannot run: no command is given\n\n${program.helpInformation().trimEnd()}`, {
      phase: 'usage',
      code: 'usage',
    });
  }
  const why = thrown.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return new PreheatError(`cannot run: ${why}`, {
    phase: 'usage',
    code: 'usage',
    hint: 'See preheat --help.',
  });
}
