package io.slsdispatch.local.fault;

import io.slsdispatch.local.wire.Operation;
import java.util.OptionalInt;

/**
 * One call that a fault may strike.
 *
 * @param logstore empty when the call is about none
 * @param shard empty when the call is about none, or when it is a put whose shard is not chosen yet
 */
public record FaultTarget(Operation operation, String project, String logstore, OptionalInt shard) {

    /** The same call, now that its shard is known. */
    public FaultTarget at(int chosen) {
        return new FaultTarget(operation, project, logstore, OptionalInt.of(chosen));
    }
}
