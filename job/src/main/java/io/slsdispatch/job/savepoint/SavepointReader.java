package io.slsdispatch.job.savepoint;

import io.slsdispatch.job.config.ConfigFingerprint;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reader of savepoints. Only its implementation uses Flink. */
public interface SavepointReader {

    /**
     * Reads the content of a savepoint or checkpoint of the job.
     *
     * @param path its directory, or the file {@code _metadata} in it
     * @param targets names of targets whose sinks may be in it, if known
     * @throws IOException when it cannot be read, or belongs to another job
     */
    Content read(String path, Collection<String> targets) throws IOException;

    /**
     * Content of a savepoint.
     *
     * @param checkpointId id of the checkpoint within its job
     * @param logstore the source logstore
     * @param shards shards that are not read to their end, lowest id first
     * @param finishedShards number of shards that are read to their end
     * @param rules the active version of the rules, when they are reloaded
     * @param configuration fingerprint of the job's configuration; empty when an older build wrote the savepoint
     * @param operators all operators
     */
    record Content(
            long checkpointId,
            String logstore,
            List<ShardAt> shards,
            int finishedShards,
            Optional<String> rules,
            Optional<ConfigFingerprint> configuration,
            List<Operator> operators) {}

    /** See {@link ShardAt#state()}. */
    String READ = "read";

    /** See {@link ShardAt#state()}. */
    String WAITS = "waits";

    /** See {@link ShardAt#state()}. */
    String WAITS_FOR_PARENTS = "waits for parents";

    /** See {@link ShardAt#state()}. */
    String FINISHED = "finished";

    /**
     * Position in a shard.
     *
     * @param shard id of the shard
     * @param cursor cursor of the pull that is repeated
     * @param emitted number of groups of that pull that are skipped
     * @param received when the service received the preceding group; empty when unknown
     * @param state {@link #READ}: a reader has it; {@link #WAITS}: it waits for one; {@link #WAITS_FOR_PARENTS}: it has
     *     no cursor until the shards from which it was split or merged are read; {@link #FINISHED}: it is read to its
     *     end and waits to be removed
     */
    record ShardAt(int shard, String cursor, long emitted, Optional<Instant> received, String state) {}

    /**
     * An operator in a savepoint.
     *
     * @param id the operator's uid if known, else its hash
     */
    record Operator(String id, int parallelism, int maxParallelism, long bytes) {}
}
