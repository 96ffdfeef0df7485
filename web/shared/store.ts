// A small IndexedDB store. Where the browser refuses one (private windows), memory stands in, so
// that the page still works for as long as it is open.
const name = 'fengqiao'
const stores = ['outbox', 'draft', 'cache'] as const
export type StoreName = (typeof stores)[number]

interface Backend {
  put(store: StoreName, key: string, value: unknown): Promise<void>
  get(store: StoreName, key: string): Promise<unknown>
  all(store: StoreName): Promise<unknown[]>
  remove(store: StoreName, key: string): Promise<void>
  clear(store: StoreName): Promise<void>
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => stores.forEach(store => request.result.createObjectStore(store))
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error)
    request.onblocked = () => failed(new Error('blocked'))
  })
}

function inDatabase(db: IDBDatabase): Backend {
  const run = <T>(
    store: StoreName,
    mode: IDBTransactionMode,
    act: (s: IDBObjectStore) => IDBRequest<T>,
  ) =>
    new Promise<T>((done, failed) => {
      const transaction = db.transaction(store, mode)
      const request = act(transaction.objectStore(store))
      transaction.oncomplete = () => done(request.result)
      transaction.onerror = transaction.onabort = () => failed(transaction.error)
    })
  return {
    put: async (store, key, value) => void (await run(store, 'readwrite', s => s.put(value, key))),
    get: (store, key) => run(store, 'readonly', s => s.get(key)),
    all: store => run(store, 'readonly', s => s.getAll()),
    remove: (store, key) => run(store, 'readwrite', s => s.delete(key)),
    clear: store => run(store, 'readwrite', s => s.clear()),
  }
}

function inMemory(): Backend {
  const maps = new Map(stores.map(store => [store, new Map<string, unknown>()]))
  return {
    put: async (store, key, value) => void maps.get(store)!.set(key, value),
    get: async (store, key) => maps.get(store)!.get(key),
    all: async store => [...maps.get(store)!.values()],
    remove: async (store, key) => void maps.get(store)!.delete(key),
    clear: async store => maps.get(store)!.clear(),
  }
}

let opened: Promise<Backend> | undefined

/** The phone's own store; opened once. */
export function storage(): Promise<Backend> {
  opened ??= openDatabase().then(inDatabase).catch(inMemory)
  return opened
}
