import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { loadConnections } from './hooks/connections.ts';
import { openStore } from './hooks/dataset.ts';
import { attempt } from './hooks/notices.ts';
import { applyTheme } from './hooks/theme.ts';

applyTheme();
attempt(loadConnections());
void openStore();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
