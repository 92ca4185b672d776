// What needs the server at once: the catalogue, the account, the whole history. Studying never does.
import { API, type Problem } from '../wire';
import { language } from '../words';
import { syncNow } from './device';
import { learner } from './settings';

/** The server said no, or could not be reached (`problem` is null then). */
export class ServerTrouble extends Error {
  constructor(
    readonly problem: Problem | null,
    options?: ErrorOptions,
  ) {
    super(problem?.title ?? 'unreachable', options);
    this.name = 'ServerTrouble';
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

function headers() {
  return { Accept: 'application/json', 'Accept-Language': language.peek(), ...API };
}

async function answerOf(method: Method, path: string, body?: object): Promise<Response> {
  const init: RequestInit = { method, headers: headers() };
  if (body) {
    init.headers = { ...init.headers, 'Content-Type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    throw new ServerTrouble(null, { cause });
  }
  if (!response.ok) throw new ServerTrouble(await problemOf(response));
  return response;
}

async function problemOf(response: Response): Promise<Problem | null> {
  if (!response.headers.get('Content-Type')?.includes('json')) return null;
  return (await response.json()) as Problem;
}

/** One request; the shape of the answer is what the contract says. */
export async function ask<T>(method: Method, path: string, body?: object): Promise<T> {
  const response = await answerOf(method, path, body);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Sends a file as it is, and says how much of it has left the device. */
export function send<T>(
  method: 'POST' | 'PUT',
  path: string,
  body: Blob,
  onProgress: (share: number) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 300) resolve(request.response as T);
      else reject(new ServerTrouble((request.response as Problem | null) ?? null));
    };
    request.onerror = () => reject(new ServerTrouble(null));
    request.send(body);
  });
}

/** Makes sure that the server knows this device's learner; the first sync makes an anonymous one. */
export async function introduce(): Promise<void> {
  if (learner.peek()?.id) return;
  const status = await syncNow();
  if (!learner.peek()?.id) throw new ServerTrouble(status.problem);
}

/** Saves a file on the device. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export async function downloadFrom(path: string, name: string): Promise<void> {
  download(name, await fileFrom(path));
}

export async function fileFrom(path: string): Promise<Blob> {
  return (await answerOf('GET', path)).blob();
}
