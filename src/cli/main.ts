#!/usr/bin/env node
import { run } from './run.ts';

// A reader that went away (`preheat build 2>&1 | head`) must not end the run before it has cleaned up and reported.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// Set, not called: what is still to be written to a pipe gets its time.
process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
});
