package io.slsdispatch.local.fault;

import io.slsdispatch.local.wire.Operation;
import java.util.List;
import java.util.OptionalInt;

/**
 * A call that a fault may affect.
 *
 * @param logstore empty when the call names none
 * @param shard empty when the call names none, or when it is a put whose shard is not chosen yet
 * @param put the content of a put; {@link Put#NONE} for every other call
 */
public record FaultTarget(Operation operation, String project, String logstore, OptionalInt shard, Put put) {

    /** A call without groups. */
    public FaultTarget(Operation operation, String project, String logstore, OptionalInt shard) {
        this(operation, project, logstore, shard, Put.NONE);
    }

    /** The groups of a put, for faults that match only some groups. */
    public interface Put {

        /** The value for a call that is not a put. */
        Put NONE = new Put() {
            @Override
            public boolean isList() {
                return false;
            }

            @Override
            public List<byte[]> groups() {
                return List.of();
            }
        };

        /** Whether the request has mode {@code batch_group}. */
        boolean isList();

        /** The serialized groups, decompressed at each call; empty when the body cannot be read. */
        List<byte[]> groups();
    }

    /** The same call, now that its shard is known. */
    public FaultTarget at(int chosen) {
        return new FaultTarget(operation, project, logstore, OptionalInt.of(chosen), put);
    }
}
