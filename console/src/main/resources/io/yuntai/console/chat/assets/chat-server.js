// What the chat asks the server for.
import { csrf } from './console.js';

/** Sends something; gives what is answered, or the sentence that tells why not. Nothing of both when it never arrived. */
export async function send(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf() },
      body: JSON.stringify(body),
    });
  } catch {
    return {};
  }
  const json = await answer.json().catch(() => ({}));
  return answer.ok ? { json } : { problem: problemOf(answer, json) };
}

/** Why something was refused. */
function problemOf(answer, json) { return json.detail ?? json.title ?? `HTTP ${answer.status}`; }

/** A piece of a page, as the server renders it. */
export async function fragment(path) {
  const answer = await fetch(path, { headers: { Accept: 'text/html' } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const place = document.createElement('template');
  place.innerHTML = await answer.text();
  return place.content;
}

/** Sends a file; gives what was read from it, or why not; nothing of both when it never arrived. */
export async function sendFile(file) {
  const form = new FormData();
  form.append('file', file);
  const answer = await fetch('/console/chats/files', { method: 'POST', headers: { 'X-CSRF-Token': csrf() }, body: form }).catch(() => null);
  if (!answer) return {};
  const json = await answer.json().catch(() => ({}));
  return answer.ok ? { json } : { problem: problemOf(answer, json) };
}

/** Takes a file back that was not sent with a message yet. */
export async function removeFile(id) {
  await fetch(`/console/chats/files/${id}`, { method: 'DELETE', headers: { 'X-CSRF-Token': csrf() } });
}
