/** How often a slow step that has nothing new to say still says that it lives, when lines cannot be redrawn. */
const REMINDER_MS = 10_000;

/**
 * Runs one slow step and shows it: on a terminal one line whose seconds count up, elsewhere a line at the start, one
 * every ten seconds and one at the end.
 */
export async function showStep(title, work, stream = process.stderr) {
  const startMs = Date.now();
  const seconds = () => `${Math.round((Date.now() - startMs) / 1000)} s`;
  const redraw = stream.isTTY === true;
  const show = (text, end) => stream.write(redraw ? `\r\u001b[K${text}${end ? '\n' : ''}` : `${text}\n`);
  show(`keel: ${title} ...`, false);
  const timer = setInterval(() => show(`keel: ${title} ... ${seconds()}`, false), redraw ? 1000 : REMINDER_MS);
  try {
    const result = await work();
    show(`keel: ${title}: done in ${seconds()}`, true);
    return result;
  } catch (fault) {
    show(`keel: ${title}: failed after ${seconds()}`, true);
    throw fault;
  } finally {
    clearInterval(timer);
  }
}
