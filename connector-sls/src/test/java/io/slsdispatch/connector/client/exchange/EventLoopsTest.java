package io.slsdispatch.connector.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventLoopsTest {

    private static final long CHUNK = 4L << 20;

    /** Else jobs that follow each other in a process with little direct memory wait for ever for some bytes. */
    @Test
    void smallBuffersOfAllThreadsComeFromOneSmallChunk() throws InterruptedException {
        EventLoops loops = EventLoops.acquire();
        PooledByteBufAllocator memory = (PooledByteBufAllocator) loops.memory();
        Queue<ByteBuf> buffers = new ConcurrentLinkedQueue<>();
        try {
            long before = memory.metric().usedDirectMemory();
            List<Thread> threads = IntStream.range(0, 8)
                    .mapToObj(number -> new Thread(() -> buffers.add(memory.directBuffer(1000))))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(buffers).hasSize(8);
            assertThat(memory.metric().usedDirectMemory() - before).isLessThanOrEqualTo(CHUNK);
        } finally {
            buffers.forEach(ByteBuf::release);
            loops.release();
        }
    }

    @Test
    void memoryOfWhatIsLargerThanAChunkIsGivenBackWithIt() {
        EventLoops loops = EventLoops.acquire();
        try {
            PooledByteBufAllocator memory = (PooledByteBufAllocator) loops.memory();
            ByteBuf large = memory.directBuffer(11 << 20);
            long used = memory.metric().usedDirectMemory();
            large.release();

            assertThat(used - memory.metric().usedDirectMemory()).isGreaterThanOrEqualTo(11L << 20);
        } finally {
            loops.release();
        }
    }
}
