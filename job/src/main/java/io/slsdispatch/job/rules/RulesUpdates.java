package io.slsdispatch.job.rules;

import io.slsdispatch.connector.config.ConnectionConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * Source of newer rules for a running job. The names of this class and of its components are part of a configuration's
 * fingerprint.
 *
 * @param location location of the rules
 * @param connection connection to the service, when the location is a logstore
 * @param pollInterval interval between reads
 */
public record RulesUpdates(RulesLocation location, Optional<ConnectionConfig> connection, Duration pollInterval) {}
