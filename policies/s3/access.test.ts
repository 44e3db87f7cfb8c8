import { resource, settingOf, testRule, unknown } from "../testing.ts";
import {
  accessLog,
  corsOrigin,
  lockout,
  noAcl,
  ownerEnforced,
  policyPrincipal,
  policyTls,
  publicBlock,
  publicBlockFlags,
  tlsOnly,
} from "./access.ts";

const arn = "arn:aws:s3:::documents";
const bucket = (props: object = {}, type = "aws:s3/bucket:Bucket") =>
  resource(type, { bucket: "documents", arn, ...props }, { name: "documents" });
const documents = bucket();
const formerDocuments = bucket({}, "aws:s3/bucketV2:BucketV2");

const pictures = resource("aws:s3/bucket:Bucket", { bucket: "pictures" }, { name: "pictures" });
const blockType = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

testRule(publicBlock, {
  passes: {
    "a bucket whose block refers to it": [documents, settingOf(documents, blockType, {})],
    "a bucket whose block names it": [documents, resource(blockType, { bucket: "documents" })],
    "a former bucket": [formerDocuments, settingOf(formerDocuments, blockType, {})],
  },
  objects: {
    "there is no block": [[documents], "BucketPublicAccessBlock"],
    "the block was made from two buckets and is the other's": [
      [
        documents,
        resource(
          blockType,
          { bucket: "pictures" },
          { propertyDependencies: { bucket: [documents, pictures] } },
        ),
      ],
      "BucketPublicAccessBlock",
    ],
    "the block is another bucket's": [
      [documents, resource(blockType, { bucket: "pictures" })],
      "BucketPublicAccessBlock",
    ],
    "a former bucket has none": [[formerDocuments], "BucketPublicAccessBlock"],
  },
});

const flags = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const block = (props: object = {}) => resource(blockType, { ...flags, ...props });

testRule(publicBlockFlags, {
  passes: { "a block with all flags": [block()] },
  objects: {
    ...Object.fromEntries(
      Object.keys(flags).flatMap((flag) => [
        [`${flag} is off`, [[block({ [flag]: false })], flag]],
        [`${flag} is absent`, [[block({ [flag]: undefined })], flag]],
        [`${flag} is unknown`, [[block({ [flag]: unknown })], `cannot tell: ${flag}`]],
      ]),
    ),
    "an account's block has none": [
      [resource("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", {})],
      ...Object.keys(flags),
    ],
  },
});

const policyType = "aws:s3/bucketPolicy:BucketPolicy";

testRule(tlsOnly, {
  passes: {
    "a bucket whose policy refers to it, unknown as it is": [
      documents,
      settingOf(documents, policyType, { policy: unknown }),
    ],
    "an inline policy": [bucket({ policy: "{}" })],
  },
  objects: {
    "there is no policy": [[documents], "BucketPolicy"],
    "the policy is another bucket's": [
      [documents, resource(policyType, { bucket: "pictures" })],
      "BucketPolicy",
    ],
    "the inline policy is empty": [[bucket({ policy: "" })], "BucketPolicy"],
    "the inline policy is for the provider to compute": [
      [bucket({ policy: unknown })],
      "BucketPolicy",
    ],
  },
});

const denyPlaintext = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policyOf = (...statements: object[]) =>
  resource(policyType, {
    policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
  });
const denying = (change: object) => [policyOf({ ...denyPlaintext, ...change })];

