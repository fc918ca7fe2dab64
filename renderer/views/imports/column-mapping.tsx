import { type ColumnKey, CSV_KEYS, column } from '../../../shared/columns.ts';
import { cellText } from '../../components/format.ts';
import select from '../../components/select.module.css';
import type { FileKind } from '../../csv/api.ts';
import { type Mapping, NEEDED } from '../../csv/header.ts';
import { mapHeaders } from '../../hooks/imports.ts';
import styles from './column-mapping.module.css';

/** Which column each header of a file stands for, to be chosen by hand; remembered for files with the same headers. */
export function ColumnMapping({
  id,
  kind,
  mapping = {},
}: {
  readonly id: number;
  readonly kind: FileKind;
  readonly mapping: Mapping | undefined;
}) {
  const choose = (header: string, key: ColumnKey | null) => {
    // A column has one header: whichever was chosen last.
    const others = Object.entries(mapping).filter(([name, other]) => name !== header && other !== key);
    const displaced = kind.headers.filter(
      (name, i) => key !== null && name !== header && kind.columns[i] === key,
    );
    mapHeaders(id, {
      ...Object.fromEntries(others),
      ...Object.fromEntries(displaced.map((name) => [name, null])),
      [header]: key,
    });
  };
  return (
    <section className={styles.mapping} aria-label="Columns">
      <p className={styles.note}>
        What each header means. Once imported, it is remembered for files with the same headers.
        {kind.missing.length > 0 && ` Needed: ${kind.missing.join(', ')}.`}
      </p>
      <ul className={styles.list}>
        {kind.headers.map((header, place) => {
          const name = cellText(header) || '(no name)';
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: headers may be the same, their places are not
            <li key={place}>
              <label className={styles.row}>
                <span className={styles.header} title={name}>
                  {name}
                </span>
                <select
                  className={select.select}
                  aria-label={`Column for ${name}`}
                  value={kind.columns[place] ?? ''}
                  onChange={(event) => choose(header, (event.target.value || null) as ColumnKey | null)}
                >
                  <option value="">leave out</option>
                  {CSV_KEYS.map((key) => (
                    <option key={key} value={key}>
                      {key}
                      {NEEDED.includes(key) ? ' (needed)' : ''} – {column(key).label}
                    </option>
                  ))}
                </select>
              </label>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
