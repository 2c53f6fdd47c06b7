/** Where the person stands who named a file: npm runs scripts in the repository and says where it was called. */
export function standingFolder(): string {
  return process.env.INIT_CWD ?? process.cwd();
}

/** A variable of this process; an empty one counts as not set. */
export function environment(name: string): string | undefined {
  const text = process.env[name]?.trim();
  return text === undefined || text === '' ? undefined : text;
}

/** All of it, to hand on. */
export function ownEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
