package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.source.split.ShardEvent.ShardsReadOnly;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Readers learn which of their shards take no more writes. */
class ReadOnlyShardsTest extends EnumeratorFixture {

    @Test
    void tellsReadersWhenShardsWereClosed() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        service.advanceSeconds(100);
        service.split(0, 2);
        long splitAt = service.now().getEpochSecond();
        rig.discover();

        assertThat(rig.eventsFor(0)).contains(new ShardsReadOnly(Map.of(0, splitAt)));
    }

    @Test
    void tellsTheReaderWhenItsShardBecomesReadOnly() throws IOException {
        EnumeratorRig rig = rig(plain, 2).readersStart().discover();
        service.split(1, 2);
        rig.discover();

        int holder = rig.assignedTo(0).contains(1) ? 0 : 1;
        assertReadOnly(rig.eventsFor(holder), 1);
        assertThat(rig.eventsFor(1 - holder)).isEmpty();
    }

    @Test
    void tellsAReaderThatGetsOrRestoresAReadOnlyShard() throws IOException {
        service.split(0, 2);
        EnumeratorRig first = rig(plain, 1).readersStart().discover();
        assertReadOnly(first.eventsFor(0), 0);

        EnumeratorRig rig = restored(plain, 1, first.snapshot(1)).readerStarts(0, first.splitsFor(0));
        assertReadOnly(rig.eventsFor(0), 0);
    }
}
