import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insightsError, type FakeAnswer } from './bitbucket-answer.ts';
import { listAnswer, type ListRequest } from './bitbucket-query.ts';

const value = <Type extends string, Value extends z.ZodType>(type: Type, of: Value) =>
  z.object({ title: z.string(), type: z.literal(type), value: of });
const Data = z.discriminatedUnion('type', [
  value('BOOLEAN', z.boolean()),
  value('DATE', z.number()),
  value('DURATION', z.number()),
  value('LINK', z.strictObject({ text: z.string(), href: z.url() })),
  value('NUMBER', z.number()),
  value('PERCENTAGE', z.number().min(0).max(100)),
  value('TEXT', z.string()),
]);

/** A report as it is sent, with the limits of Code Insights. */
const FakeReport = z.looseObject({
  title: z.string().max(450),
  details: z.string().max(2000),
  report_type: z.enum(['SECURITY', 'COVERAGE', 'TEST', 'BUG']),
  reporter: z.string().optional(),
  link: z.url().optional(),
  result: z.enum(['PASSED', 'FAILED', 'PENDING']).optional(),
  data: z.array(Data).max(10).optional(),
});
export type FakeReport = z.infer<typeof FakeReport>;

const FakeAnnotation = z.looseObject({
  external_id: z.string(),
  annotation_type: z.enum(['VULNERABILITY', 'CODE_SMELL', 'BUG']),
  summary: z.string().max(450),
  details: z.string().max(2000).optional(),
  path: z.string().optional(),
  line: z.int().min(1).optional(),
  severity: z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']).optional(),
  result: z.enum(['PASSED', 'FAILED', 'SKIPPED', 'IGNORED']).optional(),
});
export type FakeAnnotation = z.infer<typeof FakeAnnotation>;

/** A report as it stands on a commit. */
export interface StandingReport {
  readonly report: FakeReport;
  /** By their external ids, in the order in which they came. */
  readonly annotations: ReadonlyMap<string, FakeAnnotation>;
}

/** The reports of one repository. */
export interface FakeReports {
  /** `PUT …/commit/{commit}/reports/{id}`: overwrites the report, and keeps its annotations. */
  put(commit: string, id: string, body: unknown): FakeAnswer;
  /** `DELETE …/commit/{commit}/reports/{id}`, annotations and all. */
  remove(commit: string, id: string): FakeAnswer;
  /** `GET …/commit/{commit}/reports`. */
  list(commit: string, request: ListRequest): FakeAnswer;
  /** `POST …/commit/{commit}/reports/{id}/annotations`. */
  annotate(commit: string, id: string, body: unknown): FakeAnswer;
  /** By id. */
  all(commit: string): ReadonlyMap<string, StandingReport>;
}

interface Entry {
  readonly shown: FakeReport & { readonly created_on: string };
  readonly report: FakeReport;
  readonly annotations: Map<string, FakeAnnotation>;
}

const MOST_A_CALL = 100;
const MOST_A_REPORT = 1000;

/** Creates the reports of a repository; `find` tells the full id of a commit that it has. */
export function createFakeReports(
  find: (commit: string) => string | undefined,
  now: () => string,
): FakeReports {
  const byCommit = new Map<string, Map<string, Entry>>();
  const of = (commit: string): Map<string, Entry> | undefined => {
    const full = find(commit);
    if (full === undefined) return undefined;
    const reports = byCommit.get(full) ?? new Map<string, Entry>();
    byCommit.set(full, reports);
    return reports;
  };
  const noCommit = (commit: string): FakeAnswer => insightsError(404, `Commit not found: ${commit}`);
  const noReport = (id: string): FakeAnswer => insightsError(404, `Report not found: ${id}`);
  return {
    all: (commit) => of(commit) ?? new Map(),
    put(commit, id, body) {
      const reports = of(commit);
      if (reports === undefined) return noCommit(commit);
      const { data: report, error } = FakeReport.safeParse(body);
      if (report === undefined) return insightsError(400, z.prettifyError(error));
      const earlier = reports.get(id);
      const times = { created_on: earlier?.shown.created_on ?? now(), updated_on: now() };
      const shown = { ...report, type: 'report', uuid: `{${randomUUID()}}`, external_id: id, ...times };
      reports.set(id, { shown, report, annotations: earlier?.annotations ?? new Map() });
      return { status: 200, body: shown };
    },
    remove(commit, id) {
      return of(commit)?.delete(id) === true ? { status: 204 } : noReport(id);
    },
    list(commit, request) {
      const reports = of(commit);
      if (reports === undefined) return noCommit(commit);
      return listAnswer(
        [...reports.values()].map(({ shown }) => shown),
        request,
      );
    },
    annotate(commit, id, body) {
      const annotations = of(commit)?.get(id)?.annotations;
      return annotations === undefined ? noReport(id) : upsert(annotations, body);
    },
  };
}

function upsert(annotations: Map<string, FakeAnnotation>, body: unknown): FakeAnswer {
  const { data: sent, error } = z.array(FakeAnnotation).min(1).safeParse(body);
  if (sent === undefined) return insightsError(400, z.prettifyError(error));
  if (sent.length > MOST_A_CALL)
    return insightsError(400, `Bulk upload supports a maximum of /${MOST_A_CALL} annotations.`);
  const all = new Set([...annotations.keys(), ...sent.map((annotation) => annotation.external_id)]);
  if (all.size > MOST_A_REPORT)
    return insightsError(400, `A report supports a maximum of ${MOST_A_REPORT} annotations.`);
  for (const annotation of sent) annotations.set(annotation.external_id, annotation);
  return { status: 200, body: sent.map((annotation) => ({ ...annotation, type: 'report_annotation' })) };
}
