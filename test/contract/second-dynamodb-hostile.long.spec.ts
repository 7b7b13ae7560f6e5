import { startSecondDynamo } from '../support/storage/second-dynamo.js';
import { dynamodbContract } from './dynamodb.contract.js';

dynamodbContract('the second one, hostile', () => startSecondDynamo({ isHostile: true }), {
  losesAnswers: true,
});
