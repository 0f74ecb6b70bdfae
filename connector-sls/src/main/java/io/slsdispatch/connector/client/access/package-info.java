/**
 * What every way to the service shares: where it is, whom to trust, what requests are signed with, how calls end, and
 * what failures mean. Knows neither an HTTP library nor the vendor SDK.
 */
@NullMarked
package io.slsdispatch.connector.client.access;

import org.jspecify.annotations.NullMarked;
