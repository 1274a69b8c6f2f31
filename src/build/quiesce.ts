import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { readTool } from './run-tool.ts';
import type { Toolbox } from './toolbox.ts';

/** Databases get to write their last page. */
const PATIENCE_SECONDS = 10;
const ROUNDS_A_SECOND = 10;

export interface QuiesceOptions {
  readonly bash: string;
  /** Whom to spare, as {@link residentsOf} gave them. */
  readonly residents: string;
  /** How long programs have after TERM; as long again after KILL, which no program can put off. */
  readonly patienceSeconds?: number;
}

/**
 * Arguments: seconds of patience, ids to spare (separated by spaces), the words of `sleep`. Prints the ids that
 * stay.
 */
const SCRIPT = String.raw`
patience=$1 spared=" $2 $$ "
shift 2
find_others() {
  others=()
  local entry pid line
  for entry in /proc/[0-9]*; do
    pid=${'$'}{entry#/proc/}
    [[ $spared == *" $pid "* ]] && continue
    read -r line 2>/dev/null <"$entry/stat" || continue
    [[ $line == *") Z "* ]] && continue
    others+=("$pid")
  done
}
for signal in TERM KILL; do
  SECONDS=0
  for ((round = 0; SECONDS <= patience; round++)); do
    find_others
    [ ${'$'}{#others[@]} = 0 ] && exit 0
    [[ $signal = KILL || $round = 0 ]] && kill -s "$signal" "${'$'}{others[@]}" 2>/dev/null
    "$@" ${1 / ROUNDS_A_SECOND}
  done
done
find_others
echo "${'$'}{others[@]}"
[ ${'$'}{#others[@]} = 0 ]
`;

/** The ids of what runs in a container before any task does: its init and its main program. */
export async function residentsOf(container: Container, bash: string, options: CallOptions): Promise<string> {
  const command = [
    bash,
    '-p',
    '-c',
    'for entry in /proc/[0-9]*; do [ "${entry#/proc/}" = $$ ] || echo "${entry#/proc/}"; done',
  ];
  const { output } = await readTool(container, { command }, options);
  return output.trim().split('\n').join(' ');
}

/**
 * Ends everything that runs in a container but `residents`, so that nothing writes any more: TERM, up to 10 s of
 * patience, KILL. Throws a `PreheatError` of phase `build` when something will not go.
 */
export async function quiesce(
  container: Container,
  toolbox: Toolbox,
  { bash, residents, patienceSeconds = PATIENCE_SECONDS }: QuiesceOptions,
  options: CallOptions,
): Promise<void> {
  const command = [
    bash,
    '-p',
    '-c',
    SCRIPT,
    'quiesce',
    String(patienceSeconds),
    residents,
    ...toolbox.command('sleep'),
  ];
  const { output, exitCode, complaint } = await readTool(container, { command }, options);
  if (exitCode === 0) return;
  const left = output.trim() || complaint || `exit code ${exitCode}`;
  throw new PreheatError(`cannot end what the tasks left running: ${left}`, {
    phase: 'build',
    code: 'engine',
    hint: 'Stop background programs at the end of the task that starts them.',
  });
}
