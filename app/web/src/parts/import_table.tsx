// Which column of a table is what: chosen above each column, with its first rows below.
import type { ImportTable, Layout } from '../imports';
import { t } from '../words';
import { NumberRow, Select, SelectRow, SwitchRow } from './fields';
import { roleWord, separators } from './import_words';

interface TableOf {
  table: ImportTable;
  onChange: (layout: Layout) => void;
}

const MOST_ROWS = 8;

export function TableOf({ table, onChange }: TableOf) {
  const { separator, columns, first_line, html, rows, roles, total } = table;
  const layout: Layout = { separator, columns, first_line, html };
  const change = (patch: Partial<Layout>) => onChange({ ...layout, ...patch });
  const width = Math.max(columns.length, ...rows.map((row) => row.length));
  const places = Array.from({ length: width }, (_, place) => place);
  const known = separators.some(([each]) => each === separator);
  const choices: [string, string][] = separators.map(([each, word]) => [each, t(word)]);
  return (
    <section aria-labelledby="columns">
      <h2 id="columns">{t('imColumns')}</h2>
      <div class="scroll table">
        <table>
          <thead>
            <tr>
              {places.map((place) => (
                <th key={place} scope="col">
                  <Select
                    id={`column-${place}`}
                    label={t('imColumn', { n: place + 1 })}
                    value={columns[place] ?? ''}
                    choices={roles.map((role) => [role, wordOf(role)])}
                    onChange={(role) =>
                      change({ columns: places.map((each) => (each === place ? role : (columns[each] ?? ''))) })
                    }
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_ROWS).map((row, line) => (
              <tr key={line}>
                {places.map((place) => (
                  <td key={place} class={columns[place] ? undefined : 'muted'}>
                    {row[place] ?? ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="muted small">{t('imRows', { n: total })}</p>
      <div class="rows">
        {separator && (
          <SelectRow
            label={t('imSeparator')}
            value={separator}
            choices={known ? choices : [...choices, [separator, separator]]}
            onChange={(chosen) => change({ separator: chosen })}
          />
        )}
        <NumberRow
          label={t('imFirstLine')}
          value={first_line}
          least={1}
          most={1000}
          onChange={(line) => change({ first_line: line })}
        />
        <SwitchRow label={t('imHtml')} on={html} onChange={(on) => change({ html: on })} />
      </div>
    </section>
  );
}

function wordOf(role: string): string {
  const word = roleWord(role);
  return word ? t(word) : role;
}
