/**
 * The options of source, sink and client, as immutable records that validate themselves. This package depends neither
 * on the client nor on Flink, except for Flink's stability annotations. All other packages read these records and no
 * other configuration.
 */
@NullMarked
package io.slsdispatch.connector.config;

import org.jspecify.annotations.NullMarked;