testRule(policyTls, {
  passes: {
    "a policy that denies requests without TLS": [policyOf(denyPlaintext)],
    "a policy given as an object": [resource(policyType, { policy: { Statement: denyPlaintext } })],
    "a bucket without inline policy": [bucket()],
    "an inline policy": [bucket({ policy: JSON.stringify({ Statement: [denyPlaintext] }) })],
    "any resource": denying({ Resource: "*" }),
    "two statements that together cover bucket and objects": [
      policyOf(
        { ...denyPlaintext, Resource: arn },
        { ...denyPlaintext, Principal: { AWS: ["*"] }, Resource: `${arn}/*` },
      ),
    ],
  },
  objects: {
    "the policy denies nothing": [[policyOf()], "policy"],
    "an inline policy denies nothing": [[bucket({ policy: { Statement: [] } })], "policy"],
    "it allows instead": [denying({ Effect: "Allow" }), "policy"],
    "it denies one role only": [
      denying({ Principal: { AWS: "arn:aws:iam::1:role/reader" } }),
      "policy",
    ],
    "it spares a principal": [
      denying({ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::1:root" } }),
      "policy",
    ],
    "it spares a resource": [
      denying({ Resource: undefined, NotResource: `${arn}/public/*` }),
      "policy",
    ],
    "it denies writing only": [denying({ Action: "s3:PutObject" }), "policy"],
    "it denies requests with TLS": [
      denying({ Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      "policy",
    ],
    "its operator is another": [
      denying({ Condition: { StringEquals: { "aws:SecureTransport": "false" } } }),
      "policy",
    ],
    "it looks at something else": [
      denying({ Condition: { Bool: { "aws:ViaAWSService": "false" } } }),
      "policy",
    ],
    "it has no condition": [denying({ Condition: undefined }), "policy"],
    "a second condition narrows it": [
      denying({
        Condition: {
          Bool: { "aws:SecureTransport": "false" },
          StringEquals: { "aws:SourceVpc": "vpc-1" },
        },
      }),
      "policy",
    ],
    "it covers the objects only": [denying({ Resource: `${arn}/*` }), "policy Resource"],
    "it covers the bucket only": [denying({ Resource: arn }), "policy Resource"],
    "the policy is unknown": [[resource(policyType, { policy: unknown })], "cannot tell: policy"],
  },
});

const controls = (objectOwnership?: string) =>
  settingOf(documents, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
    rule: { objectOwnership },
  });

testRule(ownerEnforced, {
  passes: { "a bucket that owns its objects": [documents, controls("BucketOwnerEnforced")] },
  objects: {
    "writers own them": [[documents, controls("ObjectWriter")], "rule.objectOwnership"],
    "the rule is empty": [[documents, controls()], "rule.objectOwnership"],
    "there are no controls": [[documents], "BucketOwnershipControls"],
  },
});

testRule(noAcl, {
  passes: {
    "a bucket without ACL": [bucket()],
    "a private one": [resource("aws:s3/bucketAcl:BucketAcl", { acl: "private" })],
  },
  objects: {
    "the bucket is public": [[bucket({ acl: "public-read" })], "acl"],
    "the bucket grants": [[bucket({ grants: [{ permissions: ["READ"] }] })], "grants"],
    "a split ACL is public": [
      [resource("aws:s3/bucketAcl:BucketAcl", { acl: "public-read-write" })],
      "acl",
    ],
    "a former split ACL has a policy": [
      [resource("aws:s3/bucketAclV2:BucketAclV2", { accessControlPolicy: {} })],
      "accessControlPolicy",
    ],
    "an object is public": [
      [resource("aws:s3/bucketObjectv2:BucketObjectv2", { acl: "authenticated-read" })],
      "acl",
    ],
    "the ACL is unknown": [[bucket({ acl: unknown })], "cannot tell: acl"],
  },
});

const allow = (change: object, type = "aws:s3/bucketPolicy:BucketPolicy") =>
  resource(type, {
    policy: {
      Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: `${arn}/*`, ...change }],
    },
  });

const deny = (change: object) =>
  policyOf({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", ...change });

testRule(lockout, {
  passes: {
    "a denial by a condition": [policyOf(denyPlaintext)],
    "a denial of what lies in the bucket": [deny({ Action: "s3:GetObject" })],
    "a denial to one role": [deny({ Principal: { AWS: "arn:aws:iam::123456789012:role/app" } })],
    "a denial to all but the administrators": [
      deny({ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::123456789012:role/admin" } }),
    ],
  },
  objects: {
    "everything is denied to everybody": [[deny({})], "policy statement 0 Action"],
    "the policy's own actions are": [
      [deny({ Action: "s3:*BucketPolicy", Principal: { AWS: "*" } })],
      "policy statement 0 Action",
    ],
  },
});

testRule(policyPrincipal, {
  passes: {
    "a named principal": [allow({ Principal: { Service: "logging.s3.amazonaws.com" } })],
    "a bucket without policy": [bucket()],
    "everybody of one account": [
      allow({
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalAccount": "123456789012" } },
      }),
    ],
  },
  objects: {
    "everybody may read": [[allow({ Principal: "*" })], "policy statement 0 Principal"],
    "every account may read": [
      [allow({ Principal: { AWS: "*" } })],
      "policy statement 0 Principal",
    ],
    "the condition pins nobody": [
      [
        allow({
          Principal: "*",
          Condition: { StringNotEquals: { "aws:PrincipalAccount": "123456789012" } },
        }),
      ],
      "policy statement 0 Principal",
    ],
    "an access point lets everybody in": [
      [allow({ Principal: "*" }, "aws:s3/accessPoint:AccessPoint")],
      "policy statement 0 Principal",
    ],
    "an inline policy lets everybody in": [
      [allow({ Principal: "*" }, "aws:s3/bucket:Bucket")],
      "policy statement 0 Principal",
    ],
    "the policy is unknown": [[bucket({ policy: unknown })], "cannot tell: policy"],
  },
});

const logs = resource("aws:s3/bucket:Bucket", { bucket: "logs" }, { name: "logs" });
const logging = resource(
  "aws:s3/bucketLogging:BucketLogging",
  { bucket: unknown, targetBucket: unknown },
  { propertyDependencies: { bucket: [documents], targetBucket: [logs] } },
);

testRule(accessLog, {
  passes: {
    "a bucket with logs, and the one that receives them": [documents, logs, logging],
    "inline logs": [bucket({ logging: { targetBucket: "logs" } })],
    "former inline logs": [
      bucket({ loggings: [{ targetBucket: "logs" }] }, "aws:s3/bucketV2:BucketV2"),
    ],
  },
  objects: {
    "nothing is logged": [[documents], "BucketLogging"],
    "a bucket logs to itself": [
      [documents, resource(logging.type, { bucket: "documents", targetBucket: "documents" })],
      "targetBucket",
    ],
    "the inline block is empty": [[bucket({ logging: {} })], "BucketLogging"],
    "inline logs are for the provider to compute": [
      [bucket({ logging: unknown })],
      "BucketLogging",
    ],
  },
});

const cors = (...allowedOrigins: string[]) =>
  resource("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", {
    corsRules: [{ allowedOrigins: ["https://chat.example.org"] }, { allowedOrigins }],
  });

testRule(corsOrigin, {
  passes: {
    "named origins": [cors("https://chat.example.org", "https://localhost:3000")],
    "subdomains of a named domain": [
      cors("https://*.chat.example.org", "https://*.example.org:8443"),
    ],
    "a bucket without CORS": [resource("aws:s3/bucket:Bucket", {})],
  },
  objects: {
    "any origin may call": [[cors("*")], "corsRules.1.allowedOrigins"],
    ...Object.fromEntries(
      [
        "https://*chat.example.org",
        "https://*.org",
        "https://chat.*",
        "https://chat*",
        "https://**",
        "https://*:443",
      ].map((origin) => [`${origin} may`, [[cors(origin)], "corsRules.1.allowedOrigins"]]),
    ),
    "any origin with TLS may": [[cors("https://*")], "corsRules.1.allowedOrigins"],
    "an origin without TLS may": [
      [cors("https://chat.example.org", "http://chat.example.org")],
      "corsRules.1.allowedOrigins",
    ],
    "an inline block allows any": [
      [resource("aws:s3/bucket:Bucket", { corsRules: [{ allowedOrigins: ["*"] }] })],
      "corsRules.0.allowedOrigins",
    ],
  },
});
