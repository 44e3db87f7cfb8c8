/** Which subnets a tenant's network has: their names, zones and ranges. */

/** End the names of subnets, whatever zone they are in. */
export const suffixes = ["a", "b", "c"] as const;

/** @param region that they must be of; undefined: any, all of the same. */
export const areZones = (names: readonly string[], region: string | undefined): boolean =>
  names.length >= 2 &&
  names.length <= suffixes.length &&
  new Set(names).size === names.length &&
  new Set(names.map(regionOfZone)).size === 1 &&
  names.every((name) => /^[a-z]{2,4}(-[a-z]+)+-\d[a-z]$/.test(name)) &&
  (region === undefined || names.every((name) => regionOfZone(name) === region));

const regionOfZone = (name: string): string => name.slice(0, -1);

const privateRange =
  /^(10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.(\d{1,3})\.(\d{1,3})\/(1[6-9]|2[0-4])$/;

/**
 * Divides a private range (RFC 1918) into quarters. Undefined for any other range, and for one that is too
 * small or too large for a VPC.
 */
export function subnetRanges(cidrBlock: string): string[] | undefined {
  const [, prefix, third, fourth, length] = privateRange.exec(cidrBlock) ?? [];
  if (prefix === undefined) return undefined;
  const bits = Number(length);
  const start = Number(third) * 256 + Number(fourth);
  const size = 2 ** (32 - bits);
  if (start % size !== 0 || Number(third) > 255 || Number(fourth) > 255) return undefined;
  return [0, 1, 2, 3].map((quarter) => {
    const first = start + (quarter * size) / 4;
    return `${prefix}.${Math.floor(first / 256)}.${first % 256}/${bits + 2}`;
  });
}
