/**
 * Dead letters: log groups that a target did not accept, stored in a logstore with the reason, so that their original
 * bytes can be recovered. {@link io.slsdispatch.connector.deadletter.DeadLetterEncoder} writes them, {@link
 * io.slsdispatch.connector.deadletter.DeadLetterDecoder} reads them. Like state, their format is a contract.
 */
@NullMarked
package io.slsdispatch.connector.deadletter;

import org.jspecify.annotations.NullMarked;
