/** `app/objects/`: the port to a bucket's objects, and S3 behind it. */
import type { ObjectStore } from "./object-store.ts";

/**
 * An object store that is loaded by its first use: most requests need none, and the SDK's S3 client
 * is a third of the bundle. A failed load is tried again by the next use.
 */
export function lazyObjectStore(load: () => Promise<ObjectStore>): ObjectStore {
  let loading: Promise<ObjectStore> | undefined;
  const loaded = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    get: async (...args) => (await loaded()).get(...args),
    head: async (...args) => (await loaded()).head(...args),
    put: async (...args) => (await loaded()).put(...args),
    copy: async (...args) => (await loaded()).copy(...args),
    delete: async (...args) => (await loaded()).delete(...args),
    list: async function* (...args) {
      yield* (await loaded()).list(...args);
    },
    downloadUrl: async (...args) => (await loaded()).downloadUrl(...args),
    uploadForm: async (...args) => (await loaded()).uploadForm(...args),
  };
}
