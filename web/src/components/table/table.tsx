/* SPDX-License-Identifier: EUPL-1.2 */
/* A KERN table; on narrow screens it scrolls by itself. The first cell of a row names it. */
import type { ComponentChildren } from "preact";
import "./table.css";

interface Props {
  caption: string;
  columns: string[];
  rows: { key: string; cells: ComponentChildren[] }[];
}

export function Table({ caption, columns, rows }: Props) {
  return (
    <div class="kern-table-responsive" tabIndex={0} role="region" aria-label={caption}>
      <table class="kern-table kern-table--small kern-table--striped">
        <caption class="kern-sr-only">{caption}</caption>
        <thead class="kern-table__head">
          <tr class="kern-table__row">
            {columns.map((column) => (
              <th class="kern-table__header" scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="kern-table__body">
          {rows.map(({ key, cells: [first, ...rest] }) => (
            <tr class="kern-table__row" key={key}>
              <th class="kern-table__header" scope="row">
                {first}
              </th>
              {rest.map((cell, i) => (
                <td class="kern-table__cell" key={i}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
