/** What Docker has in a step of Pipelines where nobody asks for more. */
export const GIBIBYTE = 1024 ** 3;

/** What any shell can do to take all memory there is. */
export const GREED = 'x=0123456789; while :; do x=$x$x; done';

/** What is told to write where {@link GIBIBYTE} did not suffice. */
export const RAISED = ['definitions:', '  services:', '    docker:', '      memory: 3072'].join('\n');
