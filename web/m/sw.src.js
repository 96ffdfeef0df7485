// Service worker: keeps the pages on the phone, so that they open without a network. It never
// touches /api: what has not reached the server is kept by the page itself, in its outbox.
const version = 'm-__VERSION__'
const files = __FILES__

self.addEventListener('install', event => {
  event.waitUntil(
    caches
      .open(version)
      .then(cache => cache.addAll(files))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', event => {
  const drop = names => Promise.all(names.filter(n => n !== version).map(n => caches.delete(n)))
  event.waitUntil(
    caches
      .keys()
      .then(drop)
      .then(() => self.clients.claim()),
  )
})

function pageOffline(path) {
  const known = ['/m/report', '/m/track'].includes(path)
    ? path
    : path === '/m/'
      ? '/m/'
      : '/m/shell.html'
  return caches.match(known)
}

self.addEventListener('fetch', event => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin) return
  if (!url.pathname.startsWith('/m/')) return
  if (event.request.mode === 'navigate') {
    event.respondWith(fetch(event.request).catch(() => pageOffline(url.pathname)))
    return
  }
  event.respondWith(caches.match(event.request).then(hit => hit || fetch(event.request)))
})
