package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.RawLogGroup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to the target. Task thread only. */
final class Put extends Request {

    private final Lane lane;
    private final List<RawLogGroup> groups;
    private final long bytes;
    private final @Nullable RefusedList origin;

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

    @Override
    List<RawLogGroup> groups() {
        return groups;
    }

    @Override
    @Nullable
    String hashKey() {
        return lane.hashKey();
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
        return groups.stream()
                .map(group -> new Put(lane, List.of(group), refused))
                .toList();
    }

    /** The same groups in two requests. */
    List<Put> halves() {
        int middle = groups.size() / 2;
        List<Put> halves = List.of(
                new Put(lane, groups.subList(0, middle), null),
                new Put(lane, groups.subList(middle, groups.size()), null));
        halves.forEach(half -> half.inherit(this));
        return halves;
    }

    /** Other groups, each on its own, in the place of these. */
    List<Put> replacedBy(List<RawLogGroup> others) {
        List<Put> puts = new ArrayList<>(others.size());
        others.forEach(group -> puts.add(new Put(lane, List.of(group))));
        return puts;
    }
}
