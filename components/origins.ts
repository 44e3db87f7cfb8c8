/** Host names, and web origins that browsers may call from. */

export const isHostName = (name: string): boolean =>
  /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(name);

/**
 * `https://app.example.com`, or `http://localhost:5173` for development: scheme, host and port, and
 * nothing that stands for several (Fetch standard, "HTTP CORS protocol").
 */
export const isExactOrigin = (origin: string): boolean =>
  /^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/.test(origin) ||
  /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/.test(origin);

export const exactOrigins = '"https://app.example.com" and the like, without path or wildcard';
