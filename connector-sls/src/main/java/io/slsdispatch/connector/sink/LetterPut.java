package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.deadletter.DeadLetterEncoder;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters on their way to their logstore: each request is a log group whose logs are chunks of them. It is encoded
 * again for each attempt, since many of them may wait. Task thread only.
 */
final class LetterPut extends Request {

    /** One log of a letter. */
    record Chunk(Letter letter, int number) {}

    private final DeadLetterEncoder encoder;

    /** Those that are not settled. */
    private List<Chunk> all;

    LetterPut(DeadLetterEncoder encoder, List<Chunk> chunks) {
        super(chunks.size());
        this.encoder = encoder;
        this.all = List.copyOf(chunks);
    }

    /** What the next request carries. */
    List<Chunk> chunks() {
        return all.subList(0, part());
    }

    @Override
    protected void remove(int items) {
        all = List.copyOf(all.subList(items, all.size()));
    }

    /** Keeps the first chunk; the others go with the put that this gives. */
    LetterPut splitAfterFirst() {
        LetterPut others = new LetterPut(encoder, all.subList(1, all.size()));
        others.inherit(this);
        others.single();
        keepFirst();
        all = all.subList(0, 1);
        return others;
    }

    @Override
    List<RawLogGroup> groups() {
        byte[] group = DeadLetterEncoder.group(chunks().stream()
                .map(chunk -> chunk.letter().encoded(encoder).log(chunk.number()))
                .toList());
        RawLogGroup first = all.get(0).letter().deadLetter().group();
        return List.of(new RawLogGroup(
                group, 0, group.length, DeadLetterEncoder.TOPIC, first.shard(), first.cursor(), first.index()));
    }

    @Override
    @Nullable
    String hashKey() {
        return null;
    }
}
