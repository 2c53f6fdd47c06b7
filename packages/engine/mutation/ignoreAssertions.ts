/** What is read of the syntax tree. */
interface Node {
  readonly type: string;
  readonly callee?: { readonly name?: string };
  readonly expression?: Node;
}

/** Why nothing at or below this place is mutated; undefined when it is. */
function shouldIgnore({ node }: { readonly node: Node }): string | undefined {
  return isAssertion(node.type === 'ExpressionStatement' ? node.expression : node)
    ? 'an assertion never fails, so no test can see that it became weaker'
    : undefined;
}

function isAssertion(node: Node | undefined): boolean {
  return node?.type === 'CallExpression' && node.callee?.name === 'assert';
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'assertions', value: { shouldIgnore } }];
