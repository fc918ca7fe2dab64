import type { CellValue, Condition, Filter, SourceRef } from '../../../shared/query.ts';
import type { ModelRow, ModelSource } from '../model.ts';

/** Whether all conditions hold of a row. */
export const matches = (row: ModelRow, filter: Filter): boolean =>
  filter.every((condition) => holds(row, condition));

function holds({ cells, sources }: ModelRow, condition: Condition): boolean {
  if (condition.on === 'source') {
    return sources.some((source) => condition.in.some((ref) => isMeant(source, ref)));
  }
  const value = cells[condition.on];
  if ('in' in condition) return (condition.in as readonly CellValue[]).includes(value);
  if ('notIn' in condition) return !(condition.notIn as readonly CellValue[]).includes(value);
  if ('known' in condition) return (value !== null) === condition.known;
  if ('contains' in condition) {
    return value !== null && String(value).toLowerCase().includes(condition.contains.toLowerCase());
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return false;
  if (condition.on === 'created_at') {
    return !(
      (condition.from !== undefined && value < condition.from) ||
      (condition.to !== undefined && value >= condition.to)
    );
  }
  return !(
    (condition.atLeast !== undefined && value < condition.atLeast) ||
    (condition.atMost !== undefined && value > condition.atMost)
  );
}

function isMeant(source: ModelSource, ref: SourceRef): boolean {
  if (ref === 'files') return 'origin' in source;
  if ('origin' in ref) return 'origin' in source && source.origin === ref.origin;
  return 'connectionId' in source && source.connectionId === ref.connectionId;
}
