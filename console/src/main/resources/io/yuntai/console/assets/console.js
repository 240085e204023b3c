// What pages do besides what HTML does by itself. Every page works without it wherever that makes sense.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
document.cookie = `yuntai_zone=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax`;

/** Says something once, to eyes and to screen readers. */
export function toast(text) {
  const place = document.getElementById('toasts');
  const line = document.createElement('p');
  line.className = 'toast';
  line.textContent = text;
  place.append(line);
  setTimeout(() => line.remove(), 6000);
}
for (const line of document.querySelectorAll('#toasts .toast')) setTimeout(() => line.remove(), 6000);

/** Copies a text, also where browsers keep the clipboard from scripts: on pages without TLS. */
export async function copyText(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'sr';
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** The token that changes carry. */
export const csrf = () => document.querySelector('meta[name="csrf"]').content;

// Few pages have parts that load by themselves: only these need htmx. Its requests carry the token, too.
if (document.querySelector('[hx-get]')) {
  const htmx = document.createElement('script');
  htmx.src = new URL('htmx-4.0.1.min.js', import.meta.url);
  document.head.append(htmx);
}
document.addEventListener('htmx:config:request', (event) => {
  const headers = event.detail?.ctx?.request?.headers;
  if (headers) headers['X-CSRF-Token'] = csrf();
});

function openDialogs(root) {
  for (const dialog of root.querySelectorAll('dialog[data-open]')) {
    dialog.removeAttribute('open');
    dialog.showModal();
  }
}
openDialogs(document);

document.addEventListener('click', async (event) => {
  const opener = event.target.closest('[data-dialog]');
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (event.target.matches('dialog')) event.target.close(); // the ground behind it
  const copier = event.target.closest('[data-copy]');
  if (copier) {
    const source = document.getElementById(copier.dataset.copy);
    await copyText(source.value ?? source.textContent);
    toast(copier.dataset.copied ?? '✓');
  }
});

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-send]')) event.target.form.requestSubmit();
});

/** Asks something in a dialog of the page; whether the answer was to go on. */
export function ask(question) {
  const dialog = document.getElementById('confirm');
  document.getElementById('confirm-text').textContent = question;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

// A form that asks first. A form is never sent twice.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (form.method === 'dialog') return;
  if (form.dataset.confirm && !form.dataset.agreed) {
    event.preventDefault();
    const { submitter } = event;
    if (await ask(form.dataset.confirm)) {
      form.dataset.agreed = 'yes';
      form.requestSubmit(submitter);
      delete form.dataset.agreed;
    }
    return;
  }
  if (form.dataset.sent && !form.hasAttribute('hx-get') && form.method === 'post') {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  setTimeout(() => delete form.dataset.sent, 3000);
});
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

// The page for who has no network stands at the address that was asked for, and becomes that page once there is one.
const offline = document.querySelector('[data-offline]');
if (offline && location.pathname !== '/console/offline') {
  const again = async () => {
    if ((await fetch('/health/live', { cache: 'no-store' }).catch(() => null))?.ok) location.reload();
  };
  offline.href = location.href;
  window.addEventListener('online', again);
  setInterval(again, 3000);
}

// What a worker fetches to keep comes after what the page itself needs.
function keepFiles() {
  navigator.serviceWorker.register('/console/service-worker.js', { scope: '/console' }).catch(() => {});
}
if ('serviceWorker' in navigator && window.isSecureContext) {
  if (document.readyState === 'complete') keepFiles();
  else window.addEventListener('load', keepFiles);
}
