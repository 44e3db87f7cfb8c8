/**
 * Whether the networks say who is meant: together they are no more than a sixteenth of the IPv4 addresses, and none is
 * more than a 256th of them, or wider than what a provider of IPv6 has (/32). Bits after the prefix count for nothing,
 * so that `10.0.0.0/0` is everybody.
 */
export function areNetworks(values: readonly string[]): boolean {
  const sizes = values.map((value) => {
    const [address = "", bits] = value.split("/");
    // An IPv4 address may be written as one of IPv6: `::ffff:203.0.113.7`.
    if (/^[0:]*:ffff:/i.test(address)) return Number.POSITIVE_INFINITY;
    if (address.includes(":")) {
      // Unique local addresses are private, as 10.0.0.0/8 is (RFC 4193).
      const fewest = /^f[cd][\da-f]{2}:/i.test(address) ? 7 : 32;
      return Number(bits ?? 128) >= fewest ? 0 : Number.POSITIVE_INFINITY;
    }
    if (!/^\d+(\.\d+){3}$/.test(address)) return Number.POSITIVE_INFINITY;
    const length = Number(bits ?? 32);
    return length >= 8 ? 2 ** (32 - length) : Number.POSITIVE_INFINITY;
  });
  return sizes.reduce((sum, size) => sum + size, 0) <= 2 ** 28;
}
