#!/usr/bin/env node
import { run } from '../src/cli/run.ts';
import { optionsFromPipeVariables } from './pipe-variables.ts';
import { pipeExitCode } from './pipe-exit-code.ts';

const environment = optionsFromPipeVariables(process.env);
const exitCode = await run(['build'], { environment, stdout: process.stdout, stderr: process.stderr });
process.exitCode = pipeExitCode(exitCode, environment);
