/** Which resources let others in, and where they say whom: every type of `@pulumi/aws` with a resource policy. */
import type { Statement } from "../reading/policy-document.ts";
import { statementsOf } from "../reading/policy-document.ts";
import { at } from "../reading/read.ts";
import type { Resource } from "../rule.ts";

/** `aws:kms/key:Key` from `kms/Key`. */
const token = (name: string): string => {
  const [module, type = ""] = name.split("/");
  return `aws:${module}/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;
};

const tokens = (names: string): string[] => names.split(" ").map(token);

/** Types by the property that holds the policy. */
const byProperty: Readonly<Record<string, readonly string[]>> = {
  policy: tokens(
    "acmpca/Policy apigateway/DomainName apigateway/RestApi apigateway/RestApiPolicy backup/VaultPolicy " +
      "bedrock/AgentcoreResourcePolicy cloudwatch/EventBusPolicy codebuild/ResourcePolicy dsql/ClusterPolicy " +
      "dynamodb/ResourcePolicy ecr/RegistryPolicy ecr/RepositoryPolicy ecrpublic/RepositoryPolicy " +
      "efs/FileSystemPolicy glacier/VaultLock glue/ResourcePolicy kinesis/ResourcePolicy kms/ExternalKey kms/Key " +
      "kms/KeyPolicy kms/ReplicaExternalKey kms/ReplicaKey lambda/ResourcePolicy mediastore/ContainerPolicy " +
      "msk/ClusterPolicy networkfirewall/ResourcePolicy oam/SinkPolicy opensearchingest/ResourcePolicy " +
      "pinpoint/Smsvoicev2ResourcePolicy redshift/ResourcePolicy redshiftserverless/ResourcePolicy " +
      "s3/AccessPoint s3/Bucket s3/BucketPolicy s3/BucketPolicyV2 s3/BucketV2 s3/FilesFileSystemPolicy " +
      "s3/VectorsVectorBucketPolicy s3control/AccessGrantsInstanceResourcePolicy s3control/AccessPointPolicy " +
      "s3control/BucketPolicy s3control/ObjectLambdaAccessPointPolicy schemas/RegistryPolicy " +
      "secretsmanager/Secret secretsmanager/SecretPolicy ses/IdentityPolicy sesv2/EmailIdentityPolicy sns/Topic " +
      "sns/TopicPolicy sqs/Queue sqs/QueuePolicy vpclattice/AuthPolicy vpclattice/ResourcePolicy",
  ),
  policyDocument: tokens(
    "amp/ResourcePolicy cloudwatch/LogResourcePolicy codeartifact/DomainPermissions " +
      "codeartifact/RepositoryPermissionsPolicy xray/ResourcePolicy",
  ),
  accessPolicies: tokens(
    "elasticsearch/Domain elasticsearch/DomainPolicy opensearch/Domain opensearch/DomainPolicy",
  ),
  accessPolicy: tokens(
    "cloudsearch/DomainServiceAccessPolicy cloudwatch/LogDestinationPolicy glacier/Vault",
  ),
  content: tokens("organizations/ResourcePolicy"),
  deliveryDestinationPolicy: tokens("cloudwatch/LogDeliveryDestinationPolicy"),
  "details.policy": tokens("s3control/MultiRegionAccessPointPolicy"),
  repositoryPolicy: tokens("ecr/RepositoryCreationTemplate"),
  resourcePolicy: tokens(
    "s3tables/TableBucketPolicy s3tables/TablePolicy sagemaker/ModelPackageGroupPolicy",
  ),
};

const paths = new Map(
  Object.entries(byProperty).flatMap(([path, types]) => types.map((type) => [type, path] as const)),
);

/** Types with a resource policy. */
export const policyHolders: readonly string[] = [...paths.keys()];

/** The property that holds the resource's policy. */
export const policyPath = ({ type }: Pick<Resource, "type">): string => paths.get(type) ?? "policy";

/** What the resource's policy says. */
export const policyOf = (resource: Resource): readonly Statement[] =>
  statementsOf(at(resource.props, policyPath(resource)));

/**
 * Types that may be open: public APIs have authorizers, a public registry is public, and a network's own policies
 * (endpoints, VPC Lattice) let in who is in the network already.
 */
export const openByNature: readonly string[] = tokens(
  "apigateway/DomainName apigateway/RestApi apigateway/RestApiPolicy ecrpublic/RepositoryPolicy " +
    "vpclattice/AuthPolicy",
);

/** Types that name one principal in a property instead of a policy. */
export const principalProperties: Readonly<Record<string, readonly string[]>> = {
  [token("acmpca/Permission")]: ["sourceAccount"],
  [token("cloudwatch/EventPermission")]: ["principal"],
  [token("ec2/VpcEndpointService")]: ["allowedPrincipals"],
  [token("ec2/VpcEndpointServiceAllowedPrinciple")]: ["principalArn"],
  [token("kms/Grant")]: ["granteePrincipal", "retiringPrincipal"],
  [token("lakeformation/Permissions")]: ["principal"],
  [token("lambda/LayerVersionPermission")]: ["principal", "organizationId"],
  [token("lambda/Permission")]: ["principal", "sourceAccount", "principalOrgId", "sourceArn"],
  [token("licensemanager/LicenseGrant")]: ["principal"],
  [token("ram/PrincipalAssociation")]: ["principal"],
  [token("signer/SigningProfilePermission")]: ["principal"],
};
