import { startSecondDynamo } from '../support/second-dynamo.js';
import { dynamodbContract } from './dynamodb.contract.js';

dynamodbContract('the second one, hostile', () => startSecondDynamo({ isHostile: true }), {
  losesAnswers: true,
});
