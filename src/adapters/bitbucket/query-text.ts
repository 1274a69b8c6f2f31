/** A text in a query (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering). */
export function queryText(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
