import fc from 'fast-check';

/**
 * Loaded before every test file (.mocharc.json). Properties are tried a hundred times with one and the same seed, so that
 * a run of the tests says something about the code and not about its luck; with `PREHEAT_FULL=1`
 * (`npm run test:full`) a thousand times, with a new seed each time, which a failure names.
 */
fc.configureGlobal(
  process.env['PREHEAT_FULL'] === '1' ? { numRuns: 1000 } : { numRuns: 100, seed: 20_260_117 },
);
