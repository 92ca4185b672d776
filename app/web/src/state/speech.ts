// Reading aloud with the voices of the device, in the language of the text.
import { signal } from '@preact/signals';

const voices = signal<readonly SpeechSynthesisVoice[]>([]);
export const speaking = signal(false);
const VOICES_WAIT_MS = 1000;

/** Voices arrive late in most browsers: ask, listen, and ask once more after a second. */
export function findVoices(): void {
  if (!('speechSynthesis' in globalThis)) return;
  const look = () => {
    voices.value = speechSynthesis.getVoices();
  };
  look();
  speechSynthesis.addEventListener('voiceschanged', look);
  setTimeout(look, VOICES_WAIT_MS);
}

/** The voice for a language: on the device rather than from a server, its own region rather than another. */
export function voiceFor(tongue: string): SpeechSynthesisVoice | undefined {
  const wanted = tongue.toLowerCase();
  const base = wanted.slice(0, 2);
  const rank = (voice: SpeechSynthesisVoice) => {
    const tag = voice.lang.toLowerCase().replace('_', '-');
    return (voice.localService ? 2 : 0) + (tag === wanted ? 1 : 0);
  };
  const able = voices.value.filter((voice) => voice.lang.toLowerCase().startsWith(base));
  return able.sort((a, b) => rank(b) - rank(a))[0];
}

export function speak(text: string, tongue: string): void {
  const voice = voiceFor(tongue);
  if (!voice) return;
  hush();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  utterance.addEventListener('end', stopped);
  utterance.addEventListener('error', stopped);
  speaking.value = true;
  speechSynthesis.speak(utterance);
}

export function hush(): void {
  if (speaking.peek()) speechSynthesis.cancel();
  stopped();
}

function stopped(): void {
  speaking.value = false;
}
