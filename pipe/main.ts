#!/usr/bin/env node
import { keepHeapLean } from '../src/cli/lean-heap.ts';
import { run } from '../src/cli/run.ts';
import { surviveClosedPipes } from '../src/cli/survive-closed-pipes.ts';
import { optionsFromPipeVariables } from './pipe-variables.ts';
import { pipeExitCode, toleratesTasks } from './pipe-exit-code.ts';

keepHeapLean();
const { stdout, stderr } = process;
surviveClosedPipes([stdout, stderr]);

const environment = optionsFromPipeVariables(process.env);
const tolerateTasks = toleratesTasks(environment);
const exitCode = await run(['build'], { environment, stdout, stderr, tolerateTasks });
process.exitCode = pipeExitCode(exitCode, environment);
