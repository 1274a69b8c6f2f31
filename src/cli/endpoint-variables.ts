/**
 * Variables by which the clouds' own programs are led to other endpoints than the public ones, private ones for instance
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html,
 * https://cloud.google.com/sdk/docs/properties#setting_properties_using_environment_variables).
 */
export const ENDPOINT_VARIABLES = {
  awsSts: 'AWS_ENDPOINT_URL_STS',
  awsEcr: 'AWS_ENDPOINT_URL_ECR',
  googleSts: 'CLOUDSDK_API_ENDPOINT_OVERRIDES_STS',
  googleIamCredentials: 'CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS',
} as const;
