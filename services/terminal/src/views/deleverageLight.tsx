const STEPS = [1, 2, 3, 4, 5] as const;

/** How far up the queue for auto-deleverage a position stands: as many lights as its quintile, five = among the first. */
export function DeleverageLight({ quintile }: { readonly quintile: number | null }) {
  if (quintile === null) return <span class="quiet">–</span>;
  const words = `Deleverage rank ${quintile} of 5`;
  return (
    <span
      class={quintile === 5 ? 'lights lights-first' : 'lights'}
      role="img"
      aria-label={words}
      title={quintile === 5 ? `${words}: among the fifth of its side that goes first` : words}
      data-testid="position-deleverage"
      data-quintile={quintile}
    >
      {STEPS.map((step) => (
        <i key={step} class={step <= quintile ? 'light light-on' : 'light'} />
      ))}
    </span>
  );
}
