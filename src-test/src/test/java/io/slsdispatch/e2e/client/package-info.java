/**
 * The connector's client over HTTP: against SLS Local where the service behaves, against {@code StubServer} where it does
 * not.
 */
package io.slsdispatch.e2e.client;
