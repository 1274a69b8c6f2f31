/**
 * Loaded before every test file (.mocharc.json). A warning of Node's fails the test that runs, such as one about a
 * leaked listener, and so does a rejection that nobody handles: mocha's parallel workers would let it pass.
 */
process.on('warning', raise);
process.on('unhandledRejection', raise);

function raise(reason: unknown): never {
  throw reason;
}
