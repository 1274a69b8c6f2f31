/** Whether two checkouts lie in one folder, or one within the other. */
export function isOverlapping(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(`${other}/`) || other.startsWith(`${folder}/`);
}
