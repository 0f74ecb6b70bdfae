/**
 * All calls but pulls and puts: {@link io.slsdispatch.connector.client.control.ControlCalls} is the entry. The official SDK,
 * which only this package knows, makes the requests; they are sent by {@code client.exchange}, which also says whose an
 * answer is; what the answers hold is read here.
 */
@NullMarked
package io.slsdispatch.connector.client.control;

import org.jspecify.annotations.NullMarked;
