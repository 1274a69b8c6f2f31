import type { Pushed } from './contenders/contender.ts';
import type { PushKind } from './push-kind.ts';
import type { Traffic } from './traffic.ts';

/** What one push took. */
export interface Measurement extends Traffic, Pushed {
  readonly seconds: number;
  readonly containers: number;
  /** Whether the image is the one of the push before. */
  readonly keptDigest: boolean;
  /** Bytes of the gzipped git diff against the push before; 0 where nothing changed or nothing was before. */
  readonly diffBytes: number;
  /** Tracked files of the commit. */
  readonly files: number;
}

/** Measurements of one kind of push of one subject by one contender, a run each. */
export interface Row {
  readonly subject: string;
  readonly push: PushKind;
  readonly contender: string;
  /** Whether no Pipelines step can use it. */
  readonly isElsewhere?: boolean;
  readonly runs: readonly Measurement[];
}

/** One measurement with what it is of. */
export type Measured = Omit<Row, 'runs'> & { readonly run: Measurement };
