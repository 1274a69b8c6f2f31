import { readConfig } from '../../src/config/read-config.ts';
import type { PrintStatement, WorkspaceStatement } from './task-statement.ts';

/** Calls of gp, each with what it prints, and its exit code where that is another than 0. */
const calls = (...words: readonly string[]): Pick<PrintStatement, 'print' | 'shown'> => ({
  print: words.map((call) => `${call} 2>&1 || echo "(exit code $?)"`).join('\n'),
  shown: words.join('\n'),
});

const LISTEN =
  "perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 1, LocalPort => 4719) or die; sleep 2'";

/** What Gitpod's command did for tasks. */
export const GP: readonly WorkspaceStatement[] = [
  {
    gitpod: 'gp sync-done and gp sync-await let tasks wait for each other, without a limit of time.',
    tasks: [
      { before: 'gp sync-await "an event" 2>/dev/null' },
      { before: 'gp sync-done "an event"; echo "exit code $?"' },
    ],
  },
  {
    gitpod: 'Events were files below /tmp, so that command waited for ever for what init had signalled.',
    differs: 'what is signalled in a build stays signalled in its workspaces.',
    tasks: [{ init: 'gp sync-done installed', command: 'gp sync-await installed' }],
  },
  {
    gitpod: 'An init that waited for what only command signals hung for an hour.',
    differs: 'that is an error of the file.',
    ask: async () => {
      const text = 'tasks:\n  - init: gp sync-await server\n  - command: gp sync-done server\n';
      const { diagnostics } = readConfig(text, { repositoryName: 'app' });
      const told = diagnostics.map(({ line, severity, message }) => `line ${line}, ${severity}: ${message}`);
      return Promise.resolve([
        ['file', text],
        ['validate →', told.join('\n')],
      ]);
    },
  },
  {
    gitpod: 'gp ports await, and gp await-port before it, waited until something listened.',
    print: `${LISTEN} &\ngp ports await 4719 2>/dev/null; gp await-port 4719; wait`,
  },
  {
    gitpod: 'gp url gave the address of the workspace, and with a port that of the port.',
    differs: 'ports have numbers there, not host names of their own.',
    ...calls('gp url', 'gp url 8080', 'gp url web'),
  },
  {
    gitpod: 'gp preview and gp open needed an editor: both failed in prebuilds.',
    differs: 'a build passes over them.',
    ...calls('gp preview "$(gp url 8080)" --external', 'gp open README.md -w'),
  },
  {
    gitpod: 'gp env -e printed the person’s variables for eval; gp env kept some on the servers.',
    differs: 'none are kept: the shell that asks gets them, and to keep one fails.',
    ...calls('gp env', 'gp env -e', 'gp env -e A="b c"', 'gp env -u A', 'gp env A=b'),
  },
  {
    gitpod: 'gp ports list, expose, visibility and protocol told of ports and changed them.',
    differs: 'a build passes over them; a workspace’s ports are as open as those of its container.',
    ...calls(
      'gp ports list',
      'gp ports expose 4718',
      'gp ports visibility 4718:public',
      'gp ports protocol 4718:https',
    ),
  },
  {
    gitpod: 'gp tasks list, attach and stop looked after the tasks.',
    differs: 'a build passes over them.',
    ...calls('gp tasks list | head -n 2', 'gp tasks attach no-such-task', 'gp tasks stop no-such-task'),
  },
  {
    gitpod: 'gp info, gp version and gp docs told of the workspace and of Gitpod.',
    ...calls('gp info', 'gp info -j', 'gp version', 'gp docs'),
  },
  {
    gitpod: 'gp user-info, top, idp, ssh and credential-helper asked its servers.',
    differs: 'there are none, and a task is told so.',
    ...calls('gp user-info', 'gp top', 'gp idp token', 'gp ssh', 'gp credential-helper get'),
  },
  {
    gitpod: 'gp stop ended the workspace.',
    differs: 'a build passes over it.',
    tasks: [{ init: 'gp stop 2>&1; echo "exit code $?"' }],
  },
  {
    gitpod: 'gp timeout set how long an idle workspace lived.',
    differs: 'it lives until it is stopped.',
    ...calls('gp timeout show', 'gp timeout set 1h'),
  },
  {
    gitpod: 'gp snapshot kept a workspace; gp validate and gp rebuild tried its configuration.',
    differs: 'neither works from inside a container, and each says what does.',
    ...calls('gp snapshot', 'gp validate --prebuild', 'gp rebuild'),
  },
  { gitpod: 'gp init wrote a first .gitpod.yml.', ...calls('gp init') },
  {
    gitpod: 'What gp did not know ended with exit code 1.',
    ...calls('gp push', 'gp sync-done', 'gp ports await web'),
  },
];
