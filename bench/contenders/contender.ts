import type { Subject } from '../subjects/subject.ts';

/** What one push is built with, and where. */
export interface Surroundings {
  readonly subject: Subject;
  /** `host:port` of the registry. */
  readonly registry: string;
  readonly dockerHost: string;
  /** An empty folder that goes after the push. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** What a push left, beside its image. */
export interface Pushed {
  /** Of what was published. */
  readonly digest: string;
  /** The most memory that the program itself took, in bytes; absent where the engine does the work. */
  readonly peakMemory?: number;
  /** What the tasks and Dockerfiles that ran took by themselves. */
  readonly tasksSeconds?: number;
  /** What capturing their changes took. */
  readonly captureSeconds?: number;
  /** What the engine took to get the base image. */
  readonly pullSeconds?: number;
  /** What finding, fetching and keeping what the tasks download took. */
  readonly downloadsSeconds?: number;
  /** What its tasks asked of npm's registry, and the bytes that came from there, where that is counted. */
  readonly npmRequests?: number;
  readonly npmDown?: number;
}

/** A way to make an image of a push and publish it. */
export interface Contender {
  /** A word for charts and options. */
  readonly name: string;
  /** What it does, for people. */
  readonly title: string;
  /** Whether no Pipelines step can use it: it is no peer then. */
  readonly isElsewhere?: boolean;
  /** The engine's daemon.json, where it needs another one. */
  readonly engine?: object;
  /** Whether it can make a Dockerfile of this subject. */
  suits(subject: Subject): Promise<boolean>;
  push(around: Surroundings): Promise<Pushed>;
}

/** Certificates that this machine trusts beside the usual ones; tasks on it need them too. */
export const CERTIFICATES = process.env['NODE_EXTRA_CA_CERTS'];
