import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startAutoSync } from './hooks/auto-sync.ts';
import { loadConnections } from './hooks/connections.ts';
import { openStore } from './hooks/dataset.ts';
import { attempt } from './hooks/notices.ts';
import { takeOpenedFiles } from './hooks/opened-files.ts';
import { listenToSync } from './hooks/sync.ts';
import { loadTheme } from './hooks/theme.ts';

attempt(loadTheme());
listenToSync();
attempt(loadConnections());
void openStore();
attempt(startAutoSync());
takeOpenedFiles();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
