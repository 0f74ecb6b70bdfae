/**
 * What a user of the connector can set, as immutable records that check themselves. Nothing here depends on Flink or on
 * the client; whatever stands behind reads these records and no other configuration.
 */
@NullMarked
package io.slsdispatch.connector.config;

import org.jspecify.annotations.NullMarked;
