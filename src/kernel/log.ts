import type { Clock } from './clock.ts';
import { messageOf } from './failure.ts';
import type { Redactor } from './redact.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** How a step of the run ended; `reused` is work that a cache hit spared. */
export type StepOutcome = 'done' | 'reused' | 'failed';

/** Everything that a run tells while it goes on. Times are milliseconds since the epoch. */
export type LogEvent =
  | { readonly type: 'message'; readonly at: number; readonly level: Level; readonly text: string }
  | { readonly type: 'step-start'; readonly at: number; readonly id: number; readonly name: string }
  | { readonly type: 'step-progress'; readonly at: number; readonly id: number; readonly detail: string }
  | {
      readonly type: 'step-end';
      readonly at: number;
      readonly id: number;
      readonly name: string;
      readonly outcome: StepOutcome;
      readonly detail: string;
      readonly durationMs: number;
    }
  | { readonly type: 'output'; readonly at: number; readonly source: string; readonly text: string };

/** Receives each event once, in order, redacted. Must not throw. */
export type LogSink = (event: LogEvent) => void;

/** What a running step can say of itself. */
export interface StepLog {
  /** Says what the step is doing right now; shown when it takes long. */
  progress(detail: string): void;
  /** Sets the words that stand behind the step's name when it has ended. */
  conclude(detail: string, outcome?: StepOutcome): void;
}

/** The only way in which stages talk to people. */
export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** One line that a task (or another foreign program) printed. */
  output(source: string, line: string): void;
  /** Runs `work` as a named step; the step ends when `work` does, as failed if it throws. */
  step<T>(name: string, work: (step: StepLog) => Promise<T>): Promise<T>;
}

/** Creates a log that redacts each text and hands events to `sink`. */
export function createLog(
  sink: LogSink,
  options: { readonly clock: Clock; readonly redactor: Redactor },
): Log {
  const { clock, redactor } = options;
  const now = (): number => clock.now().getTime();
  const say = (level: Level, text: string): void => {
    sink({ type: 'message', at: now(), level, text: redactor.redact(text) });
  };
  let lastId = 0;
  return {
    debug: (text) => say('debug', text),
    info: (text) => say('info', text),
    warn: (text) => say('warn', text),
    error: (text) => say('error', text),
    output: (source, line) => sink({ type: 'output', at: now(), source, text: redactor.redact(line) }),
    async step(name, work) {
      const id = ++lastId;
      const startedAt = now();
      let ending: { detail: string; outcome: StepOutcome } = { detail: '', outcome: 'done' };
      sink({ type: 'step-start', at: startedAt, id, name });
      const end = (): void => {
        const at = now();
        const { outcome } = ending;
        const detail = redactor.redact(ending.detail);
        sink({ type: 'step-end', at, id, name, outcome, detail, durationMs: at - startedAt });
      };
      try {
        const result = await work({
          progress: (detail) =>
            sink({ type: 'step-progress', at: now(), id, detail: redactor.redact(detail) }),
          conclude: (detail, outcome = 'done') => (ending = { detail, outcome }),
        });
        end();
        return result;
      } catch (thrown) {
        ending = { detail: messageOf(thrown), outcome: 'failed' };
        end();
        throw thrown;
      }
    },
  };
}
