/**
 * Dead letters: log groups that a target did not take, kept in a logstore with the reason, so that the original bytes can
 * be had again. {@link io.slsdispatch.connector.deadletter.DeadLetterEncoder} makes them,
 * {@link io.slsdispatch.connector.deadletter.DeadLetterDecoder} reads them; their form is a contract like state.
 */
@NullMarked
package io.slsdispatch.connector.deadletter;

import org.jspecify.annotations.NullMarked;
