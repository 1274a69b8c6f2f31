/**
 * Finds or gets what the demo and the tests need, in one second when all is there. Plain JavaScript for Node 20,
 * with nothing but Node's own modules, because nothing else is installed when it starts.
 * `--images` looks after the engine and the base images only.
 */
import { fileURLToPath } from 'node:url';
import { provideEngine } from './engine.mjs';
import { SetupFailure } from './failure.mjs';
import { provideImages } from './images.mjs';
import { checkNetwork } from './network.mjs';
import { providePackages } from './packages.mjs';
import { forgetLog } from './run.mjs';
import { failed } from './say.mjs';
import { provideTools } from './tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {boolean} imagesOnly */
async function setUp(imagesOnly) {
  if (!imagesOnly) await providePackages(root);
  const { engine, started } = await provideEngine();
  if (!imagesOnly) await provideTools(root);
  const got = await provideImages(engine);
  if (started || got) await checkNetwork(engine);
}

try {
  await setUp(process.argv.includes('--images'));
  forgetLog();
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  failed(error.message, error.hint);
  process.exitCode = 1;
}
