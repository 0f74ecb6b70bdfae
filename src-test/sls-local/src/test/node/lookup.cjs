// Every name is this machine: all that an SDK needs to find SLS Local. Loaded with node --require.
const dns = require('dns');

const lookup = dns.lookup;
dns.lookup = (name, options, done) => lookup('127.0.0.1', options, done);
