import { chainsOf, type Chain, type ShellCommand } from './chains.ts';
import type { PlacedToken } from './nesting.ts';

/** What does not fail where it is written with sense. */
const SAFE = new Set(': . cd echo export gp mkdir popd printf pushd set sleep source true unset'.split(' '));

/** Programs that people put in front of `&&` to get something done, not to ask something. */
const DOING = new Set([
  ...SAFE,
  ...`apt apt-get bundle cargo chmod chown composer conda cp curl dotnet go gradle ./gradlew ln make mv mvn ./mvnw
  npm nvm pip pip3 pnpm poetry rm sdk tar touch unzip wget yarn`.split(/\s+/),
]);

/** Commands behind which the rest of a text may never be reached. */
const LEAVING = new Set(['exit', 'return', 'exec', 'logout', 'kill', 'trap']);

/**
 * The commands of a text that run whenever it ends well: in order, in the foreground, under no condition. Groups are
 * looked into. Where in doubt a command, and all that follows it, is left out.
 */
export function sureCommands(tokens: readonly PlacedToken[]): {
  readonly commands: readonly ShellCommand[];
  /** Whether the end of the text is reached in any case in which it ends well. */
  readonly isThrough: boolean;
} {
  return sureIn(chainsOf(tokens), 0, DOING);
}

type Sure = ReturnType<typeof sureCommands>;

function sureIn(chains: readonly Chain[], depth: number, atEnd: ReadonlySet<string>): Sure {
  const commands: ShellCommand[] = [];
  for (const chain of chains) {
    if (mayLeave(chain)) return { commands, isThrough: false };
    // Where the last chain fails all fails, so that each of its commands runs whenever it ends well.
    const before = chain === chains.at(-1) ? atEnd : SAFE;
    if (!chain.isBackground) commands.push(...sureOfChain(chain, depth, before));
  }
  return { commands, isThrough: true };
}

function sureOfChain({ links }: Chain, depth: number, before: ReadonlySet<string>): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  for (const { joint, commands: piped } of links) {
    const [command, ...more] = piped;
    if (joint === '||' || command === undefined || more.length > 0) break;
    commands.push(...withInner(command, depth, before));
    if (command.isNegated || !before.has(command.words[0]?.text ?? '')) break;
  }
  return commands;
}

function withInner(
  command: ShellCommand,
  depth: number,
  atEnd: ReadonlySet<string>,
): readonly ShellCommand[] {
  if (command.isNegated) return [];
  if (command.compound !== '{' && command.compound !== '(') return [command];
  const inside = command.tokens.filter((token) => token.depth > depth);
  return sureIn(chainsOf(inside, depth + 1), depth + 1, atEnd).commands;
}

/** `|| exit 1` leaves a text that has failed, which is no way to end well. */
function mayLeave({ links, tokens }: Chain): boolean {
  const failing = links.find(({ joint, commands }) => joint === '||' && isFailure(commands[0]));
  const own = failing?.commands[0]?.tokens[0];
  return tokens.some((token) => LEAVING.has(token.text) && token.start !== own?.start);
}

function isFailure(command: ShellCommand | undefined): boolean {
  const [word, code, ...more] = command?.words ?? [];
  return word?.text === 'exit' && /^[1-9]\d*$/.test(code?.text ?? '') && more.length === 0;
}
