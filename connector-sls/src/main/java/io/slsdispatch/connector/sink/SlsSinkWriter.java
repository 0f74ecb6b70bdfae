package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes groups to a target from one subtask. {@code write} takes a group and goes on; when too much is unsettled it
 * waits, handling answers meanwhile, and so holds back what comes before it. {@code flush}, called before every
 * checkpoint barrier, returns when nothing is left unsettled. So there is no state.
 */
final class SlsSinkWriter implements SinkWriter<RawLogGroup> {

    /** What a group takes of the room beside its bytes, for the objects that hold it. */
    private static final int ROOM_PER_GROUP = 128;

    private final SinkConfig config;
    private final SlsClient client;
    private final TaskThread thread;
    private final SinkMetrics metrics;
    private final PutPipeline pipeline;
    private final @Nullable CategoryCut categoryCut;

    SlsSinkWriter(SinkConfig config, SlsClient client, TaskThread thread, SinkMetrics metrics) {
        this.config = config;
        this.client = client;
        this.thread = thread;
        this.metrics = metrics;
        this.pipeline = new PutPipeline(config, client, thread, metrics);
        this.categoryCut = config.delivery().cutCategory() ? new CategoryCut() : null;
    }

    /** @throws IOException when a group was refused for good, or the time for repetitions is over; the job must fail */
    @Override
    public void write(RawLogGroup element, Context context) throws IOException, InterruptedException {
        pipeline.check();
        RawLogGroup group = categoryCut == null ? element : categoryCut.apply(element);
        awaitRoomFor(group);
        pipeline.add(group);
    }

    private void awaitRoomFor(RawLogGroup group) throws IOException, InterruptedException {
        if (hasRoomFor(group)) {
            return;
        }
        metrics.blocks(thread.now());
        try {
            while (!hasRoomFor(group)) {
                thread.awaitMail();
                pipeline.check();
            }
        } finally {
            metrics.goesOn(thread.now());
        }
    }

    private boolean hasRoomFor(RawLogGroup group) {
        long taken = pipeline.bytes() + pipeline.groups() * ROOM_PER_GROUP;
        return taken == 0
                || taken + group.length() + ROOM_PER_GROUP <= config.delivery().maxBufferedBytes();
    }

    /**
     * Returns when every group written before is acknowledged, or stored among the dead letters, or dropped as
     * configured. Waits as long as it takes.
     *
     * @throws IOException as {@link #write}
     */
    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        pipeline.check();
        while (pipeline.groups() > 0) {
            thread.awaitMail();
            pipeline.check();
        }
    }

    /** Ends all requests at once; waits for none. */
    @Override
    public void close() {
        pipeline.close();
        client.close();
    }
}
