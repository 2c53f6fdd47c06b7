import type { ListedProcess } from '../launcher/processList.ts';

/** The processes of a cluster for a person: what each is called, its process id, its ports, and what a sequencer says it does. */
export async function processTable(listed: readonly ListedProcess[]): Promise<string> {
  const roles = await Promise.all(listed.map(roleOf));
  const rows = listed.map(({ name, pid, ports }, place) => [name, String(pid), portsText(ports), roles[place] ?? '']);
  const all = [['NAME', 'PID', 'PORTS', 'ROLE'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return all.map((row) => `${line(row)}\n`).join('');
}

function portsText(ports: Readonly<Record<string, number>>): string {
  return Object.entries(ports)
    .map(([purpose, port]) => `${purpose} ${port}`)
    .join(', ');
}

/** Only sequencers have one; empty while one does not answer. */
async function roleOf({ name, ports }: ListedProcess): Promise<string> {
  if (!name.startsWith('sequencer-') || ports.admin === undefined) return '';
  try {
    const response = await fetch(`http://127.0.0.1:${ports.admin}/status`, { signal: AbortSignal.timeout(1_000) });
    const { role, epoch } = (await response.json()) as { readonly role?: string; readonly epoch?: number };
    return role === 'leading' ? `leading, epoch ${epoch}` : (role ?? '');
  } catch {
    return 'does not answer';
  }
}
