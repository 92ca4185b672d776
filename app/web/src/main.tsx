import { render } from 'preact';
import { App } from './app';
import { followNetwork, takeUpdate } from './parts/banners';
import { FailedToRead, Loading } from './parts/states';
import { store, use } from './state/device';
import { painted } from './state/frame';
import { applyLastLook, followLearner } from './state/settings';
import { findVoices } from './state/speech';
import { openStore } from './store';
import { registerWorker } from './worker';
import './style/tokens.css';
import './style/frame.css';
import './style/controls.css';
import './style/study.css';
import './style/pages.css';

async function open(): Promise<void> {
  const opened = await openStore({ onSuperseded: () => location.reload() });
  // Studying needs no network: the part that talks to the server comes after the first card is on the screen.
  const sync = import('./sync').then(({ startSync }) => startSync(opened));
  use({ store: opened, sync });
  followLearner();
  followNetwork();
  findVoices();
}

const SLOW_MS = 200;

async function start(root: HTMLElement): Promise<void> {
  const words = applyLastLook();
  let isOver = false;
  // A database that another tab holds up, or that a full phone reads slowly: a blank page would look broken.
  const wait = () =>
    isOver ||
    render(
      <main class="page">
        <Loading />
      </main>,
      root,
    );
  setTimeout(() => void words.then(wait), SLOW_MS);
  try {
    await open();
    await words;
    isOver = true;
    render(<App />, root);
    // Answering needs it; the first look does not. Who asks for it meets a failure there.
    void painted()
      .then(() => store().ready())
      .catch(() => undefined);
  } catch (error) {
    await words;
    isOver = true;
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
