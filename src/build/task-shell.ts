import { COMMANDS_FOLDER } from '../kernel/workspace-variables.ts';
import type { PlacedFile } from './placed-file.ts';
import type { PreparedTask } from './prepared-task.ts';
import { TOOLBOX_ROOT, type Toolbox } from './toolbox.ts';

const WRAPPER_PATH = `${TOOLBOX_ROOT}/tasks/run`;
/** In the runtime layer: `image/bashrc`. */
const RC_PATH = '/.preheat/bashrc';

/**
 * Runs a task's script in an interactive shell, since what sets up nvm, sdkman and the like stands behind `case $- in
 * *i*)` in ~/.bashrc. Without a terminal bash first complains about job control; its standard error is closed until it
 * reads our rc file, which opens it again and reads the user's own.
 *
 * Then the wrapper prints how the shell ended and waits to be killed: it keeps the pipe open, so that what the task
 * left running neither ends with SIGPIPE nor holds up the run.
 *
 * Arguments: script, marker, folder to work in, folder to work in if that is none, the words of `wait`.
 */
const WRAPPER = `cd -- "$3" 2>/dev/null || cd -- "$4" || exit
unset OLDPWD
export PATH=${COMMANDS_FOLDER}:$PATH
SHLVL=0 "$BASH" --rcfile ${RC_PATH} +H +m +o history -i "$1" </dev/null 2>/dev/null
printf '\\n%s %d\\n' "$2" "$?"
shift 4
exec "$@"
`;

/** What must lie in a container for {@link taskCommand}. */
export function taskShellFiles(tasks: readonly PreparedTask[]): readonly PlacedFile[] {
  return [
    placed(WRAPPER_PATH, WRAPPER),
    ...tasks.map(({ script, scriptPath }) => placed(scriptPath, script.text)),
  ];
}

/** The words that run a task; `marker` must be unguessable, see {@link followTask}. */
export function taskCommand(
  task: PreparedTask,
  run: {
    readonly bash: string;
    readonly marker: string;
    readonly toolbox: Toolbox;
    readonly workspaceLocation: string;
    readonly checkoutLocation: string;
  },
): readonly string[] {
  const { bash, marker, toolbox, workspaceLocation, checkoutLocation } = run;
  const folders = [workspaceLocation, checkoutLocation];
  return [bash, '-p', WRAPPER_PATH, task.scriptPath, marker, ...folders, ...toolbox.command('wait')];
}

function placed(path: string, text: string): PlacedFile {
  return { path, mode: 0o755, content: Buffer.from(text) };
}
