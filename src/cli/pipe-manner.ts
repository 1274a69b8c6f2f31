/** How the pipe's run differs from one of the command line. */
export interface PipeManner {
  /** What is wrong with the variables that only the pipe has, each as `NAME: why`; told with all others. */
  readonly problems: readonly string[];
  /** Whether a failing task of the user blocks neither the step nor, by the build status, a merge. */
  readonly tolerateTasks: boolean;
}
