/**
 * `npm run test:full`: every test with its long suites unsampled, on the machine's engine; then what touches an engine
 * once more on a second configuration, Docker with containerd's image store (its default from Docker 29 on). With words
 * it hands them to mocha and runs the second part only.
 */
import { execa } from 'execa';
import { startContainerdEngine } from './containerd-engine.ts';

/** What behaves by the engine's image store. Tests that start engines of their own say for themselves on which. */
const BY_STORE = [
  'test/adapters/engine/**/*.test.ts',
  'test/start/*.engine.test.ts',
  'test/acceptance/*.test.ts',
  '--ignore',
  'test/acceptance/robustness-*.test.ts',
];

/** Longer, since all of it is run on a machine that may be small. */
const TIMEOUT_MS = 600_000;

async function mocha(words: readonly string[], env: Readonly<Record<string, string>>): Promise<boolean> {
  const options = ['--timeout', String(TIMEOUT_MS), ...words];
  const { failed } = await execa('mocha', options, {
    env,
    stdio: 'inherit',
    preferLocal: true,
    reject: false,
  });
  return !failed;
}

const words = process.argv.slice(2);
const passed = words.length > 0 || (await mocha(['test/**/*.test.ts'], { PREHEAT_FULL: '1' }));
await using engine = await startContainerdEngine();
console.log(`\n== on containerd's image store (${engine.host})`);
const passedToo = await mocha(words.length > 0 ? words : BY_STORE, { DOCKER_HOST: engine.host });
process.exitCode = passed && passedToo ? 0 : 1;
