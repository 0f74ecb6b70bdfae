package io.slsdispatch.local.fault;

import io.slsdispatch.local.wire.Operation;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A fault: which calls it strikes, how often, and what it does to them. Whatever is left out matches everything.
 *
 * @param probability of striking a call that matches, 0 to 1
 * @param count how many calls it strikes before it is over; empty means for ever
 */
public record Fault(
        Optional<Operation> operation,
        Optional<String> project,
        Optional<String> logstore,
        OptionalInt shard,
        double probability,
        OptionalLong count,
        Effect effect) {

    public Fault {
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability " + probability + " is not above 0 and at most 1");
        }
        if (count.isPresent() && count.getAsLong() < 1) {
            throw new IllegalArgumentException("count " + count.getAsLong() + " is not at least 1");
        }
    }

    /** A fault that strikes every call. Narrow it with the methods below. */
    public static Fault always(Effect effect) {
        return new Fault(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                1,
                OptionalLong.empty(),
                effect);
    }

    /** The same for one operation only. */
    public Fault on(Operation only) {
        return new Fault(Optional.of(only), project, logstore, shard, probability, count, effect);
    }

    /** The same for one project only. */
    public Fault inProject(String only) {
        return new Fault(operation, Optional.of(only), logstore, shard, probability, count, effect);
    }

    /** The same for logstores of one name only. */
    public Fault inLogstore(String only) {
        return new Fault(operation, project, Optional.of(only), shard, probability, count, effect);
    }

    /** The same for shards of one id only. */
    public Fault inShard(int only) {
        return new Fault(operation, project, logstore, OptionalInt.of(only), probability, count, effect);
    }

    /** The same for a random part of the calls. */
    public Fault withProbability(double part) {
        return new Fault(operation, project, logstore, shard, part, count, effect);
    }

    /** The same for so many calls only. */
    public Fault times(long calls) {
        return new Fault(operation, project, logstore, shard, probability, OptionalLong.of(calls), effect);
    }

    boolean matches(FaultTarget target) {
        return operation.map(target.operation()::equals).orElse(true)
                && project.map(target.project()::equals).orElse(true)
                && logstore.map(target.logstore()::equals).orElse(true)
                && (shard.isEmpty() || shard.equals(target.shard()));
    }
}
