/**
 * The options of source, sink and client, as immutable records that check themselves. Nothing here depends on the client or
 * on Flink, but for its annotations of stability; all other packages read these records and no other configuration.
 */
@NullMarked
package io.slsdispatch.connector.config;

import org.jspecify.annotations.NullMarked;
