/** Where the person stands who named a file: npm runs scripts in the repository and says where it was called. */
export function standingFolder(): string {
  return process.env.INIT_CWD ?? process.cwd();
}
