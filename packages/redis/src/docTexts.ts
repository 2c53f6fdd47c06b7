import type { OrderUpdateDoc } from './documents.ts';
import type { Publication } from './stateDiff.ts';

/**
 * JSON texts of the documents of one flush. Most go both into a key and into the publication, and an order also into its
 * update: each is made once, which is what a flush costs most.
 */
export class DocTexts {
  readonly #texts = new Map<object, string>();

  /** The text of a document, which nobody changes any more. */
  of(doc: object): string {
    const known = this.#texts.get(doc);
    if (known !== undefined) return known;
    const text = 'closeReason' in doc ? this.#ofUpdate(doc as OrderUpdateDoc) : JSON.stringify(doc);
    this.#texts.set(doc, text);
    return text;
  }

  /** The text of a publication, made of those of its documents. */
  ofPublication(publication: Publication): string {
    const parts: string[] = [];
    for (const [name, value] of Object.entries(publication) as [keyof Publication, unknown][]) {
      if (value === undefined) continue;
      parts.push(`"${name}":${Array.isArray(value) ? this.#ofList(value) : JSON.stringify(value)}`);
    }
    return `{${parts.join(',')}}`;
  }

  #ofList(items: readonly unknown[]): string {
    // Names are lists and touched accounts numbers; everything else is a document.
    const [first] = items;
    if (typeof first !== 'object' || Array.isArray(first)) return JSON.stringify(items);
    return `[${items.map((item) => this.of(item as object)).join(',')}]`;
  }

  #ofUpdate({ order, ...rest }: OrderUpdateDoc): string {
    return `${JSON.stringify(rest).slice(0, -1)},"order":${this.of(order)}}`;
  }
}
