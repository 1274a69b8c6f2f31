// Runs the main job once through on examples/node-service: pushes, a warm start, and a look into the workspace.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, '.preheat', 'demo');
const CLONE = join(FOLDER, 'node-service');
const STATE = join(FOLDER, 'state');

interface Started {
  readonly name: string;
  readonly shell: string;
  readonly editor: string;
  readonly ports: readonly { readonly url: string }[];
}

const parts: { readonly name: string; readonly seconds: number }[] = [];

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  const result = await work();
  parts.push({ name, seconds: (performance.now() - startedAt) / 1000 });
  return result;
}

/** Runs a command in the clone, its log going to this terminal; returns what it printed as its result. */
async function run(command: string, words: readonly string[]): Promise<string> {
  const child = spawn(command, words, { cwd: CLONE, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const output = (await Array.fromAsync(child.stdout)).join('');
  const [code] = await closed;
  if (code !== 0) throw new Error(`${command} ${words.join(' ')} ended with exit code ${code}`);
  return output;
}

async function git(...words: string[]): Promise<void> {
  const author = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.org'];
  await promisify(execFile)('git', [...author, ...words], { cwd: CLONE });
}

async function preheat(...words: string[]): Promise<string> {
  return run(process.execPath, [join(ROOT, 'src', 'cli', 'main.ts'), ...words, '--state', STATE]);
}

async function build(): Promise<void> {
  // Where this machine trusts certificates of its own, tasks must trust them too.
  const certificates = process.env['NODE_EXTRA_CA_CERTS'];
  console.log(await preheat('build', ...(certificates === undefined ? [] : ['--ca-bundle', certificates])));
}

async function makeClone(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const filter = (path: string): boolean => !/node-service[/\\](node_modules|dist)([/\\]|$)/.test(path);
  await cp(join(ROOT, 'examples', 'node-service'), CLONE, { recursive: true, filter });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Begin');
}

async function changeDocs(): Promise<void> {
  await appendFile(join(CLONE, 'README.md'), '\nMore about it follows.\n');
  await git('commit', '--quiet', '--all', '--message', 'Say more in the README');
}

async function start(): Promise<Started> {
  const started = JSON.parse(await preheat('start', '.', '--json', '--quiet')) as Started;
  const [port] = started.ports;
  console.log(`workspace ${started.name}`);
  console.log(`shell     ${started.shell}\nVS Code   ${started.editor}\nport      ${port?.url ?? 'none'}`);
  return started;
}

async function lookInside({ name }: Started): Promise<void> {
  const look =
    'echo "in $PWD as $(id -un); HEAD: $(git log -1 --format=%s); changed files: $(git status --short | wc -l)"';
  console.log((await run('docker', ['exec', name, 'bash', '-c', look])).trim());
}

async function callService({ ports: [port] }: Started): Promise<void> {
  if (port === undefined) throw new Error('the workspace has no port');
  const address = new URL('/health', port.url);
  const answer = await fetch(address);
  console.log(`GET ${address.href} → ${answer.status} ${await answer.text()}`);
}

async function main(): Promise<void> {
  await timed('make a repository from examples/node-service', makeClone);
  await timed('first push', build);
  await timed('the same commit again', build);
  await changeDocs();
  await timed('a push that changes the README', build);
  const started = await timed('warm start', start);
  try {
    await timed('a command in the workspace', () => lookInside(started));
    await timed('a request to its service', () => callService(started));
  } finally {
    await timed('stop the workspace', () => preheat('start', '--stop'));
  }
  console.log('\nWhat each part took:');
  for (const { name, seconds } of parts) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
  const { image } = JSON.parse(await readFile(join(STATE, 'outcome.json'), 'utf8')) as {
    readonly image: string;
  };
  console.log(
    `\nimage    ${image}\noutcome  ${join(STATE, 'outcome.json')}\nreport   ${join(STATE, 'report.html')}`,
  );
}

await main();
