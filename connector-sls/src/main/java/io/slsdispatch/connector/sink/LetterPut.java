package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.deadletter.DeadLetterEncoder;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to the dead-letter logstore: a log group whose logs are chunks of dead letters. It is made anew for each
 * attempt, since many of them may wait. Task thread only.
 */
final class LetterPut extends Request {

    /** One log of a letter. */
    record Chunk(Letter letter, int number) {}

    private final DeadLetterEncoder encoder;
    private final List<Chunk> chunks;

    LetterPut(DeadLetterEncoder encoder, List<Chunk> chunks) {
        this.encoder = encoder;
        this.chunks = List.copyOf(chunks);
    }

    List<Chunk> chunks() {
        return chunks;
    }

    /** The same chunks, each on its own. */
    List<LetterPut> singles() {
        return chunks.stream()
                .map(chunk -> new LetterPut(encoder, List.of(chunk)))
                .toList();
    }

    @Override
    List<RawLogGroup> groups() {
        byte[] group = DeadLetterEncoder.group(chunks.stream()
                .map(chunk -> chunk.letter().encoded(encoder).log(chunk.number()))
                .toList());
        RawLogGroup first = chunks.get(0).letter().deadLetter().group();
        return List.of(new RawLogGroup(
                group, 0, group.length, DeadLetterEncoder.TOPIC, first.shard(), first.cursor(), first.index()));
    }

    @Override
    @Nullable
    String hashKey() {
        return null;
    }
}
