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

  /** The text of a publication, made of those of its documents that are there already. */
  ofPublication(publication: Publication): string {
    const parts: string[] = [];
    for (const [name, value] of Object.entries(publication) as [keyof Publication, unknown][])
      if (value !== undefined) parts.push(`"${name}":${this.#ofField(name, value)}`);
    return `{${parts.join(',')}}`;
  }

  #ofField(name: keyof Publication, value: unknown): string {
    // The documents of one list are either all stored or none; of order updates the order is.
    if (Array.isArray(value) && (name === 'orderUpdates' || this.#texts.has(value[0])))
      return `[${value.map((doc: object) => this.of(doc)).join(',')}]`;
    return this.#texts.get(value as object) ?? JSON.stringify(value);
  }

  #ofUpdate({ order, ...rest }: OrderUpdateDoc): string {
    return `${JSON.stringify(rest).slice(0, -1)},"order":${this.of(order)}}`;
  }
}
