import type { LogEvent, LogSink } from '../kernel/log.ts';
import type { Stage } from '../report/outcome.ts';

/** Remembers what reports tell of a run: its stages and its warnings. */
export interface StageRecorder {
  readonly sink: LogSink;
  readonly stages: readonly Stage[];
  readonly warnings: readonly string[];
}

/** Creates a recorder that listens beside the log's other sinks. */
export function createStageRecorder(): StageRecorder {
  const stages: Stage[] = [];
  const warnings: string[] = [];
  const sink = (event: LogEvent): void => {
    if (event.type === 'message' && event.level === 'warn') warnings.push(event.text);
    if (event.type === 'step-end') stages.push(stageOf(event));
  };
  return { sink, stages, warnings };
}

function stageOf(event: Extract<LogEvent, { type: 'step-end' }>): Stage {
  const { name, durationMs, outcome, detail } = event;
  return { name, durationMs, outcome, detail, startedAt: new Date(event.at - durationMs).toISOString() };
}
