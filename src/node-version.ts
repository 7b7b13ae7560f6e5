/** The oldest Node.js that Pulsewatch runs on; `engines` in package.json says the same. */
const OLDEST = [22, 13] as const;
/** EX_CONFIG of sysexits.h: starting again without a change will not help. */
const EXIT_BAD_CONFIG = 78;

/**
 * What stands in the way of running on this version of Node.js (like "20.19.0"), as one sentence that names the fix;
 * undefined when nothing does.
 */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return `Pulsewatch needs Node.js ${OLDEST.join('.')} or newer and this is ${version}: install Node.js 24, or on Linux run "npm ci && npm start", which brings a Node.js of its own.`;
}

/**
 * Ends the process with that sentence when its Node.js is too old. An entry calls this before it imports anything that
 * an older Node.js cannot load: such an import would end in a syntax error or in a crash.
 */
export function requireNode(version: string): void {
  const problem = nodeVersionProblem(version);
  if (problem === undefined) return;
  console.error(problem);
  process.exit(EXIT_BAD_CONFIG);
}
