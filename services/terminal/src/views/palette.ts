import { signal } from '@preact/signals';

/** Colours of the drawings, read from the style sheet so that there is one list of them. */
export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly grid: string;
  readonly up: string;
  readonly down: string;
  readonly upSoft: string;
  readonly downSoft: string;
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    background: colour('surface'),
    text: colour('quiet'),
    grid: colour('grid'),
    up: colour('up'),
    down: colour('down'),
    upSoft: colour('up-soft'),
    downSoft: colour('down-soft'),
  };
}

/** Follows the reader's colour scheme. */
export const palette = signal(readPalette());

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  palette.value = readPalette();
});
