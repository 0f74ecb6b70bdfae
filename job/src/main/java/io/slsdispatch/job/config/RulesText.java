package io.slsdispatch.job.config;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.sdk.SdkClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.job.rules.NewestRules;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The text of rules that stand by themselves, as often as it is asked for. It remembers what it has read of a logstore, so
 * that asking again is cheap. One thread at a time.
 */
public final class RulesText {

    private final RulesLocation location;
    private final @Nullable ConnectionConfig connection;
    private final @Nullable NewestRules newest;
    private final @Nullable RulesFetch fetch;

    RulesText(RulesLocation location, @Nullable ConnectionConfig connection) {
        this.location = location;
        this.connection = connection;
        this.newest = location.logstore().map(NewestRules::new).orElse(null);
        this.fetch = location.address().map(RulesFetch::new).orElse(null);
    }

    /** The rules at a place that a configuration names, nothing of them read yet. */
    public static RulesText of(JobConfig.RulesUpdates updates) {
        return new RulesText(updates.location(), updates.connection().orElse(null));
    }

    RulesLocation location() {
        return location;
    }

    /**
     * The text now.
     *
     * @throws IOException when it cannot be had, is too long or is not UTF-8; the message says so in words
     */
    String read() throws IOException, InterruptedException {
        if (newest == null) {
            return RulesLocation.text(fetch == null ? location.bytesOfFile() : fetch.get());
        }
        if (connection == null) {
            throw new IllegalStateException("a logstore without a connection");
        }
        SlsClient created;
        try {
            created = new SdkClients(connection).create();
        } catch (IllegalArgumentException | IllegalStateException e) {
            // What this process lacks; the message names it.
            throw new IOException(e.getMessage(), e);
        }
        try (SlsClient client = created) {
            return RulesLocation.text(newest.read(client));
        }
    }
}
