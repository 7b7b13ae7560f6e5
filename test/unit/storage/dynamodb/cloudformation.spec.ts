import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { cloudFormationTemplate } from '../../../../src/storage/dynamodb/cloudformation.js';
import { STREAMED, TABLES } from '../../../../src/storage/dynamodb/table-definitions.js';

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: {
    readonly TableName?: object;
    readonly KeySchema?: readonly { AttributeName: string }[];
    readonly TimeToLiveSpecification?: object;
    readonly StreamSpecification?: object;
    readonly PolicyDocument?: { readonly Version: string; readonly Statement: readonly object[] };
  };
}

describe('the CloudFormation template', () => {
  const text = cloudFormationTemplate();
  const { Resources } = parse(text) as { Resources: Record<string, Resource> };
  const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);

  it('is the one in deploy: `npm run --silent tables -- --template > deploy/dynamodb.yaml` makes it', () => {
    expect(readFileSync(new URL('../../../../deploy/dynamodb.yaml', import.meta.url), 'utf8')).toBe(text);
  });

  it('has every table with its prefix and its key, none of which goes with the stack', () => {
    const tables = ofType('AWS::DynamoDB::Table');
    expect(tables.map(({ Properties }) => Properties.TableName)).toEqual(
      Object.keys(TABLES).map((name) => ({ 'Fn::Sub': `\${TablePrefix}${name}` })),
    );
    expect(
      tables.map(({ Properties }) => Properties.KeySchema?.map(({ AttributeName }) => AttributeName)),
    ).toEqual(Object.values(TABLES).map((keys) => keys.map(({ name }) => name)));
    expect(new Set(tables.map(({ DeletionPolicy }) => DeletionPolicy))).toEqual(new Set(['Retain']));
    expect(
      tables.map(({ Properties }) => Properties.TimeToLiveSpecification).filter((expiry) => expiry),
    ).toEqual([{ AttributeName: 'expires_at', Enabled: true }]);
    expect(
      tables.flatMap(({ Properties: { StreamSpecification: stream } }, n) =>
        stream ? [[Object.keys(TABLES)[n], stream]] : [],
      ),
    ).toEqual(STREAMED.map((table) => [table, { StreamViewType: 'NEW_AND_OLD_IMAGES' }]));
  });

  it('lets nobody do everything, or anything with other tables', () => {
    const policies = ofType('AWS::IAM::ManagedPolicy').map(({ Properties }) => Properties.PolicyDocument);
    expect(policies.map((policy) => policy?.Version)).toEqual(['2012-10-17', '2012-10-17']);
    expect(policies.map((policy) => policy?.Statement.length)).toEqual([
      Object.keys(TABLES).length + STREAMED.length,
      1,
    ]);
    // Of a table of ours any stream: one that is switched off and on has another name.
    const streams = /"\$\{(Employees|Departments)\.Arn\}\/stream\/\*"/g;
    const text = JSON.stringify(policies);
    expect(text.match(streams)).toHaveLength(2);
    expect(text.replace(streams, '')).not.toContain('*');
  });
});
