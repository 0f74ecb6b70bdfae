package io.slsdispatch.job.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Looks into savepoints. Behind this door Flink begins. */
public interface SavepointReader {

    /**
     * What a savepoint or checkpoint of the job holds.
     *
     * @param path its directory, or the file {@code _metadata} in it
     * @throws IOException when it cannot be read, or is of another job
     */
    Content read(String path) throws IOException;

    /**
     * What is in a savepoint.
     *
     * @param checkpointId its number in the life of its job
     * @param logstore that was read
     * @param shards that are not read to their end, lowest id first
     * @param finishedShards how many are
     * @param rules the active version of rules, when they are reloaded
     * @param operators all of them
     */
    record Content(
            long checkpointId,
            String logstore,
            List<ShardAt> shards,
            int finishedShards,
            Optional<String> rules,
            List<Operator> operators) {}

    /**
     * How far a shard is read.
     *
     * @param shard its id
     * @param cursor of the pull that is repeated
     * @param emitted how many groups of that pull are skipped
     * @param received when the service received the group before; empty when not known
     * @param state whether a reader has it, it waits for one, or it is read to its end and waits to be forgotten
     */
    record ShardAt(int shard, String cursor, long emitted, Optional<Instant> received, String state) {}

    /**
     * An operator.
     *
     * @param id the uid of the job where it is known, else its hash
     */
    record Operator(String id, int parallelism, int maxParallelism, long bytes) {}
}
