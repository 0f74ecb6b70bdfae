// Creates, writes, lists, changes and deletes with @alicloud/log and its default settings.
// node --require ./lookup.cjs alicloud-log.cjs PORT; prints what each step returned, one line of JSON a step.
const Client = require('@alicloud/log');

const port = process.argv[2];
const project = 'node-project';
const store = 'node-store';
const client = new Client({ accessKeyId: 'ID', accessKeySecret: 'SECRET', endpoint: `sls.test:${port}` });

async function step(name, call) {
  let result;
  try {
    result = await call();
  } catch (failure) {
    result = `${failure.code}: ${failure.message}`;
  }
  console.log(JSON.stringify({ step: name, result: result === undefined ? '' : result }));
}

async function main() {
  const now = Math.floor(Date.now() / 1000);
  await step('createProject', () => client.createProject(project, { description: 'by Node' }));
  await step('getProject', () => client.getProject(project));
  await step('createLogStore', () => client.createLogStore(project, store, { ttl: 1, shardCount: 2 }));
  await step('listLogStore', () => client.listLogStore(project));
  await step('updateLogStore', () => client.updateLogStore(project, store, { ttl: 7, shardCount: 2 }));
  await step('getLogStore', () => client.getLogStore(project, store));
  await step('postLogStoreLogs', () => client.postLogStoreLogs(project, store, {
    topic: 'from-node', source: 'here', tags: [{ host: 'h' }], logs: [{ timestamp: now, content: { text: 'v' } }],
  }));
  await step('getLogs', () => client.getLogs(project, store, new Date(0), new Date()));
  await step('getHistograms', () => client.getHistograms(project, store, new Date(0), new Date()));
  await step('getIndexConfig', () => client.getIndexConfig(project, store));
  await step('createLogStoreToDelete', () => client.createLogStore(project, 'to-delete', { ttl: 1, shardCount: 1 }));
  await step('deleteLogStore', () => client.deleteLogStore(project, 'to-delete'));
  await step('deleteNothing', () => client.deleteLogStore(project, 'to-delete'));
  await step('createProjectToDelete', () => client.createProject('to-delete', { description: '' }));
  await step('deleteProject', () => client.deleteProject('to-delete'));
}

main();
