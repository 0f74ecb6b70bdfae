package io.slsdispatch.job.savepoint;

import io.slsdispatch.job.config.ConfigFingerprint;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Looks into savepoints. Behind this door Flink begins. */
public interface SavepointReader {

    /**
     * What a savepoint or checkpoint of the job holds.
     *
     * @param path its directory, or the file {@code _metadata} in it
     * @param targets names of targets whose sinks may be in it, where these are known
     * @throws IOException when it cannot be read, or is of another job
     */
    Content read(String path, Collection<String> targets) throws IOException;

    /**
     * What is in a savepoint.
     *
     * @param checkpointId its number in the life of its job
     * @param logstore that was read
     * @param shards that are not read to their end, lowest id first
     * @param finishedShards how many are
     * @param rules the active version of rules, when they are reloaded
     * @param configuration by which the job ran; empty when an older build wrote it
     * @param operators all of them
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
     * How far a shard is read.
     *
     * @param shard its id
     * @param cursor of the pull that is repeated
     * @param emitted how many groups of that pull are skipped
     * @param received when the service received the group before; empty when not known
     * @param state {@link #READ}: a reader has it; {@link #WAITS}: it waits for one; {@link #WAITS_FOR_PARENTS}: it has no
     *     cursor before the shards that it was split or merged of are read; {@link #FINISHED}: it is read to its end and
     *     waits to be forgotten
     */
    record ShardAt(int shard, String cursor, long emitted, Optional<Instant> received, String state) {}

    /**
     * An operator.
     *
     * @param id the uid of the job where it is known, else its hash
     */
    record Operator(String id, int parallelism, int maxParallelism, long bytes) {}
}
