import { join } from 'node:path';
import type { GitpodWorkspace } from './gitpod-workspace.ts';
import type { Labelled } from './statement.ts';
import type { WorkspaceStatement } from './task-statement.ts';

/** What a line for bash prints in the workspace. */
const inside =
  (line: string) =>
  async (workspace: GitpodWorkspace): Promise<readonly Labelled[]> => [
    ['$', line],
    ['start →', await workspace.inside(line)],
  ];

/** What Gitpod laid down for tasks, and what its snapshots kept. */
export const CHECKOUT: readonly WorkspaceStatement[] = [
  {
    gitpod: 'A prebuild had one commit of history.',
    differs: 'as many as --history-depth says, 50 where nothing is said; here these are all.',
    print: 'git rev-list --count HEAD; git rev-parse --is-shallow-repository',
  },
  {
    gitpod: 'Without tags git describe failed in a prebuild.',
    differs:
      'tags are not laid down, so it still does; --always is answered, and git fetch --tags brings them.',
    print: 'git describe; git describe --always',
  },
  {
    gitpod: 'It checked out the tip of the branch, which might have moved since the push.',
    differs:
      'the commit that the image is named after, although one more was pushed to main before this build.',
    print: 'git log -1 --format="%H %s"; git branch --show-current; cat ../../README.md',
  },
  {
    gitpod: 'gitConfig was in the configuration of the checkout.',
    print: 'git config --local alias.st',
  },
  {
    gitpod: 'No hook ran while files were laid down.',
    print:
      'git config core.hooksPath; ls ../../hooks; ls /workspace/hook 2>/dev/null || echo "it did not run"',
  },
  {
    gitpod: 'Submodules were laid down with theirs.',
    print: 'cat ../../lib/lib.txt; git -C ../../lib log -1 --format=%s',
  },
  {
    gitpod: 'A submodule that could not be fetched was a warning.',
    differs:
      'the build ends: an image without it would be wrong. --submodules none leaves all of them empty.',
    ask: async ({ clone, run }) => {
      await clone.git('checkout', '--quiet', '-b', 'without-submodule');
      await clone.git('update-index', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
      await clone.git('commit', '--quiet', '--message', 'A submodule that is nowhere');
      const { exitCode, stderr } = await run(['build', '--quiet']);
      await clone.git('checkout', '--quiet', '--force', 'main');
      const [why = ''] = /cannot lay down submodule lib: cannot fetch commit 1+/.exec(stderr) ?? [];
      return [['build →', `exit code ${exitCode}: ${why}`]];
    },
  },
  {
    gitpod: 'Everything belonged to gitpod.',
    print: 'stat -c "%U:%G %a %n" .. ../../README.md ../../.git',
  },
  {
    gitpod: 'What tasks wrote below /workspace was kept.',
    tasks: [
      {
        init: 'mkdir -p ../../made-by-a-task && echo kept >../../made-by-a-task/file',
        command: 'cat ../../made-by-a-task/file',
      },
    ],
  },
  {
    gitpod: 'What they wrote elsewhere was lost: homes, packages, programs.',
    differs: 'the whole file system is kept, except /tmp and the like.',
    tasks: [
      {
        init: 'for file in ~/kept /opt/tools/kept /tmp/lost; do echo kept >"$file"; done',
        command: 'cat ~/kept /opt/tools/kept; ls /tmp/lost 2>/dev/null || echo "/tmp is empty"',
      },
    ],
  },
  {
    gitpod: 'Processes and what a shell knew were lost.',
    tasks: [
      {
        init: 'A=known; sleep 4713 & echo "$A"',
        command:
          'echo "${A-unknown}"; cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " " | grep -c "sleep 471[0-9]" || true',
      },
    ],
  },
  {
    gitpod: 'What tasks did to tracked files was stashed and put back, or thrown away where that failed.',
    differs: 'the image holds it as it was left; nothing is put anywhere.',
    ask: inside('git status --short; cat ../../changed.txt'),
  },
  {
    gitpod: 'A snapshot kept the logs of tasks and histories in /workspace/.gitpod.',
    differs: 'neither is in an image; the logs of a start are in /tmp/preheat/tasks.',
    ask: inside('ls -d /workspace/.gitpod 2>/dev/null || echo "not there"; ls /tmp/preheat/tasks/0.log'),
  },
  {
    gitpod: 'A snapshot kept images that Docker had pulled.',
    differs: 'tasks of a build have no Docker engine.',
    print:
      'command -v docker docker-up || echo neither; ls /var/run/docker.sock 2>/dev/null || echo "no engine"',
  },
  {
    gitpod: 'A workspace fetched the whole history and all tags after its start.',
    differs: 'it has what the image has, and fetches nothing by itself.',
    ask: inside('git tag --list; git rev-list --count HEAD'),
  },
  {
    gitpod:
      'Where a snapshot could not be restored, the workspace began with a plain clone, and nothing said so.',
    differs: 'a start without a warm image fails, and says where it has looked.',
    ask: async ({ clone, run }) => {
      const nowhere = `oci:${join(clone.directory, 'no-images')}`;
      const { exitCode, stderr } = await run(['start', '--registry', nowhere, '--quiet']);
      const [why = stderr] = /cannot find a warm image/.exec(stderr) ?? [];
      return [['start →', `exit code ${exitCode}: ${why}`]];
    },
  },
];

/** What changes tracked files; it is no statement's own, since many look at the checkout. */
export const CHANGING = {
  name: 'changes tracked files',
  init: 'echo changed >../../changed.txt; rm ../../deleted.txt',
} as const;
