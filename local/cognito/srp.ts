/**
 * The Secure Remote Password protocol (SRP-6a, RFC 5054) with Cognito's parameters: the 3,072-bit group
 * of RFC 3526, SHA-256, numbers padded as two's complement, and a session key by HKDF (RFC 5869). The
 * server learns no password, and the client proves that it knows it.
 */
import {
  createHash,
  createHmac,
  getDiffieHellman,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

const N = BigInt(`0x${getDiffieHellman("modp15").getPrime("hex")}`);
const g = 2n;
const k = number(hash(padded(N), padded(g)));

/** What the server keeps of a password; both in hexadecimal. */
export interface Verifier {
  readonly salt: string;
  readonly verifier: string;
}

/** Whose password it is: both are part of what is hashed. */
export interface Identity {
  /** Of the pool's id, what follows the region: `us-east-1_AbCdEfGhI` → `AbCdEfGhI`. */
  readonly poolName: string;
  readonly username: string;
}

export const identityOf = (poolId: string, username: string): Identity => ({
  poolName: poolId.split("_")[1] ?? "",
  username,
});

export function verifierOf(identity: Identity, password: string): Verifier {
  const salt = randomBytes(16);
  const x = privateKey(identity, salt, password);
  return { salt: salt.toString("hex"), verifier: power(g, x).toString(16) };
}

/** The server's half of one sign-in, in hexadecimal: `b` is kept, `B` is sent. */
export function serverChallenge({ verifier }: Verifier): { b: string; B: string } {
  const b = number(randomBytes(32));
  const B = (k * hex(verifier) + power(g, b)) % N;
  return { b: b.toString(16), B: B.toString(16) };
}

export interface Proof {
  readonly identity: Identity;
  /** Base64; opaque to the client. */
  readonly secretBlock: string;
  /** The client's clock, as it is signed: `Tue Apr 25 00:11:19 UTC 2017`. */
  readonly timestamp: string;
}

/** Whether the client has signed with the key that only the right password gives. */
export function isProven(
  { verifier }: Verifier,
  { A, b, B }: { A: string; b: string; B: string },
  proof: Proof & { readonly signature: string },
): boolean {
  const u = scrambling(hex(A), hex(B));
  const S = power(hex(A) * power(hex(verifier), u), hex(b));
  const expected = sign(S, u, proof);
  const given = Buffer.from(proof.signature, "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** RFC 5054, section 2.5.4: a client that sends a multiple of N would know the key without the password. */
export const isRefused = (A: string) => !/^[0-9a-f]+$/i.test(A) || hex(A) % N === 0n;

/** The client's half. */
export function clientKey(): { a: bigint; A: string } {
  const a = number(randomBytes(32));
  return { a, A: power(g, a).toString(16) };
}

/** What the client answers to `PASSWORD_VERIFIER`, in base64. */
export function clientSignature(
  { a, A }: { a: bigint; A: string },
  { salt, B }: { salt: string; B: string },
  password: string,
  proof: Proof,
): string {
  const u = scrambling(hex(A), hex(B));
  const x = privateKey(proof.identity, padded(hex(salt)), password);
  const S = power(hex(B) - k * power(g, x), a + u * x);
  return sign(S, u, proof).toString("base64");
}

function privateKey({ poolName, username }: Identity, salt: Buffer, password: string): bigint {
  const inner = hash(Buffer.from(`${poolName}${username}:${password}`));
  return number(hash(padded(number(salt)), inner));
}

const scrambling = (A: bigint, B: bigint) => number(hash(padded(A), padded(B)));

function sign(S: bigint, u: bigint, { identity, secretBlock, timestamp }: Proof): Buffer {
  const key = hkdfSync("sha256", padded(S), padded(u), "Caldera Derived Key", 16);
  return createHmac("sha256", Buffer.from(key))
    .update(identity.poolName + identity.username)
    .update(Buffer.from(secretBlock, "base64"))
    .update(timestamp)
    .digest();
}

function hash(...parts: readonly Buffer[]): Buffer {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

/** Big-endian with a zero byte before a first bit that would be a sign. */
function padded(value: bigint): Buffer {
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, "hex");
}

function number(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`);
}

function hex(digits: string): bigint {
  return BigInt(`0x${digits}`);
}

/** base ** exponent mod N. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = ((base % N) + N) % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}
