/** A text in three layers of the same length and lines; what belongs to another layer is blank. */
export interface SplitCode {
  /** Without comments, strings and regular expressions. */
  readonly code: string;
  /** The comments alone. */
  readonly comments: string;
}

/** A slash after one of these begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(^|[=(,:;!&|?{}[\n>]|\breturn|\bcase)\s*$/;
/** How far back that has to be looked for. */
const LOOK_BACK = 40;

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`|\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

/** Splits TypeScript, JavaScript or Solidity. What stands in `${}` of a template counts as code. */
export function splitCode(text: string): SplitCode {
  let code = '';
  let comments = '';
  let position = 0;
  const keep = (end: number): void => {
    code += text.slice(position, end);
    comments += blank(text.slice(position, end));
    position = end;
  };
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const token = match[0];
    const isComment = token.startsWith('//') || token.startsWith('/*');
    const isSlash = token.startsWith('/') && !isComment;
    if (isSlash && !BEFORE_REGEX.test(text.slice(Math.max(0, match.index - LOOK_BACK), match.index))) {
      TOKEN.lastIndex = match.index + 1;
      continue;
    }
    keep(match.index);
    const end = token === '`' ? templateEnd(text, match.index) : match.index + token.length;
    const whole = text.slice(match.index, end);
    code += token === '`' ? codeOfTemplate(whole) : blank(whole);
    comments += isComment ? whole : blank(whole);
    position = end;
    TOKEN.lastIndex = end;
  }
  keep(text.length);
  return { code, comments };
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Where the template that begins here ends; nested templates are stepped over. */
function templateEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (depth === 0 && text[at] === '`') return at + 1;
    else if (text.startsWith('${', at)) depth += 1;
    else if (depth > 0 && text[at] === '}') depth -= 1;
    else if (depth > 0 && text[at] === '`') at = templateEnd(text, at) - 1;
  }
  return text.length;
}

function codeOfTemplate(template: string): string {
  return template.replace(/\$\{([^`{}]*)\}|[^\n]/g, (whole, inside: string | undefined) =>
    inside === undefined ? blank(whole) : `  ${inside} `,
  );
}
