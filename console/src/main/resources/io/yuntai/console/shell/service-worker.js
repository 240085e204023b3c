// Keeps files that never change and one page that says that there is no network; nothing of anybody's data.
const folder = 'ASSET_FOLDER';
const cacheName = `yuntai-${folder}`;
const offline = '/console/offline';

self.addEventListener('install', (event) => {
  const kept = [offline, `${folder}console.css`, `${folder}console.js`, `${folder}logo.svg`,
    `${folder}htmx-4.0.1.min.js`, `${folder}inter-latin-5.3.0.woff2`, `${folder}icons.svg`];
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(kept)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(cacheName)).put(request, answer.clone());
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  if (new URL(request.url).pathname.startsWith(folder)) {
    event.respondWith(asset(request));
  } else if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match(offline)));
  }
});
