/**
 * All calls but pulls and puts: {@link io.slsdispatch.connector.client.control.ControlCalls} is the entry point. The
 * official SDK, which only this package uses, creates the requests. {@code client.exchange} sends them and checks
 * whether an answer comes from the service. This package parses the content of the answers.
 */
@NullMarked
package io.slsdispatch.connector.client.control;

import org.jspecify.annotations.NullMarked;
