import { render } from 'preact';
import { App } from './app';
import { followNetwork, takeUpdate } from './parts/banners';
import { FailedToRead } from './parts/states';
import { use } from './state/device';
import { applyLastLook, followLearner } from './state/settings';
import { findVoices } from './state/speech';
import { openStore } from './store';
import { startSync } from './sync';
import { registerWorker } from './worker';
import './style/tokens.css';
import './style/frame.css';
import './style/controls.css';
import './style/study.css';
import './style/pages.css';

async function open(): Promise<void> {
  const store = await openStore({ onSuperseded: () => location.reload() });
  use({ store, sync: startSync(store) });
  followLearner();
  followNetwork();
  findVoices();
}

async function start(root: HTMLElement): Promise<void> {
  applyLastLook();
  try {
    await open();
    render(<App />, root);
  } catch (error) {
    render(
      <main class="page">
        <FailedToRead reason={String(error)} />
      </main>,
      root,
    );
  }
  if (import.meta.env.PROD) await registerWorker(offerUpdate);
}

function offerUpdate(takeOver: () => void): void {
  takeUpdate.value = takeOver;
}

const root = document.getElementById('app');
if (root) void start(root);
