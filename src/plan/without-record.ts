import type { BuildPlan } from './build-plan.ts';

/** The plan in which a step runs although a record of it was found, since its layers turned out not to fit. */
export function withoutRecord(plan: BuildPlan, step: string, reason: string): BuildPlan {
  const steps = plan.steps.map((planned) =>
    planned.name === step ? { ...planned, decision: { kind: 'miss' as const, reason } } : planned,
  );
  return { ...plan, steps };
}
