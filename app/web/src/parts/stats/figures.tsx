// What every part of the statistics shows alike: a chart's frame, and the table behind it.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../words';
import { NumbersTable } from '../numbers_table';

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

interface Table extends Omit<NumbersTable, 'rows'> {
  /** Asked for when the table is opened. */
  rows: () => NumbersTable['rows'];
}

export function Table({ rows, ...table }: Table) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="fold">{t('statsTable')}</summary>
      {open && <NumbersTable {...table} rows={rows()} />}
    </details>
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
