package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.job.config.JobConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Check of logstores with equal project and name that the configuration treats as distinct: whether the responses of
 * the service at both addresses show that they are the same logstore. Most configurations have no such logstores. It
 * changes nothing.
 */
final class SameLogstoreCheck {

    /** Maximum number of shards to compare; each takes two requests. */
    private static final int MOST_SHARDS = 4;

    /** Thrown when both responses come from the same logstore. */
    private static final class LooksLikeOneException extends Exception {

        private static final long serialVersionUID = 1L;

        LooksLikeOneException(String message) {
            super(message);
        }
    }

    private record Named(String name, ConnectionConfig connection, LogstoreId logstore) {}

    private record Pair(Named one, Named other) {

        boolean belongsToTheMachine() {
            return one.connection.credentials().belongsToTheMachine()
                    || other.connection.credentials().belongsToTheMachine();
        }

        String subject() {
            return one.name + " and " + other.name;
        }

        String text() {
            return one.logstore + " at " + one.connection.endpoint() + " and at " + other.connection.endpoint();
        }
    }

    private final List<Pair> pairs;
    private final Function<ConnectionConfig, SlsClientFactory> clients;

    SameLogstoreCheck(JobConfig config, Function<ConnectionConfig, SlsClientFactory> clients) {
        this.clients = clients;
        this.pairs = pairs(config);
    }

    /**
     * The pairs that must not be the same logstore: the source and the rules logstore with each target, targets with
     * each other, and the source with the dead-letter logstores.
     */
    private static List<Pair> pairs(JobConfig config) {
        List<Named> read = new ArrayList<>();
        List<Named> targets = new ArrayList<>();
        List<Named> deadLetters = new ArrayList<>();
        ConnectionConfig source = config.source().connection();
        read.add(new Named("source", source, config.source().config().logstore()));
        config.rulesUpdates().ifPresent(updates -> updates.location()
                .logstore()
                .ifPresent(rules ->
                        read.add(new Named("rules", updates.connection().orElse(source), rules.logstore()))));
        for (JobConfig.Target target : config.targets()) {
            targets.add(new Named(
                    "target " + target.name(),
                    target.connection(),
                    target.config().logstore()));
        }
        for (JobConfig.Destination target : config.destinations()) {
            DeadLetterStore store = target.deadLetters();
            if (store != null) {
                deadLetters.add(new Named("dead letters of " + target.name(), target.connection(), store.logstore()));
            }
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Named target = targets.get(i);
            read.forEach(each -> add(each, target, pairs));
            targets.subList(i + 1, targets.size()).forEach(each -> add(target, each, pairs));
        }
        deadLetters.forEach(each -> add(read.get(0), each, pairs));
        return pairs;
    }

    private static void add(Named one, Named other, List<Pair> pairs) {
        if (one.logstore.equals(other.logstore)) {
            pairs.add(new Pair(one, other));
        }
    }

    /** The checks, one for each pair. */
    List<Callable<Finding>> checks() {
        return pairs.stream()
                .map(pair -> (Callable<Finding>) () -> finding(pair))
                .toList();
    }

    /**
     * Checks all pairs before a job starts. A pair that cannot be checked from here is skipped. So is a pair with
     * credentials of a machine or pod: those of the machine that submits are not those of the cluster.
     *
     * @return reasons not to start; empty when there are none
     */
    List<String> refusals() throws InterruptedException {
        List<String> refusals = new ArrayList<>();
        for (Pair pair : pairs) {
            if (pair.belongsToTheMachine()) {
                continue;
            }
            try {
                compare(pair);
            } catch (LooksLikeOneException e) {
                refusals.add(pair.subject() + ": " + e.getMessage());
            } catch (SlsException | RuntimeException unreachableFromHere) {
                // The processes of the cluster may be able to reach it and may have the credentials.
            }
        }
        return refusals;
    }

    private Finding finding(Pair pair) throws InterruptedException {
        try {
            return Finding.ok(pair.subject(), compare(pair));
        } catch (LooksLikeOneException e) {
            return Finding.failed(pair.subject(), Objects.requireNonNull(e.getMessage()));
        } catch (SlsException e) {
            return Finding.failed(
                    pair.subject(), "cannot be compared: " + e.getMessage() + Finding.hint(e, pair.one.connection));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Finding.failed(pair.subject(), "cannot be compared: " + e);
        }
    }

    private String compare(Pair pair) throws SlsException, LooksLikeOneException, InterruptedException {
        LogstoreId logstore = pair.one.logstore;
        try (SlsClient one = clients.apply(pair.one.connection).create();
                SlsClient other = clients.apply(pair.other.connection).create()) {
            List<Shard> others = other.listShards(logstore);
            List<Shard> alike = one.listShards(logstore).stream()
                    .filter(shard -> others.stream().anyMatch(each -> isAlike(shard, each)))
                    .limit(MOST_SHARDS)
                    .toList();
            for (Shard shard : alike) {
                Cursor begin = begin(one, logstore, shard);
                boolean isTelling = begin.number().isPresent() || shard.createdAtSeconds() > 0;
                if (isTelling && begin.equals(begin(other, logstore, shard))) {
                    throw new LooksLikeOneException(pair.text() + " appear to be the same logstore: shard " + shard.id()
                            + (shard.createdAtSeconds() > 0
                                    ? ", created at " + Instant.ofEpochSecond(shard.createdAtSeconds()) + ","
                                    : "")
                            + " begins at the same cursor in both. The job would read its own output, or write groups"
                            + " twice. Correct the endpoint, or choose another logstore.");
                }
            }
        }
        return pair.text() + " are different logstores: their shards differ";
    }

    /** Compares two shards; ignores whether a shard became read-only between the two listings. */
    private static boolean isAlike(Shard one, Shard other) {
        return one.id() == other.id()
                && one.range().equals(other.range())
                && one.createdAtSeconds() == other.createdAtSeconds();
    }

    private static Cursor begin(SlsClient client, LogstoreId logstore, Shard shard) throws SlsException {
        return Cursor.of(client.cursor(logstore, shard.id(), new CursorOrigin.Begin()));
    }
}
