import type { Diagnostic, Severity } from '../kernel/diagnostic.ts';
import { digestOf, shortDigest } from '../oci/digest.ts';
import { shorten } from './shorten.ts';

/**
 * One annotation of a Code Insights report, as Bitbucket takes it
 * (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/).
 */
export interface Annotation {
  /** Unique in the report, and the same for the same finding. */
  readonly external_id: string;
  readonly annotation_type: 'BUG' | 'CODE_SMELL';
  /** Path in the repository; one without stands in the overview of the pull request. */
  readonly path?: string;
  /** Counted from one. */
  readonly line: number;
  readonly severity: 'HIGH' | 'MEDIUM' | 'LOW';
  /** Only of what stops a build. */
  readonly result?: 'FAILED';
  readonly summary: string;
  readonly details: string;
}

/** Bitbucket refuses longer texts. */
const LONGEST_SUMMARY = 450;
const LONGEST_DETAILS = 2000;

const SEVERITIES: Readonly<Record<Severity, Annotation['severity']>> = {
  error: 'HIGH',
  warning: 'MEDIUM',
  info: 'LOW',
};

/** What of a finding enters an annotation. */
type AnnotatedFinding = Pick<Diagnostic, 'severity' | 'message' | 'path' | 'line' | 'column' | 'frame'> & {
  readonly suggestion?: string | undefined;
};

/** The findings about a file of the repository as annotations at their lines, the same findings alike each time. */
export function findingAnnotations(
  path: string | undefined,
  diagnostics: readonly AnnotatedFinding[],
): readonly Annotation[] {
  const seen = new Map<string, number>();
  return diagnostics.map((diagnostic) => {
    const text = [path, diagnostic.path, diagnostic.message, diagnostic.line, diagnostic.column].join('\n');
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    return annotationOf(diagnostic, path, `preheat-${shortDigest(digestOf(`${text}\n${times}`))}`);
  });
}

function annotationOf(diagnostic: AnnotatedFinding, path: string | undefined, id: string): Annotation {
  const { severity, message, line, suggestion, frame } = diagnostic;
  const details = [
    ...(suggestion === undefined ? [] : [sentence(suggestion)]),
    ...(frame === '' ? [] : [frame]),
  ];
  return {
    external_id: id,
    annotation_type: severity === 'error' ? 'BUG' : 'CODE_SMELL',
    ...(path !== undefined && { path }),
    line,
    severity: SEVERITIES[severity],
    ...(severity === 'error' && { result: 'FAILED' as const }),
    summary: shorten(sentence(message), LONGEST_SUMMARY),
    details: cut(details.join('\n\n')),
  };
}

/** Unlike a summary it has lines. */
function cut(text: string): string {
  return text.slice(0, LONGEST_DETAILS).replace(/[\uD800-\uDBFF]$/, '');
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
