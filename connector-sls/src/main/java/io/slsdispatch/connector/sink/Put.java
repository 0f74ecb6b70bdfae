package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.RawLogGroup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups of one lane that go to the target together. Task thread only. */
final class Put extends Request {

    private final Lane lane;

    /** Those that are not settled. */
    private List<RawLogGroup> all;

    private boolean compressedAgain;

    Put(Lane lane, List<RawLogGroup> groups) {
        super(groups.size());
        this.lane = lane;
        this.all = List.copyOf(groups);
    }

    Lane lane() {
        return lane;
    }

    /** Every group that is not settled; the next request may carry only the first of them. */
    List<RawLogGroup> all() {
        return all;
    }

    /** The oldest of them. */
    RawLogGroup first() {
        return all.get(0);
    }

    @Override
    List<RawLogGroup> groups() {
        return all.subList(0, part());
    }

    @Override
    @Nullable
    String hashKey() {
        return lane.hashKey();
    }

    @Override
    protected void remove(int items) {
        all = List.copyOf(all.subList(items, all.size()));
        compressedAgain = false;
    }

    /** Serialized size of the groups that the next request carries. */
    long bytes() {
        long sum = 0;
        for (RawLogGroup group : groups()) {
            sum += group.length();
        }
        return sum;
    }

    /**
     * Has the groups of the next request compressed again, once, instead of sent as they were cut from what was pulled.
     *
     * @return how many groups that changes; 0 when it has been done before
     */
    int compressAgain() {
        if (compressedAgain) {
            return 0;
        }
        compressedAgain = true;
        List<RawLogGroup> groups = new ArrayList<>(all);
        int changed = 0;
        for (int i = 0; i < part(); i++) {
            RawLogGroup unpacked = unpackedOrNull(groups.get(i));
            if (unpacked != null) {
                groups.set(i, unpacked);
                changed++;
            }
        }
        all = List.copyOf(groups);
        return changed;
    }

    private static @Nullable RawLogGroup unpackedOrNull(RawLogGroup group) {
        try {
            RawLogGroup unpacked = group.unpacked();
            return unpacked == group ? null : unpacked;
        } catch (RuntimeException e) {
            // The block cannot be restored here either: the refusal stands.
            return null;
        }
    }

    /** The same groups in two requests. */
    List<Put> halves() {
        int middle = all.size() / 2;
        List<Put> halves =
                List.of(new Put(lane, all.subList(0, middle)), new Put(lane, all.subList(middle, all.size())));
        halves.forEach(half -> half.inherit(this));
        return halves;
    }

    /** Other groups, each on its own, in the place of the first, and then what comes after that. */
    List<Put> withFirstReplacedBy(List<RawLogGroup> others) {
        List<Put> puts = new ArrayList<>(others.size() + 1);
        others.forEach(group -> puts.add(new Put(lane, List.of(group))));
        if (all.size() > 1) {
            puts.add(new Put(lane, all.subList(1, all.size())));
        }
        return puts;
    }

    /** Keeps the first group; the others go with the put that this gives. */
    Put splitAfterFirst() {
        Put others = new Put(lane, all.subList(1, all.size()));
        others.inherit(this);
        others.single();
        keepFirst();
        all = all.subList(0, 1);
        return others;
    }
}
