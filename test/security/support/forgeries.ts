import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import type { HeaderList } from "./http.ts";

export interface Genuine {
  /** A good access token, and the ID token of the same sign-in. */
  readonly access: string;
  readonly id: string;
  /** A good access token of another tenant. */
  readonly foreign: string;
  /** The private keys of the pool and of the other tenant's. */
  readonly pool: { readonly key: KeyObject; readonly kid: string };
  readonly foreignPool: { readonly key: KeyObject; readonly kid: string };
}

/** What an attacker sends in the place of a good token. */
export interface Forgery {
  readonly name: string;
  readonly headers?: HeaderList;
  readonly query?: string;
}

/** Everything here must be answered as if no token had come. */
export function forgeries(genuine: Genuine): Forgery[] {
  const { access, id, foreign, pool, foreignPool } = genuine;
  const [head = "", body = "", signature = ""] = access.split(".");
  const claims: object = decoded(body);
  const now = Math.floor(Date.now() / 1000);
  const attacker = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const publicKey = createPublicKey(pool.key);
  const signed = (changes: object, header: object = {}, key = pool.key) =>
    rs256({ alg: "RS256", kid: pool.kid, ...header }, { ...claims, ...changes }, key);
  const hs256 = (secret: string | Buffer, header: object = {}) => {
    const input = part({ alg: "HS256", kid: pool.kid, ...header }, claims);
    return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
  };
  const iss = String(Reflect.get(claims, "iss"));

  const tokens: Record<string, string> = {
    "an ID token": id,
    "a token of another tenant": foreign,
    "a token of another tenant's key for this pool": signed({}, {}, foreignPool.key),
    "the same with that key's id": signed({}, { kid: foreignPool.kid }, foreignPool.key),
    "a token that has expired": signed({ exp: now - 1 }),
    "a token that is not valid yet": signed({ nbf: now + 3600 }),
    "an expiry that is text": signed({ exp: "9999999999" }),
    "the issuer of another pool": signed({ iss: `${iss}x` }),
    "an issuer of another host": signed({ iss: iss.replace("amazonaws.com", "evil.example") }),
    "no issuer": signed({ iss: undefined }),
    "another client": signed({ client_id: "another" }),
    "no client": signed({ client_id: undefined }),
    "a list of clients": signed({ client_id: [Reflect.get(claims, "client_id"), "another"] }),
    "the use of an ID token": signed({ token_use: "id" }),
    "no use": signed({ token_use: undefined }),
    "no scope": signed({ scope: undefined }),
    "another scope": signed({ scope: "openid profile" }),
    "a scope that only contains ours": signed({ scope: "aws.cognito.signin.user.administrator" }),
    "no subject": signed({ sub: undefined }),
    "an empty subject": signed({ sub: "" }),
    "a subject that forges a key": signed({ sub: "a#CONV#b" }),
    "a subject of another type": signed({ sub: { toString: "a" } }),
    "algorithm none": `${part({ alg: "none", kid: pool.kid }, claims)}.`,
    "algorithm nOnE": `${part({ alg: "nOnE", kid: pool.kid }, claims)}.`,
    "algorithm none with a signature": `${part({ alg: "none", kid: pool.kid }, claims)}.${signature}`,
    "no algorithm": `${part({ kid: pool.kid }, claims)}.${signature}`,
    "the public key in PEM as a secret": hs256(publicKey.export({ type: "spki", format: "pem" })),
    "the public key in DER as a secret": hs256(publicKey.export({ type: "spki", format: "der" })),
    "the modulus as a secret": hs256(String(publicKey.export({ format: "jwk" }).n)),
    "an empty secret": hs256(""),
    "an algorithm that the key is not for": signed({}, { alg: "PS256" }),
    "a weaker hash": signed({}, { alg: "RS1" }),
    "a key id that nobody knows": signed({}, { kid: "nobody-knows" }),
    "a key id that is a path": hs256("", { kid: "../../../../../../dev/null" }),
    "a key id that is a URL": signed(
      {},
      { kid: "http://127.0.0.1:1/jwks.json" },
      attacker.privateKey,
    ),
    "a key id with NUL": signed({}, { kid: `${pool.kid}\0` }),
    "a key id of JavaScript": signed({}, { kid: "__proto__" }, attacker.privateKey),
    "a key id of SQL": signed({}, { kid: "' OR '1'='1" }, attacker.privateKey),
    "no key id": signed({}, { kid: undefined }),
    "a key id that is a number": signed({}, { kid: 0 }),
    "a key of the attacker's": signed({}, {}, attacker.privateKey),
    "a key that the token brings along": signed(
      {},
      { jwk: attacker.publicKey.export({ format: "jwk" }) },
      attacker.privateKey,
    ),
    "a place to fetch keys from": signed({}, { jku: "http://127.0.0.1:1/" }, attacker.privateKey),
    "a place to fetch certificates from": signed(
      {},
      { x5u: "http://127.0.0.1:1/" },
      attacker.privateKey,
    ),
    "a signature that was stripped": `${head}.${body}.`,
    "two parts": `${head}.${body}`,
    "four parts": `${access}.${signature}`,
    "the signature of another token": `${head}.${body}.${foreign.split(".")[2]}`,
    "a group that was added": `${head}.${encoded({ ...claims, "cognito:groups": ["admins"] })}.${signature}`,
    "a user that was changed": `${head}.${encoded({ ...claims, sub: "ben" })}.${signature}`,
    "a character too many": `${access}A`,
    "a padded token": `${access}==`,
    "stray bits behind the signature": `${access.slice(0, -1)}${strayBits(access.at(-1))}`,
    "an encoded token": encodeURIComponent(`${access}%`),
    "a token twice": `${access},${access}`,
    dots: "..",
    null: "null",
    "eight tokens in one": access.repeat(8),
  };
  const bearer = (token: string): HeaderList => [["authorization", `Bearer ${token}`]];
  return [
    { name: "nothing at all" },
    { name: "an empty header", headers: [["authorization", ""]] },
    { name: "a scheme alone", headers: [["authorization", "Bearer "]] },
    { name: "another scheme", headers: [["authorization", `Basic ${access}`]] },
    { name: "the scheme twice", headers: bearer(`Bearer ${access}`) },
    {
      name: "garbage before the good token",
      headers: [...bearer("garbage"), ...bearer(access)],
    },
    { name: "another name", headers: [["x-authorization", `Bearer ${access}`]] },
    { name: "a proxy's header", headers: [["proxy-authorization", `Bearer ${access}`]] },
    { name: "AWS's header", headers: [["x-amz-security-token", access]] },
    { name: "a cookie", headers: [["cookie", `authorization=Bearer ${access}; token=${access}`]] },
    ...["access_token", "authorization", "token"].map((name) => ({
      name: `?${name}=`,
      query: `?${name}=${access}`,
    })),
    ...Object.entries(tokens).map(([name, token]) => ({ name, headers: bearer(token) })),
  ];
}

function rs256(header: object, claims: object, key: KeyObject): string {
  const input = part(header, claims);
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Another last character that decodes to the same bytes: 2,048 bits leave four of its six unused. */
function strayBits(last = ""): string {
  return alphabet.charAt(alphabet.indexOf(last) ^ 1);
}

const part = (header: object, claims: object) => `${encoded(header)}.${encoded(claims)}`;
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decoded = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString());
