// The numbers behind a picture, as a table that scrolls sideways where it must.
export interface NumbersTable {
  title: string;
  /** The title stands over it; else it is only told to readers. */
  titled?: boolean;
  columns: readonly string[];
  /** The first of each row names it. */
  rows: readonly (readonly string[])[];
}

export function NumbersTable({ title, titled, columns, rows }: NumbersTable) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section class="scroll" aria-label={title} tabIndex={0}>
      <table class="numbers">
        {titled && <caption>{title}</caption>}
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
          {rows.map(([name, ...values]) => (
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
