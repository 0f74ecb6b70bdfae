/**
 * What was written where, group by group, and the reconciliation of a source with its targets. Knows nothing of the
 * server, so that it also works on the ledger of another process, read over HTTP.
 */
@NullMarked
package io.slsdispatch.local.ledger;

import org.jspecify.annotations.NullMarked;
