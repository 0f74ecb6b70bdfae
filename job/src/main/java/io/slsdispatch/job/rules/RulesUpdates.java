package io.slsdispatch.job.rules;

import io.slsdispatch.connector.config.ConnectionConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * Where newer rules come from. Its name and those of its components are part of a configuration's fingerprint.
 *
 * @param location where they are kept
 * @param connection how the service is reached, when it is a logstore
 * @param pollInterval how often to look
 */
public record RulesUpdates(RulesLocation location, Optional<ConnectionConfig> connection, Duration pollInterval) {}
