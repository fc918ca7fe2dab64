import { Download } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { openExport, useExportState } from '../../hooks/exports.ts';

/** Opens the export dialog. */
export function ExportButton() {
  const isRunning = useExportState().phase === 'running';
  return (
    <Button onPress={() => openExport('table')} aria-haspopup="dialog">
      <Download size={14} aria-hidden="true" />
      {isRunning ? 'Exporting…' : 'Export'}
    </Button>
  );
}
