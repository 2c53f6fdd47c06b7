interface TabsProps {
  readonly label: string;
  readonly testId: string;
  readonly items: readonly { readonly key: string; readonly label: string }[];
  readonly selected: string;
  readonly onSelect: (key: string) => void;
  /** Id of the one panel whose content the tabs change, if it is theirs alone. */
  readonly controls?: string;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** A row of tabs with one stop of the Tab key; arrows, Home and End move and select. */
export function Tabs({ label, testId, items, selected, onSelect, controls }: TabsProps) {
  function onKeyDown(event: KeyboardEvent): void {
    const at = items.findIndex((item) => item.key === selected);
    const step = STEPS[event.key];
    let next: number;
    if (step !== undefined) next = (at + step + items.length) % items.length;
    else if (event.key === 'Home') next = 0;
    else if (event.key === 'End') next = items.length - 1;
    else return;
    event.preventDefault();
    onSelect(items[next]!.key);
    const list = event.currentTarget as HTMLElement;
    list.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  }
  return (
    <div role="tablist" aria-label={label} class="tabs" data-testid={testId} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.key}
          type="button"
          role="tab"
          aria-selected={item.key === selected}
          {...(controls === undefined ? {} : { 'aria-controls': controls })}
          tabIndex={item.key === selected ? 0 : -1}
          onClick={() => onSelect(item.key)}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}
