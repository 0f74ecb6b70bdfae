/**
 * Ledgers, which record each group that was written to a logstore, and the reconciliation of a source with its targets.
 * Independent of the server, so that it also works on the ledger of another process, read over HTTP.
 */
@NullMarked
package io.slsdispatch.local.ledger;

import org.jspecify.annotations.NullMarked;
