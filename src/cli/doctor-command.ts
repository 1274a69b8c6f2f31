import { adviseMemory } from '../build/advise-memory.ts';
import { runLabels } from '../build/sweep.ts';
import { examine, type ExaminationPorts } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { judge } from '../doctor/judge.ts';
import { renderFindings, verdictLine } from '../doctor/render-findings.ts';
import type { CommandResult } from './build-command.ts';
import { createCommitReader, findEvent } from './doctor-commit.ts';
import { openDoctorPorts } from './doctor-ports.ts';
import { exitCodeOfPhase } from './exit-codes.ts';
import { foldersOf } from './folders.ts';
import { machinePlatform, platformOf } from './machine-platform.ts';
import { thisRun } from './run-identity.ts';
import type { Session } from './session.ts';

/**
 * `preheat doctor`: asks everything that a build needs, says what is so and what to change, and leaves nothing behind
 * where that can be had. The exit code is that of the phase of the first bad finding, 0 where there is none.
 */
export async function doctorCommand(session: Session): Promise<CommandResult> {
  const { settings, stdout, signal, log } = session;
  const findings = await log.step('checks', async (step) => {
    step.progress('asking engine, git, registry and Bitbucket');
    return (await findingsOf(session)).map((finding) => withoutSecrets(finding, session));
  });
  const worst = findings.find(({ mark }) => mark === 'bad');
  const exitCode = worst === undefined ? 0 : exitCodeOfPhase(worst.phase);
  signal.throwIfAborted();
  const text = settings.json
    ? JSON.stringify({ schemaVersion: 1, exitCode, findings })
    : renderFindings(findings).join('\n');
  stdout.write(`${text}\n`);
  return { exitCode, lines: [verdictLine(findings)] };
}

async function findingsOf(session: Session): Promise<readonly Finding[]> {
  const { settings, signal } = session;
  const folders = foldersOf(session);
  const event = await findEvent(folders.clone, session);
  const { adapters, toolbox, forge } = openDoctorPorts(folders, event, session);
  const run = thisRun(session.clock);
  const ports: ExaminationPorts = {
    ...adapters,
    readCommit: createCommitReader(event, folders.clone, session),
    trialContainer: async (call) => ({
      content: await toolbox.pack(machinePlatform(), call),
      entrypoint: toolbox.command('wait'),
      labels: runLabels(run),
      network: settings.network,
    }),
    adviseMemory: (limit, pipelines) => adviseMemory('tasks', limit, pipelines),
  };
  const isInPipelines = event.kind === 'done' && event.value.trigger === 'pipelines';
  const tag = `doctor-${run.id}`;
  const platform = platformOf(settings);
  return judge(await examine({ platform, tag, isInPipelines, forge }, ports, { signal }));
}

function withoutSecrets(finding: Finding, { redactor }: Session): Finding {
  const { found, change } = finding;
  return {
    ...finding,
    found: redactor.redact(found),
    ...(change === undefined ? {} : { change: redactor.redact(change) }),
  };
}
