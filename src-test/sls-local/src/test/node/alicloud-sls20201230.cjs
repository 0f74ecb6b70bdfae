// Creates, writes, lists, changes and deletes with @alicloud/sls20201230, the generated SDK, and its default settings.
// node --require ./lookup.cjs alicloud-sls20201230.cjs PORT; prints what each step returned, one line of JSON a step.
const { default: Client, ...models } = require('@alicloud/sls20201230');
const { $OpenApiUtil } = require('@alicloud/openapi-core');

const port = process.argv[2];
const project = 'generated-project';
const store = 'generated-store';
const client = new Client(new $OpenApiUtil.Config({
  accessKeyId: 'ID', accessKeySecret: 'SECRET', endpoint: `sls.test:${port}`, protocol: 'HTTP',
}));

async function step(name, call) {
  let result;
  try {
    result = (await call()).body;
  } catch (failure) {
    result = `${failure.code}: ${failure.message}`;
  }
  console.log(JSON.stringify({ step: name, result: result === undefined ? '' : result }));
}

// putLogs of version 5.9.0 fails in the client: it does not encode its log group. Its general call takes one as JSON.
function putLogs(group) {
  return client.execute(
    new $OpenApiUtil.Params({
      action: 'PutLogs', version: '2020-12-30', protocol: 'HTTP', pathname: `/logstores/${store}/shards/lb`,
      method: 'POST', authType: 'AK', style: 'ROA', reqBodyType: 'json', bodyType: 'none',
    }),
    new $OpenApiUtil.OpenApiRequest({ hostMap: { project }, headers: {}, query: {}, body: group }),
    {});
}

async function main() {
  const now = Math.floor(Date.now() / 1000);
  const logstore = (name, ttl) => ({ logstoreName: name, ttl, shardCount: 2 });
  await step('createProject', () => client.createProject(
    new models.CreateProjectRequest({ projectName: project, description: 'by the generated SDK' })));
  await step('updateProject', () => client.updateProject(
    project, new models.UpdateProjectRequest({ description: 'changed' })));
  await step('getProject', () => client.getProject(project));
  await step('listProject', () => client.listProject(new models.ListProjectRequest({})));
  await step('createLogStore', () => client.createLogStore(
    project, new models.CreateLogStoreRequest(logstore(store, 1))));
  await step('listLogStores', () => client.listLogStores(project, new models.ListLogStoresRequest({})));
  await step('updateLogStore', () => client.updateLogStore(
    project, store, new models.UpdateLogStoreRequest(logstore(store, 7))));
  await step('getLogStore', () => client.getLogStore(project, store));
  await step('putLogs', () => putLogs({
    __topic__: 'from-generated', __source__: 'here', __tags__: { host: 'h' }, __logs__: [{ __time__: now, text: 'v' }],
  }));
  await step('listShards', () => client.listShards(project, store));
  await step('getCursor', () => client.getCursor(project, store, 0, new models.GetCursorRequest({ from: 'begin' })));
  await step('createConsumerGroup', () => client.createConsumerGroup(
    project, store, new models.CreateConsumerGroupRequest({ consumerGroup: 'g', timeout: 60, order: false })));
  await step('heartBeat', () => client.consumerGroupHeartBeat(
    project, store, 'g', new models.ConsumerGroupHeartBeatRequest({ consumer: 'c', body: [] })));
  await step('deleteConsumerGroup', () => client.deleteConsumerGroup(project, store, 'g'));
  await step('getLogs', () => client.getLogs(project, store, new models.GetLogsRequest({ from: 1, to: 2 })));
  await step('getIndex', () => client.getIndex(project, store));
  await step('createLogStoreToDelete', () => client.createLogStore(
    project, new models.CreateLogStoreRequest(logstore('to-delete', 1))));
  await step('deleteLogStore', () => client.deleteLogStore(project, 'to-delete'));
  await step('deleteNothing', () => client.deleteLogStore(project, 'to-delete'));
  await step('createProjectToDelete', () => client.createProject(
    new models.CreateProjectRequest({ projectName: 'to-delete', description: '' })));
  await step('deleteProject', () => client.deleteProject('to-delete', new models.DeleteProjectRequest({})));
}

main();
