// What every part of the statistics shows alike: a chart's frame, and the table behind it.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../words';

interface Part {
  id: string;
  title: string;
  /** What the chart says, in words. */
  says: ComponentChildren;
  /** It stands under a heading of its own. */
  below?: boolean;
  children?: ComponentChildren;
}

export function Part({ id, title, says, below, children }: Part) {
  const Heading = below ? 'h3' : 'h2';
  return (
    <section aria-labelledby={id}>
      <Heading id={id}>{title}</Heading>
      <p>{says}</p>
      {children}
    </section>
  );
}

interface Table {
  title: string;
  columns: readonly string[];
  /** The first of each row names it; asked for when the table is opened. */
  rows: () => readonly (readonly string[])[];
}

export function Table(table: Table) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="fold">{t('statsTable')}</summary>
      {open && <Numbers {...table} />}
    </details>
  );
}

function Numbers({ title, columns, rows }: Table) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section class="scroll" aria-label={title} tabIndex={0}>
      <table class="numbers">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows().map(([name, ...values]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, place) => (
                <td key={columns[place + 1]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const BAR = 10;
const FILLED = 7.6;
const TALL = 100;

interface Bars {
  label: string;
  values: readonly number[];
  /** What the tallest bar stands for. */
  most: string;
  first: string;
  last: string;
}

/** Bars from left to right. Words stand outside of the picture, so that they grow with the learner's text. */
export function Bars({ label, values, most, first, last }: Bars) {
  const highest = Math.max(1, ...values);
  const bars = values.map((value, place) => {
    const height = (value / highest) * TALL;
    return value > 0 ? `M${place * BAR + (BAR - FILLED) / 2} ${TALL}v${-Math.max(1, height)}h${FILLED}V${TALL}Z` : '';
  });
  return (
    <figure class="bars small muted">
      <span>{most}</span>
      <svg viewBox={`0 0 ${values.length * BAR} ${TALL}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <path d={bars.join('')} />
      </svg>
      <figcaption>
        <span>{first}</span>
        <span>{last}</span>
      </figcaption>
    </figure>
  );
}
