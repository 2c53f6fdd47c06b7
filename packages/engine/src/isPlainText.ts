const PRINTABLE = /^[\x20-\x7e]*$/;

/** Whether a customer's text is printable ASCII within its bound: names are hashed into leaves byte by byte. */
export function isPlainText(text: string, charactersMax: number): boolean {
  return text.length <= charactersMax && PRINTABLE.test(text);
}
