package io.slsdispatch.job.preview;

/**
 * What was read of one shard.
 *
 * @param shard id of the shard
 * @param groups number of log groups
 * @param bytes their decompressed size
 * @param pulls number of requests for data
 * @param seconds the receive time that the sample covers, at least 1; 0 when nothing was read
 * @param endReached whether the sample contains everything up to the end of the shard
 */
public record SampledShard(int shard, long groups, long bytes, int pulls, long seconds, boolean endReached) {}
