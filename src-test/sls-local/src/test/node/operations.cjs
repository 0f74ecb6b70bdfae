// Prints every operation that @alicloud/sls20201230 knows, from the source of its client: name, verb and path, one a line.
const fs = require('fs');

const source = fs.readFileSync(require.resolve('@alicloud/sls20201230'), 'utf8');
const calls = source.match(/action: "\w+",[^}]*?pathname: [`"][^`"]*[`"],\s+method: "\w+"/g);
const lines = calls.map((call) => {
  const name = call.match(/action: "(\w+)"/)[1];
  const path = call.match(/pathname: [`"]([^`"]*)[`"]/)[1].replace(/\$\{(\w+)\}/g, '{$1}');
  return `${name} ${call.match(/method: "(\w+)"/)[1]} ${path}`;
});
console.log([...new Set(lines)].sort().join('\n'));
