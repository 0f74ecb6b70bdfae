package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one request carries, from when it is made up until it is acknowledged or settled otherwise, through all its
 * repetitions: these carry the same groups in the same order. Task thread only.
 */
final class Put {

    private final Lane lane;
    private final List<RawLogGroup> groups;
    private final long bytes;
    private final @Nullable RefusedList origin;

    private int failures;
    private long sentAt;
    private long firstSentAt;
    private @Nullable Long failingSince;
    private @Nullable Long deniedSince;
    private @Nullable SlsException rejection;

    Put(Lane lane, List<RawLogGroup> groups) {
        this(lane, groups, null);
    }

    private Put(Lane lane, List<RawLogGroup> groups, @Nullable RefusedList origin) {
        this.lane = lane;
        this.groups = List.copyOf(groups);
        this.bytes = groups.stream().mapToLong(RawLogGroup::length).sum();
        this.origin = origin;
    }

    Lane lane() {
        return lane;
    }

    List<RawLogGroup> groups() {
        return groups;
    }

    boolean isList() {
        return groups.size() > 1;
    }

    /** Serialized size of the groups. */
    long bytes() {
        return bytes;
    }

    /** The list this was a part of and that the service refused; null when there was none. */
    @Nullable
    RefusedList origin() {
        return origin;
    }

    /** The same groups, each on its own, after the list was refused. */
    List<Put> singles() {
        RefusedList refused = new RefusedList(groups.size());
        List<Put> singles = new ArrayList<>(groups.size());
        for (RawLogGroup group : groups) {
            singles.add(new Put(lane, List.of(group), refused));
        }
        return singles;
    }

    /** The same groups in two requests. */
    List<Put> halves() {
        int middle = groups.size() / 2;
        return List.of(
                new Put(lane, groups.subList(0, middle), null),
                new Put(lane, groups.subList(middle, groups.size()), null));
    }

    void sent(long now) {
        if (failures == 0 && rejection == null) {
            firstSentAt = now;
        }
        sentAt = now;
    }

    long sentAt() {
        return sentAt;
    }

    long firstSentAt() {
        return firstSentAt;
    }

    /** Notes a failure that may pass by itself. */
    void failed(long now) {
        failures++;
        deniedSince = null;
        if (failingSince == null) {
            failingSince = now;
        }
    }

    /** Notes a failure that somebody has to put right: credentials, or a logstore. */
    void denied(long now) {
        failures++;
        failingSince = null;
        if (deniedSince == null) {
            deniedSince = now;
        }
    }

    /** How often in a row it failed. */
    int failures() {
        return failures;
    }

    /** For how many nanoseconds it has met nothing but failures that may pass; 0 when it has not. */
    long failingFor(long now) {
        return failingSince == null ? 0 : now - failingSince;
    }

    /** For how many nanoseconds it has been denied without a break; 0 when it has not. */
    long deniedFor(long now) {
        return deniedSince == null ? 0 : now - deniedSince;
    }

    /** From now on it goes to the dead letters. */
    void rejected(SlsException reason) {
        rejection = reason;
        failures = 0;
        failingSince = null;
        deniedSince = null;
    }

    /** Why the target will not take it; null as long as it may. */
    @Nullable
    SlsException rejection() {
        return rejection;
    }
}
