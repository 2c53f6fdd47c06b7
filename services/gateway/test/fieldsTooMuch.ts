interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape | readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly additionalProperties?: unknown;
  readonly patternProperties?: unknown;
}

/**
 * JSON pointers of fields that a schema does not name: schemas of answers are open, so that a field may be added later, and a
 * validator would let one pass that nobody described. Of a union, what none of its members names.
 */
export function fieldsTooMuch(schema: object, value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const shapes = membersOf(schema as Shape);
  if (Array.isArray(value)) {
    return value.flatMap((item, at) => {
      const items = shapes.flatMap((shape) => itemOf(shape, at));
      return items.length === 0 ? [] : fieldsTooMuch({ anyOf: items }, item, `${path}/${at}`);
    });
  }
  const named = shapes.filter((shape) => shape.properties !== undefined);
  // A record names no field.
  if (named.length === 0) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const fields = named.flatMap((shape) => shape.properties?.[name] ?? []);
    return fields.length === 0 ? [`${path}/${name}`] : fieldsTooMuch({ anyOf: fields }, field, `${path}/${name}`);
  });
}

function membersOf(shape: Shape): Shape[] {
  return shape.anyOf === undefined ? [shape] : shape.anyOf.flatMap(membersOf);
}

function itemOf({ items }: Shape, at: number): Shape[] {
  if (items === undefined) return [];
  if (!Array.isArray(items)) return [items as Shape];
  return items[at] === undefined ? [] : [items[at] as Shape];
}
