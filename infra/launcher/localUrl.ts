/** Where a process of this machine answers HTTP. */
export const localUrl = (port: number): string => `http://127.0.0.1:${port}`;
