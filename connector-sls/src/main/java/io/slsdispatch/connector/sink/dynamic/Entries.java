package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.sink.TargetDelivery;
import io.slsdispatch.connector.sink.dynamic.LogstoreEntry.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The logstores of a writer, by name. Names come from outside, so their number is bounded: those that were not used for
 * the longest time are forgotten. Task thread only.
 */
final class Entries {

    /** Beyond twice the limit of logstores, and at least this many, logstores are forgotten. */
    private static final int LEAST = 1_000;

    private final DynamicSinkConfig config;
    private final Function<String, LogstoreEntry> factory;
    private final int most;
    private final Map<String, LogstoreEntry> entries = new HashMap<>();

    Entries(DynamicSinkConfig config, Function<String, LogstoreEntry> factory) {
        this.config = config;
        this.factory = factory;
        this.most = Math.max(LEAST, 2 * Math.min(config.maxLogstores(), Integer.MAX_VALUE / 2));
    }

    /** The logstore of a name; null if it is not known. */
    @Nullable
    LogstoreEntry get(String name) {
        return entries.get(name);
    }

    /** The logstore of a name; null if the name is not valid, or not allowed. */
    @Nullable
    LogstoreEntry find(String name) {
        LogstoreEntry known = entries.get(name);
        if (known != null) {
            return known;
        }
        if (!LogstoreId.isLogstoreName(name) || !config.allowed().allow(name) || isDeadLetters(name)) {
            return null;
        }
        if (entries.size() >= most) {
            forgetSome();
        }
        LogstoreEntry made = factory.apply(name);
        entries.put(name, made);
        return made;
    }

    /** Why {@link #find} returns nothing for a name. */
    String problemOf(String name) {
        if (!LogstoreId.isLogstoreName(name)) {
            return "'" + name + "' is not a valid name of a logstore";
        }
        return isDeadLetters(name)
                ? "'" + name + "' is the dead-letter logstore of this target"
                : "'" + name + "' is not an allowed name of a logstore";
    }

    private boolean isDeadLetters(String name) {
        DeadLetterStore store = config.deadLetters();
        return store != null && store.logstore().equals(new LogstoreId(config.project(), name));
    }

    /** A tenth at a time, so that this is done rarely; those that were deleted or accept nothing last. */
    private void forgetSome() {
        List<LogstoreEntry> idle = new ArrayList<>(
                entries.values().stream().filter(LogstoreEntry::isIdle).toList());
        idle.sort(Comparator.comparing(LogstoreEntry::hasMemory).thenComparingLong(LogstoreEntry::lastUsed));
        Set<LogstoreEntry> forgotten = new HashSet<>(idle.subList(0, Math.min(idle.size(), most / 10)));
        forgotten.forEach(LogstoreEntry::forget);
        entries.values().removeIf(forgotten::contains);
    }

    void check(@Nullable Long pressedSince) throws IOException {
        for (LogstoreEntry entry : List.copyOf(entries.values())) {
            entry.check(pressedSince);
        }
    }

    boolean areIdle() {
        return entries.values().stream().allMatch(LogstoreEntry::isIdle);
    }

    boolean haveEngines() {
        return entries.values().stream().anyMatch(LogstoreEntry::hasEngine);
    }

    /** Does something with each engine. */
    void engines(Consumer<TargetDelivery> action) {
        entries.values().forEach(entry -> entry.engine(action));
    }

    /** How many logstores are not ready. */
    int notReady() {
        return (int) entries.values().stream().filter(LogstoreEntry::isNotReady).count();
    }

    /** Describes the pending requests of a logstore whose groups wait, in words. */
    String describe() {
        return entries.values().stream()
                .filter(entry -> !entry.isIdle())
                .findFirst()
                .map(LogstoreEntry::describe)
                .orElse("dead letters or another target");
    }

    /**
     * Updates the metrics.
     *
     * @param others further metrics to include
     */
    void show(DynamicMetrics metrics, List<LogstoreMetrics> others) {
        List<LogstoreMetrics> all = new ArrayList<>(others);
        int open = 0;
        int away = 0;
        for (LogstoreEntry entry : entries.values()) {
            all.add(entry.metrics());
            open += entry.hasEngine() ? 1 : 0;
            away += entry.phase() == Phase.AWAY ? 1 : 0;
        }
        Long oldest = null;
        Problem worst = null;
        for (LogstoreMetrics each : all) {
            Long since = each.oldest();
            oldest = since == null || (oldest != null && oldest - since < 0) ? oldest : since;
            Problem problem = each.problems().current();
            boolean isWorse = problem != null
                    && (worst == null || problem.kind().status() > worst.kind().status());
            worst = isWorse ? problem : worst;
        }
        metrics.show(open, notReady(), away, worst);
        metrics.oldest(oldest);
    }

    void close() {
        entries.values().forEach(LogstoreEntry::close);
    }
}
